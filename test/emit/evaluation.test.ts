import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { loadPrograms, type OptimizerClass } from '../../src/emit/ts/load.ts'
import { simulateModel } from '../../src/plan/run/evaluate.ts'
import type { EvaluatingOptimizer } from '../../src/runtime/evaluation-weights.ts'
import { compileText } from './compile-program.ts'
import { useBackend } from './tensor-backend.ts'

// An average for matrices alone, from a state of its own, and one number of the run in what is evaluated.
const RULE = `fn mean_of(x) {
  state total = 0
  total = total + x
  return total
}
optimizer Averaged(lr in (0, inf) = 0.1, share in [0, 1] = 0.5) {
  state count = 0
  count = count + 1
  let step = lr * heavy_ball(g)
  update = step
  if rank(w) >= 2 {
    evaluate = share * w + (1 - share) * mean_of(w) / count
  } else {
    evaluate = w * (1 + 1 / (t + 2))
  }
}`
const STATELESS = 'update = lr * g\nevaluate = 0.5 * w'

type Trained = EvaluatingOptimizer & tf.Optimizer

beforeAll(() => useBackend('cpu'))
beforeEach(() => tf.disposeVariables())

async function classOf(rule: string): Promise<OptimizerClass> {
  const { optimizers } = await loadPrograms(compileText('rule.opt', rule).programs, [], tf)
  return [...optimizers.values()][0]!
}

const make = async (rule = RULE, options: Record<string, unknown> = {}): Promise<Trained> =>
  new (await classOf(rule))(options) as Trained

const SHAPES = [[2, 3], [3], []]

/** Variables, and gradients that differ from step to step. */
function start(): { variables: tf.Variable[]; gradients: (step: number) => tf.NamedTensorMap } {
  const variables = SHAPES.map((shape, index) => {
    const size = shape.reduce((product, length) => product * length, 1)
    const values = Array.from({ length: size }, (_, at) => Math.sin(1 + index + at))
    return tf.tidy(() => tf.variable(tf.tensor(values, shape), true, `w${index}`))
  })
  const gradients = (step: number): tf.NamedTensorMap =>
    Object.fromEntries(
      variables.map((w, index) => [
        w.name,
        tf.tensor(
          Array.from({ length: w.size }, (_, at) => Math.cos(step + 3 * at + index)),
          w.shape,
        ),
      ]),
    )
  return { variables, gradients }
}

function take(
  optimizer: tf.Optimizer,
  gradients: (step: number) => tf.NamedTensorMap,
  first: number,
  end: number,
): void {
  for (let step = first; step < end; step++)
    tf.tidy(() => optimizer.applyGradients(gradients(step)))
}

const values = (tensors: readonly tf.Tensor[]): number[][] =>
  tensors.map((tensor) => [...tensor.dataSync()])

function evaluated(optimizer: Trained, variables?: readonly tf.Variable[]): number[][] {
  const tensors = optimizer.evaluationWeights(variables).map(({ tensor }) => tensor)
  const numbers = values(tensors)
  tf.dispose(tensors)
  return numbers
}

