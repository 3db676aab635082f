import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { loadPrograms } from '../../src/emit/ts/load.ts'
import { compileText } from './compile-program.ts'
import { useBackend } from './tensor-backend.ts'

const RULE = 'state n = 0\nn = 0.9 * n + g\n'
const OFTEN = `state slow = w\nstate m = 0\n${RULE}let pulled = slow + 0.5 * (w - slow)\nslow = pulled\nm = pulled * norm(pulled)\nupdate = n + m - slow\n`
const SELDOM = `state slow = w\nstate m = 0\n${RULE}if mod(t, 3) == 1 {\n  let pulled = slow + 0.5 * (w - slow)\n  slow = pulled\n  m = pulled * norm(pulled)\n}\nupdate = n + m - slow\n`
const NEVER = `state slow = w\nstate m = 0\n${RULE}m = m\nslow = slow\nupdate = n + m - slow\n`

/** How many operations of tfjs each of six steps of a rule takes. */
async function kernelCounts(text: string): Promise<number[]> {
  const { programs } = compileText('rule.opt', text)
  const { optimizers } = await loadPrograms(programs, [], tf)
  const [Class] = optimizers.values()
  const optimizer = new Class!({})
  const weight = tf.variable(tf.tensor2d([1, 2, 3, 4], [2, 2]))
  const counts: number[] = []
  for (let step = 0; step < 6; step++) {
    const { kernels } = await tf.profile(() => {
      optimizer.applyGradients({ [weight.name]: tf.onesLike(weight) })
    })
    counts.push(kernels.length)
  }
  return counts
}

test('what stands under a condition on the step is not computed on other steps', async () => {
  await useBackend('cpu')
  // One after the other: tfjs has one profile.
  const often = await kernelCounts(OFTEN)
  const seldom = await kernelCounts(SELDOM)
  const never = await kernelCounts(NEVER)
  // The first step makes the states.
  const cost = often[2]! - never[2]!
  expect(cost).toBeGreaterThan(5)
  expect(seldom.slice(1).map((count) => count - never[2]!)).toEqual([cost, 0, 0, cost, 0])
})
