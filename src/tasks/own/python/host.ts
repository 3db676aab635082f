import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { z } from 'zod'
import { interpreter } from '../../interpreter.ts'
import { packageRoot } from '../../package-root.ts'
import { taskError } from '../task-error.ts'

/** A process that holds a task in Python. It keeps this one alive only while something is asked of it, and ends with it. */
export interface PythonHost {
  /** Asks it to do something, after what was asked before. Rejects with a TaskError for what the task says, and where it has ended. */
  readonly ask: <T>(
    request: { readonly do: string; readonly [key: string]: unknown },
    answer: z.ZodType<T>,
  ) => Promise<T>
  /** Whether it has ended. */
  readonly isGone: () => boolean
  readonly end: () => void
}

const ERROR = z.object({
  error: z.object({
    message: z.string(),
    steps: z.int(),
    help: z.string().nullish(),
    traceback: z.string().optional(),
  }),
})

/** Starts a process for the task at `path` in the folder `cwd`. Rejects with a TaskError where the task, or PyTorch, cannot be loaded. */
export async function startHost(path: string, cwd: string): Promise<PythonHost> {
  const python = interpreter()
  const script = join(packageRoot(), 'src/tasks/own/python/host.py')
  const child = spawn(python, ['-u', script, path], { cwd, stdio: ['pipe', 'pipe', 'inherit'] })
  let gone: string | undefined
  child.once('error', ({ message }) => (gone ??= message))
  // What cannot be written says so by its end.
  child.stdin.on('error', () => undefined)
  const ended = new Promise<void>((resolve) => {
    child.once('close', (code, signal) => {
      gone ??= signal === null ? `it ended with ${code}` : `it was ended by ${signal}`
      resolve()
    })
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const hold = holder(child)

  const next = async (): Promise<unknown> => {
    const { done, value } = await lines.next()
    if (done === true) {
      await ended
      throw new Error(`${python}: ${gone}`)
    }
    const answer: unknown = JSON.parse(value)
    const { data } = ERROR.safeParse(answer)
    if (data === undefined) return answer
    const { message, steps, help, traceback } = data.error
    throw taskError(message, steps, help ?? undefined, traceback)
  }
  let last: Promise<unknown> = Promise.resolve()
  const ask: PythonHost['ask'] = (request, schema) => {
    const answer = last.then(async () => {
      if (gone !== undefined) throw new Error(`${python}: ${gone}`)
      hold(true)
      try {
        child.stdin.write(`${JSON.stringify(request)}\n`)
        return schema.parse(await next())
      } finally {
        hold(false)
      }
    })
    last = answer.catch(() => undefined)
    return answer
  }
  try {
    await next()
  } catch (error) {
    child.kill()
    if (gone?.includes('ENOENT') === true)
      throw taskError(
        `there is no interpreter ${python} for ${path}`,
        0,
        'OPTC_PYTHON names one that has PyTorch',
      )
    throw error
  }
  hold(false)
  return { ask, isGone: () => gone !== undefined, end: () => void child.stdin.end() }
}

/** Makes a process keep this one alive, or not. */
function holder(child: ChildProcess): (isHeld: boolean) => void {
  const streams = [child.stdin, child.stdout] as (
    (Writable & Partial<Holdable>) | (Readable & Partial<Holdable>) | null
  )[]
  return (isHeld) => {
    for (const each of [child, ...streams])
      if (isHeld) each?.ref?.()
      else each?.unref?.()
  }
}

/** What pipes of processes can, and streams in general cannot. */
interface Holdable {
  ref: () => void
  unref: () => void
}
