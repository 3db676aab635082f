import * as tf from '@tensorflow/tfjs-core'
import type { OptimizerClass } from '../../src/emit/ts/load.ts'
import { analyze } from '../../src/ir/analysis/analyze.ts'
import type { Program } from '../../src/ir/graph.ts'
import { liveStates } from '../../src/ir/rewrite.ts'
import { isHost } from '../../src/operators/type.ts'
import type { TensorBackend } from '../emit/tensor-backend.ts'
import { flushed, isFlushing, type Platform } from '../operators/backend-bounds.ts'
import { specializeTo } from '../../src/plan/choice.ts'
import { instantiate } from '../../src/plan/run/evaluate.ts'
import type { StateValues } from '../../src/plan/run/states.ts'
import { blur, type Deviations } from './blur.ts'
import { withFlushes } from './flushing.ts'
import { STEPS, TOTAL_STEPS, type Stream } from './gradients.ts'
import type { Tally } from './tally.ts'

const SEED = 7

/** What a parameter has after a step: its weights and its states, by name. */
export type Snapshot = ReadonlyMap<string, ArrayLike<number>>

interface Difference {
  /** `w`, or the name of a state. */
  readonly of: string
  readonly element: number
  readonly emitted: number
  readonly evaluated: number
}

/** A number of the emitted class that the evaluator and the operators' tolerances do not account for. */
export interface Disagreement extends Difference {
  readonly kind: string
  readonly shape: readonly number[]
  readonly step: number
}

export function describeDisagreement(found: Disagreement): string {
  const { kind, shape, step, of, element, emitted, evaluated } = found
  const [a, b] = [emitted, evaluated].map((value) => (Object.is(value, -0) ? '-0' : String(value)))
  return `${kind}, shape ${JSON.stringify(shape)}, step ${step}: ${of}[${element}] is ${a} instead of ${b}`
}

/**
 * Takes the class through a run of all streams at once, one parameter each, on the backend that is set, which is `backend`. Before each step the evaluator is given what
 * the class holds, so that a number which the rows' tolerances allow is not held against later steps.
 */
export async function disagreements(
  program: Program,
  Class: OptimizerClass,
  streams: readonly Stream[],
  backend: TensorBackend = 'cpu',
  tally?: Tally,
): Promise<Disagreement[]> {
  const optimizer = new Class({ totalSteps: TOTAL_STEPS, seed: SEED })
  const weights = streams.map(({ shape, start }) => tf.variable(tf.tensor(start, [...shape])))
  const evaluators = streams.map(({ shape }, parameterIndex) => {
    const options = { shape, parameterIndex, seed: SEED, totalSteps: TOTAL_STEPS }
    return stepEvaluator(program, options, backend, tally)
  })
  let before: Snapshot[] = streams.map(({ start }, index) => evaluators[index]!.begin(start))
  const found: Disagreement[] = []
  for (let step = 0; step < STEPS; step++) {
    tf.tidy(() => {
      optimizer.applyGradients(
        weights.map(({ name }, index) => {
          const { shape, gradients } = streams[index]!
          return { name, tensor: tf.tensor(gradients[step]!, [...shape]) }
        }),
      )
    })
    const saved = await savedNumbers(optimizer)
    const held = await Promise.all(weights.map(numbersOf))
    const next = weights.map((weight, index): Snapshot => {
      const values = new Map<string, ArrayLike<number>>([['w', held[index]!]])
      for (const name of evaluators[index]!.stateNames)
        values.set(name, saved.state(weight.name, name))
      hostStates(program).forEach((name, place) => {
        if (evaluators[index]!.hostNames.has(name)) values.set(name, [saved.run[place]!])
      })
      return values
    })
    for (const [index, { kind, shape, gradients }] of streams.entries()) {
      const unexplained = evaluators[index]!.compare(
        before[index]!,
        gradients[step]!,
        step,
        next[index]!,
      )
      found.push(...unexplained.map((each) => ({ kind, shape, step, ...each })))
    }
    before = next
  }
  optimizer.dispose()
  weights.forEach((weight) => weight.dispose())
  return found
}

/** A copy of a tensor's numbers. WebGPU has no other way to read outside a browser. */
const numbersOf = async (tensor: tf.Tensor): Promise<Float32Array> =>
  ((await tensor.data()) as Float32Array).slice()

function hostStates(program: Program): string[] {
  const { stateOf } = analyze(program)
  return program.states.flatMap(({ name }, index) => (isHost(stateOf(index)) ? [name] : []))
}

interface SavedNumbers {
  /** Numbers that the class keeps for the whole run. */
  readonly run: Float64Array
  state(parameter: string, name: string): ArrayLike<number>
}

async function savedNumbers(optimizer: tf.Optimizer): Promise<SavedNumbers> {
  const tensors = new Map<string, ArrayLike<number>>()
  let run = new Float64Array()
  for (const { name, tensor } of await optimizer.getWeights()) {
    const values = await numbersOf(tensor)
    if (name.endsWith('/run')) run = new Float64Array(values.buffer as ArrayBuffer)
    else tensors.set(name, values)
    if (name === 'iter' || name.endsWith('/run')) tensor.dispose()
  }
  return {
    run,
    state: (parameter, name) => {
      // Two sides of an `if` may keep their states under one name.
      const short = name.replace(/_\d+$/, '')
      const values = tensors.get(`${parameter}/${name}`) ?? tensors.get(`${parameter}/${short}`)
      if (values === undefined) throw new Error(`the class keeps no ${name}`)
      return values
    },
  }
}

