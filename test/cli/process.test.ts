import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { createSession, type Result } from './session.ts'

const PROGRAM = join(import.meta.dirname, '../../dist/optc.cjs')

interface ProcessOptions {
  readonly stdin?: string
  /** Called whenever something was written, with all that was written to that stream. */
  readonly act?: (child: ChildProcess, written: string) => void
}

/** Runs the built program in a process of its own. */
function runProcess(
  arguments_: readonly string[],
  cwd: string,
  { stdin = '', act = () => undefined }: ProcessOptions = {},
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [PROGRAM, ...arguments_], {
      cwd,
    })
    child.stdin.end(stdin)
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
      act(child, stdout)
    })
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
      act(child, stderr)
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ exitCode: code ?? -1, stdout, stderr }))
  })
}

describe('the built program', () => {
  beforeAll(() => {
    if (!existsSync(PROGRAM)) throw new Error('dist/optc.cjs is missing: run `npm run build`')
  })

  it.each([
    ['update = lr * sign(g) * decay_cosine(t)\n', 0],
    ['update = lr * gg\n', 1],
  ])('checks %j from standard input', async (text, expected) => {
    const { exitCode } = await runProcess(['check', '-'], createSession().folder, { stdin: text })
    expect(exitCode).toBe(expected)
  })

  it('formats, and finds the standard library from any folder', async () => {
    const session = createSession({ 'a.opt': 'update=lr*g\n' })
    expect(await runProcess(['fmt', 'a.opt'], session.folder)).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '1 of 1 file formatted anew\n',
    })
    expect(session.read('a.opt')).toBe('update = lr * g\n')
    expect((await runProcess(['check', 'std/adam'], session.folder)).exitCode).toBe(0)
  })

  it('loads the other commands from their own files', async () => {
    const { folder } = createSession({ 'a.opt': 'update = lr * g\n' })
    const compiled = await runProcess(['compile', 'a.opt'], folder)
    expect(compiled).toMatchObject({ exitCode: 0, stderr: '' })
    expect(compiled.stdout).toContain('export class A extends tf.Optimizer')
    expect((await runProcess(['explain', 'sqrt'], folder)).stdout).toContain('square root')
  })

  it('ends with 2 for a wrong command line', async () => {
    expect((await runProcess(['check', '--nothing'], createSession().folder)).exitCode).toBe(2)
  })

  it('ends with 130 on Ctrl-C', async () => {
    const { folder } = createSession({ 'a.opt': 'update = lr * g\n' })
    const { exitCode, stderr } = await runProcess(['check', '--watch'], folder, {
      act: (child, written) => {
        if (written.includes('waiting')) child.kill('SIGINT')
      },
    })
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 130,
      stderr: expect.not.stringContaining('Error'),
    })
  })

  it('is quiet when nobody reads on', async () => {
    const { folder } = createSession()
    const { exitCode, stderr } = await runProcess(['explain'], folder, {
      act: (child) => child.stdout?.destroy(),
    })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  })
})
