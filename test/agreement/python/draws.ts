import { stepEvaluator, type Snapshot } from '../agree.ts'
import { compileText } from '../../emit/compile-program.ts'
import { stepsOf, type Comparison } from './comparison.ts'
import { valuesAfter } from './steps.ts'

const SEEDS = [0, 7, 2 ** 40 + 3]
const STEPS = 2
const SHAPES = [[], [2000], [3, 5, 7]]
const SHOWN = 3

/** What is kept of normal numbers and of dropout is worked out without rounding. */
const TEXT = [
  'state drawn = 0',
  'state kept = 0',
  'state mask = 0',
  'drawn = normal()',
  'kept = dropout(g, 0.75)',
  'mask = where(dropout(1, 0.3) > 0, 1, 0)',
  'update = drawn - normal()',
].join('\n')

/** Random numbers of several seeds, steps, parameters and places, which are the same to the bit. */
export const drawComparisons: readonly Comparison[] = SEEDS.map((seed) => ({
  title: `random numbers of seed ${seed}`,
  prepare: async (framework, folder, called) => {
    const { layout, platform, write } = framework
    const graphs = compileText('rule.opt', TEXT)
    const { path, makers } = await write(graphs, folder, called)
    const parameters = SHAPES.map((shape) => {
      const size = shape.reduce((a, b) => a * b, 1)
      const gradient = Float32Array.from({ length: size }, (_, index) => (index % 7) + 1)
      return {
        shape,
        start: new Float32Array(size),
        gradients: Array.from({ length: STEPS }, () => gradient),
      }
    })
    return {
      questions: [{ path, name: makers[0]!, parameters, steps: STEPS, options: { seed } }],
      faults: ([answer], tally) =>
        parameters.flatMap(({ shape, start, gradients }, parameterIndex) => {
          const options = { shape, layout, parameterIndex, seed }
          const evaluator = stepEvaluator(graphs.programs[0]!, options, platform)
          let before: Snapshot = evaluator.begin(start)
          const wrong = stepsOf(answer!).flatMap((step, t) => {
            const evaluated = evaluator.take(before, gradients[t]!, t)
            before = valuesAfter(step, parameterIndex, evaluator)
            return others(before, evaluated).map(
              (text) => `shape ${JSON.stringify(shape)}, step ${t}: ${text}`,
            )
          })
          tally?.noteDraws(STEPS * start.length * (evaluator.stateNames.length + 1))
          return wrong.slice(0, SHOWN)
        }),
    }
  },
}))

/** The numbers that are not the same to the bit. */
const others = (given: Snapshot, evaluated: Snapshot): readonly string[] =>
  [...evaluated].flatMap(([of, values]) =>
    Array.from(values).flatMap((value, element) => {
      const actual = given.get(of)![element]!
      return Object.is(actual, value) ? [] : [`${of}[${element}] is ${actual} instead of ${value}`]
    }),
  )
