import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { CLASSES, classNames, valuesOf, type Weights } from './saved-classes.ts'
import { useBackend } from './tensor-backend.ts'

beforeAll(() => useBackend('cpu'))
beforeEach(() => tf.disposeVariables())

const SHAPES: Readonly<Record<string, number[]>> = { a: [2, 3], b: [3], c: [], d: [0], e: [3] }

function makeVariables(names: readonly string[]): tf.Variable[] {
  return names.map((name) => tf.variable(tf.fill(SHAPES[name.charAt(0)]!, 0.5), true, name))
}

/** One step whose gradients depend on the step and on each variable's name. */
function step(optimizer: tf.Optimizer, variables: readonly tf.Variable[], t: number): void {
  tf.tidy(() => {
    optimizer.applyGradients(
      variables.map((w) => ({
        name: w.name,
        tensor: tf.fill(w.shape, Math.sin(3 * t + w.name.charCodeAt(0))),
      })),
    )
  })
}

/** As a file would hold them: other tensors with the same values. */
const copied = (weights: Weights): Weights =>
  weights.map(({ name, tensor }) => ({ name, tensor: tensor.clone() }))

/** The error that refuses weights, and what the optimizer holds then. */
async function refusal(optimizer: tf.Optimizer, weights: Weights): Promise<string> {
  const before = valuesOf((await optimizer.getWeights()).map(({ tensor }) => tensor))
  const { numTensors } = tf.memory()
  const message = await optimizer.setWeights(weights).then(
    () => 'nothing is wrong',
    (error: Error) => error.message,
  )
  expect(tf.memory().numTensors).toBe(numTensors)
  expect(valuesOf((await optimizer.getWeights()).map(({ tensor }) => tensor))).toEqual(before)
  return message
}

describe.each(classNames)('%s', (kind) => {
  const names = ['a', 'b', 'c', 'd', 'e']

  test.each([
    ['all variables', ['a', 'b', 'c', 'd', 'e']],
    ['some of them', ['e', 'c']],
    ['one at a time, others first', ['b']],
  ])('restored states go to the variables they were saved for: %s', async (_, later) => {
    const Class = await CLASSES[kind]!()
    const variables = makeVariables(names)
    const optimizer = new Class({ totalSteps: 20 })
    for (let t = 0; t < 5; t++) step(optimizer, variables, t)
    const weights = copied(await optimizer.getWeights())
    const start = variables.map((w) => w.clone())
    const go = (by: tf.Optimizer): number[][] => {
      variables.forEach((w, index) => w.assign(start[index]!))
      const some = variables.filter(({ name }) => later.includes(name))
      for (let t = 5; t < 8; t++) step(by, some, t)
      // Those that did not come at first are still known.
      for (let t = 8; t < 10; t++) step(by, [...variables].reverse(), t)
      return valuesOf(variables)
    }
    const expected = go(optimizer)
    const other = new Class({ totalSteps: 20 })
    await other.setWeights(weights)
    expect(other.iterations).toBe(5)
    expect(go(other)).toEqual(expected)
  })

  test.each(['setWeights([])', 'dispose()'])('after %s it is as new', async (how) => {
    const Class = await CLASSES[kind]!()
    const run = async (optimizer: tf.Optimizer): Promise<unknown> => {
      tf.disposeVariables()
      const variables = makeVariables(names)
      for (let t = 0; t < 4; t++) step(optimizer, variables, t)
      return [
        valuesOf(variables),
        optimizer.iterations,
        (await optimizer.getWeights()).map(({ name, tensor }) => [name, [...tensor.dataSync()]]),
      ]
    }
    const used = new Class({ totalSteps: 20 })
    const first = await run(used)
    if (how === 'dispose()') used.dispose()
    else await used.setWeights([])
    expect(used.iterations).toBe(0)
    expect(await run(used)).toEqual(first)
  })

  test('saving, restoring and disposing leave no tensor behind', async () => {
    const Class = await CLASSES[kind]!()
    const variables = makeVariables(names)
    const empty = tf.memory().numTensors
    const optimizer = new Class({ totalSteps: 20 })
    const round = async (): Promise<number> => {
      step(optimizer, variables, 0)
      await optimizer.setWeights(await optimizer.getWeights())
      await optimizer.setWeights(await optimizer.getWeights())
      step(optimizer, variables, 1)
      await optimizer.getWeights()
      return tf.memory().numTensors
    }
    const { numBytes } = (await round(), tf.memory())
    const once = tf.memory().numTensors
    for (let i = 0; i < 5; i++) expect(await round()).toBe(once)
    expect(tf.memory().numBytes).toBe(numBytes)
    optimizer.dispose()
    expect(tf.memory().numTensors).toBe(empty)
    step(optimizer, variables, 0)
    optimizer.dispose()
    optimizer.dispose()
    expect(tf.memory().numTensors).toBe(empty)
  })

  test('weights of another class are refused, and nothing changes', async () => {
    for (const other of classNames.filter((name) => name !== kind)) {
      tf.disposeVariables()
      const variables = makeVariables(names)
      const [Class, Other] = [await CLASSES[kind]!(), await CLASSES[other]!()]
      const optimizer = new Class({ totalSteps: 20 })
      const saver = new Other({ totalSteps: 20 })
      for (const each of [optimizer, saver]) step(each, variables, 0)
      const weights = await saver.getWeights()
      const owner = saver.getClassName().replace('Optc', '')
      expect(await refusal(optimizer, weights)).toMatch(
        new RegExp(`saved by ${owner}; ${optimizer.getClassName().replace('Optc', '')} cannot`),
      )
    }
  })
})

