import type { DataProblem, DataResult } from '../data-file.ts'
import { rootKey } from '../../operators/random.ts'
import type { Tensors } from '../weight-files.ts'
import type { Layer } from './layer.ts'
import { matchWeights, type FineTuning, type MatchedWeights } from './match-weights.ts'
import { buildNetwork, type Network, type NetworkEnds } from './network.ts'
import type { Objective } from './objectives/objective.ts'
import { variablesOf } from './variables.ts'
import { plainName } from './weights.ts'

/** What a user asks for before training. */
export interface FineTuningWish {
  /** A file's weights, and the file. */
  readonly weights?: { readonly path: string; readonly tensors: Tensors }
  /** Names of layers that stay as they are: the first ones of the network. */
  readonly frozen?: RegExp
}

/** Holds a wish against a network: whether the weights fit, and whether the frozen layers can be frozen. */
export function fineTuningOf(
  network: Network,
  ends: NetworkEnds,
  objective: Objective,
  { weights, frozen }: FineTuningWish,
): DataResult<FineTuning> {
  const model = buildNetwork(network, ends, objective, rootKey(0))
  try {
    const matched = weights && matchLayers(model.layers, network, weights.tensors)
    if (typeof matched === 'string')
      return { ok: false, problem: weightProblem(weights!.path, matched) }
    const count = frozen === undefined ? 0 : frozenCount(model.layers, frozen)
    if (typeof count === 'string') return { ok: false, problem: frozenProblem(frozen!, count) }
    return {
      ok: true,
      value: {
        ...(matched && { weights: matched }),
        frozenLayers: model.layers.slice(0, count).map(({ name }) => name),
      },
    }
  } finally {
    model.dispose()
  }
}

const weightProblem = (path: string, problem: string): DataProblem => ({
  ...{ path, problem },
  expected: 'a weight for each variable of the network, of its extents',
  remedy:
    'take the file of the same network; only its last layer may be of another number of classes',
})

const frozenProblem = (frozen: RegExp, problem: string): DataProblem => ({
  path: String(frozen),
  problem,
  expected: 'layers from the first on, without one that is trained between them',
  remedy: 'name all the layers up to the last one that shall stay as it is',
})

function matchLayers(
  layers: readonly Layer[],
  network: Network,
  tensors: Tensors,
): MatchedWeights | string {
  const shaped = variablesOf(layers).map(({ name, shape }) => ({ name: plainName(name), shape }))
  const last = layers.findLast(({ parameters }) => parameters.length > 0)
  const ofLast = new Set((last?.parameters ?? []).map(({ name }) => plainName(name)))
  return matchWeights(tensors, shaped, ofLast, network.namings)
}

/** How many of the first layers stay as they are, where those that `frozen` names do; as a sentence fragment why they cannot. */
function frozenCount(layers: readonly Layer[], frozen: RegExp): number | string {
  const count = layers.findLastIndex(({ name }) => frozen.test(name)) + 1
  if (count === 0) return `names none of the layers ${layers.map(({ name }) => name).join(', ')}`
  const trained = layers
    .slice(0, count)
    .find(({ name, parameters }) => parameters.length > 0 && !frozen.test(name))
  if (trained !== undefined)
    return `leaves ${trained.name} to be trained, which comes before ${layers[count - 1]!.name}`
  if (!layers.slice(count).some(({ parameters }) => parameters.length > 0))
    return 'leaves nothing to be trained'
  return count
}
