import { ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver'
import type { CancellationToken, Connection } from 'vscode-languageserver'

/** Answers one kind of request. */
export type Handle<P, R> = (params: P) => R

/** What a handler of the connection gives. */
export type Answer<P, R> = (
  params: P,
  token: CancellationToken,
) => Promise<R | ResponseError<undefined>>

/**
 * Makes handlers that always answer: with what they find, with the error of the protocol that they throw, or with one that says
 * what went wrong in the server, which goes on.
 */
export function createAnswers(
  connection: Connection,
): <P, R>(handle: Handle<P, R>) => Answer<P, R> {
  return (handle) => (params, token) => {
    // Asked again since: what would be found is not wanted any more.
    if (token.isCancellationRequested)
      return Promise.resolve(new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled'))
    try {
      return Promise.resolve(handle(params))
    } catch (error) {
      if (error instanceof ResponseError) return Promise.resolve(error)
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
      connection.console.error(text)
      const [reason] = text.split('\n')
      return Promise.resolve(
        new ResponseError(ErrorCodes.InternalError, `optc itself went wrong: ${reason!}`),
      )
    }
  }
}

/** Refuses a request that the protocol allows, with the reason. */
export function refuse(reason: string): never {
  throw new ResponseError(LSPErrorCodes.RequestFailed, reason)
}
