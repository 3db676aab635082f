/** The exit codes of the command line. */
export const exitCodes = { done: 0, failed: 1, usage: 2, internal: 70, interrupted: 130 } as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** What a command throws when it cannot go on, and the person can do something about it. */
export interface Failure extends Error {
  readonly exitCode: ExitCode
  readonly help: string | undefined
  /** Lines that are shown as they are. */
  readonly details: string | undefined
}

/**
 * An error the command line prints as `error: message` with `details` and `help` below, without a stack, before it exits with
 * `exitCode`.
 */
export function failure(
  kind: 'failed' | 'usage',
  message: string,
  help?: string,
  details?: string,
): Failure {
  return Object.assign(new Error(message), { exitCode: exitCodes[kind], help, details })
}

/** Whether an error is one made by `failure`. */
export function isFailure(error: unknown): error is Failure {
  return error instanceof Error && 'exitCode' in error && 'help' in error
}
