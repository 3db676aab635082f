import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadPrograms, type OptimizerClass } from '../../src/emit/ts/load.ts'
import type { Program } from '../../src/ir/graph.ts'
import { createRandom, rootKey } from '../../src/operators/random.ts'
import { simulateModel } from '../../src/plan/run/evaluate.ts'
import { evaluatesElsewhere } from '../../src/runtime/evaluation-weights.ts'
import { compileText } from '../emit/compile-program.ts'
import { useBackend } from '../emit/tensor-backend.ts'

const GRAM = 'state l = 0\nl = l + matmul(g, transpose(g)) + eye(inputs)\n'

/** Matrices, what is evaluated with, counts of updates, draws, and numbers over all parameters, beside each other. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'what is evaluated is a matrix':
    'update = lr * g\nif rank(w) >= 2 { evaluate = orthonormal(w) } else { evaluate = 2 * w }',
  'a state that is a matrix, for what is evaluated alone': `update = lr * g\nif rank(w) >= 2 {\n${GRAM}evaluate = matmul(l, w)\n} else { evaluate = 2 * w }`,
  'roots in the step and in what is evaluated': `if rank(w) >= 2 {\n${GRAM}update = lr * matmul(inverse_root(l, 2), g)\nevaluate = matmul(inverse_root(l, 4), w)\n} else {\nupdate = lr * g\nevaluate = 2 * w\n}`,
  'hidden parameters alone are evaluated elsewhere':
    'update = lr * g\nif is_hidden(w) { evaluate = orthonormal(w) }',
  'reductions of matrices of their own':
    'if rank(w) >= 2 {\nlet l = matmul(transpose(g), g)\nlet k = matmul(g, transpose(g))\nupdate = lr * (norm(l) + max_abs(k) + dot(l, l) + mean(k^2)) * g\n} else { update = lr * g }',
  'updates are added up': 'update = lr * g * global_sum(steps(w) * 1)',
  'updates are added up in a state':
    'state d = 0\nd = d + global_sum(steps(w) * g)\nupdate = lr * g * d',
  'norms of matrices are added up':
    'let n = global_sum(where(rank(w) >= 2, 1, 0) * norm(g))\nif rank(w) >= 2 { update = lr * matmul(matmul(g, transpose(g)), g) / (1 + n) } else { update = lr * g / (1 + n) }',
  'a total on some steps':
    'state s = 0\nif mod(t, 3) == 0 {\nlet n = global_norm(g)\ns = g / (n + 1)\n}\nupdate = lr * s + 0.001 * g',
  'a draw is the same in the round and in the step':
    'let h = dropout(g, 0.5) + 0.1 * normal()\nupdate = lr * h / (1 + global_norm(h)) + 0.01 * normal()',
  'hidden parameters are added up': 'update = lr * g * global_sum(where(is_hidden(w), g, 0))',
  'a state beside totals is evaluated':
    'state z = w\nz = z - lr * g / (1 + global_norm(g))\nupdate = lr * g * global_max_abs(z)\nevaluate = 0.5 * (w + z)',
  'a state of the run that rests on totals is evaluated':
    'state d = 1\nd = d + global_norm(g)\nstate s = 0\ns = d * g\nupdate = lr * g\nif rank(w) >= 2 { evaluate = orthonormal(w) * d + s } else { evaluate = w * d }',
}

const SHAPES: readonly (readonly number[])[] = [[], [3], [2, 3], [2, 1, 2, 2], [4, 2]]
const STEPS = 6

function numbers(seed: number, shape: readonly number[]): number[] {
  const random = createRandom(rootKey(seed))
  const size = shape.reduce((product, length) => product * length, 1)
  return Array.from({ length: size }, () => Math.fround(random.uniform() * 2 - 1))
}

const START = SHAPES.map((shape, index) => numbers(index, shape))
const GRADIENTS = Array.from({ length: STEPS }, (_, step) =>
  SHAPES.map((shape, index) => numbers(100 * step + index + 7, shape)),
)

interface Path {
  readonly w: number[][][]
  readonly evaluate: number[][][]
}

/** What a class comes to; it is saved and restored as another before the step `saves`. */
async function runClass(
  Class: OptimizerClass,
  options: Readonly<Record<string, unknown>> = {},
  saves = STEPS,
): Promise<Path> {
  const weights = SHAPES.map((shape, index) =>
    tf.tidy(() => tf.variable(tf.tensor(START[index]!, [...shape]), true, `v${index}`)),
  )
  let optimizer = new Class(options)
  const path: Path = { w: [], evaluate: [] }
  for (const [step, given] of GRADIENTS.entries()) {
    if (step === saves) {
      const next = new Class(options)
      await next.setWeights(await optimizer.getWeights())
      optimizer.dispose()
      optimizer = next
    }
    tf.tidy(() =>
      optimizer.applyGradients(
        weights.map(({ name, shape }, index) => ({
          name,
          tensor: tf.tensor(given[index]!, shape),
        })),
      ),
    )
    path.w.push(weights.map((w) => [...w.dataSync()]))
    if (!evaluatesElsewhere(optimizer)) continue
    const evaluated = optimizer.evaluationWeights().map(({ tensor }) => tensor)
    path.evaluate.push(evaluated.map((tensor) => [...tensor.dataSync()]))
    tf.dispose(evaluated)
  }
  optimizer.dispose()
  tf.dispose(weights)
  return path
}

function expectPath(actual: Path, program: Program): void {
  const wanted = simulateModel(program, { shapes: SHAPES }, START, GRADIENTS)
  const compare = (
    found: Path['w'],
    right: readonly (readonly Float64Array[])[] = [],
    what: string,
  ): void => {
    expect(found, what).toHaveLength(right.length)
    right.forEach((parameters, step) =>
      parameters.forEach((values, index) => {
        const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
        values.forEach((value, at) =>
          expect(
            Math.abs(found[step]![index]![at]! - value) / largest,
            `${what}, step ${step}, parameter ${index}`,
          ).toBeLessThan(2e-5),
        )
      }),
    )
  }
  compare(actual.w, wanted.w, 'w')
  compare(actual.evaluate, wanted.evaluate, 'evaluate')
}

describe.each(['cpu', 'wasm'] as const)('on %s', (backend) => {
  beforeAll(() => useBackend(backend))

  test.each(Object.entries(PROGRAMS))('%s', async (_, text) => {
    const { programs, functions } = compileText(
      'tried.opt',
      `optimizer tried(lr = 0.1) {\n${text}\n}`,
    )
    const { optimizers } = await loadPrograms(programs, functions, tf)
    const Class = optimizers.get('Tried')!
    const before = tf.memory().numTensors
    const path = await runClass(Class)
    expectPath(path, programs[0]!)
    // A group with the same hyperparameters changes nothing, nor do being saved and restored.
    expect(await runClass(Class, { groups: [{ match: /v[12]/, lr: 0.1 }] }, 3)).toEqual(path)
    expect(tf.memory().numTensors).toBe(before)
  })
})
