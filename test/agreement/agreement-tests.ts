import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test, type TestContext } from 'vitest'
import type { Compiled } from '../../src/compile.ts'
import { loadPrograms, type OptimizerClass } from '../../src/emit/ts/load.ts'
import type { Program } from '../../src/ir/graph.ts'
import { planStep } from '../../src/plan/plan.ts'
import { print } from '../../src/syntax/print.ts'
import { compileText } from '../emit/compile-program.ts'
import { useBackend, type TensorBackend } from '../emit/tensor-backend.ts'
import { drawSomeRule, programOf, randomOf } from '../mutate/published.ts'
import { compileFile, library, optFiles } from '../stdlib/library.ts'
import { describeDisagreement, disagreements, type Disagreement } from './agree.ts'
import { streams } from './gradients.ts'
import { randomMatrixProgram } from './random-matrices.ts'
import { randomProgram } from './random-program.ts'

const BLOCK = 25
const SHOWN = 3

/** How many rules that are drawn are compared. */
export interface Extent {
  readonly published: number
  /** Multiples of 25. */
  readonly random: number
  readonly matrices: number
}

type Graphs = Pick<Compiled, 'programs' | 'functions'>

/** A program's optimizers, as graphs and as classes. */
export interface Subject {
  readonly name: string
  readonly optimizers: readonly { readonly program: Program; readonly Class: OptimizerClass }[]
}

const subjects = new Map<string, Promise<Subject>>()

/** The optimizers of what `compile` gives, compiled once for all backends. */
export function subject(name: string, compile: () => Graphs, kernels = false): Promise<Subject> {
  const key = `${name} ${kernels}`
  const known = subjects.get(key)
  if (known !== undefined) return known
  const made = (async (): Promise<Subject> => {
    const { programs, functions } = compile()
    const classes = [...(await loadPrograms(programs, functions, tf, kernels)).optimizers.values()]
    return {
      name,
      optimizers: programs.map((program, index) => ({ program, Class: classes[index]! })),
    }
  })()
  subjects.set(key, made)
  return made
}

/**
 * What no class can do on tfjs's WebGPU backend in Node: read a tensor without waiting, as what is solved on the host and numbers of
 * updates are.
 */
const READS_AT_ONCE = /OffscreenCanvas is not defined/

/** What the backend does not do for tensors of more than four dimensions; some reductions of them it leaves to a kernel that reads at once. */
const CHOOSES_AMONG_MANY = /Where for rank \d is not yet supported/
const MOST_DIMENSIONS = 4

/** Why a program cannot be compared on a backend. */
class LeftOut extends Error {}

const tellLeftOut = (backend: TensorBackend, what: string, reason: string): void =>
  console.log(`not tested on ${backend}: ${what}: ${reason}`)

/** What a class gives that the evaluator does not. Throws {@link LeftOut}. */
async function disagreementsOf(
  name: string,
  { program, Class }: Subject['optimizers'][number],
  backend: TensorBackend,
  shapes?: readonly (readonly number[])[],
): Promise<Disagreement[]> {
  try {
    return await disagreements(program, Class, streams(name, shapes), backend)
  } catch (error) {
    const isAtOnce = READS_AT_ONCE.test(String(error))
    if (backend !== 'webgpu' || !(isAtOnce || CHOOSES_AMONG_MANY.test(String(error)))) throw error
    const reason = isAtOnce ? 'it reads no tensor at once in Node' : String(error)
    const few = shapes?.filter(({ length }) => length <= MOST_DIMENSIONS)
    if (few?.length === shapes?.length) throw new LeftOut(reason, { cause: error })
    tellLeftOut(backend, `${name} of more than ${MOST_DIMENSIONS} dimensions`, reason)
    return disagreementsOf(name, { program, Class }, backend, few)
  }
}

/** What the classes of a program give that the evaluator does not. Throws {@link LeftOut}. */
async function faults(
  { name, optimizers }: Subject,
  backend: TensorBackend,
  shapes?: readonly (readonly number[])[],
): Promise<string[]> {
  const found: string[] = []
  for (const optimizer of optimizers) {
    const all = await disagreementsOf(name, optimizer, backend, shapes)
    found.push(...all.slice(0, SHOWN).map(describeDisagreement))
    if (all.length > SHOWN) found.push(`and ${all.length - SHOWN} more`)
  }
  return found
}

/** A test of one subject; one that is left out is skipped, with a line. */
async function expectAgreement(
  { task, skip }: TestContext,
  own: Subject,
  backend: TensorBackend,
  shapes?: readonly (readonly number[])[],
): Promise<void> {
  try {
    expect(await faults(own, backend, shapes)).toEqual([])
  } catch (error) {
    if (!(error instanceof LeftOut)) throw error
    tellLeftOut(backend, task.name, error.message)
    skip(error.message)
  }
}