describe('weights that are not what was saved', () => {
  async function trained(): Promise<[tf.Optimizer, Weights]> {
    const Class = await CLASSES['adam']!()
    const optimizer = new Class()
    const variables = makeVariables(['a', 'b'])
    step(optimizer, variables, 0)
    return [optimizer, copied(await optimizer.getWeights())]
  }
  const named = (name: string, tensor: tf.Tensor): Weights[number] => ({ name, tensor })

  test.each<[string, (weights: Weights) => Weights, RegExp]>([
    [
      'no steps',
      (w) => w.slice(1),
      /the first weight is the number of steps, iter; here it is Adam\/run/,
    ],
    [
      'a state too many',
      (w) => [...w, named('b/velocity', tf.zeros([3]))],
      /b\/velocity was saved; Adam keeps m, v/,
    ],
    [
      'no name of a variable',
      (w) => [...w, named('m', tf.zeros([3]))],
      /^m was saved; Adam keeps m, v/,
    ],
    ['a state twice', (w) => [...w, w.at(-1)!], /b\/v was saved twice/],
    [
      'a number of the run',
      (w) => [w[0]!, named('Adam/run', tf.tensor1d([0, 0], 'int32'))],
      /1 numbers of the run were saved; Adam keeps 0/,
    ],
    [
      'another shape',
      (w) => w.map((x) => (x.name === 'b/m' ? named('b/m', tf.zeros([4])) : x)),
      /b\/m was saved as float32 \[4\]; wanted is float32 \[3\]/,
    ],
    [
      'another type',
      (w) => w.map((x) => (x.name === 'b/m' ? named('b/m', tf.zeros([3], 'bool')) : x)),
      /b\/m was saved as bool \[3\]; wanted is float32 \[3\]/,
    ],
    [
      'steps that are no whole number',
      (w) => [named('iter', tf.scalar(1.5)), ...w.slice(1)],
      /iter is 1.5/,
    ],
  ])('%s', async (_, change, message) => {
    const [optimizer, weights] = await trained()
    expect(await refusal(optimizer, change(weights))).toMatch(message)
  })

  test('a tensor that is disposed', async () => {
    const [optimizer, weights] = await trained()
    weights.at(-1)!.tensor.dispose()
    expect(await refusal(optimizer, weights)).toMatch(/the tensor of b\/v is disposed/)
    weights[0]!.tensor.dispose()
    expect(await refusal(optimizer, weights)).toMatch(/disposed/)
  })

  test('states for a class without any', async () => {
    const [, weights] = await trained()
    const Class = await CLASSES['sgd']!()
    expect(
      await refusal(
        new Class(),
        weights.filter(({ name }) => name !== 'Adam/run'),
      ),
    ).toMatch(/a\/m was saved; SGD keeps no states/)
  })

  test('a shape is also checked when the variable first comes, and a state too few', async () => {
    const [, weights] = await trained()
    const Class = await CLASSES['adam']!()
    const wrong = weights.map((x) => (x.name === 'b/v' ? named('b/v', tf.zeros([])) : x))
    const b = tf.engine().registeredVariables['b']!
    const optimizer = new Class()
    await optimizer.setWeights(wrong)
    expect(() => step(optimizer, [b], 1)).toThrow(
      /b\/v was saved as float32 \[\]; wanted is float32 \[3\]/,
    )
    await optimizer.setWeights(weights.slice(0, -1))
    expect(() => step(optimizer, [b], 1)).toThrow(/b\/v was not saved; Adam wants it/)
  })
})

