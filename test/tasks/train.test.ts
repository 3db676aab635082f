import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { selectBackend } from '../../src/runtime/backends.ts'
import type { Images } from '../../src/tasks/images.ts'
import { openedWith, type OpenImageTask } from '../../src/tasks/image-problem.ts'
import type { OpenTask } from '../../src/tasks/open-task.ts'
import { train, type TrainOptions, type TrainProgress } from '../../src/tasks/train.ts'
import { opened } from './opened.ts'

beforeAll(async () => {
  expect(await selectBackend('wasm')).toMatchObject({ ok: true })
})

const kept = new Map<string, OpenTask>()

async function open(name: string): Promise<OpenTask> {
  const known = kept.get(name)
  if (known !== undefined) return known
  const quick = withFewImages(await opened(name))
  kept.set(name, quick)
  return quick
}

/** The same task, evaluated on 300 images. */
function withFewImages(open: OpenTask): OpenTask {
  if (open.task.isFunction) return open
  const { task, images } = open as OpenImageTask
  const first = (images: Images): Images => ({
    ...images,
    count: 300,
    pixels: images.pixels.subarray(0, 300 * images.height * images.width),
    labels: images.labels.subarray(0, 300),
  })
  const [validation, test] = [first(images.validation), first(images.test)]
  return openedWith(task, { ...images, validation, test })
}

const adam = (): tf.Optimizer => tf.train.adam(0.003)

const run = async (name: string, options: Partial<TrainOptions> = {}) =>
  train({
    task: await open(name),
    optimizer: adam,
    seed: 1,
    steps: 60,
    evaluateEvery: 20,
    ...options,
  })

