import { z } from 'zod'
import type { Layer } from './layer.ts'
import type { WeightMaker } from './weights.ts'

/** Extents of one example, without the batch: [height, width, channels] of an image, [features] of a row. */
export type Shape = readonly number[]

/** A shape, or why there is none: a sentence fragment that can follow the layer's name. */
export type ShapeOrProblem = Shape | string

/** What every layer of a file may say. */
export interface NamedSpec {
  /** Its weights are called by it; the kind and its number among those of its kind when absent. */
  readonly name?: string
}

export const layerName = z.string().regex(/^\w+$/, 'expected letters, digits and _').exactOptional()

export const count = z.int().min(1)

/** Where a layer stands. */
export interface LayerPlace {
  readonly name: string
  readonly make: WeightMaker
  /** Shape of an example as it comes to the layer. */
  readonly input: Shape
  /** How many numbers the network has to give for an example. */
  readonly outputs: number
}

/** One kind of layer as a row: what it says in a file, what comes out of it, what it costs, and the layer itself. */
export interface LayerKind<Spec> {
  readonly summary: string
  readonly schema: z.ZodType<Spec>
  /** Shape of an example behind the layer. `outputs`: how many numbers the network has to give. */
  readonly shape: (spec: Spec, input: Shape, outputs: number) => ShapeOrProblem
  /** Multiplications for an example, of products and convolutions alone; 0 when absent. `output`: the shape behind it. */
  readonly work?: (spec: Spec, input: Shape, output: Shape) => number
  /** The same `factor` times as wide, never narrower than 1; itself when absent. */
  readonly widened?: (spec: Spec, factor: number) => Spec
  /** The layer with fresh weights. `output`: the shape behind it. */
  readonly build: (spec: Spec, place: LayerPlace, output: Shape) => Layer
}

/** What layers that hold layers do with theirs. */
export interface LayerLists<Spec> {
  readonly schema: z.ZodType<readonly Spec[]>
  readonly shape: (specs: readonly Spec[], input: Shape, outputs: number) => ShapeOrProblem
  readonly work: (specs: readonly Spec[], input: Shape, outputs: number) => number
  readonly widened: (specs: readonly Spec[], factor: number) => readonly Spec[]
  /** The layers with fresh weights, each called `NAME/ITS NAME` where the place has a name. */
  readonly build: (specs: readonly Spec[], place: LayerPlace) => readonly Layer[]
}

export const sizeOf = (shape: Shape): number =>
  shape.reduce((product, extent) => product * extent, 1)

/** `count` times `factor`, at least 1. */
export const scaled = (count: number, factor: number): number =>
  Math.max(1, Math.round(count * factor))

/** A problem where an example has not as many axes as the layer takes. */
export function wantsRank(
  input: Shape,
  ranks: readonly number[],
  what: string,
): string | undefined {
  return ranks.includes(input.length)
    ? undefined
    : `takes ${what}, not examples of shape [${input.join(', ')}]`
}

export const IMAGES = 'images [height, width, channels]'
