/** What is wrong with a task of one's own: said to the one who wrote it, with the line, without a stack. */
export interface TaskError extends Error {
  readonly name: 'TaskError'
  /** Steps that a rule had taken before it: with none of them, no rule can be the reason. */
  readonly steps: number
  readonly help: string | undefined
  /** Where in the task it came from, in many lines, as its language tells it. */
  readonly traceback?: string
}

/** An error of a task, with a sentence that says where it is. */
export function taskError(
  message: string,
  steps = 0,
  help?: string,
  traceback?: string,
): TaskError {
  const rest = {
    name: 'TaskError' as const,
    steps,
    help,
    ...(traceback !== undefined && { traceback }),
  }
  return Object.assign(new Error(message), rest)
}

/**
 * Of a task two runs of which begin differently although their seeds are the same: searches take results that they have for those
 * of runs that were never made. `what` differs.
 */
export function otherBeginning(
  what: 'weights' | 'weights or batches',
  locate: Locate,
  help: string,
): TaskError {
  return taskError(locate(`two runs of one seed begin with other ${what}`), 0, help)
}

export function isTaskError(error: unknown): error is TaskError {
  return error instanceof Error && error.name === 'TaskError'
}

/** Says of an error that code of a task threw where that was: `mine.mjs:12:5: no such tensor`. */
export type Locate = (message: string, error?: unknown) => string