/** The same of `count` programs from `first` on. */
async function expectAgreements(
  backend: TensorBackend,
  first: number,
  count: number,
  make: (number: number) => { readonly text: string; readonly own: Promise<Subject> },
  shapes?: readonly (readonly number[])[],
): Promise<void> {
  const wrong: string[] = []
  for (let number = first; number < first + count; number++) {
    const { text, own } = make(number)
    try {
      const found = await faults(await own, backend, shapes)
      if (found.length > 0) wrong.push(`${number}:\n${text}${found.join('\n')}`)
    } catch (error) {
      if (!(error instanceof LeftOut)) throw error
      tellLeftOut(backend, `program ${number}`, error.message)
    }
  }
  expect(wrong.join('\n\n')).toBe('')
}

/** The smallest programs on which a class and the evaluator, or two backends, once went apart. */
const ONCE_APART = [
  'update = where(w > size(w), g, 2 * w)',
  'update = lr * sqrt(size(w)) * g',
  'state n = lr * 3\nn = where(t < 2, lr / size(w), n + norm(g))\nupdate = n * g',
  'update = 1 / min(w, g)',
  'update = 1 / max(w, g)',
  'update = 1 / max(g, 0)',
  'update = 1 / min(g, -0)',
  'update = 1 / clip(g, w, 0)',
  'update = relu(w / g - w / g)',
  'update = 1 / mod(g, -2)',
  'update = dropout(g, 0.97)',
  'update = sum(g) * w',
  'update = dot(g, g * w) * g',
  'update = (1e30 * g) * 1e30',
]

/** Random numbers of several places, in states, under conditions and in functions; no rounding tells a class from the evaluator. */
const NOISY = [
  'update = normal()',
  'let n = normal()\nupdate = n - normal() + 2 * n',
  'state m = 0\nm = 0.5 * m + normal()\nupdate = where(t < 2, m, g * normal())',
  'fn noise(x) = x * normal()\nupdate = noise(g) - noise(g)',
  'if rank(w) >= 2 { update = max(normal(), g) } else { update = min(normal(), g) }',
  'update = abs(normal()) + dropout(normal(), 0.5)',
]

/** Values and states for each output and input, of parameters of every rank. */
const ALONG_AXES = [
  'update = lr * g / (norm(g, over = inputs) + 1e-8)',
  'update = lr * sum(g, over = outputs) * max_abs(w, over = inputs)',
  'update = mean(g * w, over = outputs) - dot(g, w, over = inputs)',
  'update = sum(mean(g, over = inputs)) * sum(mean(g, over = inputs), over = inputs)',
  'update = where(max_abs(g, over = outputs) > norm(w, over = inputs), g, w)',
  'state r = 0\nstate c = 1\nr = 0.9 * r + 0.1 * mean(g^2, over = inputs)\nc = 0.9 * c + sum(abs(g), over = outputs)\nupdate = g / sqrt(1e-8 + r * c)',
  'state r = 1\nr = where(t < 1, 2, max(r, max_abs(g, over = outputs)))\nupdate = r',
  'state r = 1\nlet n = norm(g)\nif size(w) > 4 { r = n + 0 * sum(g, over = inputs) } else { r = n }\nupdate = r * dropout(mean(g, over = inputs), 0.5)',
  'state n = 0\nn = mean(mean(g, over = outputs), over = inputs) + sum(norm(g), over = outputs)\nupdate = n',
  'update = previous(mean(g, over = inputs)) * previous(mean(w, over = outputs))',
]

/** States that are assigned on some steps only. */
const SOME_STEPS = [
  'state m = 0\nif mod(t, 2) == 1 {\n  let d = g - w\n  m = d * norm(d)\n}\nupdate = lr * (g + m)',
  'state a = 1\nstate b = w\nif t > 0 { a = b + g\n b = a * g } else { b = 2 }\nupdate = a + b',
  'state a = 0\nstate b = 0\nlet s = g * w\nif t < 2 { a = s }\nb = a + s\nupdate = a - b',
  'state k = 1\nif t / T < 0.5 { k = 0.5 * k }\nif k < 0.9 and t != 2 { update = k * g } else { update = g }',
  'state a = 0\nif rank(w) >= 2 { if t > 1 { a = previous(a) + g } } else { a = g }\nupdate = a',
  'if rank(w) >= 2 {\n  state m = 1\n  state v = w\n  m = 0.9 * m + g\n  v = v + m\n  update = m * v\n} else {\n  state m = 0\n  m = m - g\n  update = lr * m\n}',
  'if rank(w) < 2 {\n  update = g\n} else {\n  state r = 0\n  r = r + mean(g^2, over = inputs)\n  update = g / (1 + r)\n}',
  'state a = 0\nif t == 0 { a = g } else if t == 1 { a = w } else { a = a + 1 }\nupdate = a',
]

