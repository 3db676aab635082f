import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  addPackages,
  descriptionIn,
  installPackage,
  npm,
  optc,
  packPackage,
  problemsOf as problemsIn,
  root,
  runModule,
  TRAINING_PACKAGES,
  type Tarball,
} from './installed.ts'

let tarball: Tarball
let folder = ''

beforeAll(async () => {
  tarball = await packPackage()
  folder = await installPackage(tarball)
  addPackages(folder, [
    ...TRAINING_PACKAGES,
    'prettier',
    'typescript',
    '@types/node',
    'undici-types',
  ])
}, 300_000)
afterAll(() => {
  for (const made of [folder, dirname(tarball.path)]) rmSync(made, { recursive: true, force: true })
})

/** TensorFlow's declarations have faults of their own under these settings, and conflict with those of browsers. */
const problemsOf = (name: string, text: string): readonly string[] =>
  problemsIn(folder, name, text, ['@tensorflow', '@webgpu', '@types', 'typescript/lib'])

const CONSUMER = `
import { check, compile, curve, explain, format, mutate, parse, path, simulate, surfaces, targets, topics } from 'optc-lang'
import type { Answer, Artifact, Curve, Diagnostic, Module, Path, ScheduleValue, Target } from 'optc-lang'
import { loadOptimizer, registerWasmKernels, selectBackend, type BackendSelection, type OptimizerFactory } from 'optc-lang/runtime'
import 'optc-lang/wasm-training'
import { inspectData, listImageFolder, loadImageData, findImageData, readNpy, type DataDescription, type Images } from 'optc-lang/data'
import { checkIntegrity, evolve, findProtocol, programOf, spaceOf, type Entry, type Evolution, type Protocol, type Space } from 'optc-lang/search'
import { languages, parsers, printers } from 'optc-lang/prettier-plugin'
import prettier from 'prettier'

const module: Module = parse('update = lr * g', { path: 'a.opt' }).value
const found: readonly Diagnostic[] = (await check('update = h', { load: async () => undefined })).diagnostics
const formatted: string | undefined = format('update=lr*g').value
const files: readonly Artifact[] = (await compile('update = lr * g', { target: 'ts' })).files
const target: Target = targets[0]!
const drawn: Answer<Curve> = await curve('decay d(t) = 1', { totalSteps: 10, arguments: {} })
const walked: Answer<Path> = await path('update = lr * g', { surface: surfaces[0]!.name })
const schedule: ScheduleValue = (t, totalSteps) => t / totalSteps
const weights: readonly Float64Array[] | undefined = (
  await simulate('update = lr * g', { weights: [1], gradients: [[1]], hyperparameters: { lr: schedule } })
).value
const changed: string | undefined = (await mutate('update = lr * g', { seed: 1 })).value?.text
const page: string | undefined = explain(topics()[0]!.name, { columns: 60 }).page

const backend: BackendSelection = await selectBackend('wasm')
registerWasmKernels()
const rule: OptimizerFactory = (await loadOptimizer('update = lr * g')).value!
const className: string = rule({ hyperparameters: { lr: 0.1 }, totalSteps: 10 }).getClassName()

const protocol: Protocol = findProtocol('quick')!
const space: Space = spaceOf('joint')!
const evolution: Evolution = await evolve({ task: 'quadratic', protocol, budget: { steps: 100 } })
const journal: readonly Entry[] = evolution.ok ? evolution.journal : []
const accepted: boolean = checkIntegrity((await programOf('update = g', {})).value!).accepted
const pretty: string = await prettier.format('update=lr*g', { parser: 'opt', plugins: [{ languages, parsers, printers }] })
export { accepted, backend, changed, className, drawn, files, formatted, found, journal, module, page, pretty, space, target, walked, weights }
`