test('weights that were saved before classes had names in them are taken', async () => {
  const variables = makeVariables(['a', 'b'])
  for (const [kind, drops] of [
    ['adam', true],
    ['nadam', false],
    ['sgd', true],
  ] as const) {
    const Class = await CLASSES[kind]!()
    const optimizer = new Class()
    for (let t = 0; t < 3; t++) step(optimizer, variables, t)
    const weights = copied(await optimizer.getWeights())
    const other = new Class()
    await other.setWeights(drops ? weights.filter(({ name }) => !name.endsWith('/run')) : weights)
    const start = variables.map((w) => w.clone())
    step(optimizer, variables, 3)
    const expected = valuesOf(variables)
    variables.forEach((w, index) => w.assign(start[index]!))
    step(other, variables, 3)
    expect(valuesOf(variables)).toEqual(expected)
  }
})

describe('where no name is known', () => {
  async function restored(saved: readonly string[]): Promise<tf.Optimizer> {
    const Class = await CLASSES['adam']!()
    const variables = makeVariables(saved)
    const optimizer = new Class()
    for (let t = 0; t < 3; t++) step(optimizer, variables, t)
    const other = new Class()
    await other.setWeights(copied(await optimizer.getWeights()))
    optimizer.dispose()
    variables.forEach((w) => w.dispose())
    return other
  }
  const stateNames = async (optimizer: tf.Optimizer): Promise<string[]> =>
    (await optimizer.getWeights()).slice(2).map(({ name }) => name)

  test('states go by order', async () => {
    const optimizer = await restored(['a', 'b'])
    const before = valuesOf((await optimizer.getWeights()).slice(2).map(({ tensor }) => tensor))
    expect(await stateNames(optimizer)).toEqual(['a/m', 'a/v', 'b/m', 'b/v'])
    const fresh = makeVariables(['aa', 'bb'])
    optimizer.applyGradients(
      fresh.map(({ name }) => ({ name, tensor: null as unknown as tf.Tensor })),
    )
    expect(await stateNames(optimizer)).toEqual(['aa/m', 'aa/v', 'bb/m', 'bb/v'])
    const after = valuesOf((await optimizer.getWeights()).slice(2).map(({ tensor }) => tensor))
    expect(after).toEqual(before)
  })

  test('too few variables, too many, and those of another shape are errors that name them', async () => {
    const few = await restored(['a', 'b'])
    const [bb, aa, ee] = makeVariables(['bb', 'aa', 'ee'])
    expect(() => step(few, [bb!], 3)).toThrow(/saved for a, b; which are for bb is unclear/)
    step(few, [aa!, bb!], 3)
    const many = await restored(['a', 'b'])
    expect(() => step(many, [aa!, bb!, ee!], 3)).toThrow(/such as ee: give variables names/)
    const swapped = await restored(['a', 'b'])
    expect(() => step(swapped, [bb!, aa!], 3)).toThrow(
      /a\/m, for bb, was saved as float32 \[2, 3\]; wanted is float32 \[3\]/,
    )
  })

  test('new variables beside known ones start anew', async () => {
    const optimizer = await restored(['a', 'b'])
    const [a, ee] = makeVariables(['a', 'ee'])
    step(optimizer, [ee!, a!], 3)
    expect(await stateNames(optimizer)).toEqual(['a/m', 'a/v', 'b/m', 'b/v', 'ee/m', 'ee/v'])
    const m = (await optimizer.getWeights()).find(({ name }) => name === 'ee/m')!.tensor
    expect(m.dataSync()[0]).toBeCloseTo(0.1 * Math.sin(9 + 'e'.charCodeAt(0)), 6)
  })

  test('of the numbers that tfjs gives, all are known or none', async () => {
    const Class = await CLASSES['adam']!()
    const [x, y, z] = [
      tf.variable(tf.ones([3])),
      tf.variable(tf.ones([3])),
      tf.variable(tf.ones([3])),
    ]
    const optimizer = new Class()
    step(optimizer, [x, y], 0)
    const weights = copied(await optimizer.getWeights())
    const other = new Class()
    await other.setWeights(weights)
    step(other, [y], 1)
    step(other, [z, y, x], 2)
    expect((await stateNames(other)).map((name) => name.split('/')[0])).toEqual(
      [x, x, y, y, z, z].map(({ name }) => name),
    )
    const shifted = new Class()
    await shifted.setWeights(weights)
    expect(() => step(shifted, [y, z], 1)).toThrow(/is unclear: give variables names/)
  })
})

