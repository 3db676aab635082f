import { fileURLToPath } from 'node:url'
import * as tf from '@tensorflow/tfjs-core'
import ts from 'typescript'
import { beforeAll, describe, expect, test } from 'vitest'
import { compile, type Compiled } from '../../src/compile.ts'
import { MEMBERS, nameOptions } from '../../src/emit/ts/class/settings.ts'
import { loadPrograms, type OptimizerClass } from '../../src/emit/ts/load.ts'
import { describeModule } from '../../src/emit/ts/module.ts'
import { createNamePool, registryKey } from '../../src/emit/ts/names.ts'
import { describeRuntime, RUNTIME_MODULE } from '../../src/emit/ts/shared.ts'
import { loadCompiler, type Compiler } from '../../src/emit/ts/text/compiler.ts'
import type { Program } from '../../src/ir/graph.ts'
import { simulate } from '../../src/plan/run/evaluate.ts'
import { compileText } from './compile-program.ts'
import { useBackend } from './tensor-backend.ts'
import { typeProblems } from './type-problems.ts'

const folder = fileURLToPath(new URL('./golden/', import.meta.url))
const runtimePath = `${folder}${RUNTIME_MODULE}.ts`

let compiler: Compiler

beforeAll(async () => {
  await useBackend('cpu')
  compiler = await loadCompiler()
})

/** A program whose class has everything that classes can have. */
const EVERYTHING = `decay fade(t) = 1 - t / T
optimizer Everything(lr = 0.1) {
  state m = 0
  state n = lr
  m = 0.5 * m + dropout(g, 0.5) + normal()
  n = n / 2
  update = lr * fade(t) * (m + n)
}`

function printed({ programs, functions }: Compiled, runtime: 'paste' | 'import'): string {
  return compiler.print(describeModule(programs, functions, { runtime }))
}

/** A compiled module, for questions about what its names mean. */
function checked(text: string): { readonly file: ts.SourceFile; readonly checker: ts.TypeChecker } {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts'],
    types: [],
    skipLibCheck: true,
  }
  const path = `${folder}module.ts`
  const host = ts.createCompilerHost(options)
  const getSourceFile = host.getSourceFile.bind(host)
  host.getSourceFile = (name, ...rest) =>
    name === path
      ? ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true)
      : getSourceFile(name, ...rest)
  const program = ts.createProgram([path], options, host)
  return { file: program.getSourceFile(path)!, checker: program.getTypeChecker() }
}

function identifiersOf(file: ts.SourceFile): ts.Identifier[] {
  const found: ts.Identifier[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) found.push(node)
    node.forEachChild(visit)
  }
  visit(file)
  return found
}

describe('names that emitted code takes for granted', () => {
  test('no global that it uses can be declared in a module', () => {
    const texts = [printed(compileText('all.opt', EVERYTHING), 'paste')]
    texts.push(compiler.print(describeRuntime()))
    const pool = createNamePool()
    const used = new Set<string>()
    for (const { file, checker } of texts.map(checked)) {
      for (const identifier of identifiersOf(file)) {
        if (ts.isPropertyAccessExpression(identifier.parent)) {
          if (identifier.parent.name === identifier) continue
        }
        const declarations = checker.getSymbolAtLocation(identifier)?.declarations ?? []
        const isGlobal = declarations.some((each) => {
          const { fileName } = each.getSourceFile()
          return (
            /\/lib\.[\w.]+\.d\.ts$/.test(fileName) &&
            ts.isSourceFile(each.parent.parent?.parent ?? each.parent)
          )
        })
        if (isGlobal || identifier.text === 'undefined') used.add(identifier.text)
      }
    }
    expect([...used]).toEqual(expect.arrayContaining(['Math', 'Promise', 'Uint8Array', 'Record']))
    expect([...used].filter((name) => pool.declare(name) === name)).toEqual([])
  })

  test('no member of a class can be an option', () => {
    const { file, checker } = checked(printed(compileText('all.opt', EVERYTHING), 'paste'))
    const declaration = file.statements.find(ts.isClassDeclaration)!
    const members = checker.getTypeAtLocation(declaration).getProperties()
    const names = members.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['states', 'run', 'learningRate', 'iterations_']))
    const own = ['learningRate']
    expect(names.filter((name) => !own.includes(name) && !MEMBERS.includes(name))).toEqual([])
  })
})

