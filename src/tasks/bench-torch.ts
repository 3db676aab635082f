import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import type { Contestant, Shapes } from './bench-optimizers.ts'
import { packageRoot } from './package-root.ts'

/** A process in which PyTorch takes steps, one thread of it. */
export interface Torch {
  readonly version: string
  /** The forms in which it has a rule of the library: its loop, foreach, fused. */
  readonly formsOf: (rule: string) => readonly string[]
  /** An optimizer on parameters of its own. Rejects with what PyTorch says where it cannot be built. */
  readonly optimizer: (rule: string, form: string, shapes: Shapes) => Promise<Contestant>
  readonly close: () => void
}

/** PyTorch, or why there is none. */
export type TorchStart =
  { readonly ok: true; readonly torch: Torch } | { readonly ok: false; readonly reason: string }

const GREETING = z.object({ version: z.string(), forms: z.record(z.string(), z.array(z.string())) })
const SECONDS = z.object({ seconds: z.number() })
const ERROR = z.object({ error: z.string() })

/** Starts the PyTorch of an interpreter. That there is none is an answer, never an exception. */
export async function startTorch(python: string, signal?: AbortSignal): Promise<TorchStart> {
  const script = join(packageRoot(), 'src/tasks/bench-torch.py')
  const child = spawn(python, ['-u', script], {
    env: { ...process.env, OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(signal && { signal }),
  })
  let complaint = ''
  const ended = new Promise<void>((resolve) => {
    child.once('close', resolve)
    child.on('error', ({ message }) => {
      complaint ||= message
      resolve()
    })
  })
  child.stdin.on('error', ({ message }) => (complaint ||= message))
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (complaint = text.trim() || complaint))
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const lastLine = (): string => complaint.split('\n').at(-1) ?? ''
  const next = async (): Promise<unknown> => {
    const { done, value } = await lines.next()
    if (done === true) throw new Error(lastLine() || 'it ended')
    return JSON.parse(value) as unknown
  }
  const ask = async (request: object): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(request)}\n`)
    const answer = await next()
    const failed = ERROR.safeParse(answer)
    if (failed.success) throw new Error(failed.data.error)
    return answer
  }
  const close = (): void => void child.stdin.end()
  let count = 0
  try {
    const { version, forms } = GREETING.parse(await next())
    const optimizer: Torch['optimizer'] = async (rule, form, shapes) => {
      const name = String(count++)
      await ask({ make: name, rule, form, shapes })
      return {
        time: async (steps) => SECONDS.parse(await ask({ time: name, steps })).seconds,
        // Where the process has ended there is nothing to free.
        dispose: () =>
          ask({ drop: name }).then(
            () => {},
            () => {},
          ),
      }
    }
    return { ok: true, torch: { version, formsOf: (rule) => forms[rule] ?? [], optimizer, close } }
  } catch (error) {
    child.kill()
    // The stream of answers may end before the process has said why.
    await ended
    return { ok: false, reason: lastLine() || (error as Error).message }
  }
}
