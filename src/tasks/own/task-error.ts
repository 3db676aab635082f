/** What is wrong with a task of one's own: said to the one who wrote it, with the line, without a stack. */
export interface TaskError extends Error {
  readonly name: 'TaskError'
  /** Steps that a rule had taken before it: with none of them, no rule can be the reason. */
  readonly steps: number
  readonly help: string | undefined
}

/** An error of a task, with a sentence that says where it is. */
export function taskError(message: string, steps = 0, help?: string): TaskError {
  return Object.assign(new Error(message), { name: 'TaskError' as const, steps, help })
}

export function isTaskError(error: unknown): error is TaskError {
  return error instanceof Error && error.name === 'TaskError'
}

/** Says of an error that code of a task threw where that was: `mine.mjs:12:5: no such tensor`. */
export type Locate = (message: string, error?: unknown) => string
