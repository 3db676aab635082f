import { describe, expect, it } from 'vitest'
import { meanOf, type Entry } from '../../src/hosts/cli/training/contest.ts'
import { learningCurves } from '../../src/hosts/cli/training/learning-curves.ts'
import type { Circumstances } from '../../src/hosts/cli/training/summary.ts'
import { ACCURACY } from '../../src/tasks/metric.ts'
import { meanInterval } from '../../src/tasks/mean-interval.ts'
import type { TrainResult } from '../../src/tasks/train.ts'
import { createSession } from './session.ts'

const SGD = 'optimizer Plain(lr in (0, inf) = 0.001) {\n  update = lr * g\n}\n'
const files = {
  'plain.opt': SGD,
  'fading.opt': 'update = lr * g * decay_cosine(t)\n',
  'noisy.opt': 'update = lr * dropout(g, 0.5)\n',
  'fixed.opt': 'optimizer Fixed(mu in [0, 1) = 0.9) {\n  update = 0.001 * heavy_ball(g, mu)\n}\n',
  'decay.opt': 'decay falling(t) = 1 - t / T\n',
  'narrow.opt': 'optimizer Narrow(lr in (0, 0.5] = 0.1) {\n  update = lr * sign(g)\n}\n',
  'broken.opt': 'update = lr * gg\n',
}

interface Run {
  readonly seed: number
  readonly curve: readonly { readonly step: number; readonly trainLoss: number }[]
  readonly finalLoss: number
  readonly testMetric?: number
  readonly diverged?: { readonly step: number }
}
interface Results {
  readonly optc: string
  readonly backend: string
  readonly seeds: readonly number[]
  readonly rules: readonly {
    readonly name: string
    readonly learningRate?: number
    readonly tried: readonly { readonly learningRate: number }[]
    readonly loss?: { readonly mean: number; readonly low?: number }
    readonly metric?: { readonly mean: number }
    readonly runs: readonly Run[]
  }[]
}

async function trainJson(line: string): Promise<Results> {
  const { exitCode, stdout } = await createSession(files).run(`train ${line} --json`)
  expect(exitCode).toBe(0)
  return JSON.parse(stdout) as Results
}

/** Results without the times in them. */
function untimed({ rules }: Results): unknown {
  return rules.map((rule) => ({
    ...rule,
    stepsPerSecond: 0,
    runs: rule.runs.map((run) => ({ ...run, seconds: 0, stepsPerSecond: 0 })),
  }))
}

