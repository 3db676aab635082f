import type { WeightNaming } from './weight-naming.ts'

/** A variable of a network of the family EfficientNet by its parts. */
interface Part {
  /** Stage and block within it, from 1; absent outside of blocks. */
  readonly block?: { readonly stage: number; readonly number: number; readonly name: string }
  /** The layer in its block, without `_normalization`. */
  readonly layer: string
  readonly isNormalization: boolean
  readonly variable: string
}

/** What is known of the whole network where one of its variables gets a name. */
interface Whole {
  /** Names of its blocks, in their order. */
  readonly blocks: readonly string[]
  /** Last of the stages. */
  readonly stages: number
  /** Whether the layer of that name is in the block. */
  readonly has: (block: string, layer: string) => boolean
}

const PATTERN =
  /^(?:(stage(\d+)_block(\d+))\/)?(\w+?)(_normalization)?\/((?:reduce\/|expand\/)?(?:kernel|bias)|gamma|beta|moving_mean|moving_variance)$/

function partOf(own: string): Part | undefined {
  const [, name, stage, number, layer, normalization, variable] = PATTERN.exec(own) ?? []
  if (layer === undefined || variable === undefined) return undefined
  return {
    ...(name !== undefined && { block: { name, stage: Number(stage), number: Number(number) } }),
    ...{ layer, variable, isNormalization: normalization !== undefined },
  }
}

/** The row of a library that names a part by `nameOf`. */
function naming(
  name: string,
  isOutputsFirst: boolean,
  nameOf: (part: Part, whole: Whole) => string | undefined,
): WeightNaming {
  const namesOf: WeightNaming['namesOf'] = (own) => {
    const parts = own.flatMap((each) => {
      const part = partOf(each)
      return part === undefined ? [] : [[each, part] as const]
    })
    const layers = new Set(parts.map(([, { block, layer }]) => `${block?.name}/${layer}`))
    const blocks = [...new Set(parts.flatMap(([, { block }]) => block?.name ?? []))]
    const whole: Whole = {
      blocks,
      stages: Math.max(0, ...parts.map(([, { block }]) => block?.stage ?? 0)),
      has: (block, layer) => layers.has(`${block}/${layer}`),
    }
    return new Map(
      parts.flatMap(([each, part]) => {
        const theirs = nameOf(part, whole)
        return theirs === undefined ? [] : [[each, theirs] as const]
      }),
    )
  }
  return { name, isOutputsFirst, namesOf }
}

/** PyTorch's words for variables. */
const TORCH_VARIABLES: Readonly<Record<string, string>> = {
  ...{ kernel: 'weight', bias: 'bias', gamma: 'weight', beta: 'bias' },
  ...{ moving_mean: 'running_mean', moving_variance: 'running_var' },
  ...{ 'reduce/kernel': 'fc1.weight', 'reduce/bias': 'fc1.bias' },
  ...{ 'expand/kernel': 'fc2.weight', 'expand/bias': 'fc2.bias' },
}

/** `torchvision.models.efficientnet_v2_s` and its relatives. */
const torchvision = naming('torchvision', true, (part, { stages, has }) => {
  const { block, layer, isNormalization, variable } = part
  const theirs = TORCH_VARIABLES[variable]
  if (theirs === undefined) return undefined
  const inside = `${isNormalization ? 1 : 0}.${theirs}`
  if (block === undefined) {
    const outside: Readonly<Record<string, string>> = {
      stem: `features.0.${inside}`,
      head: `features.${stages + 1}.${inside}`,
      classes: `classifier.1.${theirs}`,
    }
    return outside[layer]
  }
  const order = ['expand', 'depthwise', 'squeeze', 'project'].filter((each) =>
    has(block.name, each),
  )
  const place = `features.${block.stage}.${block.number - 1}.block.${order.indexOf(layer)}`
  return layer === 'squeeze' ? `${place}.${theirs}` : `${place}.${inside}`
})

const KERAS_OUTSIDE: Readonly<Record<string, { readonly layer: string; readonly bn: string }>> = {
  stem: { layer: 'stem_conv', bn: 'stem_bn' },
  head: { layer: 'top_conv', bn: 'top_bn' },
  classes: { layer: 'predictions', bn: '' },
}

const KERAS_INSIDE: Readonly<Record<string, { readonly layer: string; readonly bn: string }>> = {
  expand: { layer: 'expand_conv', bn: 'expand_bn' },
  depthwise: { layer: 'dwconv2', bn: 'bn' },
  project: { layer: 'project_conv', bn: 'project_bn' },
}

/** `keras.applications.EfficientNetV2S` and its relatives, by the paths of their weights. */
const keras = naming('Keras', false, ({ block, layer, isNormalization, variable }) => {
  const names = (block === undefined ? KERAS_OUTSIDE : KERAS_INSIDE)[layer]
  const prefix =
    block === undefined
      ? ''
      : `block${block.stage}${String.fromCharCode('a'.charCodeAt(0) + block.number - 1)}_`
  if (layer === 'squeeze') return `${prefix}se_${variable}`
  if (names === undefined) return undefined
  return `${prefix}${isNormalization ? names.bn : names.layer}/${variable}`
})

/** Numbers of the normalisations in a block of the package `efficientnet-lite-pytorch`. */
const LITE_NORMALIZATIONS: Readonly<Record<string, number>> = {
  expand: 0,
  depthwise: 1,
  project: 2,
}

const LITE_OUTSIDE: Readonly<Record<string, { readonly layer: string; readonly bn: string }>> = {
  stem: { layer: '_conv_stem', bn: '_bn0' },
  head: { layer: '_conv_head', bn: '_bn1' },
  classes: { layer: '_fc', bn: '' },
}

/** The package `efficientnet-lite-pytorch`. */
const lite = naming('efficientnet-lite-pytorch', true, (part, { blocks }) => {
  const { block, layer, isNormalization, variable } = part
  const theirs = TORCH_VARIABLES[variable]
  if (block === undefined) {
    const names = LITE_OUTSIDE[layer]
    return names && `${isNormalization ? names.bn : names.layer}.${theirs}`
  }
  const inside = isNormalization ? `_bn${LITE_NORMALIZATIONS[layer]}` : `_${layer}_conv`
  return `_blocks.${blocks.indexOf(block.name)}.${inside}.${theirs}`
})

/** What other libraries call the weights of this family. */
export const EFFICIENT_NET_NAMINGS: readonly WeightNaming[] = [torchvision, keras, lite]
