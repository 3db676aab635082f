import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { World } from '../../src/hosts/cli/world.ts'
import { runCli } from '../../src/hosts/cli/run-cli.ts'

/** What a command line gave. */
export interface Result {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

export interface SessionOptions {
  readonly stdin?: string | Uint8Array
  readonly env?: World['env']
  readonly signal?: AbortSignal
  readonly terminal?: boolean
  /** Called with what is written to standard output and standard error. */
  readonly onWrite?: (text: string) => void
}

/** A folder of its own, in which command lines are run in this process; gone after the test. */
export interface Session {
  readonly folder: string
  readonly run: (line: string | readonly string[], options?: SessionOptions) => Promise<Result>
  readonly write: (files: Readonly<Record<string, string | Uint8Array>>) => void
  readonly read: (name: string) => string
  readonly link: (name: string, target: string) => void
  readonly protect: (name: string, mode: number) => void
}

/** A session whose folder holds `files`. */
export function createSession(files: Readonly<Record<string, string | Uint8Array>> = {}): Session {
  const folder = mkdtempSync(join(tmpdir(), 'optc-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const write: Session['write'] = (contents) => {
    for (const [name, content] of Object.entries(contents)) {
      const path = join(folder, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
    }
  }
  write(files)
  return {
    folder,
    write,
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    link: (name, target) => symlinkSync(target, join(folder, name)),
    protect: (name, mode) => chmodSync(join(folder, name), mode),
    run: async (line, { stdin = '', env = {}, signal, terminal = false, onWrite } = {}) => {
      const written = { stdout: '', stderr: '' }
      const stream = (name: 'stdout' | 'stderr'): World['stdout'] => ({
        write: (text) => {
          written[name] += text
          onWrite?.(text)
        },
        isTerminal: terminal,
        columns: terminal ? 80 : undefined,
      })
      const exitCode = await runCli(
        typeof line === 'string' ? line.split(' ').filter(Boolean) : line,
        {
          cwd: folder,
          env,
          readStdin: () => Promise.resolve(Buffer.from(stdin)),
          stdout: stream('stdout'),
          stderr: stream('stderr'),
          signal: signal ?? new AbortController().signal,
          now: () => 0,
        },
      )
      return { exitCode, ...written }
    },
  }
}

/** A result as a golden file shows it. */
export function transcript(
  line: string,
  { exitCode, stdout, stderr }: Result,
  folder: string,
): string {
  const part = (name: string, text: string): string =>
    text === ''
      ? ''
      : `--- ${name}\n${text.replaceAll(folder, 'FOLDER')}${text.endsWith('\n') ? '' : '\n'}`
  return `$ optc ${line}\n${part('standard output', stdout)}${part('standard error', stderr)}--- exit code ${exitCode}\n`
}
