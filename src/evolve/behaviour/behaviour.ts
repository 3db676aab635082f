import { contains } from '../../operators/interval.ts'
import {
  distantStream,
  evenStreams,
  longStreams,
  repeatedStreams,
  matrixStream,
  trainingMatrixStream,
  trainingStream,
  wholeStream,
  type Stream,
} from './streams.ts'
import { reachable } from '../../ir/build.ts'
import { instantiate } from '../../plan/run/evaluate.ts'
import type { GraphNode, Program } from '../../ir/graph.ts'

/**
 * Updates a program makes on fixed runs: a series for each run and element, step after step. Programs that compute the same
 * function give equal numbers up to rounding.
 */
export type Behaviour = readonly Float64Array[]

/** What a program does on a mixture of gradients of every size, in 64-bit arithmetic: enough to tell most rules apart. */
export function behaviour(program: Program): Behaviour {
  return observe(program, wholeStream, 64)
}

/**
 * What a program does on many more runs: other learning rates, parameters of other shapes, elements of one size, slow
 * averages.
 */
export function furtherBehaviour(program: Program): Behaviour {
  return [...repeatedStreams, ...evenStreams, ...longStreams].flatMap((stream) =>
    observe(program, stream, 64),
  )
}

/** What a program does on the gradients that a network in training mostly has: enough to tell apart what trains differently. */
export function trainingBehaviour(program: Program): Behaviour {
  return observe(program, trainingStream, 64)
}

/** What a program does on a matrix with gradients of the kind that `trainingBehaviour` has. */
export function trainingMatrixBehaviour(program: Program): Behaviour {
  return observe(program, trainingMatrixStream, 64)
}

/** What a program does on a matrix whose outputs and inputs have sizes of their own. */
export function matrixBehaviour(program: Program): Behaviour {
  return observe(program, matrixStream, 64)
}

/** The same run as in `behaviour` in the 32-bit arithmetic of the targets. */
export function roundedBehaviour(program: Program): Behaviour {
  return observe(program, wholeStream, 32)
}

/** What a program does on each of the first `steps` steps of a long run. */
export function distantBehaviour(program: Program, steps: number): Behaviour {
  return observe(program, distantStream(steps), 64)
}

/** Numbers that steps are compared with are whole and larger than the runs that all programs are observed on. */
const FEWEST_STEPS = 100
const MOST_STEPS = 10_000

/**
 * How many steps a program must be observed for before it has passed every number of steps that it mentions, such as the
 * length of a step of a staircase: twice the largest; 0 when it mentions none, and at most 20,000.
 */
export function stepsMentioned(program: Program): number {
  const { update, states, hyperparameters } = program
  const seen = new Set<GraphNode>()
  let most = 0
  const note = (value: number | undefined): void => {
    if (value === undefined || !Number.isInteger(value) || value < FEWEST_STEPS) return
    if (value > most && value <= MOST_STEPS) most = value
  }
  const visit = (roots: readonly GraphNode[]): void => {
    for (const node of reachable(roots)) {
      if (seen.has(node)) continue
      seen.add(node)
      if (node.kind === 'constant') note(node.value)
      if (node.kind === 'call') visit([node.callee.body])
    }
  }
  visit([update, ...states.flatMap(({ initial, next }) => [initial, next])])
  for (const parameter of hyperparameters) note(parameter.default)
  return 2 * most
}

/**
 * Hyperparameters other than `lr`, `warmup` and `hold` have their defaults, and so have these where the program does not
 * allow the value.
 */
function observe(program: Program, stream: Stream, precision: 32 | 64): Behaviour {
  const { shape, totalSteps, gradients, weights } = stream
  const values: Readonly<Record<string, number>> = stream.hyperparameters
  const evaluation = instantiate(program, {
    shape,
    totalSteps,
    precision,
    hyperparameters: Object.fromEntries(
      program.hyperparameters.flatMap(({ name, interval }) =>
        Object.hasOwn(values, name) && contains(interval, values[name]!)
          ? [[name, values[name]!]]
          : [],
      ),
    ),
  })
  const result = Array.from(gradients[0]!, () => new Float64Array(gradients.length))
  let states = evaluation.initialize(weights[0]!)
  for (const [t, gradient] of gradients.entries()) {
    const step = evaluation.update(gradient, states, weights[t]!, t)
    states = step.states
    for (const [element, series] of result.entries()) series[t] = step.update[element]!
  }
  return result
}

const PROPORTIONAL_TOLERANCE = 1e-9

/**
 * Whether the updates of a `furtherBehaviour` are proportional to the learning rate, from 1e-5 to 10: then a constant factor of
 * the update is the same as one of the learning rate.
 */
export function isProportional(further: Behaviour): boolean {
  const [first] = repeatedStreams
  const count = first!.gradients[0]!.length
  return repeatedStreams.every(({ hyperparameters }, run) => {
    const factor = hyperparameters.lr / first!.hyperparameters.lr
    return further.slice(0, count).every((series, element) => {
      const repeated = further[run * count + element]!
      return series.every((update, t) => {
        const wanted = factor * update
        const distance = Math.abs(repeated[t]! - wanted)
        return Number.isFinite(distance)
          ? distance <= PROPORTIONAL_TOLERANCE * Math.abs(wanted)
          : Object.is(repeated[t], wanted)
      })
    })
  })
}
