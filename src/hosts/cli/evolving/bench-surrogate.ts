import { availableParallelism } from 'node:os'
import { findProtocol } from '../../../tasks/protocol.ts'
import { figure, type Figure } from '../figure.ts'
import type { Sources } from '../sources.ts'
import { createPool, type Pool } from './pool.ts'

const TASK = 'fashion14-cnn'
const RULE = 'std/adam'

/** Rounds that are timed, after one in which code is compiled and memory grows. */
const ROUNDS = 3
/** Evaluations that each process makes in a round. */
const EACH = 2

/** Evaluations of a search a minute, with one process and with one per processor core: Adam under the protocol `quick`. */
export async function* benchSurrogate(
  sources: Sources,
  signal: AbortSignal,
): AsyncGenerator<Figure> {
  for (const workers of new Set([1, availableParallelism()])) {
    const pool = await createPool(
      workers,
      {
        task: TASK,
        protocol: findProtocol('quick')!,
        backend: 'auto',
        data: undefined,
        cwd: process.cwd(),
      },
      signal,
    )
    try {
      const rates: number[] = []
      for (let round = 0; round <= ROUNDS && !signal.aborted; round++) {
        const rate = await evaluationsPerMinute(pool, sources, workers * EACH, round)
        if (round > 0) rates.push(rate)
      }
      yield figure(
        `${TASK}, quick, ${workers} ${workers === 1 ? 'process' : 'processes'}`,
        'rules/min',
        rates,
      )
    } finally {
      pool.close()
    }
  }
}

async function evaluationsPerMinute(
  pool: Pool,
  sources: Sources,
  count: number,
  round: number,
): Promise<number> {
  const { initial } = findProtocol('quick')!
  const source = sources.read(RULE)
  const before = performance.now()
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      pool.judge({ source, flipped: false, surrogate: initial.name, seed: 100 * round + index }),
    ),
  )
  return (60_000 * count) / (performance.now() - before)
}
