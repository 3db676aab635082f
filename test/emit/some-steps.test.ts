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

test('neither is what stands under an `else if`', async () => {
  await useBackend('cpu')
  const rule = (first: string, second: string): string =>
    `state slow = w\n${RULE}if t == 1 {\n  ${first}\n} else if mod(t, 3) == 2 {\n  ${second}\n}\nupdate = n - slow\n`
  const [keeps, root] = ['slow = slow', 'slow = sqrt(sqrt(abs(slow)))']
  const never = await kernelCounts(rule(keeps, keeps))
  const first = await kernelCounts(rule(root, keeps))
  const second = await kernelCounts(rule(keeps, root))
  const both = await kernelCounts(rule(root, root.replace('slow)', 'w)')))
  const more = (counts: readonly number[]): number[] =>
    counts.slice(1).map((count, index) => count - never[index + 1]!)
  const cost = first[1]! - never[1]!
  expect(cost).toBeGreaterThan(2)
  expect(more(first)).toEqual([cost, 0, 0, 0, 0])
  expect(more(second)).toEqual([0, cost, 0, 0, cost])
  expect(more(both)).toEqual([cost, cost, 0, 0, cost])
})
