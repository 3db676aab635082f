import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Compiled } from '../../src/compile.ts'
import type { Program } from '../../src/ir/graph.ts'
import { planStep } from '../../src/plan/plan.ts'
import { compileText } from '../emit/compile-program.ts'
import { kerasFramework, type KerasBackend } from '../emit/keras/cases.ts'
import { optaxFramework } from '../emit/optax/cases.ts'
import {
  runCases,
  SCRIPT,
  writeModule,
  type Answer,
  type Case,
  type Framework,
  type RunStep,
} from '../emit/pytorch/cases.ts'
import { hasModules } from '../emit/pytorch/python.ts'
import { print } from '../../src/syntax/print.ts'
import { drawSomeRule, programOf, randomOf } from '../mutate/published.ts'
import { compileFile, library, optFiles } from '../stdlib/library.ts'
import { describeDisagreement, stepEvaluator, type Disagreement, type Snapshot } from './agree.ts'
import type { Extent } from './agreement-tests.ts'
import { STEPS, streams, TOTAL_STEPS, type Stream } from './gradients.ts'
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

const SEED = 7
const SHOWN = 3

type Graphs = Pick<Compiled, 'programs' | 'functions'>

/** A program whose class is compared, and the shapes of what it is compared with. */
interface Subject {
  readonly title: string
  readonly graphs: () => Graphs
  readonly shapes?: readonly (readonly number[])[]
}

const compile = (text: string): Graphs => compileText('rule.opt', text)

function subjects(extent: Extent, isSample: boolean, every: number): readonly Subject[] {
  const isTaken = (_: string, index: number): boolean => index % every === 0
  const ofText =
    (shapes?: readonly (readonly number[])[]) =>
    (text: string): Subject => ({
      title: text,
      graphs: () => compile(text),
      ...(shapes && { shapes }),
    })
  const several = (count: number, make: (index: number) => Subject): readonly Subject[] =>
    Array.from({ length: count }, (_, index) => make(index))
  return [
    ...FILES.filter((name) => !isSample || SAMPLE.includes(name)).map((name): Subject => ({
      title: `std/${name}`,
      graphs: () => library(name),
    })),
    ...SHAPED.filter((name) => !isSample || SAMPLE.includes(name)).map((name): Subject => ({
      title: `std/${name} by shape`,
      graphs: () => library(name),
      shapes: RANKS,
    })),
    ...optFiles('examples')
      .filter(isTaken)
      .map((name): Subject => ({
        title: `examples/${name}`,
        graphs: () => compileFile(`examples/${name}.opt`),
      })),
    ...[...ONCE_APART, ...SOME_STEPS].filter(isTaken).map(ofText()),
    ...[...ALONG_AXES, ...AROUND, ...NOISY, ...MATRICES].filter(isTaken).map(ofText(RANKS)),
    ...several(extent.published, (index) => {
      const module = drawSomeRule(randomOf('agreement', index))
      return {
        title: `published ${index}: ${print(module)}`,
        graphs: () => ({ programs: [programOf(module)], functions: [] }),
      }
    }),
    ...several(extent.matrices, (index) => {
      const text = randomMatrixProgram(index)
      return {
        title: `matrices ${index}: ${text}`,
        graphs: () => compile(text),
        shapes: MATRIX_SHAPES,
      }
    }),
    ...several(extent.random, (index) => {
      const text = randomProgram(index)
      return { title: `random ${index}: ${text}`, graphs: () => compile(text) }
    }),
  ]
}

/** A class of a module, its program and the gradients it is given. */
interface Run {
  readonly subject: Subject
  readonly program: Program
  readonly given: readonly Stream[]
  readonly case: Case
}

async function prepare(
  { write }: Framework,
  all: readonly Subject[],
  folder: string,
): Promise<readonly Run[]> {
  const runs: Run[] = []
  for (const [index, subject] of all.entries()) {
    const graphs = subject.graphs()
    const { path, classes } = await write(graphs, folder, `case_${index}`)
    const given = streams(subject.title.split(':')[0]!.replace(' by shape', ''), subject.shapes)
    for (const [at, program] of graphs.programs.entries())
      runs.push({
        subject,
        program,
        given,
        case: {
          path,
          name: classes[at]!,
          parameters: given,
          steps: STEPS,
          options: { total_steps: TOTAL_STEPS, ...(draws(program) && { seed: SEED }) },
        },
      })
  }
  return runs
}

