import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { OUTCOME_FILES } from '../../src/hosts/cli/studying/present-outcome.ts'
import { createSession, type Session } from './session.ts'

const PROGRAM = join(import.meta.dirname, '../../dist/optc.cjs')

/** A command line in a process of its own; killed once there are as many evaluations as `kill` says. Its exit code. */
async function start(
  { folder }: Session,
  line: string,
  kill = Infinity,
): Promise<{ readonly exitCode: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [PROGRAM, ...line.split(' ')], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const written = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk: Buffer) => (written.stdout += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()))
  const watch = setInterval(() => {
    if (evaluationsIn(join(folder, 'study')) >= kill) child.kill('SIGKILL')
  }, 5)
  const [exitCode] = (await once(child, 'close')) as [number | null]
  clearInterval(watch)
  return { exitCode, ...written }
}

/** Evaluations below a folder, whatever they are of. */
function evaluationsIn(folder: string): number {
  if (!existsSync(folder)) return 0
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('evaluations.jsonl'))
    .reduce((sum, name) => sum + readFileSync(join(folder, name), 'utf8').split('\n').length - 1, 0)
}

const outcomeOf = ({ read }: Session): readonly string[] =>
  OUTCOME_FILES.map((name) => read(`study/${name}`))

const STUDIES = [
  {
    name: 'replicate',
    line: 'replicate --task quadratic --scale 0.002 --rules 6 --again 2',
    resume: 'replicate',
    tables: ['Agreement', 'Failures', 'Error of one evaluation', 'Rules'],
  },
  {
    name: 'surrogate',
    line: 'study surrogate std/sgd std/adam --rules 3 --surrogates quadratic:short,rosenbrock:short --scale 0.2 --seeds 2',
    resume: 'study',
    tables: ['Rank correlations', 'Error of one evaluation', 'Rules'],
  },
  {
    name: 'baselines',
    line: 'study baselines std/opt5 std/opt6 --against sgd,adam --tasks quadratic,rosenbrock --scale 0.2 --final-seeds 2',
    resume: 'study',
    tables: ['Places', 'quadratic', 'rosenbrock'],
  },
  {
    name: 'integrity',
    line: 'study integrity --tasks quadratic --scale 0.1 --filters signs,all --searches 2 --initial 4 --particles 2 --timesteps 1 --children 2 --final-seeds 2 --budget 100000steps',
    resume: 'study',
    tables: ['What searches found', 'What they trained', 'The best rule of each search'],
  },
] as const

describe.each(STUDIES)('optc $name', ({ line, resume, tables }) => {
  test('comes to the same however often it is killed and gone on with, and with any number of processes', async () => {
    const whole = createSession()
    const first = await start(whole, `${line} --backend cpu --workers 1 --out study`)
    expect(first, first.stderr).toMatchObject({ exitCode: 0 })
    for (const title of tables) expect(first.stdout).toContain(title)
    const count = evaluationsIn(join(whole.folder, 'study'))

    const torn = createSession()
    const begun = `${line} --backend cpu --workers 2 --out study`
    expect((await start(torn, begun, Math.ceil(count / 4))).exitCode).not.toBe(0)
    const again = `${resume} --resume study --workers 2`
    expect((await start(torn, again, Math.ceil(count / 2))).exitCode).not.toBe(0)
    const last = await start(torn, again)
    expect(last, last.stderr).toMatchObject({ exitCode: 0 })
    expect(outcomeOf(torn)).toEqual(outcomeOf(whole))
    expect(last.stdout).toBe(first.stdout)
    // No evaluation was made twice.
    expect(evaluationsIn(join(torn.folder, 'study'))).toBe(count)
  })
})

test('a budget leaves rules out, which a larger one makes up for', async () => {
  const session = createSession()
  const line =
    'study surrogate --rules 4 --surrogates quadratic:short,quadratic:long --backend cpu --workers 1 --seeds 1 --out study --budget 0.05s'
  const cut = await start(session, line)
  expect(cut.stderr).toMatch(
    /of 4 within the budget; go on with: optc study --resume study --budget/,
  )
  const whole = await start(session, 'study --resume study --budget 1h')
  expect(whole).toMatchObject({ exitCode: 0 })
  expect(JSON.parse(session.read('study/results.json'))).toHaveLength(4)
  expect(session.read('study/report.html')).toContain('4 rules were judged on 2 surrogates')
})
