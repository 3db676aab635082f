import type { Context } from './context.ts'
import { differenceText, intervalText, valueText } from './measure.ts'
import { standingsOf, type FinalStanding } from './sections/final-table.ts'
import { mainBaseline } from './standing.ts'

/** What the search found, and whether it beats the baseline: no more than the intervals say. */
export function finding(context: Context): string {
  const { run, best, score } = context
  const standings = standingsOf(context)
  const found =
    standings.find(({ final }) => final.name === 'best-1' && final.of !== undefined) ??
    standings.find(({ final }) => final.of !== undefined)
  const baseline = mainBaseline(run.finals)
  const reference = standings.find(({ final }) => final === baseline)
  if (found !== undefined && reference !== undefined) return comparison(found, reference, context)
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
  const { name, runs, searched } = found.final
  const baseline = reference.final.name
  const best = `The best rule of the search, ${name},`
  const other = `tuned ${baseline} ${reference.mean === undefined ? 'failed on every one' : `${intervalText(reference.mean, test)}${failures(reference)}`}`
  if (found.mean === undefined) {
    const failed =
      runs.length === 0
        ? `could not be tuned for the final evaluation: ${searched.failure ?? 'it failed'}`
        : 'failed on every fresh seed'
    return `${best} ${failed}; tuned ${baseline} ${reference.mean === undefined ? 'failed too' : `reached ${intervalText(reference.mean, test)}`}.`
  }
  const scores = `${best} has a ${test.name} of ${intervalText(found.mean, test)} on ${found.values.length} fresh ${found.values.length === 1 ? 'seed' : 'seeds'}${failures(found)}`
  const { difference, verdict } = found
  if (difference === undefined || verdict === undefined)
    return `${scores}; ${other}. There are too few common seeds to say whether they differ.`
  if (difference.halfWidth === 0)
    return `${scores}; ${other}. Every seed gave the same difference of ${differenceText(difference, test)}: on this task seeds do not matter, and there is no noise to tell it from.`
  const gap = `The paired difference of ${differenceText(difference, test)}${test.isShare ? ' points' : ''} (95\u00a0%)`
  switch (verdict) {
    case 'better':
      return `${scores}, ${other}. ${gap} shows that it is better than ${baseline} here.`
    case 'worse':
      return `${scores}, ${other}. ${gap} shows that ${baseline} is better here.`
    case 'not shown':
      return found.failed + reference.failed > 0
        ? `${scores}; ${other}. ${gap} leaves out the seeds that failed: it does not show that either is better.`
        : `${scores}, ${other}. ${gap} does not show that either is better.`
  }
}

function failures({ failed, final: { runs } }: FinalStanding): string {
  return failed === 0 ? '' : ` and failed on ${failed} of ${runs.length}`
}
