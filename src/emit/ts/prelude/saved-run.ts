import * as tf from '@tensorflow/tfjs-core'

/** A weight or gradient, as tf.Optimizer takes and gives them; tfjs-core uses this type and does not export it. */
export type NamedTensor = { name: string; tensor: tf.Tensor }

/**
 * The weights that an optimizer of the class `owner` saves first: `iter`, the steps it has taken; `OWNER/run`, the numbers
 * it keeps for the whole run, as the bits of 64-bit numbers, which also tells whose weights these are; and `OWNER/calls`, what
 * it has counted of calls, unless that is nothing.
 */
export interface SavedRun {
  readonly owner: string
  /** Their tensors, once they were saved. */
  readonly tensors: Map<string, tf.Variable>
}

/** The same for an optimizer that has not saved anything. */
export function createSavedRun(owner: string): SavedRun {
  return { owner, tensors: new Map() }
}

/** These weights. The tensors stay the optimizer's: the next call changes them, `disposeRun` frees them. */
export function saveRun(
  { owner, tensors }: SavedRun,
  iterations: number,
  numbers: readonly number[],
  calls: readonly number[],
): NamedTensor[] {
  const keep = (name: string, values: ArrayLike<number>, shape?: number[]): NamedTensor => {
    const value = tf.tensor(Int32Array.from(values), shape, 'int32')
    let tensor = tensors.get(name)
    if (tensor !== undefined && !isGone(tensor) && tensor.size === value.size) tensor.assign(value)
    else {
      // There are no numbers of the run before its first step.
      tensor?.dispose()
      tensor = tf.variable(value, false)
    }
    tensors.set(name, tensor)
    return { name, tensor }
  }
  return tf.tidy(() => [
    keep('iter', [iterations], []),
    keep(`${owner}/run`, new Int32Array(new Float64Array(numbers).buffer)),
    ...(calls.some((count) => count > 0) ? [keep(`${owner}/calls`, calls)] : []),
  ])
}

/** Frees the tensors. */
export function disposeRun({ tensors }: SavedRun): void {
  for (const tensor of tensors.values()) tensor.dispose()
  tensors.clear()
}

/**
 * What the weights of an optimizer of the class `owner` hold: the steps, the numbers of the run, the counts of calls, and all
 * that stands behind; 0 steps and nothing else in none. Throws an Error for those of another class.
 */
export async function readWeights(
  owner: string,
  weights: readonly NamedTensor[],
): Promise<{ iterations: number; numbers: number[]; calls: number[]; named: NamedTensor[] }> {
  const [iter, ...others] = weights
  if (iter === undefined) return { iterations: 0, numbers: [], calls: [], named: [] }
  if (iter.name !== 'iter' || iter.tensor.size !== 1) {
    throw new Error(`the first weight is the number of steps, iter; here it is ${iter.name}`)
  }
  // Classes without numbers of the run used to save no second weight. States are never integers.
  const take = (end: string): tf.Tensor | undefined => {
    const [first] = others
    if (first?.tensor.dtype !== 'int32' || !first.name.endsWith(end)) return undefined
    const saver = first.name.slice(0, -end.length)
    if (saver !== owner) {
      throw new Error(`these weights were saved by ${saver}; ${owner} cannot take them`)
    }
    return others.shift()!.tensor
  }
  const [run, counts] = [take('/run'), take('/calls')]
  const [iterations = NaN] = await iter.tensor.data()
  if (!Number.isInteger(iterations) || iterations < 0) {
    throw new RangeError(`iter is ${iterations}; it must be a number of steps`)
  }
  const bits = (await run?.data())?.slice().buffer ?? new ArrayBuffer(0)
  return {
    iterations,
    numbers: [...new Float64Array(bits)],
    calls: [...((await counts?.data()) ?? [])],
    named: others,
  }
}

/** Whether the variable is disposed; tf.disposeVariables does not mark those it disposes. */
export function isGone(variable: tf.Variable): boolean {
  return tf.engine().registeredVariables[variable.name] !== variable
}