describe('train on a function', () => {
  it('chooses learning rates, trains, and repeats exactly', async () => {
    const line = 'plain.opt fading.opt --against adam --task quadratic --steps 60'
    const results = await trainJson(line)
    expect(results).toMatchObject({ optc: 'train', backend: 'cpu', seeds: [1] })
    expect(results.rules.map(({ name }) => name)).toEqual(['Plain', 'fading', 'Adam'])
    for (const { loss, runs, tried, learningRate } of results.rules) {
      expect(tried.map((trial) => trial.learningRate)).toContain(learningRate)
      // The best is no end of what was tried: a third of a decade beside it is worse.
      const rates = tried.map((trial) => trial.learningRate)
      for (const beside of [2.15, 1 / 2.15])
        expect(rates.some((rate) => Math.abs(rate / learningRate! / beside - 1) < 0.1)).toBe(true)
      expect(runs[0]!.curve).toHaveLength(12)
      expect(loss!.mean).toBeLessThan(20)
    }
    expect(untimed(await trainJson(line))).toEqual(untimed(results))
  })

  it('takes a learning rate for all, or leaves them their own', async () => {
    const given = await trainJson('plain.opt fixed.opt --task quadratic --steps 5 --lr 0.005')
    expect(given.rules.map(({ learningRate }) => learningRate)).toEqual([0.005, undefined])
    const own = await trainJson('plain.opt --task quadratic --steps 5 --lr default')
    expect(own.rules[0]).toMatchObject({ learningRate: 0.001, tried: [] })
  })

  it('tries only learning rates that the rule allows, and passes over files without rules', async () => {
    const { rules } = await trainJson('narrow.opt decay.opt --task quadratic --steps 20')
    expect(rules).toHaveLength(1)
    expect(
      Math.max(...rules[0]!.tried.map(({ learningRate }) => learningRate)),
    ).toBeLessThanOrEqual(0.5)
  })

  it('sets hyperparameters where they are', async () => {
    const line = 'fixed.opt plain.opt --task quadratic --steps 30 --lr default'
    const [changed, unchanged] = [await trainJson(`${line} --set mu=0`), await trainJson(line)]
    expect(changed.rules[0]!.loss).not.toEqual(unchanged.rules[0]!.loss)
    expect(changed.rules[1]!.loss).toEqual(unchanged.rules[1]!.loss)
  })

  it('runs every seed of a rule that draws random numbers', async () => {
    const { rules } = await trainJson(
      'noisy.opt --task quadratic --steps 20 --lr 0.005 --seeds 2 --seed 7',
    )
    expect(rules[0]!.runs.map(({ seed }) => seed)).toEqual([7, 8])
    expect(rules[0]!.runs[0]!.finalLoss).not.toBe(rules[0]!.runs[1]!.finalLoss)
    expect(rules[0]!.loss!.low).toBeLessThan(rules[0]!.loss!.mean)
  })

  it('ends a run that diverges, and goes on', async () => {
    const { rules } = await trainJson('plain.opt fixed.opt --task rosenbrock --lr 5 --steps 40')
    expect(rules[0]!.runs[0]!.diverged!.step).toBeGreaterThan(1)
    expect(rules[0]!.loss).toBeUndefined()
    expect(rules[1]!.runs).toHaveLength(1)
    const shown = await createSession(files).run(
      'train plain.opt --task rosenbrock --lr 5 --steps 40',
    )
    const step = String(rules[0]!.runs[0]!.diverged!.step)
    expect(shown.exitCode).toBe(1)
    expect(shown.stderr).toContain('error: no run came to an end')
    expect(shown.stdout).toContain(`seed 1 diverged at step ${step}`)
    expect(shown.stderr).toContain(`Plain, seed 1: diverged at step ${step}`)
  })

  it('lists the best rule first, and those with no result last', async () => {
    const rules = {
      'a.opt': 'update = 3e4 * lr * g',
      'b.opt': 'update = lr * g',
      'c.opt': 'update = 2 * lr * g',
    }
    const { stdout, exitCode } = await createSession(rules).run(
      'train a.opt b.opt c.opt --task quadratic --steps 40 --lr 0.001',
    )
    expect(exitCode).toBe(0)
    expect(stdout.match(/^[abc](?= +[\d.])/gm)).toEqual(['c', 'b', 'a'])
  })

  it('makes as many steps as `optc tasks` says', async () => {
    const session = createSession(files)
    const listed = /^quadratic +(\d+)/m.exec((await session.run('tasks')).stdout)![1]
    const { stdout } = await session.run('train plain.opt --task quadratic --lr 0.001')
    expect(stdout).toContain(`${listed} steps`)
  })

  it('refuses an option that is given twice, where one of the two would be lost', async () => {
    expect(await createSession(files).run('train plain.opt --set x=1 --set y=2')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--set is given twice'),
    })
  })

  it('refuses a value that is set twice', async () => {
    expect(await createSession(files).run('train plain.opt --set x=1,y=2,x=2')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('x is set twice'),
    })
  })

  it('draws curves and a table', async () => {
    const { stdout, stderr } = await createSession(files).run(
      'train plain.opt --against sgd --task rosenbrock --steps 50 --lr 0.001',
    )
    expect(stdout).toMatch(/Plain, SGD on rosenbrock\nseed 1, 50 steps, backend cpu/)
    expect(stdout).toMatch(/rule +lr +loss +steps\/s\nPlain +0\.001 /)
    expect(stderr).toMatch(/^Plain: lr 0\.001\nSGD: lr 0\.001\n/)
  })

  it('tells rules of one name apart, and trains a file named twice once', async () => {
    const session = createSession({
      'mine.opt': 'optimizer Adam(lr in (0, inf) = 0.001) {\n  update = lr * g\n}\n',
    })
    const { stdout } = await session.run(
      'train mine.opt std/adam --against adam --task quadratic --steps 5 --lr 0.001 --json',
    )
    expect((JSON.parse(stdout) as Results).rules.map(({ name }) => name)).toEqual([
      'Adam (mine.opt)',
      'Adam (std/adam)',
    ])
  })
})

