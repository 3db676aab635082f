import * as tf from '@tensorflow/tfjs-core'
import * as layers from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadPrograms, type OptimizerClass } from '../../src/emit/ts/load.ts'
import { compileProgram, compileText } from './compile-program.ts'
import { useBackend } from './tensor-backend.ts'

beforeAll(() => useBackend('cpu'))

async function classOf(name: string): Promise<OptimizerClass> {
  const { programs, functions } = compileProgram(name)
  const [Class] = (await loadPrograms(programs, functions, tf)).optimizers.values()
  return Class!
}

async function classOfText(text: string): Promise<OptimizerClass> {
  const { programs, functions } = compileText('rule.opt', text)
  const [Class] = (await loadPrograms(programs, functions, tf)).optimizers.values()
  return Class!
}

/** States of every stage: tensors for matrices alone, a number per tensor, a number for the run; and it draws. */
const EVERYTHING = `
optimizer Everything(lr in (0, inf) = 0.02, mu in [0, 1) = 0.9, momentum_decay in [0, inf) = 0.004) {
  state product = 1
  state average = 0
  state velocity = 0
  state start = w
  let mu_t = mu * (1 - 0.5 * 0.96^((t + 1) * momentum_decay))
  product = product * mu_t
  average = 0.9 * average + 0.1 * norm(g)
  if rank(w) >= 2 {
    velocity = mu * velocity + g / (average + 1e-3) + 1e-3 * (w - start)
    update = lr * velocity / (1 - product) * ramp_cosine(t + 1)
  } else {
    update = lr * g / (average + 1e-3)
  }
}`

function makeModel(optimizer: tf.Optimizer): layers.LayersModel {
  const model = layers.sequential()
  const kernel = (seed: number) => layers.initializers.glorotUniform({ seed })
  model.add(
    layers.layers.dense({
      units: 5,
      inputShape: [3],
      activation: 'tanh',
      kernelInitializer: kernel(1),
    }),
  )
  model.add(layers.layers.dense({ units: 1, kernelInitializer: kernel(2) }))
  model.compile({ optimizer, loss: 'meanSquaredError' })
  return model
}

async function losses(model: layers.LayersModel, epochs: number): Promise<number[]> {
  const x = tf.tensor2d(
    Array.from({ length: 24 }, (_, i) => Math.sin(i * 1.7)),
    [8, 3],
  )
  const y = tf.tensor2d(
    Array.from({ length: 8 }, (_, i) => Math.cos(i * 2.3)),
    [8, 1],
  )
  const history = await model.fit(x, y, { epochs, batchSize: 8, shuffle: false, verbose: 0 })
  x.dispose()
  y.dispose()
  return history.history['loss'] as number[]
}

/** Saves to JSON and buffers, as files would, and loads again. */
async function saveAndLoad(model: layers.LayersModel): Promise<layers.LayersModel> {
  let saved: tf.io.ModelArtifacts | undefined
  await model.save(
    tf.io.withSaveHandler((artifacts) => {
      saved = artifacts
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' },
      })
    }),
    { includeOptimizer: true },
  )
  const { weightData, ...described } = saved!
  const artifacts = {
    ...(JSON.parse(JSON.stringify(described)) as tf.io.ModelArtifacts),
    weightData: weightData!,
  }
  return layers.loadLayersModel(tf.io.fromMemory(artifacts))
}

describe('training with LayersModel', () => {
  test.each([
    ['Adam', () => classOf('adam'), {}],
    ['states of every stage', () => classOfText(EVERYTHING), { totalSteps: 40 }],
    [
      'a hyperparameter that is a function',
      () => classOf('adam'),
      { lr: (t: number, T: number) => 0.1 * (1 - t / T), totalSteps: 40 },
    ],
    ['slow weights that start as the weights', () => classOf('lookahead'), {}],
    ['numbers of the run', () => classOf('momentum_schedule'), {}],
    ['no state at all', () => classOf('sign_cosine'), { totalSteps: 40 }],
    [
      'a name with digits and a hyperparameter with underscores',
      () =>
        classOfText(
          'optimizer opt4_1(lr = 0.1, weight_decay = 0.1) {\nstate m_hat = 0\nm_hat = 0.9 * m_hat + g\nupdate = lr * (m_hat + weight_decay * w)\n}',
        ),
      {},
    ],
  ] as const)('a loaded model goes on with the same losses: %s', async (_, load, options) => {
    const Class = await load()
    const model = makeModel(new Class(options))
    const first = await losses(model, 6)
    expect(first.at(-1)).toBeLessThan(first[0]!)

    const copy = await saveAndLoad(model)
    expect((copy.optimizer as tf.Optimizer).iterations).toBe(6)
    const expected = await losses(model, 8)
    expect(await losses(copy, 8)).toEqual(expected)

    // A second round: what was restored and used can be saved again.
    const again = await saveAndLoad(copy)
    expect(await losses(again, 4)).toEqual(await losses(copy, 4))
    // And what was restored but not used.
    const unused = await saveAndLoad(await saveAndLoad(again))
    expect(await losses(unused, 4)).toEqual(await losses(again, 4))
  })

  test('a model that is saved before its first step', async () => {
    const Class = await classOf('adam')
    const copy = await saveAndLoad(makeModel(new Class()))
    expect(await losses(copy, 3)).toEqual(await losses(makeModel(new Class()), 3))
  })
})

