import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { loadPrograms } from '../../src/emit/ts/load.ts'
import { simulate } from '../../src/plan/run/evaluate.ts'
import { compileText } from './compile-program.ts'
import { useBackend } from './tensor-backend.ts'

const TOTAL = 10

/** What the rule subtracts at each step of three times the run, by the class and by the evaluator. */
async function updates(text: string): Promise<{ emitted: number[]; evaluated: number[] }> {
  await useBackend('cpu')
  const { programs, functions } = compileText('rule.opt', text)
  const { optimizers } = await loadPrograms(programs, functions, tf)
  const [Class] = optimizers.values()
  const optimizer = new Class!({ totalSteps: TOTAL, lr: 1 })
  const steps = Array.from({ length: 3 * TOTAL }, () => [1])
  const weight = tf.variable(tf.tensor1d([0]))
  const emitted = steps.map(() => {
    weight.assign(tf.tensor1d([0]))
    optimizer.applyGradients([{ name: weight.name, tensor: tf.tensor1d([1]) }])
    return -weight.dataSync()[0]!
  })
  const walked = simulate(
    programs[0]!,
    { shape: [1], totalSteps: TOTAL, hyperparameters: { lr: 1 }, precision: 64 },
    [0],
    steps,
  ).map(([w]) => w!)
  return { emitted, evaluated: walked.map((w, t) => (walked[t - 1] ?? 0) - w) }
}

describe('behind the end of a run', () => {
  test.each([
    ['decay_linear(t)', '', 0.1],
    ['decay_demon(t)', '', 0],
    ['decay_linear(t + 3)', '', 0.1],
    ['decay_linear(2 * t)', '', 0.1],
    ['polynomial_decay(t, 1.5)', 'import { polynomial_decay } from "std/schedules"\n', 0.1 ** 1.5],
    [
      'warmup_hold_cosine(t, 2, 3)',
      'import { warmup_hold_cosine } from "std/schedules"\n',
      undefined,
    ],
  ])('%s holds its last value', async (call, head, last) => {
    const { emitted, evaluated } = await updates(`${head}update = lr * g * ${call}\n`)
    for (const values of [emitted, evaluated]) {
      for (let t = TOTAL; t < values.length; t++)
        expect(values[t]).toBeCloseTo(values[TOTAL - 1]!, 6)
      if (last !== undefined) expect(values[TOTAL - 1]).toBeCloseTo(last, 6)
    }
    emitted.forEach((value, t) => expect(value).toBeCloseTo(evaluated[t]!, 6))
  })

  test('a schedule sees the step as it is, also through another one', async () => {
    const { emitted, evaluated } = await updates(
      'schedule scaled(t, a = 3) = a * t / T\nschedule outer(t) = scaled(t) + 1\nupdate = lr * outer(t) * g\n',
    )
    emitted.forEach((value, t) => expect(value).toBeCloseTo(1 + 0.3 * t, 5))
    evaluated.forEach((value, t) => expect(value).toBeCloseTo(1 + 0.3 * t, 5))
  })
})

test('a decay for a later step holds its last value from where that step is behind the end', async () => {
  const { emitted, evaluated } = await updates('update = lr * g * decay_linear(t + 3)\n')
  const wanted = Array.from({ length: 3 * TOTAL }, (_, t) => 1 - Math.min(t + 3, TOTAL - 1) / TOTAL)
  for (const values of [emitted, evaluated])
    values.forEach((value, t) => expect(value).toBeCloseTo(wanted[t]!, 6))
})

test('totalSteps is a positive whole number where it may be left out too', async () => {
  const { programs, functions } = compileText('rule.opt', 'update = lr * g\n')
  const { optimizers } = await loadPrograms(programs, functions, tf)
  const [Class] = optimizers.values()
  for (const totalSteps of [NaN, 0, -1, 2.5])
    expect(() => new Class!({ totalSteps })).toThrow(/totalSteps is .*positive whole number/)
})
