import * as tf from '@tensorflow/tfjs-core'
import type { Tensors } from '../weight-files.ts'
import type { Layer } from './layer.ts'
import { sequence } from './sequence.ts'
import { plainName } from './weights.ts'

/** All variables of layers: of each what is trained, then its moving averages. */
export function variablesOf(layers: readonly Layer[]): readonly tf.Variable[] {
  return layers.flatMap(({ parameters, state }) => [...parameters, ...state])
}

/** Layers one after the other that do in training what they do in evaluation: nothing of them changes, and nothing goes back through them. */
export function frozenLayer(layers: readonly Layer[]): Layer {
  const { infer } = sequence('frozen', layers)
  return {
    name: 'frozen',
    parameters: [],
    state: variablesOf(layers),
    infer,
    train: (x) => ({ output: infer(x), backward: () => ({ parameters: [] }) }),
  }
}

/** Gives variables the values of their names; those without keep theirs. */
export function setWeights(
  layers: readonly Layer[],
  values: ReadonlyMap<string, Float32Array>,
): void {
  for (const variable of variablesOf(layers)) {
    const given = values.get(plainName(variable.name))
    if (given !== undefined) tf.tidy(() => variable.assign(tf.tensor(given, variable.shape)))
  }
}

/** The weights as files hold them, by the names without the number that another run in the process makes necessary. */
export function tensorsOf(variables: readonly tf.Variable[]): Tensors {
  return new Map(
    variables.map((variable) => [
      plainName(variable.name),
      {
        type: 'float32' as const,
        shape: variable.shape,
        values: variable.dataSync<'float32'>(),
      },
    ]),
  )
}
