import { elementCount, type NumberArray } from '../formats/number-array.ts'
import { OWN_NAMING, type WeightNaming } from './weight-naming.ts'

/** A variable of a network: its name and its extents. */
export interface NamedShape {
  readonly name: string
  readonly shape: readonly number[]
}

/** Weights of a file as those of a network. */
export interface MatchedWeights {
  /** Whose names the file has. */
  readonly naming: string
  /** Values by our names, row-major in our layout. */
  readonly values: ReadonlyMap<string, Float32Array>
  /** Variables of the last layer that keep fresh values, since the file's are of another number of classes. */
  readonly replaced: readonly string[]
  /** What the file holds beside them. */
  readonly unused: readonly string[]
}

/** What a network begins with in place of fresh weights that are all trained. */
export interface FineTuning {
  readonly weights?: MatchedWeights
  /** Names of the layers that stay as they are: the first ones. */
  readonly frozenLayers: readonly string[]
}

/** Most names that a message lists. */
const MOST_LISTED = 3

/**
 * The weights of `tensors` for `variables`, by the naming that most of them have there; or as a sentence fragment why they are none.
 * Those in `last`, variables of the layer that gives the classes, may have other extents in the file.
 */
export function matchWeights(
  tensors: ReadonlyMap<string, NumberArray>,
  variables: readonly NamedShape[],
  last: ReadonlySet<string>,
  namings: readonly WeightNaming[] = [],
): MatchedWeights | string {
  const own = variables.map(({ name }) => name)
  const candidates = [OWN_NAMING, ...namings].map((naming) => {
    const names = naming.namesOf(own)
    return { naming, names, found: own.filter((name) => tensors.has(names.get(name) ?? '')).length }
  })
  const best = candidates.reduce((a, b) => (b.found > a.found ? b : a))
  const { naming, names } = best
  const known = candidates.map((each) => each.naming.name).join(', ')
  if (best.found === 0) return `holds no weight of the network by the names of ${known}`
  const missing = own.filter((name) => !tensors.has(names.get(name) ?? '') && !last.has(name))
  if (missing.length > 0)
    return `has the names of ${naming.name} and lacks ${listed(missing.map((name) => names.get(name) ?? name))}`
  const values = new Map<string, Float32Array>()
  const replaced: string[] = []
  for (const { name, shape } of variables) {
    const tensor = tensors.get(names.get(name) ?? '')
    const found = tensor && inOurLayout(tensor, naming)
    if (found !== undefined && withoutOnes(found.shape) === withoutOnes(shape))
      values.set(name, Float32Array.from(found.values))
    else if (last.has(name)) replaced.push(name)
    else
      return `has ${names.get(name)} of shape [${tensor?.shape.join(', ')}], and ${name} of the network has [${shape.join(', ')}]`
  }
  const used = new Set(names.values())
  const unused = [...tensors.keys()].filter((name) => !used.has(name))
  return { naming: naming.name, values, replaced, unused }
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_LISTED
  return names.slice(0, MOST_LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '')
}

const withoutOnes = (shape: readonly number[]): string =>
  shape.filter((extent) => extent !== 1).join()

/** [outputs, inputs, height, width] as [height, width, inputs, outputs]; [outputs, inputs] as [inputs, outputs]; others as they are. */
function inOurLayout(
  { shape, values }: NumberArray,
  { isOutputsFirst }: WeightNaming,
): Pick<NumberArray, 'shape' | 'values'> {
  if (!isOutputsFirst || shape.length < 2) return { shape, values }
  const [outputs = 1, inputs = 1, ...taps] = shape
  const positions = elementCount(taps)
  const turned = new Float32Array(values.length)
  let from = 0
  for (let output = 0; output < outputs; output++)
    for (let input = 0; input < inputs; input++)
      for (let position = 0; position < positions; position++)
        turned[(position * inputs + input) * outputs + output] = values[from++]!
  return { shape: [...taps, inputs, outputs], values: turned }
}