const draws = (program: Program): boolean => planStep(program).draws

/** What a class gives that the evaluator does not. */
function disagreementsOf(
  { layout, platform, held = (each) => each }: Framework,
  { program: written, given }: Run,
  steps: readonly RunStep[],
): Disagreement[] {
  const program = held(written)
  const found: Disagreement[] = []
  for (const [index, stream] of given.entries()) {
    const { kind, shape, gradients } = stream
    const options = { shape, layout, parameterIndex: index, seed: SEED } as const
    const evaluator = stepEvaluator(program, { ...options, totalSteps: TOTAL_STEPS }, platform)
    let before: Snapshot = evaluator.begin(stream.start)
    for (const [step, each] of steps.entries()) {
      const values = new Map<string, ArrayLike<number>>([['w', each.w[index]!]])
      for (const name of evaluator.stateNames) values.set(name, stateOf(each, index, name))
      for (const name of evaluator.hostNames) values.set(name, [each.run.get(name)!])
      const unexplained = evaluator.compare(before, gradients[step]!, step, values)
      found.push(...unexplained.map((one) => ({ kind, shape, step, ...one })))
      before = values
    }
  }
  return found
}

function stateOf({ states, run }: RunStep, index: number, name: string): ArrayLike<number> {
  // Two sides of an `if` may keep their states under one name.
  const short = name.replace(/_\d+$/, '')
  const own = states[index]!
  const number = run.get(name)
  const found = own.get(name) ?? own.get(short) ?? (number === undefined ? undefined : [number])
  if (found === undefined) throw new Error(`the class keeps no ${name}`)
  return found
}

/** Library files of every kind of arithmetic. */
const SAMPLE = 'adam adafactor lion soap schedule_free_adamw sgld'.split(' ')

const pytorch: Framework = {
  platform: 'pytorch',
  title: 'PyTorch',
  layout: 'outputs-first',
  modules: ['torch', 'numpy'],
  write: writeModule,
  script: SCRIPT,
}

/** The tests that say that PyTorch's classes give the numbers of the evaluator. */
export function pytorchAgreement(extent: Extent, isSample = false): void {
  agreement(pytorch, extent, isSample)
}

/** The tests that say that transformations of optax give the numbers of the evaluator. */
export function optaxAgreement(extent: Extent, isSample = false, every = 1): void {
  agreement(optaxFramework, extent, isSample, every)
}

/** The tests that say that optimizers of Keras give the numbers of the evaluator on one of its backends. */
export function kerasAgreement(
  backend: KerasBackend,
  extent: Extent,
  isSample = false,
  every = 1,
): void {
  agreement(kerasFramework(backend), extent, isSample, every)
}

/** Of the rules that are written here, one in `every` many is taken. */
function agreement(framework: Framework, extent: Extent, isSample: boolean, every = 1): void {
  const all = subjects(extent, isSample, every)
  describe.runIf(hasModules(...framework.modules))(
    `on ${framework.title}, the optimizer gives the numbers of the evaluator`,
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'optc-python-'))
      const answers = new Map<Subject, { readonly run: Run; readonly answer: Answer }[]>()
      beforeAll(async () => {
        const runs = await prepare(framework, all, folder)
        const found = runCases(
          runs.map((run) => run.case),
          folder,
          framework.script,
        )
        runs.forEach((run, index) => {
          const known = answers.get(run.subject) ?? []
          answers.set(run.subject, [...known, { run, answer: found[index]! }])
        })
      }, 3_600_000)
      afterAll(() => rmSync(folder, { recursive: true, force: true }))

      test.each(all.map((each) => [each.title, each] as const))('%s', (_, subject) => {
        for (const { run, answer } of answers.get(subject) ?? []) {
          if ('error' in answer) throw new Error(answer.error)
          const found = disagreementsOf(framework, run, answer.steps)
          expect(found.slice(0, SHOWN).map(describeDisagreement)).toEqual([])
        }
      })
    },
  )
}
