import type { Axis } from './type.ts'

/** Which axis of a parameter of rank 2 and more its outputs are on: the last in tfjs, Keras and JAX, the first in PyTorch. */
export type Layout = (typeof layouts)[number]

/** All layouts; the first is meant where none is given. */
export const layouts = ['outputs-last', 'outputs-first'] as const

/** How many outputs and inputs a parameter of a shape has: a vector has one input for each of its outputs, a number one of both. */
export function lengthsOf(
  shape: readonly number[],
  layout: Layout,
): Readonly<Record<Axis, number>> {
  const outputs = (layout === 'outputs-last' ? shape.at(-1) : shape[0]) ?? 1
  const others = layout === 'outputs-last' ? shape.slice(0, -1) : shape.slice(1)
  return { outputs, inputs: others.reduce((product, length) => product * length, 1) }
}