describe('the installed package', () => {
  it('has a type for all that it exports, under strict settings', () => {
    expect(problemsOf('consumer.mts', CONSUMER)).toEqual([])
  })

  it('has types that find mistakes', () => {
    const wrong = [
      `import { check, nothing } from 'optc-lang'`,
      `import { loadOptimizer } from 'optc-lang/runtime'`,
      `import { evolve } from 'optc-lang/search'`,
      `import 'optc-lang/nowhere'`,
      `export const valid: string = (await check('')).value.valid`,
      `export const rule = (await loadOptimizer('')).value({ hyperparameters: { lr: '1' } })`,
      `export const search = await evolve({ particles: 'many' })`,
    ]
    const lines = problemsOf('wrong.mts', wrong.join('\n')).map(
      (problem) => /\d+/.exec(problem)?.[0],
    )
    expect(new Set(lines)).toEqual(new Set(['1', '4', '5', '6', '7']))
  })

  it('formats as a plugin of Prettier, searches, and finds its data', async () => {
    const text = `
      import prettier from 'prettier'
      import * as plugin from 'optc-lang/prettier-plugin'
      import { findTask, openTask } from 'optc-lang/search'
      import package_ from 'optc-lang/package.json' with { type: 'json' }
      process.stdout.write(await prettier.format('update=lr*g', { parser: 'opt', plugins: [plugin] }))
      process.stdout.write([(await openTask(findTask('fashion14-mlp'))).ok, package_.name].join())
    `
    writeFileSync(join(folder, 'run.mjs'), text)
    expect(await runModule(folder, 'run.mjs')).toBe('update = lr * g\ntrue,optc-lang')
  })
})

it('lets a program train on the wasm backend, as in the example', async () => {
  const text = readFileSync(join(root, 'examples/train-on-wasm/train.mjs'), 'utf8')
  writeFileSync(join(folder, 'train.mjs'), text)
  const printed = await runModule(folder, 'train.mjs')
  const models = [...printed.matchAll(/^(.+): loss (\S+) -> (\S+), test accuracy (\S+)$/gm)]
  expect(models.map(([, name]) => name)).toEqual(['separable CNN', 'embedding and GRU'])
  for (const [, , first, last, accuracy] of models) {
    expect(Number(last)).toBeLessThan(0.1 * Number(first))
    expect(Number(accuracy)).toBeGreaterThan(0.95)
  }
}, 120_000)

describe('a project that `optc init` of the installed package makes', () => {
  const project = (): string => join(folder, 'my-rule')

  beforeAll(async () => {
    await npm(folder, ['exec', '--', 'optc', 'init', 'my-rule'])
  })

  const dependencyOf = (name: string): string =>
    descriptionIn(join(folder, name)).devDependencies!['optc-lang']!

  it('gets the package from where the running copy is from', () => {
    expect(dependencyOf('my-rule')).toBe(`file:${tarball.path}`)
  })

  it.each([
    ['registry', 'https://registry.npmjs.org/optc-lang/-/optc-lang-0.2.0.tgz', /^\^\d+\.\d+\.\d+$/],
    ['repository', 'git+ssh://git@example.org/a/optc.git#0123', /^git\+ssh:.*#0123$/],
    ['address', 'https://example.org/optc-lang-0.2.0.tgz', /^https:.*tgz$/],
    ['unknown', undefined, /^\^\d+\.\d+\.\d+$/],
  ])('of a copy from a %s', async (name, resolved, expected) => {
    const lock = join(folder, 'node_modules/.package-lock.json')
    const before = readFileSync(lock, 'utf8')
    const written = { packages: { 'node_modules/optc-lang': { resolved } } }
    writeFileSync(lock, JSON.stringify(written))
    const { stderr: notes } = await optc(folder, ['init', name])
    writeFileSync(lock, before)
    expect(dependencyOf(name)).toMatch(expected)
    expect(notes.includes('is not known')).toBe(resolved === undefined)
  })

  it('passes its tests', async () => {
    expect(await npm(project(), ['test'])).toMatch(/^# pass 2$/m)
  }, 120_000)

  it('has an example that trains with the compiled class', async () => {
    const printed = await npm(project(), ['run', 'example'])
    const losses = [...printed.matchAll(/loss (\S+)/g)].map(([, loss]) => Number(loss))
    expect(losses).toHaveLength(6)
    expect(losses.at(-1)).toBeLessThan(0.1)
  }, 120_000)
})
