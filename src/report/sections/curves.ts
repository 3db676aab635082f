import { drawChart } from '../../draw/chart-svg.ts'
import type { Series } from '../../draw/figure.ts'
import { lineColorCount } from '../../draw/palette.ts'
import { evaluateFunction } from '../../ir/schedule.ts'
import { schedulesInside } from '../../plan/schedules-inside.ts'
import { finalSurrogateOf, type Protocol, type TrainingPlan } from '../../tasks/protocol.ts'
import type { Context } from '../context.ts'
import { escapeText, paragraph, tag, type Section } from '../html.ts'
import { countText } from '../../study/measure.ts'
import type { ShownRule } from '../shown-rule.ts'

/** The lengths that schedules follow, in steps. */
type Lengths = Pick<TrainingPlan, 'totalSteps' | 'warmupSteps' | 'holdSteps'>

/** Where the protocol is not known. */
const UNKNOWN: Lengths = { totalSteps: 1000, warmupSteps: 100, holdSteps: 0 }

const POINTS = 240

/** The schedules and decays inside the best rules over a run. */
export function curvesSection({ best, protocol, run }: Context): Section | undefined {
  const lengths = lengthsOf(protocol, run.configuration['ladder'] === true)
  const names = [...new Set(best.flatMap(({ program }) => namesOf(program)))]
  const drawn = best.flatMap((rule) => {
    const series = seriesOf(rule, lengths, names)
    return series.length === 0 ? [] : [{ rule, series }]
  })
  if (drawn.length === 0) return undefined
  const source =
    protocol === undefined
      ? 'drawn for a warm-up of a tenth of the run and no hold'
      : `with the protocol’s warm-up of ${countText(lengths.warmupSteps)}, hold of ${countText(lengths.holdSteps)} and length of ${countText(lengths.totalSteps)} steps`
  return {
    id: 'schedules',
    title: 'Schedules and decays',
    body: [
      paragraph(
        `Every number in a rule that is the same for all parameters and changes over the run, ${source}. The learning rate is 1: what follows it is in units of it.`,
      ),
      tag(
        'div',
        { class: 'pairs' },
        ...drawn.map(({ rule, series }) =>
          tag(
            'figure',
            {},
            drawChart(
              {
                x: { label: 't / T', low: 0, high: 1, round: false },
                y: { label: '', low: Math.min(0, ...valuesOf(series)) },
                series,
              },
              {
                width: 470,
                height: 220,
                id: `schedules-${rule.name}`,
                description: `Schedules and decays of ${rule.name}`,
                right: 14,
              },
            ),
            tag(
              'figcaption',
              {},
              tag('b', {}, escapeText(rule.name)),
              ...series.map(({ name, color }) =>
                tag(
                  'span',
                  { class: 'key' },
                  tag('i', { class: `swatch c${color % lineColorCount}` }, ''),
                  tag('code', {}, escapeText(name)),
                ),
              ),
            ),
          ),
        ),
      ),
    ].join('\n'),
  }
}

const valuesOf = (series: readonly Series[]): readonly number[] =>
  series.flatMap(({ points }) => points.map(([, y]) => y).filter(Number.isFinite))

/** Those that the final evaluation follows. */
const lengthsOf = (protocol: Protocol | undefined, climbsLadder: boolean): Lengths =>
  protocol === undefined ? UNKNOWN : finalSurrogateOf(protocol, climbsLadder)

const namesOf = (program: ShownRule['program']): readonly string[] =>
  program === undefined ? [] : schedulesInside(program).map(({ name }) => name)

/** The schedules of one rule; a name has one colour in all rules. */
function seriesOf(
  { program }: ShownRule,
  lengths: Lengths,
  names: readonly string[],
): readonly Series[] {
  if (program === undefined) return []
  const values: ReadonlyMap<string, number> = new Map([
    ['lr', 1],
    ['warmup', lengths.warmupSteps],
    ['hold', lengths.holdSteps],
  ])
  return schedulesInside(program).map((callee): Series => {
    const given = callee.parameters.map(({ name, default: initial }) => values.get(name) ?? initial)
    return {
      name: callee.name,
      color: names.indexOf(callee.name),
      points: Array.from({ length: POINTS + 1 }, (_, index) => {
        const t = Math.round((index / POINTS) * (lengths.totalSteps - 1))
        return [
          t / lengths.totalSteps,
          evaluateFunction(callee, given, t, lengths.totalSteps),
        ] as const
      }),
    }
  })
}
