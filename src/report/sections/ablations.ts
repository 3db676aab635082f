import { drawIntervals } from '../../draw/intervals-svg.ts'
import type { Final } from '../../evolve/journal.ts'
import { meanInterval } from '../../tasks/mean-interval.ts'
import type { Context } from '../context.ts'
import { escapeText, figure, paragraph, table, tag, type Cell, type Section } from '../html.ts'
import { differenceText, intervalText, numberText, seeded } from '../measure.ts'
import { isClear, pairedDifference } from '../statistics.ts'

/** What each part of a finalist is worth: the rule without it, judged like the rule. */
export function ablationsSection(context: Context): Section | undefined {
  const { run } = context
  const parts = run.finals.flatMap((final) => {
    const own = run.ablations.filter(({ of }) => of === final.name)
    return own.length === 0 ? [] : [ablationsOf(final, own, context)]
  })
  if (parts.length === 0) return undefined
  return {
    id: 'ablations',
    title: 'What each part is worth',
    body: [
      paragraph(
        'Each finalist with one part taken out, tuned and trained like the finalist itself, on the same seeds. The difference is paired by seed; negative means that the part helps.',
      ),
      ...parts,
    ].join('\n'),
  }
}

function ablationsOf(
  final: Final,
  ablations: Context['run']['ablations'],
  { test, colorOf }: Context,
): string {
  const whole = seeded(final.runs, test)
  const lines = ablations.map((ablation) => {
    const runs = seeded(ablation.runs, test)
    return {
      ablation,
      values: runs.map(({ value }) => value),
      mean: meanInterval(runs.map(({ value }) => value)),
      difference: pairedDifference(runs, whole),
    }
  })
  const mean = meanInterval(whole.map(({ value }) => value))
  const drawing = drawIntervals(
    [
      {
        name: `${final.name}, whole`,
        color: colorOf(final.name),
        values: whole.map(({ value }) => value),
        mean: mean?.mean,
        halfWidth: mean?.halfWidth,
        note: 'every run failed',
      },
      ...lines.map(({ ablation, values, mean: own }) => ({
        name: `without ${ablation.removed}`,
        color: 7,
        values,
        mean: own?.mean,
        halfWidth: own?.halfWidth,
        note: 'every run failed',
      })),
    ],
    { label: test.name, unit: test.isShare ? 'percent' : 'number', round: false },
    {
      width: 960,
      description: `${final.name} and what is left of it without each part`,
      ...(mean !== undefined && { reference: mean.mean }),
    },
  )
  const rows = lines.map(({ ablation, mean: own, difference }): readonly Cell[] => [
    { markup: tag('code', {}, escapeText(ablation.removed)) },
    numberText(ablation.searched.learningRate),
    own === undefined ? 'failed' : intervalText(own, test),
    differenceText(difference, test),
    difference === undefined || difference.halfWidth === undefined
      ? '–'
      : !isClear(difference)
        ? 'not shown'
        : difference.mean < 0
          ? 'it helps'
          : 'it harms',
  ])
  return [
    tag('h3', {}, escapeText(final.name)),
    figure(drawing, `The dashed line is the mean of ${final.name} as it was found.`),
    table(
      [
        { title: 'Taken out' },
        { title: 'Learning rate', isNumber: true },
        { title: test.name, isNumber: true },
        { title: `To the whole rule${test.isShare ? ', points' : ''}`, isNumber: true },
        { title: 'The part' },
      ],
      rows,
    ),
  ].join('\n')
}
