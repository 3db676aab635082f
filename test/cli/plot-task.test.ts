import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataKinds } from '../../src/hosts/cli/machine-commands.ts'
import { DATA_KINDS } from '../../src/tasks/own/json/data/table.ts'
import { FLOWERS } from '../tasks/own/data-files.ts'
import { moduleOf } from '../tasks/own/own-tasks.ts'
import { createSession } from './session.ts'

const BOWL = `export default {
  steps: 20, isFunction: true, summary: 'a bowl',
  start({ tf }) {
    const x = tf.variable(tf.scalar(2), true, 'x')
    const y = tf.variable(tf.scalar(-1), true, 'y')
    return { parameters: [x, y], loss: () => tf.add(tf.square(tf.sub(x, 1)), tf.mul(3, tf.square(y))) }
  },
}
`
const files = {
  'plain.opt': 'optimizer Plain(lr in (0, inf) = 0.1) {\n  update = lr * g\n}\n',
  'bowl.mjs': BOWL,
  'three.mjs': moduleOf(
    'return { parameters: [x], loss: () => tf.sum(tf.square(x)) }',
    'isFunction: true,',
  ),
  'flowers.csv': FLOWERS,
  'mine.json': JSON.stringify({
    data: { kind: 'csv', file: 'flowers.csv', target: 'species' },
    ...{ network: { network: 'perceptron', hidden: [8] }, objective: 'classification' },
    ...{ batchSize: 8, steps: 40 },
  }),
}

describe('plot --task', () => {
  it('gives the path on a function of two numbers, and draws it over its contours', async () => {
    const session = createSession(files)
    const { exitCode, stdout } = await session.run(
      'plot plain.opt --task bowl.mjs --lr 0.1 --steps 10 --json',
    )
    expect(exitCode).toBe(0)
    const path = JSON.parse(stdout) as Record<string, number[]> & { points: number[][] }
    expect(path).toMatchObject({
      name: 'Plain',
      surface: 'bowl',
      totalSteps: 10,
      learningRate: 0.1,
    })
    // Each step multiplies the distance by 1 - 2 lr, and that of y by 1 - 6 lr.
    for (const [step, [x, y]] of path.points.entries()) {
      expect(x).toBeCloseTo(1 + 0.8 ** step, 5)
      expect(y).toBeCloseTo(-(0.4 ** step), 5)
    }
    expect(path.points).toHaveLength(11)
    expect(path['values']![0]).toBeCloseTo(4, 5)
    const drawn = await session.run('plot plain.opt --task bowl.mjs --out bowl.svg')
    expect(drawn.exitCode).toBe(0)
    const svg = readFileSync(join(session.folder, 'bowl.svg'), 'utf8')
    expect(svg).toContain('Plain on bowl')
    expect(svg).toContain('a bowl')
  })

  it.each([
    ['a function of more numbers', 'three.mjs', 'x', 20],
    ['data', 'mine.json', 'rows', 40],
  ])('draws the curves of a short run on %s', async (_, task, __, steps) => {
    const session = createSession(files)
    const { exitCode, stdout } = await session.run(`plot plain.opt --task ${task} --json`)
    expect(exitCode).toBe(0)
    const run = JSON.parse(stdout) as { curve: { step: number; validationLoss: number }[] }
    expect(run).toMatchObject({ name: 'Plain', totalSteps: steps })
    expect(run.curve.at(-1)!.step).toBe(steps)
    expect(run.curve.at(-1)!.validationLoss).toBeLessThan(run.curve[0]!.validationLoss)
    const drawn = await session.run(`plot plain.opt --task ${task} --lr 0.1`)
    expect(drawn.stdout).toMatch(/Plain on (three|mine)/)
  })

  it('tells what does not go with it', async () => {
    const session = createSession(files)
    expect(await session.run('plot plain.opt --task bowl.mjs --inside')).toMatchObject({
      exitCode: 2,
    })
    const wrong = await session.run('plot plain.opt --task nothing.json')
    expect(wrong).toMatchObject({ exitCode: 1, stderr: 'error: there is no file nothing.json\n' })
  })
})

describe('tasks --schema and --example', () => {
  it('know every kind of data', () => {
    expect(dataKinds).toEqual(Object.keys(DATA_KINDS))
  })

  it('print what an editor completes by and a file to begin with', async () => {
    const session = createSession({})
    const schema = JSON.parse((await session.run('tasks --schema')).stdout) as object
    expect(schema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#' })
    const example = JSON.parse((await session.run('tasks --example csv')).stdout) as object
    expect(example).toMatchObject({ data: { kind: 'csv' }, objective: 'classification' })
    expect((await session.run('tasks --example csv --schema')).exitCode).toBe(2)
  })
})
