import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadPrograms } from '../../src/emit/ts/load.ts'
import { simulateModel } from '../../src/plan/run/evaluate.ts'
import { compileText } from '../emit/compile-program.ts'
import { useBackend } from '../emit/tensor-backend.ts'
import { GRADIENTS, PROGRAMS, SHAPES, start, STEPS, TOLERANCE, worst } from './total-rules.ts'

const WAYS = (['cpu', 'wasm'] as const).flatMap((backend) =>
  [false, true].map((kernels) => ({ backend, kernels })),
)

describe.each(WAYS)(
  'numbers over all parameters, $backend, kernels $kernels',
  ({ backend, kernels }) => {
    beforeAll(() => useBackend(backend))

    describe.each(Object.entries(PROGRAMS))('%s', (_, text) => {
      test.each(Object.entries(GRADIENTS))('%s gradients', async (__, gradientOf) => {
        const { programs, functions } = compileText(
          'tried.opt',
          'optimizer tried(lr = 0.1) {\n' + text + '\n}',
        )
        const { optimizers } = await loadPrograms(programs, functions, tf, kernels)
        const optimizer = new (optimizers.get('Tried')!)()
        const weights = SHAPES.map((shape, index) =>
          tf.variable(tf.tensor(start[index]!, [...shape], 'float32')),
        )
        const gradients = Array.from({ length: STEPS }, (__, step) =>
          SHAPES.map((___, index) => gradientOf(step, index)),
        )
        const expected = simulateModel(programs[0]!, { shapes: SHAPES }, start, gradients).w
        const before = tf.memory().numTensors
        for (const [step, given] of gradients.entries()) {
          tf.tidy(() =>
            optimizer.applyGradients(
              weights.map(({ name, shape }, index) => ({
                name,
                tensor: tf.tensor(given[index]!, shape, 'float32'),
              })),
            ),
          )
          for (const [index, w] of weights.entries())
            expect(
              worst(w.dataSync(), expected[step]![index]!),
              `step ${step}, parameter ${index}`,
            ).toBeLessThan(TOLERANCE)
        }
        optimizer.dispose()
        expect(tf.memory().numTensors).toBe(before)
        tf.dispose(weights)
      })
    })
  },
)
