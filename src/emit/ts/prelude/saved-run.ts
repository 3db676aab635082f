import * as tf from '@tensorflow/tfjs-core'

/** A weight or gradient, as tf.Optimizer takes and gives them; tfjs-core uses this type and does not export it. */
export type NamedTensor = { name: string; tensor: tf.Tensor }

/**
 * The two weights that an optimizer of the class `owner` saves first: `iter`, the steps it has taken, and `OWNER/run`, the
 * numbers it keeps for the whole run, as the bits of 64-bit numbers. The second also tells whose weights these are.
 */
export class SavedRun {
  private readonly owner: string
  private readonly tensors = new Map<string, tf.Variable>()

  constructor(owner: string) {
    this.owner = owner
  }

  /** The two weights. The tensors stay the optimizer's: the next call changes them, `dispose` frees them. */
  save(iterations: number, run: readonly number[] = []): NamedTensor[] {
    const bits = new Int32Array(new Float64Array(run).buffer)
    return [
      this.keep('iter', () => tf.scalar(iterations, 'int32')),
      this.keep(`${this.owner}/run`, () => tf.tensor1d(bits, 'int32')),
    ]
  }

  /**
   * The steps, the `length` numbers of the run and the other weights of a list that `save` began; 0 steps, no numbers and
   * no weights of an empty one. Throws an Error for weights of another class, with another number of numbers, or with
   * states where there are none.
   */
  async restore(
    weights: readonly NamedTensor[],
    length = 0,
    hasStates = false,
  ): Promise<{ iterations: number; run: number[]; others: NamedTensor[] }> {
    const [iter, head, ...rest] = weights
    if (iter === undefined) return { iterations: 0, run: [], others: [] }
    if (iter.name !== 'iter' || iter.tensor.size !== 1) {
      throw new Error(`the first weight is the number of steps, iter; here it is ${iter.name}`)
    }
    // Classes without numbers of the run used to save no second weight. States are never integers.
    const isRun = head !== undefined && head.tensor.dtype === 'int32' && head.name.endsWith('/run')
    const owner = isRun ? head.name.slice(0, -'/run'.length) : this.owner
    if (owner !== this.owner) {
      throw new Error(`these weights were saved by ${owner}; ${this.owner} cannot take them`)
    }
    const count = isRun ? head.tensor.size / 2 : 0
    if (count !== length) {
      throw new Error(`${count} numbers of the run were saved; ${this.owner} keeps ${length}`)
    }
    const others = isRun || head === undefined ? rest : [head, ...rest]
    const [other] = others
    if (other !== undefined && !hasStates) {
      throw new Error(`${other.name} was saved; ${this.owner} keeps no states of variables`)
    }
    const [iterations = NaN] = await iter.tensor.data()
    if (!Number.isInteger(iterations) || iterations < 0) {
      throw new RangeError(`iter is ${iterations}; it must be a number of steps`)
    }
    const run = isRun ? new Float64Array((await head.tensor.data()).slice().buffer) : []
    return { iterations, run: [...run], others }
  }

  /** Frees the tensors. */
  dispose(): void {
    for (const tensor of this.tensors.values()) tensor.dispose()
    this.tensors.clear()
  }

  private keep(name: string, value: () => tf.Tensor): NamedTensor {
    return tf.tidy(() => {
      let tensor = this.tensors.get(name)
      if (tensor === undefined || isGone(tensor)) tensor = tf.variable(value(), false)
      else tensor.assign(value())
      this.tensors.set(name, tensor)
      return { name, tensor }
    })
  }
}

/** Whether the variable is disposed; tf.disposeVariables does not mark those it disposes. */
export function isGone(variable: tf.Variable): boolean {
  return tf.engine().registeredVariables[variable.name] !== variable
}