test('a loaded model has the rule it was saved with, however alike the names', async () => {
  const names = ['opt4_1', 'opt41', 'Opt41', 'opt4-1', 'opt4.1', 'opt_4_1', 'it\'s a "\\"']
  const classes = new Map<string, unknown>()
  for (const name of names) {
    const { programs } = compileText(`${name}.opt`, 'update = lr * g\n')
    const [Class] = (await loadPrograms(programs, [], tf)).optimizers.values()
    classes.set(name, Class)
  }
  for (const [name, Class] of classes) {
    const model = makeModel(new (Class as OptimizerClass)({ lr: 0.1 }))
    expect([name, (await saveAndLoad(model)).optimizer.constructor]).toEqual([name, Class])
  }
})

/** Two variables and a loss over both. */
function problem(): { a: tf.Variable; b: tf.Variable; loss: () => tf.Scalar } {
  const a = tf.variable(
    tf.tensor2d([
      [1, -2],
      [3, 4],
    ]),
  )
  const b = tf.variable(tf.tensor1d([0.5, -0.5]))
  const loss = (): tf.Scalar =>
    tf.tidy(() => tf.add(tf.sum(tf.square(a)), tf.sum(tf.square(tf.sub(b, 1)))))
  return { a, b, loss }
}

async function withProblem(
  action: (p: ReturnType<typeof problem>) => Promise<void> | void,
): Promise<void> {
  const p = problem()
  await action(p)
  p.a.dispose()
  p.b.dispose()
}

