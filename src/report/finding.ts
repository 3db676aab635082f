import type { Context } from './context.ts'
import { differenceText, intervalText, valueText, type Measure } from '../study/measure.ts'
import { standingsOf, type FinalStanding } from './sections/final-table.ts'
import { rankSentence } from './sections/other-tasks.ts'
import { mainBaseline } from '../study/standing.ts'

/** What the search found, and whether it beats the baseline: no more than the intervals say. */
export function finding(context: Context): string {
  const { run, best, score } = context
  const standings = standingsOf(context)
  const found =
    standings.find(({ final }) => final.name === 'best-1' && final.of !== undefined) ??
    standings.find(({ final }) => final.of !== undefined)
  const baseline = mainBaseline(run.finals)
  const reference = standings.find(({ final }) => final === baseline)
  if (found !== undefined && reference !== undefined)
    return `${comparison(found, reference, context)}${rankSentence(context, found.final.name)}`
  const [first] = best
  if (first === undefined)
    return run.works.length === 0
      ? 'No rule has been trained yet.'
      : 'No rule has passed the training: there was nothing to evolve.'
  const seeds =
    first.freshSeeds === 0
      ? 'on the seed it was chosen by'
      : `on average over the ${first.freshSeeds} fresh seeds of its races`
  return `The best rule so far, found as ${first.slot}, has a ${score.name} of ${valueText(first.score, score)} ${seeds}. It has not been compared with tuned optimizers on fresh seeds.`
}

function comparison(found: FinalStanding, reference: FinalStanding, { test }: Context): string {
  const { name } = found.final
  const baseline = reference.final.name
  const best = `The best rule of the search, ${name},`
  const other = `tuned ${baseline} ${resultOf(reference, test)}`
  if (found.mean === undefined || reference.mean === undefined)
    return `${best} ${resultOf(found, test)}; ${other}. With failed runs there is no mean to compare.`
  const scores = `${best} has a ${test.name} of ${intervalText(found.mean, test)} on ${found.values.length} fresh ${found.values.length === 1 ? 'seed' : 'seeds'}`
  const standard = `tuned ${baseline} ${intervalText(reference.mean, test)}`
  const { difference, verdict } = found
  if (difference === undefined || verdict === undefined)
    return `${scores}; ${standard}. There are too few common seeds to say whether they differ.`
  if (difference.halfWidth === 0)
    return `${scores}; ${standard}. Every seed gave the same difference of ${differenceText(difference, test)}: on this task seeds do not matter, and there is no noise to tell it from.`
  const gap = `The paired difference of ${differenceText(difference, test)}${test.isShare ? ' points' : ''} (95\u00a0%)`
  switch (verdict) {
    case 'better':
      return `${scores}, ${standard}. ${gap} shows that it is better than ${baseline} here.`
    case 'worse':
      return `${scores}, ${standard}. ${gap} shows that ${baseline} is better here.`
    case 'not shown':
      return `${scores}, ${standard}. ${gap} does not show that either is better.`
  }
}

/** What a rule came to, as the end of a sentence. */
function resultOf(
  { mean, failed, failure, final: { runs } }: FinalStanding,
  test: Measure,
): string {
  if (mean !== undefined) return `reached ${intervalText(mean, test)}`
  if (runs.length === 0) return `could not be tuned (${failure})`
  return failed === runs.length
    ? 'failed on every fresh seed'
    : `failed on ${failed} of ${runs.length} fresh seeds`
}
