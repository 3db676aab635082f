import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { nameOptions } from '../../src/emit/ts/class/settings.ts'
import { loadPrograms, type OptimizerClass } from '../../src/emit/ts/load.ts'
import { contains } from '../../src/operators/interval.ts'
import { planStep } from '../../src/plan/plan.ts'
import { library, optimizerNames } from '../stdlib/library.ts'
import { compileText } from './compile-program.ts'
import { useBackend } from './tensor-backend.ts'
import { firstDifference, runClass, runEvaluator, streams, TOTAL_STEPS } from './trajectory.ts'

beforeEach(() => tf.disposeVariables())

type Compiled = ReturnType<typeof compileText>

async function classOf({ programs, functions }: Compiled): Promise<OptimizerClass> {
  const [Class] = (await loadPrograms(programs, functions, tf)).optimizers.values()
  return Class!
}

type Grouped = tf.Optimizer & {
  unmatched(variables?: unknown): { variables: string[]; matches: string[] }
  readonly steps: { readonly groups: Record<string, unknown>[] }
}

const make = (Class: OptimizerClass, options: object): Grouped =>
  new Class({ totalSteps: TOTAL_STEPS, ...options } as never) as Grouped

/** Another value of every hyperparameter, in its interval. */
function otherValues({ programs }: Compiled): Record<string, number> {
  const entries = nameOptions(programs[0]!).map(({ source, key }) => {
    const start = source.default ?? 0.1
    const wanted = [start * 0.7, start + 0.01, start - 0.01, start].find(
      (x) => x !== start && contains(source.interval, x),
    )
    return [key, wanted ?? start] as const
  })
  return Object.fromEntries(entries)
}

const DRAWS = `optimizer Draws(lr = 0.1, rate in [0, 1) = 0.3) {
  state d = rate
  state n = 1
  d = d * 0.9
  n = n + d
  update = lr * n * dropout(g, rate)
}`

/** Whether a rule has numbers over all parameters: what those of one group add counts in the others (rounds.test.ts). */
const isOfAll = (name: string): boolean => planStep(library(name).programs[0]!).rounds.length > 0

const RULES: readonly (readonly [string, () => Compiled])[] = [
  ...optimizerNames
    .filter((name) => !isOfAll(name))
    .map((name) => [name, () => library(name)] as const),
  ['draws, with numbers of the run that read each other', () => compileText('r.opt', DRAWS)],
]

/** Enough for Schedule-Free RAdam, which takes no step before its fifth, whatever its hyperparameters. */
const STEPS = 8

/** Runs both variables and gives the weights of each after each step. */
function weightsOf(optimizer: tf.Optimizer): number[][][] {
  const inputs = streams('groups')
  const variables = inputs.map(({ shape, start }, index) =>
    tf.variable(tf.tensor(start, [...shape]), true, 'ab'[index]),
  )
  const found: number[][][] = inputs.map(() => [])
  for (let step = 0; step < STEPS; step++) {
    tf.tidy(() =>
      optimizer.applyGradients(
        inputs.map(({ shape, gradients }, index) => ({
          name: variables[index]!.name,
          tensor: tf.tensor(gradients[step]!, [...shape]),
        })),
      ),
    )
    variables.forEach((w, index) => found[index]!.push([...w.dataSync()]))
  }
  optimizer.dispose()
  tf.dispose(variables)
  return found
}

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => useBackend(backend))

  test.each(RULES)('a variable takes the steps of its group: %s', async (_, load) => {
    const compiled = load()
    const Class = await classOf(compiled)
    const others = otherValues(compiled)
    const [a] = weightsOf(make(Class, {}))
    const [, b] = weightsOf(make(Class, others))
    const inGroup = weightsOf(make(Class, { groups: [{ match: ['b'], ...others }] }))
    expect(inGroup).toEqual([a, b])
    expect(inGroup).not.toEqual(weightsOf(make(Class, {})))
    // The group is there for a; what b does comes from the options.
    const turned = weightsOf(
      make(Class, { groups: [{ match: /^b$/ }, { match: () => true, ...others }] }),
    )
    expect(turned).toEqual([weightsOf(make(Class, others))[0], weightsOf(make(Class, {}))[1]])
  })
})

