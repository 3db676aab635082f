import type { Portion } from '../../evolve/filter-report.ts'
import type { Context } from '../context.ts'
import { bar, paragraph, table, type Cell, type Section } from '../html.ts'
import { countText, shareText } from '../../study/measure.ts'

/** What filters before training would have saved on this run, and what they would have cost. */
export function filtersSection({ filters }: Context): Section | undefined {
  if (filters === undefined || filters.length === 0) return undefined
  const text = ({ count, share }: Portion): string =>
    share === undefined ? countText(count) : `${countText(count)} (${shareText(share, 1)})`
  return {
    id: 'filters',
    title: 'Filters before training',
    body: [
      paragraph(
        'Which of the rules that failed each filter would have removed without training them, and how many good rules it would have cost; measured on the rules of this run.',
      ),
      table(
        [
          { title: 'Filter' },
          { title: 'Failures removed', isNumber: true },
          { title: '' },
          { title: 'Good rules lost', isNumber: true },
          { title: '' },
          { title: 'Evaluations saved', isNumber: true },
        ],
        filters.map(({ name, failuresRemoved, goodLost, evaluationsSaved }): readonly Cell[] => [
          name,
          text(failuresRemoved),
          bar(failuresRemoved.share ?? 0, 2),
          text(goodLost),
          bar(goodLost.share ?? 0, 1),
          text(evaluationsSaved),
        ]),
      ),
    ].join('\n'),
  }
}
