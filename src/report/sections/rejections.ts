import { rejectionWords } from '../../evolve/rejection.ts'
import { kindWords } from '../../mutate/mutations/table.ts'
import type { Context } from '../context.ts'
import { bar, namedCell, paragraph, table, tag, type Cell, type Section } from '../html.ts'
import { countText, shareText } from '../../study/measure.ts'
import { resultOf, searchScores, type Run } from '../run.ts'

const DRAW_COLOR = 0
const FAILURE_COLOR = 1
const GOOD_COLOR = 2

/** What was thrown away before training and why, what failed in training, and what each kind of mutation came to. */
export function rejectionsSection({ run }: Context): Section | undefined {
  if (run.works.length === 0) return undefined
  const rejections = run.works.flatMap((work) => work.rejections)
  const fitnesses = run.works.flatMap(({ attempts }) => attempts.map(({ fitness }) => fitness))
  const thrown = tally(rejections.map(({ reason, count }) => [reason, count]))
  const failures = fitnesses.flatMap(({ failure, score }) =>
    score === undefined ? [failure ?? 'no reason given'] : [],
  )
  const failed = tally(withoutDetails(failures).map((reason) => [reason, 1]))
  const drawn = total(thrown) + fitnesses.length
  return {
    id: 'rejections',
    title: 'What was thrown away',
    body: [
      paragraph(
        `Of ${countText(drawn)} rules that were drawn or mutated, ${countText(total(thrown))} (${shareText(total(thrown), drawn)}) were thrown away before training. Of the ${countText(fitnesses.length)} that were judged, ${countText(total(failed))} (${shareText(total(failed), fitnesses.length)}) failed: their loss was no number any more, or their accuracy on the training images stayed below what the protocol asks for.`,
      ),
      tag(
        'div',
        { class: 'columns' },
        reasons('Before training', thrown, drawn, DRAW_COLOR),
        reasons('In training', failed, fitnesses.length, FAILURE_COLOR),
      ),
      ...mutationTable(run),
    ].join('\n'),
  }
}

type Tally = ReadonlyMap<string, number>

function tally(counted: readonly (readonly [reason: string, count: number])[]): Tally {
  const result = new Map<string, number>()
  for (const [reason, count] of counted) result.set(reason, (result.get(reason) ?? 0) + count)
  return new Map([...result].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)))
}

const total = (counts: Tally): number => [...counts.values()].reduce((sum, count) => sum + count, 0)

const NUMBER = /\d+(?:\.\d+)?(?:e[+-]?\d+)?/g

/**
 * The reasons with those that differ only in their numbers as one: `diverged at step 3 to 41`. A number that is the same in all of
 * them, as a limit of the protocol, stays as it is.
 */
function withoutDetails(reasons: readonly string[]): readonly string[] {
  const patternOf = (reason: string): string => reason.replace(NUMBER, '#')
  const numbers = new Map<string, number[][]>()
  for (const reason of reasons) {
    const pattern = patternOf(reason)
    const found = (reason.match(NUMBER) ?? []).map(Number)
    numbers.set(pattern, [...(numbers.get(pattern) ?? []), found])
  }
  return reasons.map((reason) => {
    const all = numbers.get(patternOf(reason))!
    let place = -1
    return reason.replace(NUMBER, () => {
      place += 1
      const values = all.map((each) => each[place]!)
      const [low, high] = [Math.min(...values), Math.max(...values)]
      return low === high ? String(low) : `${low} to ${high}`
    })
  })
}

function reasons(title: string, counts: Tally, whole: number, color: number): string {
  if (counts.size === 0) return tag('div', {}, tag('h3', {}, title), paragraph('Nothing.', 'note'))
  const largest = Math.max(...counts.values())
  return tag(
    'div',
    {},
    tag('h3', {}, title),
    table(
      [
        { title: 'Reason' },
        { title: 'Rules', isNumber: true },
        { title: 'Share', isNumber: true },
        { title: '' },
      ],
      [...counts].map(([reason, count]): readonly Cell[] => [
        namedCell(reason, rejectionWords(reason)),
        countText(count),
        shareText(count, whole),
        bar(count / largest, color),
      ]),
    ),
  )
}

interface MutationCounts {
  tried: number
  judged: number
  failed: number
  improved: number
}

/** How often each kind of mutation was tried, reached the training, failed there and beat the parent. */
function mutationTable(run: Run): readonly string[] {
  const scores = searchScores(run)
  const kinds = new Map<string, MutationCounts>()
  const countsOf = (mutation: string): MutationCounts => {
    const counts = kinds.get(mutation) ?? { tried: 0, judged: 0, failed: 0, improved: 0 }
    kinds.set(mutation, counts)
    return counts
  }
  for (const work of run.works) {
    for (const { mutation, count } of work.rejections)
      if (mutation !== undefined) countsOf(mutation).tried += count
    const parent = work.parent === undefined ? undefined : scores.get(work.parent)?.score
    for (const attempt of work.attempts) {
      if (attempt.mutation === undefined) continue
      const counts = countsOf(attempt.mutation)
      counts.tried += 1
      counts.judged += 1
      if (attempt.fitness.score === undefined) counts.failed += 1
    }
    const result = resultOf(work)
    if (result?.mutation !== undefined && parent !== undefined && result.score > parent)
      countsOf(result.mutation).improved += 1
  }
  if (kinds.size === 0) return []
  const words = kindWords()
  const rows = [...kinds].sort(([a, x], [b, y]) => y.tried - x.tried || (a < b ? -1 : 1))
  return [
    tag('h3', {}, 'Kinds of mutation'),
    table(
      [
        { title: 'Mutation' },
        { title: 'Tried', isNumber: true },
        { title: 'Judged', isNumber: true },
        { title: 'Failed', isNumber: true },
        { title: 'Above the parent', isNumber: true },
        { title: 'of those judged', isNumber: true },
        { title: '' },
      ],
      rows.map(([mutation, { tried, judged, failed, improved }]): readonly Cell[] => [
        namedCell(mutation, words.get(mutation)),
        countText(tried),
        countText(judged),
        countText(failed),
        countText(improved),
        shareText(improved, judged),
        bar(judged === 0 ? 0 : improved / judged, GOOD_COLOR),
      ]),
    ),
    paragraph('“Above the parent” compares scores of one seed each: some of it is luck.', 'note'),
  ]
}
