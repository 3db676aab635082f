import { drawIntervals, type IntervalRow } from '../../draw/intervals-svg.ts'
import type { Final, JournalFitness } from '../../evolve/journal.ts'
import type { Context } from '../context.ts'
import { escapeText, figure, paragraph, table, tag, type Cell, type Section } from '../html.ts'
import { countText, differenceText, intervalText, numberText, valueText } from '../measure.ts'
import { mainBaseline, standingOf, type Rejudged, type Standing } from '../standing.ts'

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
  const { run, test, score, colorOf } = context
  const baseline = mainBaseline(run.finals)
  const seeds = Math.max(...standings.map(({ final }) => final.runs.length))
  const rows = standings.map((standing): readonly Cell[] => {
    const { final, mean, difference } = standing
    const { searched } = final
    return [
      { markup: ruleName(final, colorOf(final.name)) },
      intervalText(mean, test),
      final === baseline ? '' : differenceText(difference, test),
      failedText(final, standing),
      searched.score === undefined
        ? (searched.failure ?? 'failed')
        : valueText(searched.score, score),
      numberText(searched.learningRate),
    ]
  })
  const name = baseline?.name ?? 'the baseline'
  const unit = test.isShare ? ', percentage points' : ''
  const endedEarly = standings.reduce((sum, standing) => sum + standing.endedEarly, 0)
  const early =
    endedEarly === 0
      ? ''
      : ` ${countText(endedEarly)} ${endedEarly === 1 ? 'run was' : 'runs were'} ended early and ${endedEarly === 1 ? 'counts' : 'count'} with what ${endedEarly === 1 ? 'it' : 'they'} had reached.`
  return {
    id: 'table',
    title: 'Finalists and baselines',
    body: [
      paragraph(
        `Every rule was tuned by the same learning-rate probe on one seed and then trained on ${seeds} fresh ${seeds === 1 ? 'seed' : 'seeds'}, the same for all. The interval is Student’s 95 %; the difference to ${name} is paired by seed.${early}`,
      ),
      table(
        [
          { title: 'Rule' },
          { title: `Fresh seeds: ${test.name}`, isNumber: true },
          { title: `To ${name}${unit}`, isNumber: true },
          { title: 'Failed', isNumber: true },
          { title: `Search: ${score.name}`, isNumber: true },
          { title: 'Learning rate', isNumber: true },
        ],
        rows,
        new Set(standings.flatMap(({ final }, index) => (final.of === undefined ? [] : [index]))),
      ),
      figure(
        drawStandings(context, 736),
        `Means with 95 % intervals; the dots below them are single seeds. The dashed line is ${name}’s mean.`,
        'column',
      ),
    ].join('\n'),
  }
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
}: Standing): Pick<IntervalRow, 'values' | 'mean' | 'halfWidth' | 'note'> {
  return { values, mean: mean?.mean, halfWidth: mean?.halfWidth, note: 'every run failed' }
}

/** How many runs failed; a rule without a learning rate has none. */
export function failedText(
  { runs, searched }: Rejudged & { readonly searched: JournalFitness },
  { failed }: Standing,
): string {
  return runs.length === 0 && searched.score === undefined ? 'all' : `${failed} of ${runs.length}`
}

function ruleName({ name, of }: Final, color: number): string {
  const found = of === undefined ? '' : tag('small', {}, escapeText(` ${of}`))
  const shown =
    of === undefined ? escapeText(name) : tag('a', { href: `#${name}` }, escapeText(name))
  return tag('span', { class: 'name' }, tag('i', { class: `swatch c${color}` }, ''), shown) + found
}