describe('evaluationWeights', () => {
  test('is what the evaluator gives, for every shape, after every step', async () => {
    const optimizer = await make()
    const { variables, gradients } = start()
    const [program] = compileText('rule.opt', RULE).programs
    const expected = simulateModel(
      program!,
      { shapes: SHAPES },
      values(variables),
      Array.from({ length: 5 }, (_, step) =>
        SHAPES.map((__, index) => [...gradients(step)[`w${index}`]!.dataSync()]),
      ),
    )
    for (let step = 0; step < 5; step++) {
      take(optimizer, gradients, step, step + 1)
      const named = optimizer.evaluationWeights()
      expect(named.map(({ name }) => name)).toEqual(['w0', 'w1', 'w2'])
      for (const [index, { tensor }] of named.entries()) {
        expect(tensor.shape).toEqual(SHAPES[index])
        const wanted = expected.evaluate![step]![index]!
        for (const [at, value] of tensor.dataSync().entries())
          expect(value).toBeCloseTo(wanted[at]!, 6)
        // The mean of one point is that point; later the two are apart.
        if (step > 0)
          expect(Math.abs(wanted[0]! - expected.w[step]![index]![0]!)).toBeGreaterThan(1e-4)
      }
    }
  })

  test('is the weights before the first step, and of a variable that had no gradient yet', async () => {
    for (const rule of [RULE, STATELESS]) {
      tf.disposeVariables()
      const optimizer = await make(rule)
      const { variables } = start()
      expect(optimizer.evaluationWeights()).toEqual([])
      expect(evaluated(optimizer, variables)).toEqual(values(variables))
    }
    tf.disposeVariables()
    const optimizer = await make()
    const { variables, gradients } = start()
    for (let step = 0; step < 3; step++)
      tf.tidy(() =>
        optimizer.applyGradients({ ...gradients(step), w1: null as unknown as tf.Tensor }),
      )
    const [matrix, vector] = evaluated(optimizer)
    expect(vector).toEqual(values(variables)[1])
    expect(matrix).not.toEqual(values(variables)[0])
  })

  test('gives new tensors and leaves nothing behind', async () => {
    const optimizer = await make()
    const { variables, gradients } = start()
    take(optimizer, gradients, 0, 2)
    const before = tf.memory().numTensors
    const own = values(variables)
    const named = optimizer.evaluationWeights()
    expect(tf.memory().numTensors).toBe(before + 3)
    tf.dispose(named.map(({ tensor }) => tensor))
    expect(tf.memory().numTensors).toBe(before)
    expect(values(variables)).toEqual(own)
  })

  test('has the hyperparameters of groups, schedules at the step that was taken last', async () => {
    const { gradients } = start()
    const seen: number[] = []
    const share = (t: number): number => {
      seen.push(t)
      return 0.25
    }
    const groups = [{ match: /w0/, share }]
    const grouped = await make(RULE, { groups, lr: 0.1 })
    take(grouped, gradients, 0, 4)
    seen.length = 0
    const [matrix] = evaluated(grouped)
    expect(new Set(seen)).toEqual(new Set([3]))
    const whole = await make(RULE, { share: 0.25, lr: 0.1 })
    tf.disposeVariables()
    const again = start()
    take(whole, again.gradients, 0, 4)
    expect(matrix).toEqual(evaluated(whole)[0])
  })

  test('goes on after setWeights, without a step, for variables of the same names', async () => {
    const optimizer = await make()
    const { variables, gradients } = start()
    take(optimizer, gradients, 0, 3)
    const saved = (await optimizer.getWeights()).map(({ name, tensor }) => ({
      name,
      tensor: tf.clone(tensor),
    }))
    const expected = evaluated(optimizer)
    for (const given of [undefined, variables]) {
      const restored = await make()
      await restored.setWeights(saved)
      expect(evaluated(restored, given)).toEqual(expected)
      // The next step is that of the first optimizer.
      if (given !== undefined) continue
      const own = variables.map((w) => tf.clone(w))
      take(restored, gradients, 3, 4)
      const after = evaluated(restored)
      variables.forEach((w, index) => w.assign(own[index]!))
      take(optimizer, gradients, 3, 4)
      expect(after).toEqual(evaluated(optimizer))
      variables.forEach((w, index) => w.assign(own[index]!))
    }
  })

  test('says which variable is missing', async () => {
    const optimizer = await make()
    const { gradients } = start()
    take(optimizer, gradients, 0, 1)
    expect(() => optimizer.evaluationWeights([{ name: 'nothing' }])).toThrow(
      'there is no variable called nothing: give the variables to evaluate with',
    )
    const saved = await optimizer.getWeights()
    const restored = await make()
    await restored.setWeights(saved)
    tf.engine().registeredVariables['w1']!.dispose()
    expect(() => restored.evaluationWeights()).toThrow(/no variable called w1/)
  })
})

