import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openCarried, TRAINING_TASKS } from '../../src/hosts/playground/answers/carried-images.ts'
import { curvesOf, type Curves } from '../../src/hosts/playground/answers/curves.ts'
import { planOf } from '../../src/hosts/playground/answers/plan.ts'
import {
  trainingOf,
  type Training,
  type TrainingHost,
  type TrainQuestion,
} from '../../src/hosts/playground/answers/train.ts'
import { readCurvesState, writeCurvesState } from '../../src/hosts/playground/panes/curves-state.ts'
import {
  readTrainState,
  TASK_TEXTS,
  writeTrainState,
} from '../../src/hosts/playground/panes/train-state.ts'
import { libraryLoader, librarySource } from '../../src/library/sources.ts'
import { standardLibrary } from '../../src/library/standard-library.ts'
import { compile } from '../../src/compile.ts'
import { responsesOf } from '../../src/language/plot/responses.ts'
import { selectBackend } from '../../src/runtime/backends.ts'
import { findTask } from '../../src/tasks/task.ts'

const fileName = 'mine.opt'

describe('curves', () => {
  const ask = (text: string, values = {}, totalSteps = 4): ReturnType<typeof curvesOf> =>
    curvesOf({ kind: 'curves', text, fileName, totalSteps, values })

  it('are those of schedules and decays, with the arguments that are given', () => {
    const text = `schedule half(t) = 0.5^t
schedule line(t, from, to in [0, 1] = 0) = from + (to - from) * t / T
`
    const answer = ask(text, { line: { from: 3, to: 7, t: 1 } }) as Curves
    expect(answer.functions).toMatchObject([
      { name: 'half', role: 'schedule', curve: { values: [1, 0.5, 0.25, 0.125] }, parameters: [] },
      {
        name: 'line',
        // What is outside its interval is left out.
        parameters: [
          { name: 'from', value: 3, initial: 1 },
          { name: 'to', value: 0 },
        ],
        curve: { values: [3, 2.25, 1.5, 0.75] },
      },
    ])
  })

  it('of optimizers are the schedules inside, and the update by the gradient', () => {
    const answer = ask('update = lr * decay_cosine(t) * g', {}, 100) as Curves
    const [{ curves, responses }] = answer.optimizers as [Curves['optimizers'][number]]
    expect(curves.map(({ name }) => name)).toEqual(['decay_cosine'])
    expect(responses.map(({ steps }) => steps)).toEqual([1, 10, 100])
    expect(responses[0]!.points.map(([g, update]) => update / g).filter(Number.isFinite)).toEqual(
      responses[0]!.points.slice(1).map(() => expect.closeTo(0.001, 9)),
    )
  })

  it('say why there are none', () => {
    expect(ask('update = ')).toEqual({ kind: 'none', reason: 'The program has errors.' })
    expect(ask('')).toMatchObject({ kind: 'none' })
  })

  it.each(Object.keys(standardLibrary))('of %s can be drawn', (name) => {
    const answer = ask(standardLibrary[name]!, {}, 20)
    if (answer.kind === 'none') return expect(answer.reason).not.toContain('errors')
    for (const { curve } of answer.functions) expect(curve.values).toHaveLength(20)
  })
})

describe('the update by the gradient', () => {
  it('is what single runs give', () => {
    const [adam] = compile(librarySource('std/adam')!, libraryLoader).value!.programs
    const [first, tenth] = responsesOf(adam!, [1, 10], 50)
    // Bias-corrected averages of equal gradients are that gradient.
    for (const { points } of [first!, tenth!])
      for (const [g, update] of points)
        if (g !== 0) expect(update).toBeCloseTo(0.001 * Math.sign(g), 7)
    expect(first!.points.find(([g]) => g === 0)).toEqual([0, 0])
  })
})

describe('plans', () => {
  it('are those of the optimizer that is asked for, or of the first', () => {
    const text = `optimizer A(lr in (0, inf) = 1) {
  update = lr * g
}
optimizer B(lr in (0, inf) = 1) {
  update = lr * sign(g)
}
`
    const ask = (name?: string): unknown =>
      planOf({ kind: 'plan', text, fileName, ...(name !== undefined && { name }) })
    expect(ask('B')).toMatchObject({ kind: 'plan', name: 'B' })
    expect(ask('missing')).toMatchObject({ name: 'A' })
    expect(ask()).toMatchObject({ name: 'A', graphs: [{ nodes: expect.anything() as unknown }] })
  })
})

