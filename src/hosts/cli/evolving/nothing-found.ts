import type { Entry } from '../../../evolve/journal.ts'
import { rejectionWords } from '../../../evolve/rejection.ts'
import { failure, type Failure } from '../failure.ts'

/** Why a search that took so long has no rule to show: nothing could be drawn, or nothing that was drawn could be trained. */
export function nothingFound(journal: readonly Entry[], duration: string): Failure {
  const works = journal.filter((entry) => entry.kind === 'work')
  const attempts = works.flatMap((work) => work.attempts)
  if (attempts.length === 0) {
    const rejections = works.flatMap((work) => work.rejections)
    const { all, first, count } = commonest(
      rejections.map((row) => [rejectionWords(row.reason) ?? row.reason, row.count]),
    )
    return failure(
      'failed',
      `after ${duration} no rule has come to be trained: all ${shown(all)} that were drawn were thrown away${first === undefined ? '' : `, ${shown(count)} of them for this: ${first}`}`,
      'the space or the filters leave too few rules: change the probabilities of the space, or give rules of your own',
    )
  }
  const { all, first, count } = commonest(
    attempts.map(({ fitness }) => [fitness.failure ?? 'no score', 1]),
  )
  return failure(
    'failed',
    `after ${duration} no rule has passed the training: ${shown(count)} of ${shown(all)} failed for this: ${first}`,
    'begin with more random rules (--initial) or with rules of your own',
  )
}

const shown = (count: number): string => count.toLocaleString('en-US')

/** How many there are in all, and the reason that most have. */
function commonest(reasons: readonly (readonly [reason: string, count: number])[]): {
  readonly all: number
  readonly first: string | undefined
  readonly count: number
} {
  const counts = new Map<string, number>()
  for (const [reason, count] of reasons) counts.set(reason, (counts.get(reason) ?? 0) + count)
  const [[first, count] = [undefined, 0]] = [...counts].sort(([, a], [, b]) => b - a)
  return { all: reasons.reduce((sum, [, each]) => sum + each, 0), first, count }
}