describe('train on images', () => {
  it('gives accuracies', async () => {
    const { rules, backend } = await trainJson(
      'std/adam --task fashion14-mlp --steps 30 --seeds 2 --lr 0.003',
    )
    expect(backend).not.toBe('cpu')
    expect(rules[0]!.metric!.mean).toBeGreaterThan(0.4)
    expect(rules[0]!.runs.map(({ testMetric }) => testMetric)).toEqual([
      expect.any(Number),
      expect.any(Number),
    ])
  })
})

describe('the folder of train', () => {
  it('holds the results, the curves and the rules, and is written again by force', async () => {
    const session = createSession(files)
    const line = 'train plain.opt --task quadratic --steps 5 --lr 0.001 --out runs/first'
    expect(await session.run(line)).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('written to runs/first: results.json, curves.svg, plain.ts'),
    })
    expect(JSON.parse(session.read('runs/first/results.json'))).toMatchObject({
      optc: 'train',
      task: 'quadratic',
    })
    expect(session.read('runs/first/curves.svg')).toMatch(/^<svg /)
    expect(session.read('runs/first/plain.ts')).toContain('class Plain extends tf.Optimizer')
    const again = line.replace('--steps 5', '--steps 6')
    expect(await session.run(again)).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringContaining(
        'the folder runs/first holds the results of an earlier `optc train`\n  = help: give a new one with --out, or write over what is there with --force',
      ),
    })
    expect(JSON.parse(session.read('runs/first/results.json'))).toMatchObject({ steps: 5 })
    expect((await session.run(`${again} --force`)).exitCode).toBe(0)
    expect(JSON.parse(session.read('runs/first/results.json'))).toMatchObject({ steps: 6 })
  })

  it.each([
    ['foreign', 1, 'holds files that are not of `optc train`'],
    ['plain.opt', 2, 'it must be a folder'],
  ])('is not %s', async (out, exitCode, message) => {
    const session = createSession({ ...files, 'foreign/results.json': '{"mine": true}' })
    const result = await session.run(`train plain.opt --task quadratic --steps 5 --out ${out}`)
    expect(result).toMatchObject({ exitCode, stdout: '' })
    expect(result.stderr).toContain(message)
    expect(session.read('foreign/results.json')).toBe('{"mine": true}')
  })
})

it('train keeps rules apart whose names differ in letters that files do not have', async () => {
  const session = createSession({
    'two.opt':
      'optimizer SignStep(lr = 0.1) {\n  update = lr * sign(g)\n}\n\noptimizer sign_step(lr = 0.1) {\n  update = lr * g\n}\n',
  })
  const line = 'train two.opt --task quadratic --steps 5 --lr 0.001 --out run'
  expect((await session.run(line)).stderr).toContain('sign-step.ts, sign-step-2.ts')
  expect(session.read('run/sign-step.ts')).toContain("'OptcSignStep'")
  expect(session.read('run/sign-step-2.ts')).toContain("'Optcsign.step'")
})

it('train prints what is finished when it is interrupted', async () => {
  const stop = new AbortController()
  const session = createSession(files)
  const result = await session.run(
    'train plain.opt --against adam --task quadratic --steps 200 --lr 0.001 --out run',
    {
      signal: stop.signal,
      onWrite: (text) => {
        if (text.startsWith('Plain, seed 1')) stop.abort()
      },
    },
  )
  expect(result.exitCode).toBe(130)
  expect(result.stderr).toContain('interrupted')
  expect(result.stdout).toMatch(/\nPlain +0\.001 /)
  expect(result.stdout).not.toMatch(/\nAdam /)
  expect(JSON.parse(session.read('run/results.json'))).toMatchObject({ interrupted: true })
})

