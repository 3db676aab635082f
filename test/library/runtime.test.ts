import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { evaluatesElsewhere, loadOptimizer, selectBackend } from '../../src/library/runtime.ts'
import { standardLibrary } from '../../src/library/standard-library.ts'

test('trains a convolution with a loaded rule on wasm', async () => {
  expect(await selectBackend('wasm')).toMatchObject({ ok: true })
  const { value: adam } = await loadOptimizer(standardLibrary['std/adam']!)
  const optimizer = adam!({ hyperparameters: { lr: 0.05 } })
  const images = tf.randomUniform<tf.Rank.R4>([8, 6, 6, 1], 0, 1, 'float32', 1)
  const wanted = tf.mul(images, 2)
  const filter = tf.variable(tf.zeros<tf.Rank.R4>([3, 3, 1, 1]))
  const loss = (): tf.Scalar =>
    tf.mean(tf.square(tf.sub(tf.conv2d(images, filter, 1, 'same'), wanted)))
  const before = tf.tidy(() => loss().dataSync()[0]!)
  for (let step = 0; step < 100; step++) optimizer.minimize(loss, false, [filter])
  expect(tf.tidy(() => loss().dataSync()[0]!)).toBeLessThan(before / 20)
})

test('hyperparameters of a group go by the names in the program', async () => {
  const { value: rule } = await loadOptimizer(
    'optimizer Decayed(lr = 1, weight_decay = 0.5) {\n  update = lr * g + weight_decay * w\n}',
  )
  const variables = ['kernel', 'bias'].map((name) => tf.variable(tf.scalar(8), true, name))
  const optimizer = rule!({
    hyperparameters: { lr: 2 },
    groups: [{ match: /bias/, hyperparameters: { weight_decay: 0 } }],
    onNonFinite: 'skip',
    accumulate: 2,
  })
  for (const gradient of [1, NaN, 2])
    optimizer.applyGradients({ kernel: tf.scalar(gradient), bias: tf.scalar(gradient) })
  expect(variables.map((w) => w.dataSync()[0])).toEqual([8 - 2 * 1.5 - 4, 8 - 2 * 1.5])
  expect(() =>
    rule!({ hyperparameters: {}, groups: [{ match: /a/, hyperparameters: { weight: 1 } }] }),
  ).toThrow(/groups\[0\] has no weight; there are match, lr, weightDecay/)
  tf.dispose(variables)
})

test('says what is wrong with a program and with what is asked', async () => {
  expect(await loadOptimizer('update = h')).toMatchObject({
    value: undefined,
    diagnostics: [{ code: 'unknown-name' }],
  })
  expect((await loadOptimizer('update = lr * g', { name: 'Adam' })).problem).toContain('Adam')
  const { value: rule } = await loadOptimizer('update = lr * g')
  expect(() => rule!({ hyperparameters: { lr: -1 } })).toThrow(RangeError)
})

test('says which optimizers are evaluated elsewhere than they are trained', async () => {
  const made = await Promise.all(
    ['evaluate = 2 * w\n', ''].map(async (end) => {
      const { value } = await loadOptimizer(`update = lr * g\n${end}`)
      return value!({ hyperparameters: { lr: 1 } })
    }),
  )
  expect(made.map(evaluatesElsewhere)).toEqual([true, false])
  const [optimizer] = made
  const w = tf.variable(tf.scalar(3), true, 'evaluated')
  optimizer!.applyGradients([{ name: w.name, tensor: tf.scalar(1) }])
  if (evaluatesElsewhere(optimizer!))
    expect(optimizer.withEvaluationWeights(() => w.dataSync()[0])).toBe(4)
  expect(w.dataSync()[0]).toBe(2)
})
