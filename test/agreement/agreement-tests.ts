import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest'
import type { Compiled } from '../../src/compile.ts'
import { loadPrograms, type OptimizerClass } from '../../src/emit/ts/load.ts'
import type { Program } from '../../src/ir/graph.ts'
import { print } from '../../src/syntax/print.ts'
import { compileText } from '../emit/compile-program.ts'
import { useBackend, type TensorBackend } from '../emit/tensor-backend.ts'
import { drawSomeRule, programOf, randomOf } from '../mutate/published.ts'
import { compileFile, library, optFiles } from '../stdlib/library.ts'
import { describeDisagreement, disagreements, type Disagreement } from './agree.ts'
import { streams } from './gradients.ts'
import { randomMatrixProgram } from './random-matrices.ts'
import { randomProgram } from './random-program.ts'
import {
  ALONG_AXES,
  AROUND,
  FILES,
  MATRICES,
  MATRIX_SHAPES,
  NOISY,
  ONCE_APART,
  RANKS,
  SHAPED,
  SOME_STEPS,
} from './rules.ts'
import { startTally, type Tally } from './tally.ts'

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
type Shapes = readonly (readonly number[])[]

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
  shapes?: Shapes,
  tally?: Tally,
): Promise<Disagreement[]> {
  try {
    return await disagreements(program, Class, streams(name, shapes), backend, tally)
  } catch (error) {
    const isAtOnce = READS_AT_ONCE.test(String(error))
    if (backend !== 'webgpu' || !(isAtOnce || CHOOSES_AMONG_MANY.test(String(error)))) throw error
    const reason = isAtOnce ? 'it reads no tensor at once in Node' : String(error)
    const few = shapes?.filter(({ length }) => length <= MOST_DIMENSIONS)
    if (few?.length === shapes?.length) throw new LeftOut(reason, { cause: error })
    tellLeftOut(backend, `${name} of more than ${MOST_DIMENSIONS} dimensions`, reason)
    return disagreementsOf(name, { program, Class }, backend, few, tally)
  }
}

/** What the classes of a program give that the evaluator does not. Throws {@link LeftOut}. */
async function faults(
  { name, optimizers }: Subject,
  backend: TensorBackend,
  shapes?: Shapes,
  tally?: Tally,
): Promise<string[]> {
  const found: string[] = []
  for (const optimizer of optimizers) {
    const all = await disagreementsOf(name, optimizer, backend, shapes, tally)
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
  shapes?: Shapes,
  tally?: Tally,
): Promise<void> {
  try {
    expect(await faults(own, backend, shapes, tally)).toEqual([])
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
  shapes?: Shapes,
  tally?: Tally,
): Promise<void> {
  const wrong: string[] = []
  for (let number = first; number < first + count; number++) {
    const { text, own } = make(number)
    try {
      const found = await faults(await own, backend, shapes, tally)
      if (found.length > 0) wrong.push(`${number}:\n${text}${found.join('\n')}`)
    } catch (error) {
      if (!(error instanceof LeftOut)) throw error
      tellLeftOut(backend, `program ${number}`, error.message)
    }
  }
  expect(wrong.join('\n\n')).toBe('')
}

const blocks = (count: number): number[] =>
  Array.from({ length: count / BLOCK }, (_, block) => block * BLOCK)

/** The tests of a backend that say that classes give the numbers of the evaluator; `column`: where it is recorded how near. */
export function agreementTests(backend: TensorBackend, extent: Extent, column?: string): void {
  const tally = column === undefined ? undefined : startTally(column)
  describe(`on ${backend}, the class gives the numbers of the evaluator`, () => {
    beforeAll(() => useBackend(backend))
    afterAll(() => tally?.record())

    const rules = (
      texts: readonly string[],
      make: (text: string) => Graphs,
      shapes?: Shapes,
    ): void =>
      test.for(texts)('%s', async (text, context) =>
        expectAgreement(context, await subject(text, () => make(text)), backend, shapes, tally),
      )
    const compile = (text: string): Graphs => compileText('rule.opt', text)
    const compileLibrary = (path: string): Graphs => library(path.replace('std/', ''))

    rules(
      FILES.map((name) => `std/${name}`),
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
      expectAgreements(
        backend,
        0,
        extent.published,
        (number) => {
          const module = drawSomeRule(randomOf('agreement', number))
          const text = print(module)
          return {
            text,
            own: subject(text, () => ({ programs: [programOf(module)], functions: [] })),
          }
        },
        undefined,
        tally,
      ))

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
        tally,
      ),
    )

    test.each(blocks(extent.random))('random programs from %i on', (first) =>
      expectAgreements(
        backend,
        first,
        BLOCK,
        (number) => {
          const text = randomProgram(number)
          return { text, own: subject(`random ${number}`, () => compile(text)) }
        },
        undefined,
        tally,
      ),
    )
  })
}