/** `hasOwnProperty` as `has_own_property`. */
const snakeCase = (name: string): string =>
  name.replaceAll(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase()

const isKeyword = (word: string): boolean =>
  ts.identifierToKeywordKind(ts.factory.createIdentifier(word)) !== undefined

/** Every word that means something to emitted code, to TypeScript, to JavaScript or to tfjs, as the language writes names. */
function troublesomeNames(): string[] {
  const { file, checker } = checked(
    printed(compileText('all.opt', EVERYTHING), 'paste') + compiler.print(describeRuntime()),
  )
  const words = new Set(identifiersOf(file).map(({ text }) => text))
  for (let kind = ts.SyntaxKind.FirstKeyword; kind <= ts.SyntaxKind.LastKeyword; kind++)
    words.add(ts.tokenToString(kind)!)
  const { Value, Type } = ts.SymbolFlags
  for (const { name } of checker.getSymbolsInScope(file, Value | Type)) words.add(name)
  for (const value of [globalThis, Object, Function, Object.prototype, Function.prototype])
    for (const name of Object.getOwnPropertyNames(value)) words.add(name)
  for (const name of [...MEMBERS, 'exports', 'require', 'module', '__dirname', 'then', 'name', '_'])
    words.add(name)
  // What is a word of the language too is no name of it, but with an underscore it is one of the same in camel case.
  const names = [...words].flatMap((word) =>
    word.length > 2 && !isKeyword(word) ? [snakeCase(word)] : [word, `${word}_`],
  )
  return [...new Set(names)].filter((name) => /^[A-Za-z_]\w*$/.test(name)).sort()
}

/** What a program can give a name to: a small program that does, for what may not be called so. */
const KINDS = {
  optimizer: (name) => `optimizer ${name}(lr = 0.1) {\n  update = lr * g\n}`,
  schedule: (name) => `schedule ${name}(t, zz_k = 2) = zz_k / (t + 2)`,
  decay: (name) => `decay ${name}(t) = 1 / (t + 1)`,
  fn: (name) => `fn ${name}(zz_x) = 2 * zz_x`,
  parameter: (name) => `schedule zz_s(t, ${name} = 2) = ${name} / (t + 2)`,
  unused: (name) => `schedule zz_s(t, ${name} = 2) = 1 / (t + 2)`,
  hyperparameter: (name) => `optimizer zz(${name} = 0.5) {\n  update = ${name} * g\n}`,
  let: (name) => `optimizer zz() {\n  let ${name} = 2 * g\n  update = ${name} + ${name}^3\n}`,
  state: (name) =>
    `optimizer zz() {\n  state ${name} = 0\n  ${name} = ${name} + g\n  update = ${name}\n}`,
  count: (name) =>
    `optimizer zz() {\n  state ${name} = 1\n  ${name} = ${name} / 2\n  update = ${name} * g\n}`,
} as const satisfies Readonly<Record<string, (name: string) => string>>

type Kind = keyof typeof KINDS

const kinds = Object.keys(KINDS) as Kind[]

/** Many classes are checked at once; milliseconds. */
const SLOW = 300_000

/** Names in one module. */
const CHUNK = 120

/** Names of one module by what they name: none twice, since other declarations of a name are another question. */
type Cast = Readonly<Record<Kind, readonly string[]>>

function castsOf(
  names: readonly string[],
  isAllowed: (kind: Kind, name: string) => boolean,
): Cast[] {
  const casts: Cast[] = []
  for (let start = 0; start < names.length; start += CHUNK) {
    const chunk = names.slice(start, start + CHUNK)
    for (const turn of kinds.keys()) {
      const of = (kind: Kind): string[] =>
        chunk.filter(
          (name, index) => kinds[(index + turn) % kinds.length] === kind && isAllowed(kind, name),
        )
      casts.push(Object.fromEntries(kinds.map((kind) => [kind, of(kind)])) as unknown as Cast)
    }
  }
  return casts
}

/** One module with all of the names, and one optimizer that uses what the others are. */
function moduleText(cast: Cast): string {
  const declared = (['optimizer', 'schedule', 'decay', 'fn'] as const).flatMap((kind) =>
    cast[kind].map(KINDS[kind]),
  )
  const arguments_ = [...cast.parameter, ...cast.unused].map((name) => `${name} = 2`)
  const sum = (values: readonly string[]): string => ['0.5', ...values].join(' + ')
  return [
    ...declared,
    `schedule zz_many(t, ${arguments_.join(', ')}) = (${sum(cast.parameter)}) / (t + 3)`,
    `optimizer zz_main(${cast.hyperparameter.map((name) => `${name} = 0.5`).join(', ')}) {`,
    ...cast.count.map((name) => `  state ${name} = 1`),
    ...cast.state.map((name) => `  state ${name} = 0`),
    ...cast.let.map((name, index) => `  let ${name} = ${index + 1} * g`),
    ...cast.state.map((name) => `  ${name} = 0.5 * ${name} + g`),
    ...cast.count.map((name) => `  ${name} = ${name} / 2`),
    `  let zz_numbers = ${sum([
      ...cast.hyperparameter,
      ...cast.count,
      ...[...cast.schedule, ...cast.decay, 'zz_many'].map((name) => `${name}(t)`),
    ])}`,
    `  update = 0.01 * zz_numbers * (${sum([
      ...cast.let.map((name) => `${name}^2`),
      ...cast.let,
      ...cast.state,
      ...cast.fn.map((name) => `${name}(g)`),
    ])})`,
    '}',
  ].join('\n')
}

const START = [1, -0.5]
const GRADIENTS = [
  [0.25, -1],
  [0.5, 2],
]
const TOTAL_STEPS = 10

/** The weights after each step, with the defaults and with another value of every hyperparameter. */
function emittedWeights(program: Program, Class: OptimizerClass): unknown {
  return [undefined, 0.25].map((value) => {
    const given = nameOptions(program).map(({ key }): [string, unknown] => [key, value])
    const optimizer = new Class({ ...Object.fromEntries(given), totalSteps: TOTAL_STEPS })
    const w = tf.variable(tf.tensor1d(START))
    const after = GRADIENTS.map((gradient) => {
      tf.tidy(() => optimizer.applyGradients([{ name: w.name, tensor: tf.tensor1d(gradient) }]))
      return [...w.dataSync()]
    })
    optimizer.dispose()
    w.dispose()
    return after
  })
}

function evaluatedWeights(program: Program): number[][][] {
  return [undefined, 0.25].map((value) => {
    const given = program.hyperparameters.map(({ name }): [string, number] => [name, value ?? 0])
    return simulate(
      program,
      {
        shape: [START.length],
        totalSteps: TOTAL_STEPS,
        hyperparameters: value === undefined ? {} : Object.fromEntries(given),
      },
      START,
      GRADIENTS,
    ).map((weights) => [...weights])
  })
}

describe('whatever a name is, it is refused or works', () => {
  const casts: Cast[] = []
  const modules: Compiled[] = []
  const loud: string[] = []

  beforeAll(() => {
    const isAllowed = (kind: Kind, name: string): boolean => {
      const path = 'name.opt'
      const { value, diagnostics } = compile({ path, text: KINDS[kind](name) }, () => undefined)
      if (value === undefined && !diagnostics.some(({ severity }) => severity === 'error'))
        loud.push(`${kind} ${name} is refused without a word`)
      return value !== undefined
    }
    casts.push(...castsOf(troublesomeNames(), isAllowed))
    modules.push(...casts.map((cast) => compileText('names.opt', moduleText(cast))))
  }, SLOW)

  test('who refuses says why, and little is refused', () => {
    expect(loud).toEqual([])
    const accepted = casts.flatMap((cast) => kinds.flatMap((kind) => cast[kind]))
    expect(new Set(accepted).size).toBeGreaterThan(700)
    for (const name of ['promise', 'constructor', 'has_own_property', 'exports', 't_', 'T_'])
      expect(accepted).toContain(name)
  })

  test(
    'the modules type-check under the strictest settings',
    () => {
      const files = new Map([[runtimePath, compiler.print(describeRuntime())]])
      for (const [index, compiled] of modules.entries())
        files.set(
          `${folder}module${index}.ts`,
          printed(compiled, index % 8 === 0 ? 'paste' : 'import'),
        )
      expect(typeProblems(files, { declaration: false })).toEqual([])
    },
    SLOW,
  )

  test('the classes take the steps of the evaluator', async () => {
    const wrong: string[] = []
    for (const { programs, functions } of modules) {
      const loaded = await loadPrograms(programs, functions, tf)
      expect(loaded.optimizers.size).toBe(programs.length)
      expect(loaded.functions.size).toBe(functions.length)
      for (const [index, Class] of [...loaded.optimizers.values()].entries()) {
        const program = programs[index]!
        const [found, wanted] = [emittedWeights(program, Class), evaluatedWeights(program)]
        if (!isNear(found as number[][][], wanted))
          wrong.push(
            `${program.name}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`,
          )
      }
    }
    expect(wrong).toEqual([])
  })

  test('no two names have one key in the registry of tfjs', () => {
    const names = [...new Set(modules.flatMap(({ programs }) => programs.map(({ name }) => name)))]
    const keys = new Set(names.map(registryKey))
    expect(keys.size).toBe(names.length)
    expect([...keys].filter((key) => key.includes('_'))).toEqual([])
  })
})

function isNear(found: readonly number[][][], wanted: readonly number[][][]): boolean {
  return wanted.every((run, index) =>
    run.every((step, t) =>
      step.every(
        (value, element) =>
          Math.abs(found[index]![t]![element]! - value) <= 1e-5 * Math.max(1, Math.abs(value)),
      ),
    ),
  )
}
