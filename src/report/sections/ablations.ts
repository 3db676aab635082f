import { drawIntervals } from '../../draw/intervals-svg.ts'
import type { Final } from '../../evolve/journal.ts'
import type { Context } from '../context.ts'
import { escapeText, figure, paragraph, table, tag, type Cell, type Section } from '../html.ts'
import { differenceText, intervalText, numberText } from '../../study/measure.ts'
import { standingOf, type Standing } from '../../study/standing.ts'
import { failedText, measured } from './final-table.ts'

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
  const whole = standingOf(final, undefined, test)
  const lines = ablations.map((ablation) => ({
    ablation,
    standing: standingOf(ablation, final, test),
  }))
  const drawing = drawIntervals(
    [
      {
        name: `${final.name}, whole`,
        color: colorOf(final.name),
        ...measured(whole),
      },
      ...lines.map(({ ablation, standing }) => ({
        name: `without ${ablation.removed}`,
        color: 7,
        ...measured(standing),
      })),
    ],
    { label: test.name, unit: test.isShare ? 'percent' : 'number', round: false },
    {
      width: 736,
      description: `${final.name} and what is left of it without each part`,
      ...(whole.mean !== undefined && { reference: whole.mean.mean }),
    },
  )
  const rows = lines.map(({ ablation, standing }): readonly Cell[] => [
    { markup: tag('code', {}, escapeText(ablation.removed)) },
    numberText(ablation.learningRate),
    standing.mean === undefined
      ? (standing.failure ?? 'failed')
      : intervalText(standing.mean, test),
    differenceText(standing.difference, test),
    failedText(ablation, standing),
    worthOf(standing),
  ])
  return [
    tag('h3', {}, escapeText(final.name)),
    figure(drawing, `The dashed line is the mean of ${final.name} as it was found.`, 'column'),
    table(
      [
        { title: 'Taken out' },
        { title: 'Learning rate', isNumber: true },
        { title: test.name, isNumber: true },
        { title: `To the whole rule${test.isShare ? ', points' : ''}`, isNumber: true },
        { title: 'Failed', isNumber: true },
        { title: 'The part' },
      ],
      rows,
    ),
  ].join('\n')
}

/** What a rule that has lost the part says of it. */
function worthOf({ verdict, mean, values }: Standing): string {
  if (mean === undefined)
    return values.length === 0 ? 'needed: without it every run fails' : 'without it runs fail'
  switch (verdict) {
    case 'worse':
      return 'it helps'
    case 'better':
      return 'it harms'
    case 'not shown':
      return 'not shown'
    case undefined:
      return '–'
  }
}