describe('on cpu', () => {
  beforeAll(() => useBackend('cpu'))

  test.each(['adamw', 'nadam', 'lamb', 'lion'])('%s does what the evaluator does', async (name) => {
    const compiled = library(name)
    const Class = await classOf(compiled)
    const inputs = streams(name)
    const [program] = compiled.programs
    const schedule = (t: number): number => 0.02 / (t + 1)
    const found = runClass(Class, inputs, {
      groups: [
        { match: (_: string, shape: number[]) => shape.length < 2, lr: schedule, weightDecay: 0.3 },
      ],
    })
    const wanted = [
      runEvaluator(program!, inputs, {})[0]!,
      runEvaluator(program!, inputs, { lr: schedule, weight_decay: 0.3 })[1]!,
    ]
    expect(firstDifference(found, wanted, 1e-5)).toBeUndefined()
  })

  describe('what is matched', () => {
    const rate = async (): Promise<OptimizerClass> =>
      classOf(
        compileText(
          'r.opt',
          'optimizer Plain(lr = 1, decay = 0) {\n  update = lr * g + decay * w\n}',
        ),
      )

    /** How far each variable, which is 0, went under the gradient 1. */
    async function moved(groups: readonly object[], names: readonly string[]): Promise<number[]> {
      const optimizer = make(await rate(), { groups })
      const variables = names.map((name) => tf.variable(tf.zeros([2]), true, name))
      const one = tf.ones([2])
      optimizer.applyGradients(names.map((name) => ({ name, tensor: one })))
      const found = variables.map((w) => -w.dataSync()[0]!)
      tf.dispose([...variables, one])
      return found
    }

    test.each([
      [
        'the first group that matches',
        [
          { match: /b/, lr: 2 },
          { match: ['b'], lr: 3 },
        ],
        [1, 2],
      ],
      ['a group without hyperparameters', [{ match: /b/ }, { match: ['a', 'b'], lr: 3 }], [3, 1]],
      ['a hyperparameter that is undefined', [{ match: /b/, lr: undefined, decay: 1 }], [1, 1]],
      ['a RegExp that remembers where it was', [{ match: /[ab]/g, lr: 2 }], [2, 2]],
      ['a function of the name', [{ match: (name: string) => name === 'a', lr: 2 }], [2, 1]],
      [
        'a function of the shape',
        [{ match: (_: string, [size]: number[]) => size === 2, lr: 2 }],
        [2, 2],
      ],
    ])('%s', async (_, groups, expected) => {
      expect(await moved(groups, ['a', 'b'])).toEqual(expected)
    })

    test('names that layers number are names without numbers, unless these are there too', async () => {
      const groups = [
        { match: ['d/kernel'], lr: 2 },
        { match: /bias$/, lr: 3 },
      ]
      expect(await moved(groups, ['d/kernel_1', 'd/bias_1'])).toEqual([2, 3])
      expect(await moved(groups, ['d/kernel', 'd/kernel_1'])).toEqual([2, 1])
      expect(await moved([{ match: ['d/kernel_1'], lr: 2 }], ['d/kernel'])).toEqual([2])
      expect(await moved([{ match: ['w_1'], lr: 2 }], ['w'])).toEqual([1])
    })

    test('what is not matched is told', async () => {
      const groups = [
        { match: ['a', 'nobody'] },
        { match: /b/ },
        { match: /^x/i },
        { match: () => false },
        // Taken by an earlier group, but matched.
        { match: /^a$/ },
      ]
      const optimizer = make(await rate(), { groups })
      expect(optimizer.unmatched().variables).toEqual([])
      expect(
        optimizer.unmatched([
          { name: 'c', shape: [2] },
          { name: 'a', shape: [] },
        ]),
      ).toEqual({
        variables: ['c'],
        matches: ['nobody', '/b/', '/^x/i', 'groups[3]'],
      })
      for (const name of ['a', 'b', 'c']) tf.variable(tf.scalar(0), true, name)
      optimizer.applyGradients({ a: tf.scalar(1), b: tf.scalar(1) })
      optimizer.applyGradients({ c: tf.scalar(1) })
      expect(optimizer.unmatched()).toEqual({
        variables: ['c'],
        matches: ['nobody', '/^x/i', 'groups[3]'],
      })
    })

    test.each([
      [{}, TypeError, /groups must be a list/],
      ['a', TypeError, /groups must be a list/],
      [[null], TypeError, /groups\[0\].match must be a RegExp, a list of names or a function/],
      [[{ lr: 1 }], TypeError, /groups\[0\].match must be/],
      [[{ match: /a/ }, { match: 'a' }], TypeError, /groups\[1\].match must be/],
      [[{ match: [] }], TypeError, /groups\[0\].match must be/],
      [[{ match: ['a', 3] }], TypeError, /groups\[0\].match must be/],
      [[{ match: /a/, LR: 1 }], TypeError, /groups\[0\] has no LR; there are match, lr, momentum/],
      [[{ match: /a/, totalSteps: 1 }], TypeError, /groups\[0\] has no totalSteps/],
      [[{ match: /a/, momentum: 2 }], RangeError, /momentum is 2; it must be in \[0, 1\)/],
      [[{ match: /a/, momentum: [] }], RangeError, /momentum is an empty list/],
      [[{ match: /a/, momentum: '0.5' }], TypeError, /momentum must be a number/],
    ])('%o are refused', async (groups, Kind, message) => {
      const Class = await classOf(library('momentum'))
      expect(() => make(Class, { groups })).toThrow(Kind)
      expect(() => make(Class, { groups })).toThrow(message)
    })

    test('a value outside its interval in one group leaves every variable as it was', async () => {
      const Class = await classOf(library('nadam'))
      const optimizer = make(Class, { groups: [{ match: /b/, beta1: (t: number) => 0.5 + t }] })
      const [a, b] = ['a', 'b'].map((name) => tf.variable(tf.scalar(1), true, name))
      const step = (): void => optimizer.applyGradients({ a: tf.scalar(1), b: tf.scalar(1) })
      step()
      const before = [a!.dataSync()[0], b!.dataSync()[0]]
      const numbers = async (): Promise<number[]> => [
        ...(await optimizer.getWeights())[1]!.tensor.dataSync(),
      ]
      const run = await numbers()
      expect(step).toThrow(/beta1 is 1.5/)
      expect([a!.dataSync()[0], b!.dataSync()[0]]).toEqual(before)
      expect([optimizer.iterations, await numbers()]).toEqual([1, run])
      // It can be set between steps.
      optimizer.steps.groups[0]!['beta1'] = 0.5
      step()
      expect(optimizer.iterations).toBe(2)
    })
  })

  test('numbers of the run are those of each group; saved without groups, all go on from them', async () => {
    const Class = await classOf(compileText('r.opt', DRAWS))
    tf.variable(tf.scalar(0), true, 'a')
    const step = (optimizer: tf.Optimizer): void => optimizer.applyGradients({ a: tf.scalar(1) })
    const numbers = async (optimizer: tf.Optimizer): Promise<number[]> => [
      ...new Float64Array((await optimizer.getWeights())[1]!.tensor.dataSync().slice().buffer),
    ]
    const groups = [{ match: /b/, rate: 0.5 }]
    const optimizer = make(Class, { groups })
    step(optimizer)
    step(optimizer)
    const [d, n, dOfB, nOfB] = await numbers(optimizer)
    expect([d, n]).toEqual(await numbers(await two()))
    expect([dOfB, nOfB]).toEqual(await numbers(await two({ rate: 0.5 })))

    const again = make(Class, { groups })
    await again.setWeights(await optimizer.getWeights())
    expect(await numbers(again)).toEqual([d, n, dOfB, nOfB])
    const from = make(Class, { groups })
    await from.setWeights(await (await two()).getWeights())
    expect(await numbers(from)).toEqual([d, n, d, n])
    await expect(make(Class, {}).setWeights(await optimizer.getWeights())).rejects.toThrow(
      /4 numbers of the run were saved; Draws keeps 2/,
    )

    async function two(options: object = {}): Promise<tf.Optimizer> {
      const made = make(Class, options)
      step(made)
      step(made)
      return Promise.resolve(made)
    }
  })
})
