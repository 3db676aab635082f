import { featureNames } from './features.ts'
import type { Target } from './target.ts'

export type TargetName = 'ts' | 'kernels' | 'keras' | 'optax' | 'pytorch'

/** Every target, by the name users call it. What prints it is loaded when it is first asked for. */
export const targets = {
  /** Readable TypeScript classes for tfjs-core. */
  ts: {
    name: 'ts',
    extension: 'ts',
    supports: featureNames,
    print: async (...of) => (await import('./ts/print.ts')).printTypeScript(...of),
  },
  /** The same classes with each step as few kernels, which backends run in one pass each. */
  kernels: {
    name: 'kernels',
    extension: 'ts',
    supports: featureNames,
    print: async (programs, functions, options) =>
      (await import('./ts/print.ts')).printTypeScript(programs, functions, options, true),
  },
  /** Optimizers of Keras, on all of its backends. */
  keras: {
    name: 'keras',
    extension: 'py',
    supports: featureNames,
    print: async (...of) => (await import('./keras/print.ts')).printKeras(...of),
  },
  /** Gradient transformations of optax. */
  optax: {
    name: 'optax',
    extension: 'py',
    supports: featureNames,
    print: async (...of) => (await import('./optax/print.ts')).printOptax(...of),
  },
  /** Optimizers of PyTorch. */
  pytorch: {
    name: 'pytorch',
    extension: 'py',
    supports: featureNames,
    print: async (...of) => (await import('./pytorch/print.ts')).printPyTorch(...of),
  },
} as const satisfies Readonly<Record<TargetName, Target>>

/** The names of all targets, in the order of the table. */
export const targetNames = Object.keys(targets) as readonly TargetName[]

/** The target that everything is compiled to where nothing else is asked for, and that this process trains with. */
export const defaultTarget = targets.ts
