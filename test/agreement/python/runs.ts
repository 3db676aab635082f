import type { Program } from '../../../src/ir/graph.ts'
import { simulateModel } from '../../../src/plan/run/evaluate.ts'
import { compileText } from '../../emit/compile-program.ts'
import { fixture, type Trace } from '../../stdlib/fixture.ts'
import { library, optimizerNames } from '../../stdlib/library.ts'
import type { Tally } from '../tally.ts'
import { GRADIENTS, PROGRAMS, SHAPES, start, STEPS, TOLERANCE, worst } from '../total-rules.ts'
import { stepsOf, type Comparison } from './comparison.ts'
import type { Framework, Graphs } from './frameworks.ts'
import type { Case, GivenParameter, RunStep } from './questions.ts'
import type { Selection } from './steps.ts'

const { small, bias } = fixture<Record<string, Trace>>('traces.json')
const TRACES = [small!, bias!]
const { totalSteps } = small!

const float = (numbers: readonly number[]): Float32Array => Float32Array.from(numbers)

/**
 * Whole runs of models on usual gradients: optimizers of the library, at the weights that are trained and at those to evaluate with, and
 * numbers over all parameters.
 */
export function runComparisons({ sample, every }: Selection): readonly Comparison[] {
  const ofTraces = TRACES.map(({ shape, w0, gradients }) => ({
    shape,
    start: float(w0),
    gradients: gradients.map(float),
  }))
  const wholes = Object.entries(PROGRAMS).flatMap(([title, text]) =>
    Object.entries(GRADIENTS).map(([kind, gradientOf]) =>
      inRuns(
        `numbers over all parameters: ${title}, ${kind} gradients`,
        () => compileText('tried.opt', `optimizer tried(lr = 0.1) {\n${text}\n}`),
        SHAPES.map((shape, index) => ({
          shape,
          start: float(start[index]!),
          gradients: Array.from({ length: STEPS }, (_, step) => float(gradientOf(step, index))),
        })),
        {},
      ),
    ),
  )
  return [
    ...optimizerNames
      .filter((name) => sample === undefined || sample.includes(name))
      .map((name) =>
        inRuns(`a run of std/${name}`, () => library(name), ofTraces, { total_steps: totalSteps }),
      ),
    ...wholes.filter((_, index) => index % every === 0),
  ]
}

function inRuns(
  title: string,
  graphsOf: () => Graphs,
  parameters: readonly GivenParameter[],
  options: Case['options'],
): Comparison {
  return {
    title,
    prepare: async (framework, folder, called) => {
      const graphs = graphsOf()
      const { path, makers } = await framework.write(graphs, folder, called)
      const { length: steps } = parameters[0]!.gradients
      const question: Case = { path, name: makers[0]!, parameters, steps, options }
      return {
        questions: [question],
        faults: ([answer], tally) =>
          distances(framework, graphs.programs[0]!, question, stepsOf(answer!), tally),
      }
    },
  }
}

/** The differences of a run that are too large, and where they are. */
function distances(
  { held, layout }: Framework,
  program: Program,
  { parameters, options, steps: count }: Case,
  steps: readonly RunStep[],
  tally: Tally | undefined,
): string[] {
  const { w, evaluate } = simulateModel(
    held(program),
    {
      shapes: parameters.map(({ shape }) => shape),
      layout,
      ...(options['total_steps'] !== undefined && { totalSteps: options['total_steps'] }),
    },
    parameters.map((each) => each.start),
    Array.from({ length: count }, (_, step) => parameters.map(({ gradients }) => gradients[step]!)),
  )
  const wrong: string[] = []
  for (const [step, own] of steps.entries())
    for (const [of, actual, wanted] of [
      ['w', own.w, w[step]],
      ['evaluate', own.evaluate, evaluate?.[step]],
    ] as const) {
      if ((actual === undefined) !== (wanted === undefined)) wrong.push(`${of} is missing`)
      if (actual === undefined || wanted === undefined) continue
      for (const [index, numbers] of actual.entries()) {
        const distance = worst(numbers, wanted[index]!)
        tally?.noteRun(distance)
        if (distance >= TOLERANCE) wrong.push(`step ${step}, ${of} ${index}: ${distance}`)
      }
    }
  return wrong
}