describe('tf.Optimizer', () => {
  test('minimize lowers the loss and returns it when asked', async () => {
    const Class = await classOf('adam')
    await withProblem(({ a, b, loss }) => {
      const optimizer = new Class({ lr: 0.1 })
      const before = optimizer.minimize(loss, true, [a, b])!.dataSync()[0]!
      expect(optimizer.minimize(loss, false, [a, b])).toBeNull()
      expect(loss().dataSync()[0]).toBeLessThan(before)
      expect(optimizer.iterations).toBe(2)
      optimizer.dispose()
    })
  })

  test('an array and a map of gradients do the same', async () => {
    const Class = await classOf('adam')
    const after = async (shape: 'array' | 'map'): Promise<number[]> => {
      let result: number[] = []
      await withProblem(({ a, b }) => {
        const optimizer = new Class()
        const ga = tf.onesLike(a)
        const gb = tf.onesLike(b)
        for (let step = 0; step < 3; step++) {
          optimizer.applyGradients(
            shape === 'array'
              ? [
                  { name: a.name, tensor: ga },
                  { name: b.name, tensor: gb },
                ]
              : { [a.name]: ga, [b.name]: gb },
          )
        }
        result = [...a.dataSync(), ...b.dataSync()]
      })
      return result
    }
    expect(await after('array')).toEqual(await after('map'))
  })

  test.each([null, undefined])(
    'a variable whose gradient is %s stays, and its state stays its own',
    async (missing) => {
      const Class = await classOf('adam')
      await withProblem(({ a, b }) => {
        const optimizer = new Class({ lr: 0.1 })
        const gb = tf.tensor1d([1, 2])
        const none = missing as unknown as tf.Tensor
        const before = [...a.dataSync()]
        optimizer.applyGradients([
          { name: a.name, tensor: none },
          { name: b.name, tensor: gb },
        ])
        optimizer.applyGradients({ [b.name]: gb, [a.name]: none })
        optimizer.applyGradients({ [b.name]: gb })
        expect([...a.dataSync()]).toEqual(before)

        const alone = tf.variable(tf.tensor1d([0.5, -0.5]))
        const other = new Class({ lr: 0.1 })
        for (let step = 0; step < 3; step++)
          other.applyGradients([{ name: alone.name, tensor: gb }])
        expect([...b.dataSync()]).toEqual([...alone.dataSync()])
      })
    },
  )

  test('a variable that nobody registered is an error that names it', async () => {
    const Class = await classOf('adam')
    const g = tf.scalar(1)
    expect(() => new Class().applyGradients({ nobody: g })).toThrow(/nobody/)
  })

  test.each([
    ['adam', {}],
    ['lookahead', {}],
    ['trust', {}],
    ['matrix_decay', {}],
    ['momentum_schedule', {}],
  ])('no tensor is left behind by 1,000 steps of %s, nor by dispose', async (name, options) => {
    const Class = await classOf(name)
    await withProblem(({ a, b, loss }) => {
      const empty = tf.memory().numTensors
      const optimizer = new Class(options)
      optimizer.minimize(loss, false, [a, b])
      const { numTensors, numBytes } = tf.memory()
      for (let step = 0; step < 1000; step++) optimizer.minimize(loss, false, [a, b])
      expect(tf.memory().numTensors).toBe(numTensors)
      expect(tf.memory().numBytes).toBe(numBytes)
      optimizer.dispose()
      expect(tf.memory().numTensors).toBe(empty)
      optimizer.dispose()
      expect(tf.memory().numTensors).toBe(empty)
    })
  })

  test('states that a rule does not need for a shape are not there', async () => {
    const Class = await classOf('matrix_decay')
    await withProblem(async ({ a, b, loss }) => {
      const optimizer = new Class()
      optimizer.minimize(loss, false, [a, b])
      const names = (await optimizer.getWeights()).map(({ name }) => name)
      expect(names).toEqual(['iter', 'MatrixDecay/run', `${a.name}/velocity`])
      optimizer.dispose()
    })
  })

  test('setWeights takes what getWeights gave, before the first step and after', async () => {
    const Class = await classOfText(EVERYTHING)
    await withProblem(async ({ a, b, loss }) => {
      const optimizer = new Class({ totalSteps: 50 })
      await optimizer.setWeights(await optimizer.getWeights())
      optimizer.minimize(loss, false, [a, b])
      optimizer.minimize(loss, false, [a, b])

      const other = new Class({ totalSteps: 50 })
      await other.setWeights(await optimizer.getWeights())
      const values = async (from: tf.Optimizer): Promise<number[][]> =>
        Promise.all((await from.getWeights()).map(async ({ tensor }) => [...(await tensor.data())]))
      expect(await values(other)).toEqual(await values(optimizer))

      const start = [...a.dataSync()]
      optimizer.minimize(loss, false, [a])
      const expected = [...a.dataSync()]
      a.assign(tf.tensor2d(start, [2, 2]))
      other.minimize(loss, false, [a])
      expect([...a.dataSync()]).toEqual(expected)

      // Its own weights: what is replaced must not take the new ones along.
      await other.setWeights(await other.getWeights())
      expect(other.iterations).toBe(3)
      other.minimize(loss, false, [a])
      optimizer.dispose()
      other.dispose()
    })
  })

  test('states find their variables again when a gradient was missing at first', async () => {
    const Class = await classOf('adam')
    await withProblem(async ({ a, b }) => {
      const ga = tf.onesLike(a)
      const gb = tf.onesLike(b)
      const both = [
        { name: a.name, tensor: ga },
        { name: b.name, tensor: gb },
      ]
      const optimizer = new Class({ lr: 0.1 })
      optimizer.applyGradients([
        { name: a.name, tensor: null as unknown as tf.Tensor },
        { name: b.name, tensor: gb },
      ])
      optimizer.applyGradients(both)
      const other = new Class({ lr: 0.1 })
      await other.setWeights(await optimizer.getWeights())

      const starts = [a, b].map((w) => w.clone())
      optimizer.applyGradients(both)
      const expected = [[...a.dataSync()], [...b.dataSync()]]
      a.assign(starts[0]!)
      b.assign(starts[1]!)
      other.applyGradients(both)
      expect([[...a.dataSync()], [...b.dataSync()]]).toEqual(expected)
    })
  })

  test('fromConfig makes the same optimizer again', async () => {
    const Class = await classOf('adam')
    const optimizer = new Class({ lr: 0.5, beta1: 0.25, totalSteps: 9 })
    const config = JSON.parse(JSON.stringify(optimizer.getConfig())) as tf.serialization.ConfigDict
    expect(config).toEqual({ lr: 0.5, beta1: 0.25, beta2: 0.999, epsilon: 1e-8, totalSteps: 9 })
    const Constructor = Class as unknown as tf.serialization.SerializableConstructor<tf.Optimizer>
    expect(Constructor.fromConfig(Constructor, config).getConfig()).toEqual(optimizer.getConfig())
    expect(optimizer.getClassName()).toBe('OptcAdam')
  })

  test('a rule called like one of tfjs does not take its place', async () => {
    await classOf('adam')
    const builtIn = tf.serialization.SerializationMap.getMap().classNameMap
    expect(builtIn['Adam']![0]).not.toBe(builtIn['OptcAdam']![0])
    expect(tf.train.adam(0.1).getClassName()).toBe('Adam')
  })
})

