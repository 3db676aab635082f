import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { rootKey } from '../../../src/operators/random.ts'
import { selectBackend } from '../../../src/runtime/backends.ts'
import { ownTask } from '../../../src/tasks/own/own-task.ts'
import { load, moduleOf, SQUARES, trained } from './own-tasks.ts'
import { opened } from '../opened.ts'

beforeAll(async () => {
  expect(await selectBackend('cpu')).toMatchObject({ ok: true })
})

describe('a module that is no task is refused', () => {
  it.each([
    ['that is not there', {}, 'there is no file mine.mjs'],
    ['without a default export', 'export const a = 1', 'mine.mjs: it has no default export'],
    [
      'with a syntax error',
      'export default {\n  start() { return ] },\n}',
      'mine.mjs:2:20: syntax error: Expression expected.',
    ],
    [
      'with a syntax error in what it imports',
      { 'mine.mjs': `import './more.mjs'\n`, 'more.mjs': 'const a = 1\nconst b = ;\n' },
      'more.mjs:2:11: syntax error: Expression expected.',
    ],
    [
      'that imports a file that is not there',
      `// first\nimport { a } from './missing.mjs'\n`,
      'mine.mjs:2:19: there is no file ./missing.mjs',
    ],
    [
      'that throws when it is loaded',
      `const a = undefined\nexport default a.b\n`,
      /^mine\.mjs:2:18: Cannot read properties of undefined/,
    ],
    [
      'that exports something else',
      'export default 12',
      'mine.mjs:1:1: the default export: expected object, received number',
    ],
    [
      'without start',
      'const a = 1\n\nexport default { steps: 10 }\n',
      'mine.mjs:3:1: start: expected a function',
    ],
    [
      'with a field that there is not',
      'export default { start() {}, stepz: 10 }\n',
      'mine.mjs:1:1: the default export: Unrecognized key: "stepz"',
    ],
    [
      'with a number of steps that is none',
      'export default { start() {}, steps: 0 }\n',
      /^mine\.mjs:1:1: steps: Too small/,
    ],
    [
      'with a metric without a direction',
      `export default { start() {}, metric: { name: 'a', better: 'higher' } }\n`,
      /^mine\.mjs:1:1: metric\.better: Invalid option: expected one of "larger"\|"smaller"/,
    ],
    [
      'with a file that is not there',
      `export default { start() {}, files: ['data.csv'] }\n`,
      'mine.mjs: files: there is no file data.csv',
    ],
  ])('%s', async (_, files, message) => {
    const given = typeof files === 'string' ? { 'mine.mjs': files } : files
    await expect(load(given as Record<string, string>)).rejects.toMatchObject({
      name: 'TaskError',
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    })
  })
})

/** Errors that the first step or evaluation shows: [what, body of `start` on line 3, message, fields]. */
const WRONG: readonly (readonly [string, string, string | RegExp, string?])[] = [
  ['start throws', `throw new Error('no data')`, /^mine\.mjs:3:7: no data \(in `start`\)$/],
  ['start returns nothing', '', /what `start` returns: expected object/],
  ['no parameters', 'return { parameters: [], loss() {} }', /parameters: Too small/],
  ['no loss', 'return { parameters: [x] }', /loss: expected a function/],
  [
    'a tensor as a parameter',
    'return { parameters: [tf.scalar(1)], loss() {} }',
    /parameters\[0\] is no tf\.variable/,
  ],
  [
    'a weight of a model as it is',
    `const m = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' })] })
     return { parameters: m.trainableWeights, loss() {} }`,
    /parameters\[0\] is a weight of a LayersModel; its variable is `weight\.read\(\)`/,
  ],
  [
    'a parameter twice',
    'return { parameters: [x, x], loss() {} }',
    /parameters\[1\] is there twice/,
  ],
  [
    'a parameter of whole numbers',
    `return { parameters: [tf.variable(tf.tensor1d([1], 'int32'), true, 'n')], loss() {} }`,
    /parameters\[0\] has the type int32; expected float32/,
  ],
  [
    'a parameter that is not trained',
    `return { parameters: [tf.variable(tf.scalar(1), false, 'n')], loss() {} }`,
    /parameters\[0\] is not trainable/,
  ],
  [
    'a parameter that the loss does not depend on',
    `const y = tf.variable(tf.scalar(1), true, 'y'); return { parameters: [x, y], loss: () => tf.sum(x) }`,
    /the loss does not depend on the parameter y \(at step 1, before a rule has changed a weight\)/,
  ],
  [
    'a loss of another shape',
    'return { parameters: [x], loss: () => tf.square(x), evaluate: () => 1 }',
    /`loss` has the shape \[3\]; expected one number/,
  ],
  [
    'a loss that is a number',
    'return { parameters: [x], loss: () => 1, evaluate: () => 1 }',
    /`loss` gives number; expected a tensor of one number \(at step 1\)/,
  ],
  [
    'a loss that is a promise',
    'return { parameters: [x], loss: async () => tf.sum(x), evaluate: () => 1 }',
    /`loss` gives a promise/,
  ],
  [
    'a loss that is NaN',
    'return { parameters: [x], loss: () => tf.sum(tf.log(tf.neg(x))), evaluate: () => 1 }',
    /the loss is NaN \(at step 1, before a rule has changed a weight\)/,
  ],
  [
    'an evaluation that is NaN',
    'return { parameters: [x], loss: () => tf.sum(x), evaluate: () => NaN }',
    /the loss is NaN \(in the evaluation on the validation part after 0 steps\)/,
  ],
  [
    'shapes that do not meet in the loss',
    'return { parameters: [x], evaluate: () => 1, loss: () => tf.sum(tf.add(x, tf.zeros([2]))) }',
    /^mine\.mjs:3:\d+: Operands could not be broadcast.* \(at step 1\)$/,
  ],
  [
    'batches without evaluate',
    'return { parameters: [x], batch: () => x, loss: () => tf.sum(x) }',
    /a task with `batch` needs `evaluate`/,
  ],
  [
    'a metric without evaluate',
    SQUARES,
    /the metric error needs `evaluate`/,
    `metric: { name: 'error', better: 'smaller' },`,
  ],
  [
    'a metric that is missing',
    'return { parameters: [x], loss: () => tf.sum(x), evaluate: () => 1 }',
    /`evaluate` gives no metric, and the task declares error/,
    `metric: { name: 'error', better: 'smaller' },`,
  ],
  [
    'a metric that is not declared',
    'return { parameters: [x], loss: () => tf.sum(x), evaluate: () => ({ loss: 1, metric: 2 }) }',
    /`evaluate` gives a metric that the task does not declare/,
  ],
  [
    'an evaluation that is a promise',
    'return { parameters: [x], loss: () => tf.sum(x), evaluate: async () => 1 }',
    /`evaluate` gives a promise/,
  ],
  [
    'an evaluation of another shape',
    'return { parameters: [x], loss: () => tf.sum(x), evaluate: () => ({ loss: x }) }',
    /`evaluate` gives no number as loss/,
  ],
  [
    'too few gradients',
    'return { parameters: [x], loss: () => tf.sum(x), gradients: () => [] }',
    /`gradients` gives 0; expected 1, one for each parameter/,
  ],
  [
    'a gradient of another shape',
    'return { parameters: [x], loss: () => tf.sum(x), gradients: () => [tf.zeros([1, 3])] }',
    /gradients\[0\] has the shape \[1, 3\], its parameter \[3\]/,
  ],
  [
    'weights that do not follow from the seed',
    'const y = tf.variable(tf.scalar(Math.random()), true); return { parameters: [x, y], loss: () => tf.add(y, tf.sum(x)) }',
    /two runs of one seed begin with other weights/,
  ],
  [
    'batches that do not follow from the seed',
    'return { parameters: [x], batch: () => tf.scalar(Math.random()), loss: (b) => tf.mul(b, tf.sum(x)), evaluate: () => 1 }',
    /two runs of one seed begin with other weights or batches/,
  ],
]

