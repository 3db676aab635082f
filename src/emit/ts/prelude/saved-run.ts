import * as tf from '@tensorflow/tfjs-core'

/** A weight or gradient, as tf.Optimizer takes and gives them; tfjs-core uses this type and does not export it. */
export type NamedTensor = { name: string; tensor: tf.Tensor }

/**
 * The two weights that an optimizer of the class `owner` saves first: `iter`, the steps it has taken, and `OWNER/run`, the
 * numbers it keeps for the whole run, as the bits of 64-bit numbers. The second also tells whose weights these are.
 */
export interface SavedRun {
  readonly owner: string
  /** The tensors of the two, once they were saved. */
  readonly tensors: Map<string, tf.Variable>
}

/** The same for an optimizer that has not saved anything. */
export function createSavedRun(owner: string): SavedRun {
  return { owner, tensors: new Map() }
}

/** The two weights. The tensors stay the optimizer's: the next call changes them, `disposeRun` frees them. */
export function saveRun(
  { owner, tensors }: SavedRun,
  iterations: number,
  run: readonly number[] = [],
): NamedTensor[] {
  const keep = (name: string, value: tf.Tensor): NamedTensor => {
    let tensor = tensors.get(name)
    if (tensor === undefined || isGone(tensor)) tensor = tf.variable(value, false)
    else tensor.assign(value)
    tensors.set(name, tensor)
    return { name, tensor }
  }
  return tf.tidy(() => [
    keep('iter', tf.scalar(iterations, 'int32')),
    keep(`${owner}/run`, tf.tensor1d(new Int32Array(new Float64Array(run).buffer), 'int32')),
  ])
}

/** The steps and the `length` numbers of what `saveRun` gave. Throws an Error for the weights of anything else. */
export async function restoreRun(
  { owner }: SavedRun,
  weights: readonly NamedTensor[],
  length = 0,
): Promise<{ iterations: number; run: number[] }> {
  const { states, ...numbers } = await readWeights(owner, weights, length)
  const [first] = states
  if (first !== undefined) {
    throw new Error(`${first.name} was saved; ${owner} keeps no states of variables`)
  }
  return numbers
}

/** Frees the tensors. */
export function disposeRun({ tensors }: SavedRun): void {
  for (const tensor of tensors.values()) tensor.dispose()
  tensors.clear()
}

/**
 * The steps, the `length` numbers of the run and the states in the weights of an optimizer of the class `owner`; 0 steps and
 * nothing else in none. Throws an Error for those of another class, or with another number of numbers.
 */
export async function readWeights(
  owner: string,
  weights: readonly NamedTensor[],
  length: number,
): Promise<{ iterations: number; run: number[]; states: NamedTensor[] }> {
  const [iter, second, ...others] = weights
  if (iter === undefined) return { iterations: 0, run: [], states: [] }
  if (iter.name !== 'iter' || iter.tensor.size !== 1) {
    throw new Error(`the first weight is the number of steps, iter; here it is ${iter.name}`)
  }
  // Classes without numbers of the run used to save no second weight. States are never integers.
  const isRun = second?.tensor.dtype === 'int32' && second.name.endsWith('/run')
  const saver = isRun ? second.name.slice(0, -'/run'.length) : owner
  if (saver !== owner) {
    throw new Error(`these weights were saved by ${saver}; ${owner} cannot take them`)
  }
  const count = isRun ? second.tensor.size / 2 : 0
  if (count !== length) {
    throw new Error(`${count} numbers of the run were saved; ${owner} keeps ${length}`)
  }
  const [iterations = NaN] = await iter.tensor.data()
  if (!Number.isInteger(iterations) || iterations < 0) {
    throw new RangeError(`iter is ${iterations}; it must be a number of steps`)
  }
  const run = isRun ? new Float64Array((await second.tensor.data()).slice().buffer) : []
  return { iterations, run: [...run], states: isRun ? others : weights.slice(1) }
}

/** Whether the variable is disposed; tf.disposeVariables does not mark those it disposes. */
export function isGone(variable: tf.Variable): boolean {
  return tf.engine().registeredVariables[variable.name] !== variable
}
