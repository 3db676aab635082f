import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { train } from '../../examples/train-with-tfjs/train.ts'
import { printTypeScript } from '../../src/emit/ts/print.ts'
import { compileFile } from '../stdlib/library.ts'

beforeAll(async () => {
  tf.enableProdMode()
  await tf.setBackend('cpu')
})

it('the class of the example is what the compiler makes of the rule', async () => {
  const { programs, functions } = compileFile('examples/cautious-adam.opt')
  const [artifact] = await printTypeScript(programs, functions)
  await expect(artifact!.text).toMatchFileSnapshot(
    '../../examples/train-with-tfjs/cautious-adam.ts',
  )
})

it('the example learns the spirals and leaks nothing', async () => {
  const before = tf.memory().numTensors
  const losses = await train(60)
  expect(tf.memory().numTensors).toBe(before)
  expect(losses[0]).toBeGreaterThan(0.5)
  expect(losses.at(-1)).toBeLessThan(0.1)
})