describe('withEvaluationWeights', () => {
  const prepare = async (): Promise<{
    optimizer: Trained
    variables: tf.Variable[]
    gradients: (step: number) => tf.NamedTensorMap
    own: number[][]
    expected: number[][]
  }> => {
    const optimizer = await make()
    const { variables, gradients } = start()
    take(optimizer, gradients, 0, 3)
    const own = values(variables)
    return { optimizer, variables, gradients, own, expected: evaluated(optimizer) }
  }

  test('puts the weights in place while a function runs, and the same bits back', async () => {
    const { optimizer, variables, own, expected } = await prepare()
    const before = tf.memory()
    const inside = optimizer.withEvaluationWeights(() => values(variables))
    expect(inside).toEqual(expected)
    expect(values(variables)).toEqual(own)
    expect(tf.memory()).toMatchObject({
      numTensors: before.numTensors,
      numDataBuffers: before.numDataBuffers,
    })
  })

  test('waits for a promise', async () => {
    const { optimizer, variables, gradients, own, expected } = await prepare()
    const before = tf.memory().numTensors
    const pending = optimizer.withEvaluationWeights(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      return values(variables)
    })
    // Elsewhere, meanwhile.
    expect(() => take(optimizer, gradients, 3, 4)).toThrow(/weights to evaluate with are in place/)
    expect(await pending).toEqual(expected)
    expect(values(variables)).toEqual(own)
    expect(tf.memory().numTensors).toBe(before)
    take(optimizer, gradients, 3, 4)
    expect(values(variables)).not.toEqual(own)
  })

  test('puts the weights back when the function throws or its promise rejects, whatever it did', async () => {
    const { optimizer, variables, own } = await prepare()
    const before = tf.memory().numTensors
    const fail = (): never => {
      tf.tidy(() => variables[0]!.assign(tf.zerosLike(variables[0]!)))
      throw new Error('stop')
    }
    expect(() => optimizer.withEvaluationWeights(fail)).toThrow('stop')
    expect(values(variables)).toEqual(own)
    await expect(
      optimizer.withEvaluationWeights(async () => {
        await Promise.resolve()
        return fail()
      }),
    ).rejects.toThrow('stop')
    expect(values(variables)).toEqual(own)
    expect(tf.memory().numTensors).toBe(before)
    expect(optimizer.withEvaluationWeights(() => 1)).toBe(1)
  })

  test('refuses a step, and itself, inside', async () => {
    const { optimizer, variables, gradients, own } = await prepare()
    const sentence =
      'the weights to evaluate with are in place: take steps and ask for them outside of withEvaluationWeights'
    const inside: (() => unknown)[] = [
      () => take(optimizer, gradients, 3, 4),
      () => optimizer.withEvaluationWeights(() => 0),
      () => optimizer.evaluationWeights(),
    ]
    for (const attempt of inside) {
      expect(() => optimizer.withEvaluationWeights(attempt)).toThrow(sentence)
      expect(values(variables)).toEqual(own)
    }
    expect(optimizer.iterations).toBe(3)
  })

  test('works inside a tidy', async () => {
    const { optimizer, variables, own, expected } = await prepare()
    const before = tf.memory().numTensors
    const inside = tf.tidy(() => optimizer.withEvaluationWeights(() => values(variables)))
    expect(inside).toEqual(expected)
    expect(values(variables)).toEqual(own)
    expect(tf.memory().numTensors).toBe(before)
  })

  test('leaves alone a variable that the function disposes of', async () => {
    const { optimizer, variables, own } = await prepare()
    optimizer.withEvaluationWeights(() => variables[1]!.dispose())
    expect(values([variables[0]!, variables[2]!])).toEqual([own[0], own[2]])
  })
})

test('a class whose rule does not say so has no such methods, and no more text', async () => {
  const optimizer = await make('update = lr * g')
  expect('evaluationWeights' in optimizer).toBe(false)
  expect('withEvaluationWeights' in optimizer).toBe(false)
})
