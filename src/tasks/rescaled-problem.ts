import * as tf from '@tensorflow/tfjs-core'
import { childKey, createRandom, type Key } from '../operators/random.ts'
import { variable } from './networks/weights.ts'
import type { Task, TensorTask } from './open-task.ts'
import type { Problem } from './problem.ts'

/** What has a factor of its own. */
export type RescaledLevel = 'network' | 'tensor' | 'element'

/** Factors are drawn from between its inverse and it, uniform in their logarithms. */
const LARGEST = 100

/**
 * `inner` with its weights stored as w / c: an optimizer sees other scales of weights and gradients, and the same losses. The factors c
 * follow from `key`; a rule that fits one scale alone is found out by them.
 */
export function rescaledProblem(inner: Problem, level: RescaledLevel, key: Key): Problem {
  const draw = (...path: readonly (string | number)[]) => {
    const random = createRandom(childKey(key, 'rescaled', ...path))
    return (): number => LARGEST ** (2 * random.uniform() - 1)
  }
  const common = draw('network')()
  const pairs = inner.parameters.map((weights, index) => {
    const next = draw(level, index)
    const factors = tf.tidy(() =>
      level === 'element'
        ? tf.tensor(Float32Array.from({ length: weights.size }, next), weights.shape)
        : tf.scalar(level === 'network' ? common : next()),
    )
    const values = tf.tidy(() => tf.div(weights, factors).dataSync<'float32'>())
    return { weights, factors, stored: variable(weights.name, values, weights.shape, true) }
  })
  const restore = (): void =>
    tf.tidy(() => {
      for (const { weights, factors, stored } of pairs) weights.assign(tf.mul(stored, factors))
    })
  return {
    batchSize: inner.batchSize,
    parameters: pairs.map(({ stored }) => stored),
    step: async (step) => {
      restore()
      const { gradients, ...taken } = await inner.step(step)
      // In the order of the inner gradients, in which rules draw random numbers.
      const scaled: tf.NamedTensorMap = {}
      for (const [name, gradient] of Object.entries(gradients)) {
        const { factors, stored } = pairs.find(({ weights }) => weights.name === name)!
        scaled[stored.name] = tf.mul(gradient, factors)
        gradient.dispose()
      }
      return { ...taken, gradients: scaled }
    },
    evaluate: (part) => {
      restore()
      return inner.evaluate(part)
    },
    evaluateElsewhere: (part) => {
      restore()
      return inner.evaluateElsewhere(part)
    },
    dispose: () => {
      for (const { factors, stored } of pairs) tf.dispose([factors, stored])
      inner.dispose()
    },
  }
}

/** The row of `task` with weights that are stored so. */
export function rescaledTask(
  task: Task<TensorTask>,
  level: RescaledLevel,
  row: Pick<Task, 'name' | 'summary'>,
): Task<TensorTask> {
  const rescaled: Task<TensorTask> = {
    ...task,
    ...row,
    open: async (options) => {
      const opened = await task.open(options)
      return opened.ok ? { ok: true, value: rescaledOpen(rescaled, level, opened.value) } : opened
    },
  }
  return rescaled
}

function rescaledOpen(task: Task<TensorTask>, level: RescaledLevel, inner: TensorTask): TensorTask {
  return {
    task,
    start: async (options) =>
      rescaledProblem(await inner.start(options), level, childKey(options.key, 'weights')),
    widened: (width) => rescaledOpen(task, level, inner.widened(width)),
  }
}
