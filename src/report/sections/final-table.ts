import { drawIntervals } from '../../draw/intervals-svg.ts'
import type { Final } from '../../evolve/journal.ts'
import { meanInterval, type MeanInterval } from '../../tasks/mean-interval.ts'
import type { Context } from '../context.ts'
import { escapeText, figure, paragraph, table, tag, type Section } from '../html.ts'
import { differenceText, intervalText, numberText, seeded, valueText } from '../measure.ts'
import { pairedDifference } from '../statistics.ts'

/** A line of the final table. */
export interface Standing {
  readonly final: Final
  readonly values: readonly number[]
  readonly test: MeanInterval | undefined
  /** To the baseline, over the seeds that both have; absent for it itself. */
  readonly difference: MeanInterval | undefined
}

/** The baseline that rules are compared with: Adam, or the first there is. */
export function mainBaseline({ run }: Context): Final | undefined {
  const baselines = run.finals.filter(({ of }) => of === undefined)
  return baselines.find(({ name }) => name.toLowerCase() === 'adam') ?? baselines[0]
}

/** The final table, the best mean first; rules of which no run came through are last. */
export function standingsOf(context: Context): readonly Standing[] {
  const { run, test: measure } = context
  const baseline = mainBaseline(context)
  const reference = baseline && seeded(baseline.runs, measure)
  return run.finals
    .map((final): Standing => {
      const runs = seeded(final.runs, measure)
      return {
        final,
        values: runs.map(({ value }) => value),
        test: meanInterval(runs.map(({ value }) => value)),
        difference:
          reference === undefined || final === baseline
            ? undefined
            : pairedDifference(runs, reference),
      }
    })
    .sort((a, b) => (b.test?.mean ?? -Infinity) - (a.test?.mean ?? -Infinity))
}

/** The finalists against the baselines, all tuned alike, on seeds that nothing was chosen by. */
export function finalTable(context: Context): Section | undefined {
  const standings = standingsOf(context)
  if (standings.length === 0) return undefined
  const { test, score, colorOf } = context
  const baseline = mainBaseline(context)
  const seeds = Math.max(...standings.map(({ final }) => final.runs.length))
  const rows = standings.map(({ final, test: mean, difference }) => {
    const failed = final.runs.filter((fitness) => fitness.score === undefined).length
    const { searched } = final
    return [
      { markup: ruleName(final, colorOf(final.name)) },
      numberText(searched.learningRate),
      searched.score === undefined
        ? (searched.failure ?? 'failed')
        : valueText(searched.score, score),
      intervalText(mean, test),
      final === baseline ? '' : differenceText(difference, test),
      `${failed} of ${final.runs.length}`,
    ]
  })
  const reference = standings.find(({ final }) => final === baseline)?.test?.mean
  const drawing = drawIntervals(
    standings.map(({ final, values, test: mean }) => ({
      name: final.name,
      color: colorOf(final.name),
      values,
      mean: mean?.mean,
      halfWidth: mean?.halfWidth,
      note: 'every run failed',
    })),
    { label: test.name, unit: test.isShare ? 'percent' : 'number', round: false },
    {
      width: 960,
      description: `${test.name} of the finalists and the baselines`,
      ...(reference !== undefined && { reference }),
    },
  )
  const name = baseline?.name ?? 'the baseline'
  const unit = test.isShare ? ', percentage points' : ''
  return {
    id: 'table',
    title: 'Finalists and baselines',
    body: [
      paragraph(
        `Every rule was tuned by the same learning-rate probe on one seed and then trained on ${seeds} fresh ${seeds === 1 ? 'seed' : 'seeds'}, the same for all. The interval is Student’s 95 %; the difference to ${name} is paired by seed.`,
      ),
      table(
        [
          { title: 'Rule' },
          { title: 'Learning rate', isNumber: true },
          { title: `Search: ${score.name}`, isNumber: true },
          { title: `Fresh seeds: ${test.name}`, isNumber: true },
          { title: `To ${name}${unit}`, isNumber: true },
          { title: 'Failed', isNumber: true },
        ],
        rows,
        new Set(standings.flatMap(({ final }, index) => (final.of === undefined ? [] : [index]))),
      ),
      figure(
        drawing,
        `Means with 95 % intervals; pale dots are single seeds. The dashed line is ${name}’s mean.`,
      ),
    ].join('\n'),
  }
}

function ruleName({ name, of }: Final, color: number): string {
  const found = of === undefined ? '' : tag('small', {}, escapeText(` ${of}`))
  const shown =
    of === undefined ? escapeText(name) : tag('a', { href: `#${name}` }, escapeText(name))
  return tag('span', { class: 'name' }, tag('i', { class: `swatch c${color}` }, ''), shown) + found
}
