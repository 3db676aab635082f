import type { Program } from '../../../src/ir/graph.ts'
import { planStep } from '../../../src/plan/plan.ts'
import { print } from '../../../src/syntax/print.ts'
import { compileText } from '../../emit/compile-program.ts'
import { drawSomeRule, programOf, randomOf } from '../../mutate/published.ts'
import { compileFile, library, optFiles } from '../../stdlib/library.ts'
import { describeDisagreement, stepEvaluator, type Disagreement, type Snapshot } from '../agree.ts'
import type { Extent } from '../agreement-tests.ts'
import { STEPS, streams, TOTAL_STEPS, type Stream } from '../gradients.ts'
import { randomMatrixProgram } from '../random-matrices.ts'
import { randomProgram } from '../random-program.ts'
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
} from '../rules.ts'
import type { Tally } from '../tally.ts'
import { stepsOf, type Comparison } from './comparison.ts'
import type { Framework, Graphs } from './frameworks.ts'
import type { Case, RunStep } from './questions.ts'

const SEED = 7
const SHOWN = 3

/** How many of the rules are compared that are written here and drawn. */
export interface Selection extends Extent {
  /** Library files, if not all. */
  readonly sample?: readonly string[]
  /** One of so many of the other rules. */
  readonly every: number
}

type Shapes = readonly (readonly number[])[]

/** Single steps on adversarial gradients, each from what the framework had before it, within the rows' tolerances. */
export function stepComparisons({
  sample,
  every,
  published,
  matrices,
  random,
}: Selection): readonly Comparison[] {
  const isFile = (name: string): boolean => sample === undefined || sample.includes(name)
  const isTaken = (_: string, index: number): boolean => index % every === 0
  const compile = (text: string): Graphs => compileText('rule.opt', text)
  const ofText =
    (shapes?: Shapes) =>
    (text: string): Comparison =>
      inSteps(text, () => compile(text), shapes)
  const several = (count: number, make: (index: number) => Comparison): readonly Comparison[] =>
    Array.from({ length: count }, (_, index) => make(index))
  return [
    ...FILES.filter(isFile).map((name) => inSteps(`std/${name}`, () => library(name))),
    ...SHAPED.filter(isFile).map((name) =>
      inSteps(`std/${name} by shape`, () => library(name), RANKS),
    ),
    ...optFiles('examples')
      .filter(isTaken)
      .map((name) => inSteps(`examples/${name}`, () => compileFile(`examples/${name}.opt`))),
    ...[...ONCE_APART, ...SOME_STEPS].filter(isTaken).map(ofText()),
    ...[...ALONG_AXES, ...AROUND, ...NOISY, ...MATRICES].filter(isTaken).map(ofText(RANKS)),
    ...several(published, (index) => {
      const module = drawSomeRule(randomOf('agreement', index))
      return inSteps(`published ${index}: ${print(module)}`, () => ({
        programs: [programOf(module)],
        functions: [],
      }))
    }),
    ...several(matrices, (index) => {
      const text = randomMatrixProgram(index)
      return inSteps(`matrices ${index}: ${text}`, () => compile(text), MATRIX_SHAPES)
    }),
    ...several(random, (index) => {
      const text = randomProgram(index)
      return inSteps(`random ${index}: ${text}`, () => compile(text))
    }),
  ]
}

function inSteps(title: string, graphsOf: () => Graphs, shapes?: Shapes): Comparison {
  return {
    title,
    prepare: async (framework, folder, called) => {
      const graphs = graphsOf()
      const { path, makers } = await framework.write(graphs, folder, called)
      const given = streams(title.split(':')[0]!.replace(' by shape', ''), shapes)
      const { programs } = graphs
      return {
        questions: programs.map((program, index): Case => ({
          path,
          name: makers[index]!,
          parameters: given,
          steps: STEPS,
          options: { total_steps: TOTAL_STEPS, ...(planStep(program).draws && { seed: SEED }) },
        })),
        faults: (answers, tally) =>
          answers.flatMap((answer, index) => {
            const found = disagreements(framework, programs[index]!, given, stepsOf(answer), tally)
            return found.slice(0, SHOWN).map(describeDisagreement)
          }),
      }
    },
  }
}

/** What a class gives that the evaluator does not. */
function disagreements(
  { layout, platform, held }: Framework,
  written: Program,
  given: readonly Stream[],
  steps: readonly RunStep[],
  tally: Tally | undefined,
): Disagreement[] {
  const program = held(written)
  const found: Disagreement[] = []
  for (const [index, stream] of given.entries()) {
    const { kind, shape, gradients } = stream
    const options = { shape, layout, parameterIndex: index, seed: SEED, totalSteps: TOTAL_STEPS }
    const evaluator = stepEvaluator(program, options, platform, tally)
    let before: Snapshot = evaluator.begin(stream.start)
    for (const [step, each] of steps.entries()) {
      const values = valuesAfter(each, index, evaluator)
      const unexplained = evaluator.compare(before, gradients[step]!, step, values)
      found.push(...unexplained.map((one) => ({ kind, shape, step, ...one })))
      before = values
    }
  }
  return found
}

/** What a parameter has after a step, and the run. */
export function valuesAfter(
  step: RunStep,
  index: number,
  { stateNames, hostNames }: Pick<ReturnType<typeof stepEvaluator>, 'stateNames' | 'hostNames'>,
): Snapshot {
  return new Map<string, ArrayLike<number>>([
    ['w', step.w[index]!],
    ...stateNames.map((name) => [name, stateOf(step, index, name)] as const),
    ...[...hostNames].map((name) => [name, [step.run.get(name)!]] as const),
  ])
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
