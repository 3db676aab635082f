import * as tf from '@tensorflow/tfjs-core'
import { fits } from './groups.ts'
import type { Hyperparameter } from './hyperparameters.ts'
import { isGone, type NamedTensor } from './saved-run.ts'
import { bindStates } from './states.ts'
import type { Steps } from './steps.ts'

/** What an optimizer knows of the weights to evaluate with. */
export interface Evaluation<Name extends string> {
  readonly optimizer: { readonly iterations: number }
  readonly steps: Steps<Name>
  /** What these weights are under the hyperparameters of a group, for a variable that has made a step. */
  readonly prepare: (
    group: Partial<Record<Name, Hyperparameter>>,
    place: number,
  ) => (w: tf.Variable) => tf.Tensor
  /** Whether a variable has states from its first step on. */
  readonly keepsStates: (w: tf.Variable) => boolean
  /** Whether they stand in the place of the weights. */
  isSwapped: boolean
}

/** The same for an optimizer that has not been evaluated. */
export function createEvaluation<Name extends string>(
  optimizer: Evaluation<Name>['optimizer'],
  steps: Steps<Name>,
  prepare: Evaluation<Name>['prepare'],
  keepsStates: Evaluation<Name>['keepsStates'] = () => true,
): Evaluation<Name> {
  return { optimizer, steps, prepare, keepsStates, isSwapped: false }
}

/** Throws an Error while the weights to evaluate with stand in the place of the weights. */
export function refuseSwapped({ isSwapped }: Pick<Evaluation<string>, 'isSwapped'>): void {
  if (isSwapped) {
    throw new Error(
      'the weights to evaluate with are in place: take steps and ask for them outside of withEvaluationWeights',
    )
  }
}

/**
 * The weights to evaluate with, a new tensor for each variable: of the given ones, or of all that have been trained. A variable
 * without a step so far has its own value.
 */
export function evaluationWeights<Name extends string>(
  evaluation: Evaluation<Name>,
  given?: readonly { name: string }[],
): NamedTensor[] {
  refuseSwapped(evaluation)
  const { optimizer, steps, prepare, keepsStates } = evaluation
  const { groups, seen, states } = steps
  const pairs = given === undefined ? trainedVariables(steps) : given.map(registeredVariable)
  bindStates(states, pairs)
  const own: Partial<Record<Name, Hyperparameter>> = {}
  const rules = optimizer.iterations > 0 ? [own, ...groups].map(prepare) : []
  const names = new Set([...seen.keys(), ...pairs.map(({ w }) => w.name)])
  // A variable without a gradient so far has no states.
  const isStepped = (w: tf.Variable): boolean =>
    !keepsStates(w) || states.byVariable.has(w) || states.order !== undefined
  return pairs.map(({ w }) => {
    const rule = rules[1 + groups.findIndex(({ match }) => fits(match, w, names))]
    const tensor = tf.tidy(() => tf.clone(rule !== undefined && isStepped(w) ? rule(w) : w))
    return { name: w.name, tensor }
  })
}

/** The variables of all steps so far, and those that states were restored for. */
export function trainedVariables<Name extends string>({
  seen,
  states,
}: Steps<Name>): { w: tf.Variable }[] {
  const { registeredVariables } = tf.engine()
  const known = [...seen.keys()].flatMap((name) => registeredVariables[name] ?? [])
  const waiting = states.entries.filter(({ variable }) => variable === undefined)
  // Once there was a step, what nothing has asked for belongs to variables that are no longer there.
  const restored = states.isRestored ? waiting.map(({ savedAs }) => ({ name: savedAs })) : []
  return [...known.map((w) => ({ w })), ...restored.map(registeredVariable)]
}

/** The variable of this name. */
export function registeredVariable({ name }: { name: string }): { w: tf.Variable } {
  const w = tf.engine().registeredVariables[name]
  if (w === undefined) {
    throw new Error(`there is no variable called ${name}: give the variables to evaluate with`)
  }
  return { w }
}

/** Runs `f` with the weights to evaluate with in the place of the weights; these are put back whatever becomes of `f`. */
export function withEvaluationWeights<Name extends string, Result>(
  evaluation: Evaluation<Name>,
  f: () => Result,
  given?: readonly { name: string }[],
): Result {
  const evaluated = evaluationWeights(evaluation, given)
  const kept = evaluated.map(({ name, tensor }) => {
    const { w } = registeredVariable({ name })
    return { w, tensor: tf.keep(tensor), own: tf.keep(tf.clone(w)) }
  })
  const restore = (): void => {
    for (const { w, tensor, own } of kept) {
      if (!isGone(w)) w.assign(own)
      tf.dispose([tensor, own])
    }
    evaluation.isSwapped = false
  }
  evaluation.isSwapped = true
  let isPending = false
  try {
    for (const { w, tensor } of kept) w.assign(tensor)
    const result = f()
    isPending = result instanceof Object && 'then' in result
    return isPending ? (Promise.resolve(result).finally(restore) as Result) : result
  } finally {
    if (!isPending) restore()
  }
}
