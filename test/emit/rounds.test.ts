import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadPrograms, type OptimizerClass } from '../../src/emit/ts/load.ts'
import { compileText } from './compile-program.ts'
import { useBackend } from './tensor-backend.ts'

beforeAll(() => useBackend('cpu'))

async function classOf(body: string): Promise<OptimizerClass> {
  const { programs, functions } = compileText('tried.opt', `optimizer tried(lr = 1) {\n${body}\n}`)
  return (await loadPrograms(programs, functions, tf)).optimizers.get('Tried')!
}

/** Three variables, of which the first is a number. */
function variables(): tf.Variable[] {
  return [tf.scalar(1), tf.tensor([1, 2]), tf.tensor([[3, 4]])].map((x) => tf.variable(x))
}

function step(
  optimizer: tf.Optimizer,
  weights: readonly tf.Variable[],
  gradients: readonly (number | null)[],
): void {
  optimizer.applyGradients(
    weights.map(({ name, shape }, index) => {
      const value = gradients[index]
      return {
        name,
        // A variable that the loss does not depend on.
        tensor:
          value === null || value === undefined
            ? (null as unknown as tf.Tensor)
            : tf.fill(shape, value),
      }
    }),
  )
}

const valuesOf = (weights: readonly tf.Variable[]): number[][] =>
  weights.map((w) => [...w.dataSync()])

const SUM = 'update = lr * global_sum(g)'

describe('what counts in a number over all parameters', () => {
  test('every element of every parameter', async () => {
    const weights = variables()
    step(new (await classOf(SUM))(), weights, [1, 2, 4])
    expect(valuesOf(weights)).toEqual([[-12], [-12, -11], [-10, -9]])
  })

  test('no parameter without a gradient', async () => {
    const weights = variables()
    step(new (await classOf(SUM))(), weights, [1, null, 4])
    expect(valuesOf(weights)).toEqual([[-8], [1, 2], [-6, -5]])
    const others = variables()
    step(new (await classOf(SUM))(), others, [null, null, null])
    expect(valuesOf(others)).toEqual(valuesOf(variables()))
  })

  test('parameters of all groups, each under its own hyperparameters', async () => {
    const weights = variables()
    const Class = await classOf('update = global_sum(lr * g)')
    const names = [weights[1]!.name]
    step(new Class({ groups: [{ match: names, lr: 10 }] }), weights, [1, 2, 4])
    // 1 + 2 * 20 + 2 * 4
    expect(valuesOf(weights)).toEqual([[-48], [-48, -47], [-46, -45]])
  })

  test('the mean gradient where several calls make one update', async () => {
    const weights = variables()
    const optimizer = new (await classOf(SUM))({ accumulate: 2 })
    step(optimizer, weights, [1, 2, 4])
    expect(valuesOf(weights)).toEqual(valuesOf(variables()))
    step(optimizer, weights, [3, 4, null])
    // (1 + 3) / 2 + 2 * (2 + 4) / 2 + 2 * 4 / 2
    expect(valuesOf(weights)).toEqual([[-11], [-11, -10], [-9, -8]])
  })

  test('nothing of a step that is skipped', async () => {
    const weights = variables()
    const optimizer = new (await classOf('state d = 1\nd = d + global_sum(g)\nupdate = d * g'))({
      onNonFinite: 'skip',
    })
    step(optimizer, weights, [NaN, 1, 1])
    step(optimizer, weights, [1, 0, 0])
    expect(valuesOf(weights)[0]).toEqual([-1])
  })
})

describe('a state of the run that rests on the gradients', () => {
  const BODY =
    'state k = 1\nstate d = 1e-3\nstate s = 0\nk = 0.5 * k\ns = s + g\nd = max(d, global_norm(s) / (1 + k))\nupdate = lr * d * g'

  test('is saved and goes on', async () => {
    const Class = await classOf(BODY)
    const [whole, parted] = [variables(), variables()]
    const optimizer = new Class()
    for (const value of [1, 2, 3, 4]) step(optimizer, whole, [value, -value, 1])
    const first = new Class()
    for (const value of [1, 2]) step(first, parted, [value, -value, 1])
    const saved = (await first.getWeights()).map(({ name, tensor }) => ({
      name,
      tensor: tensor.clone(),
    }))
    first.dispose()
    const second = new Class()
    await second.setWeights(saved)
    for (const value of [3, 4]) step(second, parted, [value, -value, 1])
    expect(valuesOf(parted)).toEqual(valuesOf(whole))
  })

  test('holds what getWeights says', async () => {
    const optimizer = new (await classOf(BODY))()
    step(optimizer, variables(), [1, 1, 1])
    const run = (await optimizer.getWeights()).find(({ name }) => name.endsWith('/run'))!
    const [k, d] = new Float64Array((await run.tensor.data()).slice().buffer)
    expect(k).toBe(0.5)
    expect(d).toBeCloseTo(Math.sqrt(5) / 1.5, 6)
  })

  test('is one for each group, and a parameter that comes later has the one there is', async () => {
    const Class = await classOf('state d = 0\nd = d + global_sum(abs(g))\nupdate = d')
    const weights = variables()
    const optimizer = new Class({ groups: [{ match: [weights[2]!.name], lr: 2 }] })
    step(optimizer, weights, [1, 1, null])
    step(optimizer, weights, [0, 0, 1])
    expect(valuesOf(weights)).toEqual([[1 - 3 - 5], [1 - 8, 2 - 8], [3 - 5, 4 - 5]])
  })

  test('leaves no tensor behind', async () => {
    const Class = await classOf(BODY)
    const weights = variables()
    const before = tf.memory().numTensors
    const optimizer = new Class()
    tf.tidy(() => step(optimizer, weights, [1, 1, 1]))
    const held = tf.memory().numTensors
    tf.tidy(() => step(optimizer, weights, [1, 1, 1]))
    expect(tf.memory().numTensors).toBe(held)
    await optimizer.getWeights()
    await optimizer.setWeights([])
    tf.tidy(() => step(optimizer, weights, [1, 1, 1]))
    optimizer.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

test('on steps on which nothing reads a number over all parameters nothing is added up', async () => {
  let sums = 0
  const counting = Object.assign({}, tf, {
    sum: (...given: Parameters<typeof tf.sum>) => {
      sums += 1
      return tf.sum(...given)
    },
  })
  const text =
    'optimizer tried(lr = 1) {\nstate s = 1\nif mod(t, 3) == 0 { s = global_sum(g) }\nupdate = lr * g / s\n}'
  const { programs, functions } = compileText('tried.opt', text)
  const { optimizers } = await loadPrograms(programs, functions, counting)
  const optimizer = new (optimizers.get('Tried')!)()
  const weights = variables()
  const counts = [1, 2, 3, 4].map(() => {
    sums = 0
    step(optimizer, weights, [1, 2, 4])
    return sums
  })
  // One for each variable, and one for all of them.
  expect(counts).toEqual([4, 1, 1, 4])
  expect(valuesOf(weights)[0]![0]).toBeCloseTo(1 - 4 / 13, 6)
})
