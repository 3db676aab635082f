import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { trainingFailure } from '../../src/hosts/cli/training-packages.ts'

/** Python with pip and the frameworks that are there. */
const PYTHON = process.env['OPTC_PYTHON'] ?? 'python3'

/** Most bytes that the wheel may have. */
const MOST_BYTES = 20_000_000

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'optc-wheel-'))
const inside = join(folder, 'environment/bin/python')

const answers = (python: string, ...line: readonly string[]): boolean =>
  spawnSync(python, [...line], { stdio: 'ignore' }).status === 0

const isThere = answers(PYTHON, '-c', 'import venv, pip')
if (!isThere) console.log(`not tested: ${PYTHON} has no venv and pip`)

const run = (program: string, line: readonly string[], cwd = root): string =>
  execFileSync(program, [...line], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PYTHON, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
  })

describe.skipIf(!isThere)('the wheel', () => {
  beforeAll(() => {
    run(process.execPath, ['wheel.js', folder])
    run(PYTHON, ['-m', 'venv', join(folder, 'environment')])
    const [wheel] = readdirSync(folder).filter((name) => name.endsWith('.whl'))
    run(inside, ['-m', 'pip', 'install', '--quiet', '--no-deps', join(folder, wheel!)])
    // Frameworks take gigabytes: they are those of the Python that was given.
    const [paths, own] = [PYTHON, inside].map((python) =>
      run(python, ['-c', "import sysconfig; print(sysconfig.get_path('purelib'))"]).trim(),
    )
    writeFileSync(
      join(own!, 'frameworks.pth'),
      `import site; site.addsitedir(${JSON.stringify(paths)})\n`,
    )
  }, 240_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('brings what others are told to install for training, with licences, and is small', () => {
    const [wheel] = readdirSync(folder).filter((name) => name.endsWith('.whl'))
    expect(statSync(join(folder, wheel!)).size).toBeLessThan(MOST_BYTES)
    const program = 'import optc, os; print(os.path.dirname(optc.__file__))'
    const modules = join(run(inside, ['-c', program], folder).trim(), 'node/node_modules')
    const packages = readdirSync(join(modules, '@tensorflow')).map((each) => `@tensorflow/${each}`)
    const brought = packages.map((name) => {
      const description = readFileSync(join(modules, name, 'package.json'), 'utf8')
      return `${name}@${(JSON.parse(description) as { readonly version: string }).version}`
    })
    const { help } = trainingFailure('train', packages[0]!)
    expect(brought.sort()).toEqual(help!.split(' ').slice(2).sort())
    const notices = readFileSync(join(modules, 'THIRD-PARTY-NOTICES.txt'), 'utf8')
    for (const each of ['seedrandom', 'long', ...packages])
      expect(notices).toMatch(new RegExp(`^${each} \\d+\\.\\d+\\.\\d+ \\(`, 'm'))
    expect(notices).toContain('Apache License')
  })

  test('does in an environment of its own what its tests say', () => {
    const script = join(import.meta.dirname, 'test_package.py')
    const env = { ...process.env, OPTC_EXAMPLES: join(root, 'examples') }
    const done = spawnSync(inside, [script, '--verbose'], { cwd: folder, encoding: 'utf8', env })
    const skipped = done.stderr.split('\n').filter((line) => line.includes('skipped'))
    if (skipped.length > 0) console.log(`not tested: ${skipped.join('\n')}`)
    expect(done.stderr).toMatch(/^OK/m)
    expect(done.status).toBe(0)
  })

  test('holds types that mypy is content with', ({ skip }) => {
    if (!answers(inside, '-c', 'import mypy')) skip(`${PYTHON} has no mypy`)
    writeFileSync(
      join(folder, 'use.py'),
      `import optc

report: optc.Report = optc.check("std/adam")
rule: optc.Rule = optc.load("std/adam")
drawn: optc.Plot = rule.plot(steps=10)
text: str = rule.source("pytorch") + drawn.svg
`,
    )
    expect(run(inside, ['-m', 'mypy', '--strict', 'use.py'], folder)).toMatch(/^Success/)
  })

  test('is shown by a notebook', ({ skip }) => {
    if (!answers(inside, '-c', 'import nbconvert, ipykernel, torch'))
      skip(`${PYTHON} has no nbconvert, ipykernel and torch`)
    const notebook = join(root, 'examples/from-python.ipynb')
    // Templates stand beside the packages, not among them.
    const prefix = run(PYTHON, ['-c', 'import sys; print(sys.prefix)']).trim()
    process.env['JUPYTER_PATH'] = join(prefix, 'share/jupyter')
    const shown = join(root, 'docs/from-python.html')
    const made = join(folder, 'page.html')
    run(inside, [join(root, 'build/notebook.py'), notebook, made], folder)
    const html = readFileSync(made, 'utf8')
    if (process.env['UPDATE'] === '1') copyFileSync(made, shown)
    // How training goes rests on the machine.
    const withoutLosses = (text: string): string => text.replace(/loss \d+\.\d+/g, 'loss')
    expect(withoutLosses(readFileSync(shown, 'utf8'))).toBe(withoutLosses(html))
    expect(html).toContain('did you mean')
    // Templates have icons of their own.
    expect(html.match(/<img[^>]*data:image\/svg/g)).toHaveLength(2)
    expect(html).toMatch(/loss 0\.\d+/)
  })
})
