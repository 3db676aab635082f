import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs-core'
import ts from 'typescript'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Compiled } from '../../src/compile.ts'
import type { Runtime } from '../../src/emit/target.ts'
import type { OptimizerClass } from '../../src/emit/ts/load.ts'
import { camelCase, pascalCase } from '../../src/emit/ts/names.ts'
import { printTypeScript } from '../../src/emit/ts/print.ts'
import { library, optFiles } from '../stdlib/library.ts'
import { compileProgram, compileText, programNames } from './compile-program.ts'
import { useBackend } from './tensor-backend.ts'
import { runClass, streams } from './trajectory.ts'
import { typeProblems } from './type-problems.ts'

/** There is tfjs to be found from here. */
const folder = fileURLToPath(new URL('./golden/', import.meta.url))

/** No two of them declare the same. */
const files = optFiles('stdlib')

interface Folder {
  readonly texts: ReadonlyMap<string, string>
  readonly modules: readonly { readonly path: string; readonly compiled: Compiled }[]
}

/** What some files come to together. */
async function folderOf(runtime: Runtime): Promise<Folder> {
  const texts = new Map<string, string>()
  const modules = []
  for (const name of files) {
    const compiled = library(name)
    const { programs, functions } = compiled
    const artifacts = await printTypeScript(programs, functions, { name, runtime })
    for (const { path, text } of artifacts) texts.set(path, text)
    if (artifacts[0] !== undefined) modules.push({ path: artifacts[0].path, compiled })
  }
  return { texts, modules }
}

function exportsOf(text: string): string[] {
  const tree = ts.createSourceFile('module.ts', text, ts.ScriptTarget.Latest)
  return tree.statements.flatMap((statement) => {
    const declaration = statement as ts.DeclarationStatement & { modifiers?: ts.ModifierLike[] }
    const isExported = declaration.modifiers?.some(
      ({ kind }) => kind === ts.SyntaxKind.ExportKeyword,
    )
    return isExported === true ? [(declaration.name as ts.Identifier).text] : []
  })
}

describe.each<Runtime>(['paste', 'import'])('the modules of a folder, runtime: %s', (runtime) => {
  let made: Folder
  beforeAll(async () => {
    made = await folderOf(runtime)
  }, 120_000)

  test('an index exports all of them again, under the strictest settings', () => {
    const index = made.modules.map(({ path }) => `export * from './${path.replace(/ts$/, 'js')}'\n`)
    const all = new Map([...made.texts].map(([path, text]) => [folder + path, text]))
    all.set(`${folder}index.ts`, index.join(''))
    expect(index.length).toBeGreaterThan(50)
    expect(typeProblems(all)).toEqual([])
  })

  test('only what a file declares is exported, with its options', () => {
    for (const { path, compiled } of made.modules) {
      const classes = compiled.programs.map(({ name }) => pascalCase(name))
      const names = [
        ...classes.flatMap((name) => [name, `${name}Options`]),
        ...compiled.functions.map(({ name }) => camelCase(name)),
      ]
      expect([path, exportsOf(made.texts.get(path)!).sort()]).toEqual([path, names.sort()])
    }
  })
})

/** The class that a module exports when it finds `modules` beside itself. */
function load(text: string, modules: ReadonlyMap<string, string>): Record<string, unknown> {
  const exports: Record<string, unknown> = {}
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  })
  const require = (name: string): unknown => {
    const found = modules.get(name.replace(/^\.\/(.*)\.js$/, '$1.ts'))
    return found === undefined ? tf : load(found, modules)
  }

  new Function('require', 'exports', outputText)(require, exports)
  return exports
}

test.each(programNames)('%s does the same with an imported runtime', async (name) => {
  await useBackend('cpu')
  const { programs, functions } = compileProgram(name)
  const inputs = streams(name)
  const runs = []
  for (const runtime of ['paste', 'import'] as const) {
    const artifacts = await printTypeScript(programs, functions, { name, runtime })
    const beside = new Map(artifacts.map(({ path, text }) => [path, text]))
    const exported = Object.values(load(artifacts[0]!.text, beside))
    const classes = exported.filter((value) => 'className' in (value as object))
    expect(classes).toHaveLength(programs.length)
    runs.push(classes.map((Class) => runClass(Class as OptimizerClass, inputs, { lr: 0.05 })))
  }
  expect(runs[1]).toEqual(runs[0])
})

describe('names of exports', () => {
  const exportsOfText = async (text: string, path = 'a.opt'): Promise<string[]> => {
    const library = 'decay warm_up(t, k = 9) = min(1, (t + 1) / k)\n'
    const { programs, functions } = compileText(path, text, { 'lib.opt': library })
    const [artifact] = await printTypeScript(programs, functions)
    return exportsOf(artifact!.text)
  }

  test('what is imported does not take them', async () => {
    const text =
      'import { warm_up as other } from "./lib.opt"\n\ndecay first(t) = 0.5 * warm_up(t)\n\ndecay warm_up(t, k = 3) = other(t, k) * other(t)\n'
    expect((await exportsOfText(text)).sort()).toEqual(['first', 'warmUp'])
  })

  test('options of one class do not take the name of another', async () => {
    const text =
      'optimizer Foo(lr = 1) {\n  update = lr * g\n}\n\noptimizer FooOptions(lr = 1) {\n  update = lr * g\n}\n'
    expect(await exportsOfText(text)).toEqual(
      expect.arrayContaining(['Foo', 'FooOptions', 'FooOptionsOptions']),
    )
  })

  test.each([
    ['x².opt', 'XOptions', 'X'],
    ['1x.opt', 'Value1xOptions', 'Value1x'],
    ['it\'s "so".opt', 'ItSSoOptions', 'ItSSo'],
    ['u\u0308ber.opt', 'ÜberOptions', 'Über'],
  ])('of the file %s', async (path, ...names) => {
    expect(await exportsOfText('update = lr * g\n', path)).toEqual(names)
  })
})
