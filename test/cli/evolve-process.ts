import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { findProtocol } from '../../src/tasks/protocol.ts'
import { createSession, type Session } from './session.ts'

export const PROGRAM = join(import.meta.dirname, '../../dist/optc.cjs')

const sketch = findProtocol('sketch')!
const short = { ...sketch.initial, epochs: 3 }
/** So short that a whole search takes seconds. */
const PROTOCOL = JSON.stringify({
  ...sketch,
  name: 'shortest',
  initial: short,
  evolution: short,
  ladder: [
    { ...sketch.ladder[0]!, surrogate: { ...short, name: 'longer', epochs: 4 } },
    { surrogate: { ...short, name: 'own' }, entrants: 2, seeds: 1, task: './bowl.mjs' },
  ],
  finals: [
    { stage: 'fine-tuning', task: 'rosenbrock', surrogate: { ...short, name: 'valley' } },
    { stage: 'supplement', task: 'cifar10', surrogate: { ...short, name: 'photographs' } },
  ],
})
/** A task with a metric of which less is better. */
const BOWL = `export default {
  steps: 20,
  metric: { name: 'distance', better: 'smaller' },
  start({ tf }) {
    const x = tf.variable(tf.tensor1d([1, 2, 3]), true, 'x')
    const loss = () => tf.sum(tf.square(x))
    return { parameters: [x], loss, evaluate: () => ({ loss: loss(), metric: tf.sqrt(loss()) }) }
  },
}
`
export const FILES = { 'shortest.json': PROTOCOL, 'bowl.mjs': BOWL }
export const SEARCH = [
  ...['evolve', '--task', 'quadratic', '--protocol', 'shortest.json', '--backend', 'cpu'],
  ...['--initial', '6', '--particles', '2', '--timesteps', '2', '--children', '2', '--ladder'],
  ...[
    '--finalists',
    '1',
    '--final-seeds',
    '2',
    '--rate-seeds',
    '2',
    '--against',
    'sgd',
    '--out',
    'run',
  ],
]

export function sessionWith(files: Readonly<Record<string, string>> = {}): Session {
  return createSession({ ...FILES, ...files })
}

export interface Ended {
  readonly exitCode: number | null
  readonly stderr: string
}

export function start(
  { folder }: Pick<Session, 'folder'>,
  line: readonly string[],
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [PROGRAM, ...line], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  children.add(child)
  let stderr = ''
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const ended = once(child, 'exit').then(([exitCode]) => ({ exitCode: exitCode as number, stderr }))
  return { child, ended }
}

const children = new Set<ChildProcess>()
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  children.clear()
})

export const evolve = (session: Pick<Session, 'folder'>, line: readonly string[]): Promise<Ended> =>
  start(session, line).ended

export const journalOf = ({ folder }: Pick<Session, 'folder'>): string => {
  const path = join(folder, 'run', 'journal.jsonl')
  return existsSync(path) ? readFileSync(path, 'utf8') : ''
}
export const keysOf = ({ folder }: Pick<Session, 'folder'>): string[] =>
  readFileSync(join(folder, 'run', 'evaluations.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { key: string }).key)
