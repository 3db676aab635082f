/** Which axis of a parameter of rank 2 and more its outputs are on: the last in tfjs, Keras and JAX, the first in PyTorch. */
export type Layout = (typeof layouts)[number]

/** All layouts; the first is meant where none is given. */
export const layouts = ['outputs-last', 'outputs-first'] as const