describe('hyperparameters', () => {
  test('learningRate can be set between steps', async () => {
    const Class = await classOfText('update = lr * g')
    await withProblem(({ b }) => {
      const optimizer = new Class({ lr: 1 }) as tf.Optimizer & { learningRate: number }
      const g = tf.tensor1d([1, 1])
      optimizer.applyGradients({ [b.name]: g })
      expect([...b.dataSync()]).toEqual([-0.5, -1.5])
      expect(optimizer.learningRate).toBe(1)
      optimizer.learningRate = 0.25
      optimizer.applyGradients({ [b.name]: g })
      expect([...b.dataSync()]).toEqual([-0.75, -1.75])
    })
  })

  test('a function is called with the step and the number of steps', async () => {
    const Class = await classOf('adam')
    const calls: number[][] = []
    const optimizer = new Class({
      lr: (t: number, T: number) => {
        calls.push([t, T])
        return 0.1
      },
      totalSteps: 30,
    })
    const { a, b, loss } = problem()
    optimizer.minimize(loss, false, [a, b])
    optimizer.minimize(loss, false, [a, b])
    expect(calls).toEqual([
      [0, 30],
      [1, 30],
    ])
  })

  test('a schedule of the language can be a hyperparameter', async () => {
    const { functions } = compileProgram('schedules')
    const { functions: loaded } = await loadPrograms([], functions, tf)
    const Class = await classOfText('update = lr * g')
    const { b } = problem()
    const optimizer = new Class({ lr: loaded.get('squareDecay'), totalSteps: 2 })
    const g = tf.tensor1d([1, 1])
    optimizer.applyGradients({ [b.name]: g })
    optimizer.applyGradients({ [b.name]: g })
    expect([...b.dataSync()]).toEqual([0.5 - 1.25, -0.5 - 1.25])
  })

  test.each([
    [{ lr: 0 }, /lr is 0; it must be in \(0, inf\)/],
    [{ lr: Infinity }, /lr is Infinity/],
    [{ beta1: 1 }, /beta1 is 1; it must be in \[0, 1\)/],
    [{ beta2: -0.1 }, /beta2 is -0.1/],
    [{ epsilon: NaN }, /epsilon is NaN/],
    [{ lr: [] }, /lr is an empty list/],
    [{ lr: [0.1, -1] }, /lr is -1/],
    [{ beta1: [0.9, NaN] }, /beta1 is NaN/],
  ])('%o is refused', async (options, message) => {
    const Class = await classOf('adam')
    expect(() => new Class(options)).toThrow(RangeError)
    expect(() => new Class(options)).toThrow(message)
  })

  test.each([
    ['lr', () => NaN, /lr is NaN; it must be in \(0, inf\)/],
    ['lr', (t: number) => 1 - 2 * t, /lr is -1/],
    ['lr', () => Infinity, /lr is Infinity/],
    ['beta1', () => 1.5, /beta1 is 1.5; it must be in \[0, 1\)/],
  ])('a function as %s is held to the interval at every step', async (name, value, message) => {
    const Class = await classOf('adam')
    const optimizer = new Class({ [name]: value, totalSteps: 10 })
    const { a, b, loss } = problem()
    const steps = (): void => {
      for (let t = 0; t < 2; t++) optimizer.minimize(loss, false, [a, b])
    }
    expect(steps).toThrow(RangeError)
    expect(steps).toThrow(message)
  })

  test('a learning rate may start at 0, and be set to it', async () => {
    const Class = await classOf('adam')
    const optimizer = new Class({ lr: (t: number) => t })
    const { a, b, loss } = problem()
    const before = a.dataSync().slice()
    optimizer.minimize(loss, false, [a, b])
    expect(a.dataSync()).toEqual(before)
    const free = optimizer as unknown as { learningRate: number }
    free.learningRate = 0
    optimizer.minimize(loss, false, [a, b])
    expect(a.dataSync()).toEqual(before)
    free.learningRate = -1
    expect(() => optimizer.minimize(loss, false, [a, b])).toThrow(RangeError)
  })

  test.each([undefined, {}, { totalSteps: 0 }, { totalSteps: 2.5 }])(
    '%o is refused by a rule that needs T',
    async (options) => {
      const Class = await classOf('sign_cosine')
      expect(() => new Class(options)).toThrow(RangeError)
      expect(() => new Class(options)).toThrow(
        /totalSteps is .*; the rule needs the number of steps/,
      )
    },
  )

  test('a function of T without totalSteps is an error, in a step and when it is saved', async () => {
    const Class = await classOf('adam')
    const optimizer = new Class({ lr: (t: number, T: number) => t / T })
    const { a, loss } = problem()
    expect(() => optimizer.minimize(loss, false, [a])).toThrow(/give totalSteps/)
    expect(() => optimizer.getConfig()).toThrow(/lr is a function.*totalSteps/)
    expect(() => new Class({ lr: (t: number) => t }).getConfig()).toThrow(/lr is a function/)
  })

  test('an emitted schedule is called with the step and the number of steps, and keeps its defaults', async () => {
    const { programs, functions } = compileText(
      'rule.opt',
      'schedule inverse_square_root(t, warmup in [1, inf) = 4000) = min(min((t + 1) / warmup, 1), sqrt(warmup / (t + 1)))\n\ndecay warm_up(t, steps in [1, inf) = 4) = min((t + 1) / steps, 1)\n\noptimizer Sgd(lr in [0, inf) = 0.01) {\n  update = lr * inverse_square_root(t, 7) * warm_up(t) * g\n}\n',
    )
    const module = await loadPrograms(programs, functions, tf)
    const [Class] = module.optimizers.values()
    const schedule = module.functions.get('inverseSquareRoot')!
    expect(schedule(0, 100)).toBe(1 / 4000)
    expect(schedule(1, 100, 4)).toBe(2 / 4)
    expect(module.functions.get('warmUp')!(1, 100)).toBe(2 / 4)
    for (const totalSteps of [undefined, 100]) {
      const optimizer = new Class!({ lr: schedule, ...(totalSteps && { totalSteps }) })
      const weight = tf.variable(tf.tensor1d([0]))
      optimizer.applyGradients([{ name: weight.name, tensor: tf.tensor1d([1]) }])
      expect(weight.dataSync()[0]).toBeCloseTo(-(1 / 4000) * (1 / 7) * (1 / 4), 10)
    }
  })

  test('a class without hyperparameters keeps the number of steps for the schedules it calls', async () => {
    const Class = await classOfText(
      'decay half(t, steps in [1, inf) = 4) = 1 / (1 + t / steps)\n\noptimizer Plain() {\n  update = 0.5 * half(t) * g\n}\n',
    )
    for (const options of [undefined, {}, { totalSteps: 7 }]) {
      const optimizer = new Class(options)
      const weight = tf.variable(tf.tensor1d([0]))
      optimizer.applyGradients([{ name: weight.name, tensor: tf.tensor1d([1]) }])
      expect(weight.dataSync()[0]).toBe(-0.5)
    }
    expect(new Class({ totalSteps: 7 }).getConfig()).toEqual({ totalSteps: 7 })
    expect(() => new Class({ totalSteps: 0 })).toThrow(RangeError)
  })

  test('what no option of the function tells does not matter: it is the value that depends on T', async () => {
    const Class = await classOf('adam')
    const rest = new Class({ lr: (...[t, T]: number[]) => 1 - t! / T! })
    const { a, loss } = problem()
    expect(() => rest.minimize(loss, false, [a])).toThrow(/give totalSteps/)
    const idle = new Class({ lr: (_t: number, _T: number) => 0.1 })
    expect(() => idle.minimize(loss, false, [a])).not.toThrow()
  })

  test('a saved function is the table of its values', async () => {
    const Class = await classOf('adam')
    const config = new Class({ lr: (t: number, T: number) => t / T, totalSteps: 4 }).getConfig()
    expect(config['lr']).toEqual([0, 0.25, 0.5, 0.75])
  })
})