describe('what train refuses', () => {
  it.each([
    ['train broken.opt', 1, 'error[unknown-name]'],
    ['train decay.opt --task quadratic', 1, 'decay.opt: there is no optimizer to train with'],
    ['train plain.opt --task fashion15-cnn', 2, 'did you mean fashion14-cnn?'],
    ['train plain.opt --against addam', 2, 'did you mean `std/adam`?'],
    ['train plain.opt --set lr=1', 2, 'the learning rate is set with --lr'],
    [
      'train plain.opt --set beta=1 --task quadratic',
      1,
      'no hyperparameter or argument is called beta',
    ],
    ['train plain.opt --task mnist --data .', 1, 'train-images-idx3-ubyte'],
    ['train narrow.opt --lr 2 --task quadratic', 1, 'lr of Narrow is 2; it must be in (0, 0.5]'],
    ['train plain.opt --seeds 0', 2, 'at least 1'],
    ['train plain.opt --backend cuda', 2, 'it must be one of auto, tensorflow'],
  ])('%s', async (line, exitCode, message) => {
    const result = await createSession(files).run(line)
    expect(result.stderr).toContain(message)
    expect(result).toMatchObject({ exitCode, stdout: '' })
  })
})

describe('what a table says of runs', () => {
  const result = (finalMetric: number, changes: Partial<TrainResult> = {}): TrainResult => ({
    curve: [10, 20].map((step) => ({
      step,
      trainLoss: 1,
      validationLoss: 1,
      validationMetric: 0.5,
    })),
    ...{ steps: 20, seconds: 1, stepsPerSecond: 20, finalMetric, testMetric: finalMetric },
    finalScore: finalMetric,
    ...changes,
  })
  const diverged = result(0.5, { diverged: { step: 15 }, curve: result(0).curve.slice(0, 1) })
  const entryOf = (results: readonly TrainResult[], rivals: Entry['rivals'] = []): Entry => ({
    contender: { label: 'Plain' } as Entry['contender'],
    learningRate: 0.1,
    rivals,
    runs: results.map((each, seed) => ({ seed, result: each })),
  })
  const accuracy = ({ testMetric }: TrainResult): number | undefined => testMetric

  it('has no mean of a rule of which one run diverged', () => {
    const good = [result(0.7), result(0.8)]
    expect(meanOf(entryOf(good), accuracy)).toEqual(meanInterval([0.7, 0.8]))
    expect(meanOf(entryOf([...good, diverged]), accuracy)).toBeUndefined()
  })

  it('ends a curve where the first run diverges', () => {
    const circumstances: Circumstances = {
      ...{ task: 'fashion14-mlp', metric: ACCURACY, isFunction: false, backend: 'cpu' },
      ...{ seeds: [0, 1], steps: 20, batchSize: 8, interrupted: false },
    }
    const pointsOf = (entry: Entry): number[] =>
      learningCurves(circumstances, [entry]).panels[0]!.series[0]!.points.map(([x]) => x)
    expect(pointsOf(entryOf([result(0.7), result(0.8)]))).toEqual([10, 20])
    expect(pointsOf(entryOf([result(0.7), diverged]))).toEqual([10])
  })

  it('covers another choice of the learning rate', () => {
    const runs = [result(0.7), result(0.72), result(0.71)]
    const rivals = [
      { learningRate: 0.22, runs: [result(0.9), result(0.4)] },
      { learningRate: 0.1, runs: [result(0.7), result(0.7)] },
    ]
    const half = (entry: Entry): number => meanOf(entry, accuracy)!.halfWidth!
    expect(half(entryOf(runs, rivals))).toBeGreaterThan(half(entryOf(runs)))
    const failed = [{ learningRate: 0.22, runs: [result(0.9), diverged] }, rivals[1]!]
    expect(half(entryOf(runs, failed))).toBe(half(entryOf(runs)))
  })
})