describe('train', () => {
  it.each(['fashion14-mlp', 'fashion14-cnn'])('learns on %s, far above chance', async (name) => {
    const result = await run(name)
    expect(result.curve.map(({ step }) => step)).toEqual([20, 40, 60])
    expect(result.finalMetric).toBeGreaterThan(0.5)
    expect(result.testMetric).toBeGreaterThan(0.5)
    expect(result.bestMetric).toBeGreaterThanOrEqual(result.finalMetric!)
    expect(result.curve[2]!.trainLoss).toBeLessThan(result.curve[0]!.trainLoss)
    expect(result.curve[2]!.trainMetric).toBeGreaterThan(result.curve[0]!.trainMetric!)
    expect(result.steps).toBe(60)
  })

  it.each(['fashion14-mlp', 'fashion14-cnn'])(
    'repeats %s to the bit, and differs by seed',
    async (name) => {
      const options = { steps: 25, evaluateEvery: 10, test: false }
      const first = await run(name, options)
      const second = await run(name, options)
      expect(second.curve).toEqual(first.curve)
      expect((await run(name, { ...options, seed: 2 })).curve).not.toEqual(first.curve)
    },
  )

  it('augments the images it trains on, and no others', async () => {
    const options = { steps: 10, evaluateEvery: 5 }
    const plain = await run('fashion14-mlp', options)
    const none = { pad: 0, flip: false, cutout: 0 }
    expect((await run('fashion14-mlp', { ...options, augmentation: none })).curve).toEqual(
      plain.curve,
    )
    const some = { ...options, augmentation: { pad: 2, flip: true, cutout: 4 } }
    const augmented = await run('fashion14-mlp', some)
    expect((await run('fashion14-mlp', some)).curve).toEqual(augmented.curve)
    expect(augmented.curve).not.toEqual(plain.curve)
    // With an optimizer that does nothing, all that differs is what is trained on.
    const still = { ...options, optimizer: () => tf.train.sgd(0) }
    const [before] = (await run('fashion14-mlp', still)).curve
    const [after] = (await run('fashion14-mlp', { ...still, augmentation: some.augmentation }))
      .curve
    expect(after!.validationLoss).toBe(before!.validationLoss)
    expect(after!.trainLoss).not.toBe(before!.trainLoss)
  })

  it.each(['quadratic', 'rosenbrock'])('minimises %s', async (name) => {
    const result = await run(name, { steps: 300, optimizer: () => tf.train.adam(0.05) })
    const first = result.curve[0]!.validationLoss
    expect(result.finalLoss).toBeLessThan(0.5 * first)
    expect(result.finalMetric).toBeUndefined()
    expect(result.testLoss).toBe(result.finalLoss)
  })

  it('follows gradient descent on the quadratic exactly', async () => {
    const result = await run('quadratic', {
      steps: 3,
      evaluateEvery: 1,
      optimizer: () => tf.train.sgd(0.01),
    })
    const curvatures = Array.from({ length: 10 }, (_, axis) => 100 ** (axis / 9))
    for (const [index, point] of result.curve.entries()) {
      const expected = curvatures.reduce(
        (sum, c) => sum + 0.5 * c * (1 - 0.01 * c) ** (2 * (index + 1)),
        0,
      )
      expect(point.validationLoss).toBeCloseTo(expected, 4)
    }
  })

  it('ends a run that diverges, and says at which step', async () => {
    const result = await run('quadratic', { steps: 200, optimizer: () => tf.train.sgd(10) })
    expect(result.diverged?.step).toBeGreaterThan(5)
    expect(result.diverged?.step).toBeLessThan(40)
    expect(result.steps).toBe(result.diverged?.step)
    expect(result.testLoss).toBeUndefined()
    // The step does not depend on how losses are read.
    const slow = await run('quadratic', {
      steps: 200,
      evaluateEvery: 1,
      optimizer: () => tf.train.sgd(10),
    })
    expect(slow.diverged).toEqual(result.diverged)
  })

  it('reports a network that turns to NaN', async () => {
    const result = await run('fashion14-mlp', { optimizer: () => tf.train.sgd(1e30) })
    expect(result.diverged?.step).toBeLessThan(5)
  })

  it('stops when told to, with the reason', async () => {
    const result = await run('quadratic', {
      stopWhen: (curve) => (curve.length === 2 ? 'enough' : undefined),
    })
    expect(result).toMatchObject({ stopped: 'enough', steps: 40 })
    expect(result.testLoss).toBeDefined()
  })

  it('ends on a signal with what it has', async () => {
    const controller = new AbortController()
    const result = await run('fashion14-mlp', {
      steps: 10000,
      signal: controller.signal,
      onProgress: ({ point }) => {
        if (point !== undefined) setImmediate(() => controller.abort())
      },
    })
    expect(result.stopped).toBe('interrupted')
    expect(result.curve).toHaveLength(1)
    expect(result.steps).toBeLessThan(60)
  })

  it('reports progress with each point', async () => {
    const seen: TrainProgress[] = []
    const result = await run('quadratic', { onProgress: (progress) => seen.push(progress) })
    expect(seen.flatMap(({ point }) => point ?? [])).toEqual(result.curve)
    expect(seen.at(-1)).toMatchObject({ step: 60, steps: 60 })
  })

  it('gives the optimizer the number of steps, or the T it is told', async () => {
    const given: number[] = []
    const optimizer = (totalSteps: number): tf.Optimizer => {
      given.push(totalSteps)
      return adam()
    }
    await run('quadratic', { optimizer })
    await run('quadratic', { optimizer, totalSteps: 8000 })
    expect(given).toEqual([60, 8000])
  })

  it('leaves no tensor and no variable, whatever happens', async () => {
    const before = tf.memory().numTensors
    const variables = Object.keys(tf.engine().registeredVariables)
    await run('fashion14-cnn', { steps: 12 })
    await run('fashion14-mlp', { optimizer: () => tf.train.sgd(1e30) })
    const failing = Object.assign(tf.train.sgd(1), {
      applyGradients: () => {
        throw new Error('broken optimizer')
      },
    })
    await expect(run('fashion14-mlp', { optimizer: () => failing })).rejects.toThrow('broken')
    expect(tf.memory().numTensors).toBe(before)
    expect(Object.keys(tf.engine().registeredVariables)).toEqual(variables)
  })

  it('runs two at a time as it runs one', async () => {
    const options = { steps: 15, evaluateEvery: 5, test: false }
    const alone = await run('fashion14-mlp', options)
    const [first, second] = await Promise.all([
      run('fashion14-mlp', options),
      run('fashion14-mlp', { ...options, seed: 2 }),
    ])
    expect(first.curve).toEqual(alone.curve)
    expect(second.curve).not.toEqual(alone.curve)
  })

  it('gives cpu and wasm the same curve but for rounding', async () => {
    const options = { steps: 6, evaluateEvery: 3, batchSize: 16, test: false }
    const wasm = await run('fashion14-mlp', options)
    await selectBackend('cpu')
    const cpu = await run('fashion14-mlp', options)
    await selectBackend('wasm')
    for (const [index, point] of cpu.curve.entries())
      expect(wasm.curve[index]!.trainLoss).toBeCloseTo(point.trainLoss, 4)
  })
})