describe('what is wrong with a run is said before anything rests on it', () => {
  it.each(WRONG.map((row) => [row[0], row] as const))('%s', async (_, [, run, message, fields]) => {
    const task = await load({ 'mine.mjs': moduleOf(run, fields) })
    const before = tf.memory().numTensors
    const variables = Object.keys(tf.engine().state.registeredVariables)
    await expect((await opened(task)).rehearse!()).rejects.toMatchObject({
      ...{ name: 'TaskError', steps: 0, message: expect.stringMatching(message) as string },
    })
    expect(Object.keys(tf.engine().state.registeredVariables)).toEqual(variables)
    // tfjs keeps what its tape has saved when something is thrown below it.
    expect(tf.memory().numTensors - before).toBeLessThanOrEqual(1)
  })

  it('names the variables of another copy of TensorFlow.js', async () => {
    class Variable {}
    const strange = { parameters: [new Variable()], loss: () => tf.scalar(1) }
    const task = ownTask({ start: () => strange as never })
    await expect((await opened(task)).rehearse!()).rejects.toThrow(
      'parameters[0] is a variable of another copy of TensorFlow.js',
    )
  })
})

describe('what goes wrong later', () => {
  it('has its step and line', async () => {
    const task = await load({
      'mine.mjs': moduleOf(`return {
      parameters: [x], evaluate: () => 1, batch: (step) => tf.ones([step === 4 ? 2 : 3]),
      loss: (batch) => tf.sum(tf.mul(batch, x)),
    }`),
    })
    await (
      await opened(task)
    ).rehearse!()
    await expect(trained(task)).rejects.toMatchObject({
      ...{ name: 'TaskError', steps: 4 },
      message: expect.stringMatching(
        /^mine\.mjs:5:\d+: Operands could not .* \(at step 5\)$/,
      ) as string,
    })
  })

  it('is divergence where a rule has made the loss infinite', async () => {
    const task = await load({ 'mine.mjs': moduleOf(SQUARES) })
    const result = await trained(task, 1e30)
    expect(result.diverged!.step).toBeGreaterThan(1)
  })

  it('leaves a run of another seed other weights, and one of the same the same', async () => {
    const task = ownTask({
      start: ({ tf: given, random }) => {
        const w = given.variable(given.scalar(random.normal()), true, 'w')
        return { parameters: [w], loss: () => given.square(w) }
      },
    })
    const start = async (seed: number): Promise<number> => {
      const problem = await (await opened(task)).start({ batchSize: 1, key: rootKey(seed) })
      const [value] = await problem.parameters[0]!.data()
      problem.dispose()
      return value!
    }
    expect(await start(1)).toBe(await start(1))
    expect(await start(1)).not.toBe(await start(2))
  })
})