/** What the evaluator makes of steps of one parameter, which each begin with what a target has. */
export interface StepEvaluator {
  /** States of the parameter, and those that are one number for the run. */
  readonly stateNames: readonly string[]
  readonly hostNames: ReadonlySet<string>
  begin(start: ArrayLike<number>): Snapshot
  /** What a step makes of `before`, by the operators' meanings. */
  take(before: Snapshot, gradient: ArrayLike<number>, step: number): Snapshot
  /** What of `emitted` does not follow from `before`. */
  compare(
    before: Snapshot,
    gradient: ArrayLike<number>,
    step: number,
    emitted: Snapshot,
  ): Difference[]
}

/**
 * The evaluator of a parameter, with the tolerances of the rows of what the program uses. Notes in `tally`, if it is given, how near numbers
 * are.
 */
export function stepEvaluator(
  program: Program,
  options: Parameters<typeof instantiate>[1],
  backend: Platform = 'cpu',
  tally?: Tally,
): StepEvaluator {
  const { shape } = options
  const flushes = isFlushing(backend)
  // Whatever reads a number that was only moved flushes it, so the comparison does, too.
  const read = flushes ? flushed : (value: number): number => value
  const computed = flushes ? withFlushes(program) : program
  const evaluation = instantiate(computed, options)
  const { stateOf } = analyze(program)
  const states = liveStates(specializeTo(program, shape, options.layout)).map((index) => {
    const placement = stateOf(index)
    return {
      name: program.states[index]!.name,
      isNumber: placement.extent === 'run' || placement.extent === 'parameter',
      isOfRun: isHost(placement),
    }
  })
  const stepper =
    ({ update }: typeof evaluation) =>
    (before: Snapshot, gradient: ArrayLike<number>, step: number): Snapshot => {
      const given: StateValues = states.map(({ name, isNumber }) => {
        const values = before.get(name)!
        return isNumber ? values[0]! : Float64Array.from(values)
      })
      const w = Float64Array.from(before.get('w')!)
      const result = update(gradient, given, w, step)
      return snapshot(
        w.map((value, element) => Math.fround(read(read(value) - read(result.update[element]!)))),
        result.states,
      )
    }
  const snapshot = (w: ArrayLike<number>, values: StateValues): Snapshot =>
    new Map<string, ArrayLike<number>>([
      ['w', w],
      ...states.map(({ name }, index): [string, ArrayLike<number>] => {
        const value = values[index]!
        return [name, typeof value === 'number' ? [value] : value]
      }),
    ])
  const step = stepper(evaluation)
  const blurredStep = (): ((...given: Parameters<typeof step>) => Deviations<Snapshot>) => {
    const { program: blurry, deviations } = blur(computed, backend)
    const take = stepper(instantiate(blurry, options))
    return (...given) => deviations(() => take(...given))
  }
  let blurred: ReturnType<typeof blurredStep> | undefined

  return {
    stateNames: states.flatMap(({ name, isOfRun }) => (isOfRun ? [] : [name])),
    hostNames: new Set(states.flatMap(({ name, isOfRun }) => (isOfRun ? [name] : []))),
    begin: (start) => snapshot(start, evaluation.initialize(start)),
    take: step,
    compare: (before, gradient, t, emitted) => {
      const evaluated = step(before, gradient, t)
      const differing = [...evaluated].flatMap(([of, values]) =>
        Array.from(values, (value, element) => ({
          of,
          element,
          emitted: read(emitted.get(of)![element]!),
          evaluated: read(value),
        })).filter((each) => !Object.is(each.emitted, each.evaluated)),
      )
      tally?.noteStep(
        [...evaluated.values()].reduce((sum, { length }) => sum + length, 0),
        differing.length,
      )
      if (differing.length === 0) return []
      blurred ??= blurredStep()
      return unexplained(differing, blurred(before, gradient, t), tally)
    },
  }
}

/** The differences that are larger than what the operators may move a number by, all together. */
function unexplained(
  differing: readonly Difference[],
  { base, byOperator }: Deviations<Snapshot>,
  tally: Tally | undefined,
): Difference[] {
  const found = differing.map((each) => ({
    each,
    moved: distance(each.emitted, each.evaluated),
    allowed: 0,
  }))
  const isExplained = ({ moved, allowed }: (typeof found)[number]): boolean => moved <= allowed
  for (const deviated of byOperator) {
    for (const one of found) {
      const { of, element } = one.each
      const before = base.get(of)![element]!
      const moves = deviated.map((values) => distance(values.get(of)![element]!, before))
      const most = Math.max(0, ...moves)
      // Where any number may come out, that one may.
      one.allowed = most === Infinity ? Infinity : one.allowed + most
    }
    // All that is allowed is of interest to a tally alone.
    if (tally === undefined && found.every(isExplained)) break
  }
  for (const { moved, allowed } of found)
    if (moved > Number.MIN_VALUE && moved < Infinity) tally?.notePart(moved / allowed)
  return found.filter((one) => !isExplained(one)).map(({ each }) => each)
}

/** 0 for the same number, next to nothing for zeros of different signs, infinite where only one of two is a finite number. */
function distance(a: number, b: number): number {
  if (Object.is(a, b)) return 0
  if (a === b) return Number.MIN_VALUE
  const size = Math.abs(a - b)
  return Number.isNaN(size) ? Infinity : size
}
