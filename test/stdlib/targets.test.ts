import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadPrograms } from '../../src/emit/ts/load.ts'
import { camelCase } from '../../src/emit/ts/names.ts'
import { simulateModel } from '../../src/plan/run/evaluate.ts'
import { evaluatesElsewhere } from '../../src/runtime/evaluation-weights.ts'
import { evaluateFunction } from '../../src/ir/schedule.ts'
import type { Program } from '../../src/ir/graph.ts'
import { fixture, type Trace } from './fixture.ts'
import { library, optimizer, optimizerNames } from './library.ts'

// One run of two parameters, a matrix and a vector that starts at 0.
const { small, bias } = fixture<Record<string, Trace>>('traces.json')
const traces = [small!, bias!]
const totalSteps = small!.totalSteps

beforeAll(async () => {
  tf.enableProdMode()
  await tf.setBackend('cpu')
})

/** The weights of both parameters after each step by the emitted class, and those to evaluate with where it has them. */
async function emitted(
  program: Program,
): Promise<{ readonly w: number[][][]; readonly evaluate: number[][][] }> {
  const { optimizers } = await loadPrograms([program], [], tf)
  const [Class] = optimizers.values()
  const step = new Class!({ totalSteps })
  const weights = tf.tidy(() =>
    traces.map(({ shape, w0 }) => tf.variable(tf.tensor([...w0], [...shape]))),
  )
  const evaluate: number[][][] = []
  const w = Array.from({ length: totalSteps }, (_, t) => {
    const gradients = traces.map(({ shape, gradients }, index) => ({
      name: weights[index]!.name,
      tensor: tf.tensor([...gradients[t]!], [...shape]),
    }))
    step.applyGradients(gradients)
    gradients.forEach(({ tensor }) => tensor.dispose())
    if (evaluatesElsewhere(step)) {
      const evaluated = step.evaluationWeights().map(({ tensor }) => tensor)
      evaluate.push(evaluated.map((tensor) => [...tensor.dataSync()]))
      tf.dispose(evaluated)
    }
    return weights.map((weight) => [...weight.dataSync()])
  })
  step.dispose()
  tf.dispose(weights)
  return { w, evaluate }
}

describe.each(optimizerNames)('std/%s', (name) => {
  it('takes the same steps as a class on tfjs and on the evaluator, and leaves no tensor behind', async () => {
    const tensors = tf.memory().numTensors
    const path = await emitted(optimizer(name))
    expect(tf.memory().numTensors).toBe(tensors)
    const expected = simulateModel(
      optimizer(name),
      { shapes: traces.map(({ shape }) => shape), totalSteps },
      traces.map(({ w0 }) => w0),
      Array.from({ length: totalSteps }, (_, t) => traces.map(({ gradients }) => gradients[t]!)),
    )
    traces.forEach(({ w0 }, index) => {
      const compare = (
        actual: readonly (readonly number[][])[],
        wanted: readonly (readonly Float64Array[])[],
      ): void => {
        expect(actual).toHaveLength(wanted.length)
        wanted.forEach((parameters, t) => {
          parameters[index]!.forEach((weight, element) => {
            const value = actual[t]![index]![element]!
            const scale = Math.max(Math.abs(weight), Math.abs(weight - w0[element]!), 1e-3)
            expect(
              Math.abs(value - weight) / scale,
              `step ${t}: ${value} for ${weight}`,
            ).toBeLessThan(2e-6)
          })
        })
      }
      compare(path.w, expected.w)
      compare(path.evaluate, expected.evaluate ?? [])
    })
  })
})

describe.each([
  'prelude',
  'schedules',
  ...Array.from({ length: 9 }, (_, index) => `lr${index + 1}`),
])('std/%s', (name) => {
  it('gives the same numbers as functions and on the evaluator', async () => {
    const declared = library(name).functions
    const { functions } = await loadPrograms([], declared, tf)
    expect(declared.length).toBeGreaterThan(0)
    for (const callee of declared) {
      const call = functions.get(camelCase(callee.name))!
      // Emitted functions take the step first, and the number of steps where they need it.
      const steps = callee.usesTotalSteps ? [totalSteps] : []
      for (let t = 0; t < totalSteps; t++) {
        const expected = evaluateFunction(callee, [], t, totalSteps)
        const actual = call(t, ...steps)
        const message = `${callee.name} at ${t}: ${actual} for ${expected}`
        expect(Math.abs(actual - expected), message).toBeLessThanOrEqual(
          1e-14 * Math.max(1, expected),
        )
      }
    }
  })
})
