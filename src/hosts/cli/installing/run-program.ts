import { spawn, type ChildProcess } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { World } from '../world.ts'

/** How a program is run. */
export interface ProgramOptions {
  readonly cwd: string
  readonly env: World['env']
  /** Ends the program, and all that it has started, when it is aborted. */
  readonly signal: AbortSignal
}

/** How a program ended. */
export interface ProgramResult {
  /** 0 where all went well; undefined where a signal ended it, or there was no such program. */
  readonly exitCode: number | undefined
  readonly stdout: string
  /** What it wrote on either stream, without empty lines; in its place why there was no such program, or what signal ended it. */
  readonly lines: readonly string[]
}

/** Runs a program until all its output is there. Never rejects for what the program does; rejects when the signal is aborted. */
export function runProgram(
  program: string,
  arguments_: readonly string[],
  { cwd, env, signal }: ProgramOptions,
): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const child = spawn(program, arguments_, {
      cwd,
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that a compiler's helpers end with it.
      detached: true,
    })
    let stdout = ''
    let written = ''
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString()
      written += data.toString()
    })
    child.stderr.on('data', (data: Buffer) => {
      written += data.toString()
    })
    const abort = (): void => endGroup(child)
    signal.addEventListener('abort', abort, { once: true })
    const settle = (exitCode: number | undefined, lastLine?: string): void => {
      signal.removeEventListener('abort', abort)
      if (signal.aborted) return reject(signal.reason as Error)
      const lines = written.split(/[\r\n]+/).filter((line) => line.trim() !== '')
      resolve({ exitCode, stdout, lines: lastLine === undefined ? lines : [...lines, lastLine] })
    }
    child.on('error', ({ message }) => settle(undefined, message))
    child.on('close', (code, endedBy) =>
      settle(code ?? undefined, endedBy === null ? undefined : `it was ended by ${endedBy}`),
    )
  })
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended already.
  }
}

/** The first of some programs that is on the path; a name with a slash stands for itself. */
export function findProgram(names: readonly string[], env: World['env']): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return names.find((name) =>
    name.includes('/')
      ? isExecutable(name)
      : folders.some((folder) => isExecutable(join(folder, name))),
  )
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
