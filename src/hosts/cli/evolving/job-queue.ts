/** Work that waits for somebody to do it. */
export interface Job<Request, Result> {
  readonly request: Request
  readonly resolve: (result: Result) => void
}

/** First come, first served. */
export interface JobQueue<Request, Result> {
  /** Rejects with the reason of the end when that comes before the result. */
  readonly add: (request: Request) => Promise<Result>
  /** The longest waiting job, as soon as there is one; undefined after the end. */
  readonly take: () => Promise<Job<Request, Result> | undefined>
  /** Gives up all jobs without a result, taken ones too, and those added later. Only the first reason counts. */
  readonly end: (reason: Error) => void
  /** Why it has ended, when it has. */
  readonly ended: () => Error | undefined
}

/** A queue without jobs. */
export function createJobQueue<Request, Result>(): JobQueue<Request, Result> {
  const waiting: Job<Request, Result>[] = []
  const takers: ((job: Job<Request, Result> | undefined) => void)[] = []
  const unfinished = new Set<(reason: Error) => void>()
  let ended: Error | undefined
  return {
    add: (request) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(ended)
        unfinished.add(reject)
        const job = {
          request,
          resolve: (result: Result) => {
            unfinished.delete(reject)
            resolve(result)
          },
        }
        const taker = takers.shift()
        if (taker === undefined) waiting.push(job)
        else taker(job)
      }),
    take: () =>
      new Promise((resolve) => {
        const job = ended === undefined ? waiting.shift() : undefined
        if (job !== undefined || ended !== undefined) return resolve(job)
        takers.push(resolve)
      }),
    end: (reason) => {
      if (ended !== undefined) return
      ended = reason
      for (const reject of unfinished) reject(reason)
      for (const taker of takers) taker(undefined)
    },
    ended: () => ended,
  }
}
