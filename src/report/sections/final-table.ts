import { drawIntervals, type IntervalRow } from '../../draw/intervals-svg.ts'
import type { Final } from '../../evolve/journal.ts'
import type { Context } from '../context.ts'
import {
  details,
  escapeText,
  figure,
  paragraph,
  table,
  tag,
  type Cell,
  type Section,
} from '../html.ts'
import {
  countText,
  differenceText,
  intervalText,
  numberText,
  shareText,
  valueText,
} from '../../study/measure.ts'
import {
  mainBaseline,
  rivalStandings,
  standingOf,
  type Rejudged,
  type Standing,
} from '../../study/standing.ts'

/** A line of the final table. */
export interface FinalStanding extends Standing {
  readonly final: Final
}

/** The final table, the best mean first; rules of which no run came through are last. */
export function standingsOf({ run: { finals }, test }: Context): readonly FinalStanding[] {
  const baseline = mainBaseline(finals)
  return finals
    .map((final) => ({
      final,
      ...standingOf(final, final === baseline ? undefined : baseline, test),
    }))
    .sort((a, b) => (b.mean?.mean ?? -Infinity) - (a.mean?.mean ?? -Infinity))
}

/** The finalists against the baselines, all tuned alike, on seeds that nothing was chosen by. */
export function finalTableSection(context: Context): Section | undefined {
  const standings = standingsOf(context)
  if (standings.length === 0) return undefined
  const { run, test } = context
  const name = mainBaseline(run.finals)?.name ?? 'the baseline'
  return {
    id: 'table',
    title: 'Finalists and baselines',
    body: [
      paragraph(introduction(standings, name)),
      resultTable(standings, context),
      figure(
        drawStandings(context, 736),
        `Means with 95 % intervals; the dots below them are single seeds. The dashed line is ${name}’s mean.`,
        'column',
      ),
      tag('h3', {}, 'Learning rates'),
      paragraph(
        `What each learning rate was chosen from: mean ${context.score.name} of whole runs on seeds of their own, and in how many resamples of these seeds it would have been chosen again. ${test.name} played no part.`,
      ),
      rateTable(standings, context),
    ].join('\n'),
  }
}

function introduction(standings: readonly FinalStanding[], baseline: string): string {
  const fresh = Math.max(...standings.map(({ final }) => final.runs.length))
  const chosenBy = Math.max(
    ...standings.flatMap(({ final }) => final.rivals.map(({ runs }) => runs.length)),
    0,
  )
  const count = (seeds: number, kind: string): string =>
    `${seeds} ${kind}seed${seeds === 1 ? '' : 's'}`
  const endedEarly = standings.reduce((sum, standing) => sum + standing.endedEarly, 0)
  const early =
    endedEarly === 0
      ? ''
      : ` ${countText(endedEarly)} ${endedEarly === 1 ? 'run was' : 'runs were'} ended early and ${endedEarly === 1 ? 'counts' : 'count'} with what ${endedEarly === 1 ? 'it' : 'they'} had reached.`
  return `Every rule was tuned alike: short runs ranked powers of ten, the best of these and thirds of a decade around them ran at full length on ${count(chosenBy, '')}, and the best of all ran on ${count(fresh, 'fresh ')}, the same for all. The intervals of 95 % cover seeds and the choice of the learning rate; the difference to ${baseline} is paired by seed. A rule of which a run diverged has no mean.${early}`
}

/** The rules, the best first, with the difference to the baseline. */
export function resultTable(
  standings: readonly FinalStanding[],
  { run, test, score, colorOf }: Context,
): string {
  const baseline = mainBaseline(run.finals)
  // On a task that the search has not seen there is nothing.
  const isSearched = standings.some(({ final }) => final.score !== undefined)
  const rows = standings.map((standing): readonly Cell[] => {
    const { final, mean, difference, failure } = standing
    return [
      { markup: ruleName(final, colorOf(final.name)) },
      mean === undefined ? (failure ?? '–') : intervalText(mean, test),
      final === baseline ? '' : differenceText(difference, test),
      failedText(final, standing),
      ...(isSearched ? [final.score === undefined ? '' : valueText(final.score, score)] : []),
      final.learningRate === undefined ? '' : numberText(final.learningRate),
    ]
  })
  const unit = test.isShare ? ', percentage points' : ''
  return table(
    [
      { title: 'Rule' },
      { title: `Fresh seeds: ${test.name}`, isNumber: true },
      { title: `To ${baseline?.name ?? 'the baseline'}${unit}`, isNumber: true },
      { title: 'Failed', isNumber: true },
      ...(isSearched ? [{ title: `Search: ${score.name}`, isNumber: true as const }] : []),
      { title: 'Learning rate', isNumber: true },
    ],
    rows,
    new Set(standings.flatMap(({ final }, index) => (final.of === undefined ? [] : [index]))),
  )
}

/** What each learning rate was chosen from. */
export function rateTable(standings: readonly FinalStanding[], { score }: Context): string {
  const rows = standings.flatMap(({ final }) =>
    rivalStandings(final).map((rival, index): readonly Cell[] => [
      index === 0 ? final.name : '',
      `${numberText(rival.learningRate)}${rival.isChosen ? ', chosen' : ''}`,
      rival.score === undefined ? 'failed' : valueText(rival.score, score),
      shareText(rival.again, 1),
    ]),
  )
  return details(
    'All that ran at full length',
    table(
      [
        { title: 'Rule' },
        { title: 'Learning rate', isNumber: true },
        { title: score.name, isNumber: true },
        { title: 'Chosen again', isNumber: true },
      ],
      rows,
    ),
  )
}

/** The means of the final table with their intervals. */
export function drawStandings(context: Context, width: number): string {
  const { run, test, colorOf } = context
  const standings = standingsOf(context)
  const baseline = mainBaseline(run.finals)
  const reference = standings.find(({ final }) => final === baseline)?.mean?.mean
  return drawIntervals(
    standings.map(({ final, ...standing }) => ({
      name: final.name,
      color: colorOf(final.name),
      ...measured(standing),
    })),
    { label: test.name, unit: test.isShare ? 'percent' : 'number', round: false },
    {
      width,
      description: `${test.name} of the finalists and the baselines`,
      ...(reference !== undefined && { reference }),
    },
  )
}

/** What is drawn of a standing. */
export function measured({
  values,
  mean,
  failed,
}: Standing): Pick<IntervalRow, 'values' | 'mean' | 'halfWidth' | 'note'> {
  const runs = values.length + failed
  return {
    values: mean === undefined ? [] : values,
    mean: mean?.mean,
    halfWidth: mean?.halfWidth,
    note: failed === runs ? 'every run failed' : `${failed} of ${runs} runs failed`,
  }
}

/** How many runs failed; a rule without a learning rate that works has none. */
export function failedText({ runs }: Rejudged, { failed }: Standing): string {
  return runs.length === 0 ? 'all' : `${failed} of ${runs.length}`
}

function ruleName({ name, of }: Final, color: number): string {
  const found = of === undefined ? '' : tag('small', {}, escapeText(` ${of}`))
  const shown =
    of === undefined ? escapeText(name) : tag('a', { href: `#${name}` }, escapeText(name))
  return tag('span', { class: 'name' }, tag('i', { class: `swatch c${color}` }, ''), shown) + found
}
