import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as tf from '@tensorflow/tfjs-core'

/** What a step leaves behind. */
export interface StepMemory {
  /** Tensors that are there after a step and were not before it, and their bytes: 0 where nothing leaks. */
  readonly tensors: number
  readonly tensorBytes: number
  /** Bytes of JavaScript, on its heap and in array buffers, that a step takes until the garbage collector comes. */
  readonly heapBytes: number
}

/** Steps in which no garbage is collected, where there are a few small variables: some megabytes. */
const STEPS = 10
const SAMPLES = 3

/** What a step leaves behind, for an optimizer that has taken its first: the median of a few measurements. */
export function memoryOf(step: () => void): StepMemory {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const samples = Array.from({ length: SAMPLES }, (): StepMemory => {
    collect()
    const before = usage()
    for (let index = 0; index < STEPS; index++) step()
    const after = usage()
    const grown = (of: keyof StepMemory): number => (after[of] - before[of]) / STEPS
    return {
      tensors: grown('tensors'),
      tensorBytes: grown('tensorBytes'),
      heapBytes: grown('heapBytes'),
    }
  })
  return samples.sort((a, b) => a.heapBytes - b.heapBytes)[SAMPLES >> 1]!
}

function usage(): StepMemory {
  const { numTensors, numBytes } = tf.memory()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return { tensors: numTensors, tensorBytes: numBytes, heapBytes: heapUsed + arrayBuffers }
}