const folder = join(import.meta.dirname, '../../src/tasks/data/fashion14')
const host: TrainingHost = {
  setBackend: async (name) => {
    const selected = await selectBackend(name)
    if (!selected.ok) throw new Error(selected.reason)
    return name
  },
  open: (name) =>
    openCarried(
      TRAINING_TASKS.find((each) => each.name === name)!,
      (file) => Promise.resolve(gunzipSync(readFileSync(join(folder, `${file}.gz`)))),
    ),
}
const question: TrainQuestion = {
  ...{ kind: 'train', text: standardLibrary['std/momentum']!, fileName },
  ...{ task: 'fashion14-mlp', steps: 60, backend: 'wasm', values: {} },
}

describe('training', () => {
  const train = async (
    change: Partial<TrainQuestion>,
    watch: (training: Training) => void = () => undefined,
    signal = new AbortController().signal,
  ): Promise<Training> => {
    const answer = await trainingOf({ ...question, ...change }, host, signal, watch)
    if (answer.kind === 'none') throw new Error(answer.reason)
    return answer
  }

  it('learns with the rule and with Adam, and tells how far it is', async () => {
    const reported: Training[] = []
    const { runs, parameters, done, doing } = await train({}, (each) => reported.push(each))
    expect(runs.map(({ name }) => name)).toEqual(['Momentum', 'Adam'])
    for (const { result, curve, isTuned } of runs) {
      expect(isTuned).toBe(true)
      expect(curve.length).toBeGreaterThanOrEqual(10)
      expect(result?.testMetric).toBeGreaterThan(0.5)
    }
    expect(done).toBe(1)
    expect(doing).toBeUndefined()
    const shares = reported.map((each) => each.done)
    expect(shares.toSorted((a, b) => a - b)).toEqual(shares)
    expect(reported.some((each) => each.doing?.includes('trying learning rate') === true)).toBe(
      true,
    )
    expect(parameters.find(({ name }) => name === 'lr')?.value).toBe(runs[0]!.learningRate)
  })

  it('takes the values that are given, as far as a rule may have them', async () => {
    const { runs } = await train({ steps: 20, values: { lr: 0.02, momentum: 5, constructor: 1 } })
    expect(runs[0]).toMatchObject({ learningRate: 0.02, isTuned: false })
  })

  it('ends with what there is when it is given up', async () => {
    const controller = new AbortController()
    const { runs } = await train(
      { steps: 5000 },
      ({ runs: [first] }) => {
        if ((first?.curve.length ?? 0) > 0) controller.abort()
      },
      controller.signal,
    )
    expect(runs).toHaveLength(1)
    expect(runs[0]!.result).toMatchObject({ stopped: 'interrupted' })
  })

  it('is on the tasks of the command line', () => {
    expect(TRAINING_TASKS.map(({ name }) => name)).toEqual(Object.keys(TASK_TEXTS))
    for (const { name, network, defaults } of TRAINING_TASKS)
      expect(findTask(name)).toMatchObject({ network, defaults })
  })
})

describe('states of panes in an address', () => {
  it('are what they were', () => {
    const curves = { totalSteps: 50, values: { line: { from: 3 } } }
    expect(readCurvesState(writeCurvesState(curves))).toEqual(curves)
    expect(writeCurvesState(readCurvesState(undefined))).toBeUndefined()
    const train = {
      ...{ task: 'fashion14-cnn', steps: 100, backend: 'webgpu' as const, values: { lr: 1 } },
    }
    expect(readTrainState(writeTrainState(train))).toEqual(train)
    expect(writeTrainState(readTrainState(undefined))).toBeUndefined()
  })

  it.each([
    null,
    'x',
    [1],
    { totalSteps: 1e12, values: 3, task: 'constructor', steps: -1, backend: 'cuda' },
    { totalSteps: 1.5, values: [{}], task: {}, steps: 'NaN', backend: null },
  ])('are the first ones instead of %j', (given) => {
    expect(readCurvesState(given)).toEqual(readCurvesState(undefined))
    expect(readTrainState(given)).toEqual(readTrainState(undefined))
  })
})
