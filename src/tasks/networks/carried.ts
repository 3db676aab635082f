import * as tf from '@tensorflow/tfjs-core'

/** What recurrent layers give from one batch to the next. */
export interface Carried {
  /** What the layer of that name has left; undefined at the beginning. */
  get(name: string): readonly tf.Tensor[] | undefined
  /** Keeps `tensors` beyond the tidy they were made in, in the place of those before. */
  set(name: string, tensors: readonly tf.Tensor[]): void
  /** Forgets everything: the next batch is a beginning. */
  clear(): void
}

export function createCarried(): Carried {
  const kept = new Map<string, readonly tf.Tensor[]>()
  return {
    get: (name) => kept.get(name),
    set: (name, tensors) => {
      tf.dispose([...(kept.get(name) ?? [])])
      kept.set(
        name,
        tensors.map((tensor) => tf.keep(tensor)),
      )
    },
    clear: () => {
      tf.dispose([...kept.values()].flat())
      kept.clear()
    },
  }
}
