import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build } from 'esbuild'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compile, type Compiled } from '../../src/compile.ts'
import { targets } from '../../src/emit/targets.ts'
import { typeProblems } from '../emit/type-problems.ts'
import {
  addPackages,
  installPackage,
  packPackage,
  runModule,
  TRAINING_PACKAGES,
  type Tarball,
} from '../library/installed.ts'
import { library, loader } from '../stdlib/library.ts'
import { blocksIn, filesOf, pageOf, root, type Block } from './pages.ts'

let folder = ''
let tarball: Tarball

beforeAll(async () => {
  if (!existsSync(join(root, 'dist/library/index.js')))
    throw new Error('dist/library is missing: run `npm run build`')
  tarball = await packPackage()
  folder = await installPackage(tarball)
  addPackages(folder, [...TRAINING_PACKAGES, 'prettier'])
}, 120_000)
afterAll(() => {
  for (const made of [folder, dirname(tarball.path)]) rmSync(made, { recursive: true, force: true })
})

/** The page's file of a name, or else the library's. */
function compiled(name: string, block: Block): Compiled {
  const text = filesOf(pageOf(block))[`${name}.opt`]
  if (text === undefined) return library(name.replaceAll('-', '_'))
  const { value } = compile({ path: `${name}.opt`, text }, loader)
  return value!
}

/** The modules that a block imports as what `optc compile --out src/optimizers` wrote, by their paths in {@link folder}. */
async function modulesOf(block: Block): Promise<ReadonlyMap<string, string>> {
  const modules = new Map<string, string>()
  for (const [, path, name] of block.text.matchAll(/'\.\/(src\/optimizers\/([\w-]+))\.js'/g)) {
    const { programs, functions } = compiled(name!, block)
    const [module] = await targets.ts.print(programs, functions, { name: name! })
    modules.set(join(folder, `${path}.ts`), module!.text)
  }
  return modules
}

/** Writes a module as JavaScript beside its TypeScript. */
function writeModule(path: string, text: string, ending: string): void {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  })
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  writeFileSync(path.replace(/\.m?ts$/, ending), outputText)
}

const programs = blocksIn('ts', 'js')
  .filter(({ words }) => !words.has('of'))
  .map((block, index) => ({ ...block, name: `example-${index + 1}` }))

it('there are programs', () => {
  expect(programs.length).toBeGreaterThan(5)
})

describe.each(programs)('the program at $place', (block) => {
  const { name, language, text, printed } = block

  it('has the right types, and prints what the page says', async () => {
    const modules = await modulesOf(block)
    for (const [path, module] of modules) writeModule(path, module, '.js')
    const path = join(folder, `${name}.mts`)
    writeModule(path, text, '.mjs')
    if (language === 'ts') expect(typeProblems(new Map([...modules, [path, text]]))).toEqual([])
    expect(await runModule(folder, `${name}.mjs`)).toBe(printed ?? '')
    if (modules.size === 0) return
    const entryPoints = [join(folder, `${name}.mjs`)]
    const options = { bundle: true, write: false, format: 'esm', platform: 'browser' } as const
    expect((await build({ ...options, entryPoints, logLevel: 'silent' })).errors).toEqual([])
  })
})
