import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Python, which the environment may name: `OPTC_PYTHON=.../bin/python`. */
const PYTHON = process.env['OPTC_PYTHON'] ?? 'python3'

/** Whether Python has these modules; a line says which tests are skipped where it has not. */
export function hasModules(...modules: readonly string[]): boolean {
  const { status } = spawnSync(PYTHON, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' })
  if (status !== 0)
    console.log(`not tested: ${PYTHON} has no ${modules.join(', ')}; OPTC_PYTHON may name another`)
  return status === 0
}

/** What a script gives for arguments. Throws an Error with what it wrote where it fails. */
export function runPython(script: string, ...arguments_: readonly string[]): string {
  return run([script, ...arguments_])
}

/** The same of a module that is a program, in a folder. */
export function runModule(
  folder: string,
  module: string,
  ...arguments_: readonly string[]
): string {
  return run(['-m', module, ...arguments_], folder)
}

/** What pyright says of the modules in a folder, without the rules that are off: those of what a framework says of its own types. */
export function runPyright(folder: string, ...off: readonly string[]): string {
  const settings = Object.fromEntries(off.map((rule) => [rule, false]))
  const config = { typeCheckingMode: 'basic', ...settings }
  writeFileSync(join(folder, 'pyrightconfig.json'), JSON.stringify(config))
  return run(['-m', 'pyright', '--pythonpath', PYTHON, '.'], folder)
}

function run(arguments_: readonly string[], cwd?: string): string {
  const done = spawnSync(PYTHON, [...arguments_], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (done.status !== 0) throw new Error(`${arguments_.join(' ')}: ${done.stderr}${done.stdout}`)
  return done.stdout
}

/** A folder that is gone when `work` is done. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'optc-pytorch-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a script that reads a JSON file and writes another makes of a value. */
export function askPython(script: string, folder: string, question: unknown): unknown {
  const [asked, answered] = [join(folder, 'question.json'), join(folder, 'answer.json')]
  writeFileSync(asked, JSON.stringify(question))
  runPython(script, asked, answered)
  return JSON.parse(readFileSync(answered, 'utf8')) as unknown
}