describe('variables come and go', () => {
  test('states go with their variable; one of the same name is another', async () => {
    const Class = await CLASSES['adam']!()
    const [a, b] = makeVariables(['a', 'b'])
    const optimizer = new Class()
    step(optimizer, [a!, b!], 0)
    a!.dispose()
    const [again] = makeVariables(['a'])
    step(optimizer, [again!], 1)
    const weights = await optimizer.getWeights()
    expect(weights.map(({ name }) => name)).toEqual([
      'iter',
      'Adam/run',
      'b/m',
      'b/v',
      'a/m',
      'a/v',
    ])
    expect(weights[4]!.tensor.dataSync()[0]).toBeCloseTo(0.1 * Math.sin(3 + 97), 6)
  })

  test('a variable that comes late is corrected for the steps of the run, not for its own', async () => {
    const Class = await CLASSES['adam']!()
    const [b, e] = makeVariables(['b', 'e'])
    const optimizer = new Class({ lr: 0.1 })
    for (let t = 0; t < 4; t++) step(optimizer, [b!], t)
    step(optimizer, [b!, e!], 4)
    const g = Math.sin(12 + 'e'.charCodeAt(0))
    const mHat = (0.1 * g) / (1 - 0.9 ** 5)
    const vHat = (0.001 * g * g) / (1 - 0.999 ** 5)
    expect(e!.dataSync()[0]).toBeCloseTo(0.5 - (0.1 * mHat) / (Math.sqrt(vHat) + 1e-8), 6)
  })

  test('disposed states are told of, other weights of getWeights made again', async () => {
    const Class = await CLASSES['adam']!()
    const [a] = makeVariables(['a'])
    const optimizer = new Class()
    step(optimizer, [a!], 0)
    const [iter, run, m] = await optimizer.getWeights()
    tf.dispose([iter!.tensor, run!.tensor])
    const again = await optimizer.getWeights()
    expect(again[0]!.tensor.dataSync()[0]).toBe(1)
    m!.tensor.dispose()
    expect(() => step(optimizer, [a!], 1)).toThrow(/the state m of a was disposed; getWeights/)
    await optimizer.setWeights([])
    step(optimizer, [a!], 0)
    expect(optimizer.iterations).toBe(1)
  })

  test('a variable that is named twice takes one step', async () => {
    const Class = await CLASSES['adam']!()
    const [a, b] = makeVariables(['a', 'b'])
    const g = tf.fill([2, 3], 0.25)
    const h = tf.fill([3], 0.25)
    new Class().applyGradients([
      { name: 'a', tensor: g },
      { name: 'b', tensor: h },
      { name: 'a', tensor: g },
    ])
    expect(a!.dataSync()[0]).toBe(b!.dataSync()[0])
    expect(() =>
      new Class().applyGradients([
        { name: 'a', tensor: g },
        { name: 'a', tensor: g.clone() },
      ]),
    ).toThrow(/a has two gradients/)
  })
})