/** Library functions that reduce what they are put around. */
const AROUND = [
  'cautious(heavy_ball(g), g)',
  'cautious_weight_decay(heavy_ball(g), 0.1)',
  'centralize(g)',
  'adaptive_clip(g, 0.5)',
  'normalize(g)',
].map((call) => `import { ${call.split('(')[0]} } from "std/wrappers"\nupdate = lr * ${call}`)

/** Values and states that are matrices, of parameters of every rank. */
const MATRICES = [
  'update = lr * matmul(matmul(g, transpose(w)), g)',
  'state l = eye(inputs)\nl = 0.9 * l + matmul(g, transpose(g))\nupdate = matmul(l, g) / (1 + trace(l) + norm(l))',
  'state r = 0\nr = 0.5 * r - matmul(transpose(w), g)\nlet turned = transpose(r)\nupdate = matmul(g, turned * max_abs(turned) - dot(r, turned)) * mean(r)',
  'let s = matmul(transpose(g), matmul(g, transpose(g)))\nupdate = transpose(s) * sum(s)',
  'state q = eye(outputs)\nstate p = 2 * eye(inputs)\nq = orthonormal(q + 0.1 * eye(outputs))\nif mod(t, 2) == 1 { p = where(p > 1, p, 3) + 1 }\nupdate = matmul(p, g) + matmul(g, q)',
  'state l = 1e-4 * eye(inputs)\nlet root = inverse_root(l, 2)\nl = l + matmul(w, transpose(w))\nupdate = matmul(root, g)',
  'state l = eye(inputs)\nstate q = eye(inputs)\nq = eigenvectors(l, max_extent = 64)\nl = l + matmul(w, transpose(w))\nupdate = matmul(transpose(q), g)',
  'update = where(input_count(w) > output_count(w), matmul(g, eye(outputs)), matmul(eye(inputs), g) + orthonormal(w))',
].map((rule) => `if rank(w) >= 2 {\n${rule}\n} else {\nupdate = lr * g\n}`)

const RANKS = [[], [1], [4], [2, 3], [3, 1], [2, 2, 3], [1, 2, 2, 2], [2, 1, 2, 1, 2]]

const MATRIX_SHAPES = [
  [2, 3],
  [3, 1],
  [1, 2, 2, 2],
]

/** Library files whose step depends on the shape. */
const SHAPED =
  'adafactor adam_mini adamp came sm3 mars muon adamuon normuon scion shampoo soap'.split(' ')

/** Streams are parameters of one model: what all of them add up is compared in totals.test.ts and with the library's traces. */
const isOfOne = (program: Program): boolean => planStep(program).rounds.length === 0

const files = optFiles('stdlib').filter((name) => {
  const { programs } = library(name)
  return programs.length > 0 && programs.every(isOfOne)
})

const blocks = (count: number): number[] =>
  Array.from({ length: count / BLOCK }, (_, block) => block * BLOCK)

/** The tests of a backend that say that classes give the numbers of the evaluator. */
export function agreementTests(backend: TensorBackend, extent: Extent): void {
  describe(`on ${backend}, the class gives the numbers of the evaluator`, () => {
    beforeAll(() => useBackend(backend))

    const rules = (
      texts: readonly string[],
      make: (text: string) => Graphs,
      shapes?: readonly (readonly number[])[],
    ): void =>
      test.for(texts)('%s', async (text, context) =>
        expectAgreement(context, await subject(text, () => make(text)), backend, shapes),
      )
    const compile = (text: string): Graphs => compileText('rule.opt', text)
    const compileLibrary = (path: string): Graphs => library(path.replace('std/', ''))

    rules(
      files.map((name) => `std/${name}`),
      compileLibrary,
    )
    describe('which goes by the shape', () => {
      rules(
        SHAPED.map((name) => `std/${name}`),
        compileLibrary,
        RANKS,
      )
    })
    rules(
      optFiles('examples').map((name) => `examples/${name}.opt`),
      compileFile,
    )
    rules([...ONCE_APART, ...SOME_STEPS], compile)
    rules([...ALONG_AXES, ...AROUND, ...NOISY, ...MATRICES], compile, RANKS)

    test('rules of the published space', () =>
      expectAgreements(backend, 0, extent.published, (number) => {
        const module = drawSomeRule(randomOf('agreement', number))
        const text = print(module)
        return {
          text,
          own: subject(text, () => ({ programs: [programOf(module)], functions: [] })),
        }
      }))

    test.each(blocks(extent.matrices))('random programs of matrices from %i on', (first) =>
      expectAgreements(
        backend,
        first,
        BLOCK,
        (number) => {
          const text = randomMatrixProgram(number)
          return { text, own: subject(`matrices ${number}`, () => compile(text)) }
        },
        MATRIX_SHAPES,
      ),
    )

    test.each(blocks(extent.random))('random programs from %i on', (first) =>
      expectAgreements(backend, first, BLOCK, (number) => {
        const text = randomProgram(number)
        return { text, own: subject(`random ${number}`, () => compile(text)) }
      }),
    )
  })
}
