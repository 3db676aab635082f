import type { Context } from '../context.ts'
import { escapeText, tag } from '../html.ts'
import { configured, configuredText, isFinished, totalsOf, type Run } from '../run.ts'
import { countText, differenceText, intervalText, shareText, valueText } from '../measure.ts'
import { isClear } from '../statistics.ts'
import { mainBaseline, standingsOf } from './final-table.ts'

/** The top of the page: what was searched, what it took, and what came of it in one sentence. */
export function head(context: Context): string {
  const { run } = context
  const totals = totalsOf(run)
  const tiles: readonly (readonly [value: string, name: string])[] = [
    [countText(totals.evaluations), 'evaluations trained'],
    [countText(totals.steps), 'training steps'],
    [countText(totals.reused), 'taken from a rule that behaves alike'],
    [shareText(totals.failures, totals.evaluations + totals.reused), 'of the evaluations failed'],
    [countText(totals.drawsThrownAway), 'draws thrown away'],
  ]
  const facts: readonly (readonly [name: string, value: string])[] = [
    ['task', configuredText(run, 'task')],
    ['protocol', configuredText(run, 'protocol')],
    ['space', configuredText(run, 'space')],
    ['selection', selectionText(run)],
    ['seed', String(configured(run, 'seed'))],
    [
      'extent',
      `${configured(run, 'initial')} drawn, ${configured(run, 'particles')} particles × ${configured(run, 'timesteps')} time steps × ${configured(run, 'children')} children`,
    ],
    ['backend', configuredText(run, 'backend')],
    ['optc', run.version],
  ]
  return tag(
    'header',
    {},
    tag('p', { class: 'kicker' }, 'optc evolve'),
    tag('h1', {}, escapeText(`A search for optimizers on ${configuredText(run, 'task')}`)),
    tag('p', { class: 'lead' }, escapeText(finding(context))),
    isFinished(run) ? '' : tag('p', { class: 'warning' }, escapeText(unfinished(run))),
    ...run.stops.map(({ stage, begun }) =>
      tag(
        'p',
        { class: 'note' },
        escapeText(`The budget was used up in ${stage}, after ${countText(begun)} of its rules.`),
      ),
    ),
    tag(
      'dl',
      { class: 'facts' },
      ...facts.map(([name, value]) =>
        tag('div', {}, tag('dt', {}, name), tag('dd', {}, escapeText(value))),
      ),
    ),
    tag(
      'ul',
      { class: 'tiles' },
      ...tiles.map(([value, name]) =>
        tag('li', {}, tag('strong', {}, escapeText(value)), tag('span', {}, escapeText(name))),
      ),
    ),
  )
}

/** How successors are chosen, in words. */
export function selectionText({ configuration }: Run): string {
  const { selection } = configuration
  if (typeof selection !== 'object' || selection === null || !('kind' in selection)) return '?'
  if (selection.kind === 'published') return 'published: the best child, always'
  const number = (name: string): string =>
    String((selection as Readonly<Record<string, unknown>>)[name] ?? '?')
  return `racing: ${number('contenders')} children and their parent, up to ${number('rounds')} fresh seeds, confidence ${number('confidence')}`
}

function unfinished(run: Run): string {
  const stage =
    run.ablations.length > 0
      ? 'the ablations'
      : run.finals.length > 0
        ? 'the final evaluation'
        : run.rungs.length > 0
          ? 'the ladder'
          : run.works.some(({ slot }) => slot.startsWith('particle/'))
            ? `time step ${Math.max(...run.works.map(({ slot }) => Number(slot.split('/')[2] ?? 0)))} of ${configured(run, 'timesteps')}`
            : 'the initial rules'
  return `This search has not ended: its journal stops in ${stage}. The report shows what there is.`
}

/** What the search found, and whether it beats the baseline: no more than the intervals say. */
export function finding(context: Context): string {
  const { run, best, test, score } = context
  const standings = standingsOf(context)
  const found =
    standings.find(({ final }) => final.of !== undefined && final.name === 'best-1') ??
    standings.find(({ final }) => final.of !== undefined)
  const baseline = mainBaseline(context)
  if (found !== undefined && baseline !== undefined) {
    const reference = standings.find(({ final }) => final === baseline)?.test
    const { name } = found.final
    if (found.test === undefined)
      return `The best rule of the search, ${name}, failed on every fresh seed; tuned ${baseline.name} reached ${intervalText(reference, test)}.`
    const scores = `The best rule of the search, ${name}, has a ${test.name} of ${intervalText(found.test, test)} on ${found.values.length} fresh seeds`
    const other = `tuned ${baseline.name} ${intervalText(reference, test)}`
    const { difference } = found
    if (difference === undefined || difference.halfWidth === undefined)
      return `${scores}; ${other}. There are too few common seeds to say whether they differ.`
    const gap = `${differenceText(difference, test)}${test.isShare ? ' points' : ''}`
    if (!isClear(difference))
      return `${scores}, ${other}. The paired difference of ${gap} (95\u00a0%) does not show that either is better.`
    return `${scores}, ${other}. The paired difference of ${gap} (95\u00a0%) shows that ${difference.mean > 0 ? `it is better than ${baseline.name} here` : `${baseline.name} is better here`}.`
  }
  const [first] = best
  if (first !== undefined)
    return `The best rule so far, found as ${first.slot}, has a ${score.name} of ${valueText(first.score, score)} on the seed it was chosen by. It has not been compared with tuned optimizers on fresh seeds.`
  return run.works.length === 0
    ? 'No rule has been trained yet.'
    : 'No rule has passed the training: there was nothing to evolve.'
}
