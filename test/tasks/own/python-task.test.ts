import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { compile } from '../../../src/compile.ts'
import type { Program } from '../../../src/ir/graph.ts'
import { createSources } from '../../../src/hosts/cli/sources.ts'
import { selectBackend } from '../../../src/runtime/backends.ts'
import { setUpComputing } from '../../../src/tasks/computing.ts'
import { openTask, type OpenTask, type Task } from '../../../src/tasks/open-task.ts'
import { loadTask } from '../../../src/tasks/own/load-task.ts'
import { isTaskError, type TaskError } from '../../../src/tasks/own/task-error.ts'
import type { RuleInUse } from '../../../src/tasks/session.ts'
import { train, type TrainResult } from '../../../src/tasks/train.ts'
import { hasModules } from '../../emit/pytorch/python.ts'
import { filesOf, pageAt } from '../../docs/pages.ts'
import { folderOf } from './own-tasks.ts'

const { loader, read } = createSources(process.cwd())

const programOf = (name: string): Program =>
  compile(read(`std/${name}`), loader).value!.programs[0]!

async function opened(
  files: Readonly<Record<string, string>>,
  name = 'mine.py',
): Promise<{ readonly task: Task; readonly open: OpenTask }> {
  const task = await loadTask(name, folderOf(files))
  const result = await openTask(task)
  if (!result.ok) throw new Error(result.problem.problem)
  return { task, open: result.value }
}

const run = (
  task: OpenTask,
  program: Program,
  settings: Partial<RuleInUse['settings']> = {},
  steps = 20,
): Promise<TrainResult> =>
  train({
    ...{ task, seed: 1, steps, evaluateEvery: 5 },
    optimizer: (totalSteps) => ({
      program,
      settings: { hyperparameters: { lr: 0.1 }, totalSteps, seed: 1, ...settings },
    }),
  })

/** A valley in two tensors, in both languages. */
const VALLEY = `
import torch
metric = {"name": "distance", "better": "smaller"}
def start(run):
    a = torch.nn.Parameter(torch.tensor([[1.0, -2.0], [0.5, 3.0]]))
    b = torch.nn.Parameter(torch.tensor([2.0, -1.0]))
    def loss():
        return (a ** 2).sum() + ((a @ b - 1) ** 2).sum()
    def evaluate(part):
        return {"loss": loss(), "metric": (a ** 2).sum().sqrt()}
    return {"parameters": [a, b], "loss": loss, "evaluate": evaluate}
`
const SAME_VALLEY = `export default {
  metric: { name: 'distance', better: 'smaller' },
  start({ tf }) {
    const a = tf.variable(tf.tensor2d([[1, -2], [0.5, 3]]), true, 'valley_a')
    const b = tf.variable(tf.tensor1d([2, -1]), true, 'valley_b')
    const loss = () => tf.add(tf.sum(tf.square(a)), tf.sum(tf.square(tf.sub(tf.dot(a, b), 1))))
    const evaluate = () => ({ loss: loss(), metric: tf.sqrt(tf.sum(tf.square(a))) })
    return { parameters: [a, b], loss, evaluate }
  },
}
`

/** Two weights that must be fitted to drawn points, with batches. */
const LINE = `
import torch
steps = 30
batch_size = 16
def start(run):
    w = torch.nn.Linear(2, 1)
    noise = torch.Generator().manual_seed(run.seed)
    def batch(step):
        x = torch.randn(run.batch_size, 2, generator=noise)
        return x, x.sum(dim=1, keepdim=True)
    def loss(batch):
        x, y = batch
        return ((w(x) - y) ** 2).mean()
    def evaluate(part):
        x = torch.eye(2)
        return loss((x, x.sum(dim=1, keepdim=True)))
    return {"parameters": w, "loss": loss, "batch": batch, "evaluate": evaluate}
`

const hasTorch = hasModules('torch', 'numpy')

/** Loads and rehearses a task. Rejects with what is wrong with it. */
async function rehearsed(text: string): Promise<void> {
  const { open } = await opened({ 'mine.py': text })
  await open.rehearse!()
}

describe.skipIf(!hasTorch)('a task in Python', () => {
  beforeAll(async () => {
    await selectBackend('cpu')
  })

  it('is trained to the numbers of the same task in TensorFlow.js', async () => {
    const python = await opened({ 'mine.py': VALLEY })
    const script = await opened({ 'mine.mjs': SAME_VALLEY }, 'mine.mjs')
    expect(python.task.metric).toEqual(script.task.metric)
    const decaying = (t: number, totalSteps: number): number => 0.1 * (1 - t / totalSteps)
    const settings = [
      ['adam', {}],
      ['schedule_free_adamw', { hyperparameters: { lr: 0.05 } }],
      ['muon', {}],
      ['sgd', { hyperparameters: { lr: decaying } }],
    ] as const
    for (const [name, more] of settings) {
      const program = programOf(name)
      const [there, here] = [
        await run(python.open, program, more),
        await run(script.open, program, more),
      ]
      expect(there.curve.map(({ step }) => step)).toEqual([5, 10, 15, 20])
      for (const [index, point] of there.curve.entries()) {
        expect(point.validationLoss).toBeCloseTo(here.curve[index]!.validationLoss, 4)
        expect(point.validationMetric).toBeCloseTo(here.curve[index]!.validationMetric!, 4)
        expect(point.trainLoss).toBeCloseTo(here.curve[index]!.trainLoss, 4)
      }
      expect(there.testLoss).toBeCloseTo(here.testLoss!, 4)
      expect(there.bestMetric).toBeCloseTo(here.bestMetric!, 4)
    }
  })

  it('has the same numbers for the same seed, whatever else was trained, and others for another', async () => {
    const { task, open } = await opened({ 'mine.py': LINE })
    expect(task.defaults).toEqual({ steps: 30, batchSize: 16, evaluateEvery: 3 })
    const adam = programOf('adam')
    const first = await run(open, adam)
    await run(open, programOf('lion'), { hyperparameters: { lr: 0.01 } })
    const again = await run(open, adam)
    expect(again.curve).toEqual(first.curve)
    expect(again.testLoss).toBe(first.testLoss)
    const other = await train({
      ...{ task: open, seed: 2, steps: 20, evaluateEvery: 5 },
      optimizer: (totalSteps) => ({
        program: adam,
        settings: { hyperparameters: { lr: 0.1 }, totalSteps, seed: 1 },
      }),
    })
    expect(other.curve[0]!.trainLoss).not.toBe(first.curve[0]!.trainLoss)
    await open.rehearse!()
  })

  it('may be the one of the examples, or of the documentation', async () => {
    const spirals = await loadTask('examples/tasks/spirals.py', process.cwd())
    const opening = await openTask(spirals)
    const open = opening.ok ? opening.value : undefined
    await open!.rehearse!()
    const { bestScore } = await run(
      open!,
      programOf('adam'),
      { hyperparameters: { lr: 0.01 } },
      200,
    )
    expect(bestScore).toBeGreaterThan(0.9)
    const { open: valley } = await opened(filesOf(pageAt('docs/tasks.md')), 'valley.py')
    await valley.rehearse!()
    const { bestLoss } = await run(valley, programOf('adam'), {}, 100)
    expect(bestLoss).toBeLessThan(0.5)
  })

  it('has a loss that diverges as a result', async () => {
    const { open } = await opened({ 'mine.py': LINE })
    const { diverged, curve } = await run(
      open,
      programOf('sgd'),
      { hyperparameters: { lr: 1e30 } },
      20,
    )
    expect(diverged!.step).toBeLessThan(5)
    expect(curve).toEqual([])
  })

  it('tells rules which parameters are hidden, by their names', async () => {
    const text = `
import torch
HIDDEN = [None, lambda name, w: True, lambda name, w: name.startswith("0.")]
def start(run):
    model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.Linear(3, 2))
    def loss():
        return (model(torch.eye(2)) ** 2).sum()
    return {"parameters": model, "loss": loss, "hidden": HIDDEN[run.batch_size - 1]}
`
    const { open } = await opened({ 'mine.py': text })
    const muon = programOf('muon')
    const losses: number[] = []
    for (const batchSize of [1, 2, 3]) {
      const { finalLoss } = await train({
        ...{ task: open, seed: 1, steps: 20, batchSize },
        optimizer: () => ({ program: muon, settings: { hyperparameters: { lr: 0.1 } } }),
      })
      losses.push(finalLoss!)
    }
    expect(losses[1]).toBe(losses[0])
    expect(losses[2]).not.toBe(losses[0])
  })

  it('rests on what it imports beside it, its files and the version of PyTorch', async () => {
    const files = {
      'mine.py': `import os, sys
sys.path.append(os.path.join(os.path.dirname(__file__), "site-packages"))
import installed
import other\nfrom deep import inner\nfiles = ["points.csv"]\n${VALLEY}`,
      ...{ 'other.py': 'x = 1\n', 'deep/inner.py': 'y = 2\n', 'deep/__init__.py': '' },
      ...{ 'points.csv': '1,2\n', 'apart.py': 'z = 3\n' },
      'site-packages/installed.py': 'a = 4\n',
    }
    const { task } = await opened(files)
    const names = task.files!.map(({ path }) => path)
    expect(names.slice(0, -1)).toEqual([
      ...['deep/__init__.py', 'deep/inner.py', 'mine.py', 'other.py', 'points.csv'],
    ])
    expect(names.at(-1)).toMatch(/^torch \d+\.\d+/)
    const { task: changed } = await opened({ ...files, 'other.py': 'x = 2\n' })
    const differing = task.files!.filter(
      ({ digest }, index) => digest !== changed.files![index]!.digest,
    )
    expect(differing.map(({ path }) => path)).toEqual(['other.py'])
  })

  it('is for rules, on devices of PyTorch', async () => {
    const { task, open } = await opened({ 'mine.py': VALLEY })
    expect(await setUpComputing(task, 'auto')).toMatchObject({ ok: true })
    expect(await setUpComputing(task, 'wasm')).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/^wasm is TensorFlow\.js's; a task in Python has pytorch-cpu/),
    })
    expect(await setUpComputing({ name: 'quadratic' }, 'pytorch-cpu')).toEqual({
      ok: false,
      reason: 'pytorch-cpu is for tasks in Python, and quadratic is none',
    })
    await expect(
      train({ task: open, optimizer: () => tf.train.sgd(0.1), seed: 1 }),
    ).rejects.toThrow('the task mine is trained with rules, not with optimizers of TensorFlow.js')
    await expect(
      run(open, programOf('sgd'), {
        groups: [{ match: ['a'], hyperparameters: { lr: 1 } }],
      }),
    ).rejects.toThrow('mine.py: --rates is not for tasks in Python')
  })

  it('that raises says where, at which step, and how it came there', async () => {
    const text = `import torch
def deeper(value):
    raise ValueError(f"too far\\nand more")
def start(run):
    w = torch.nn.Parameter(torch.ones(3))
    def loss():
        value = (w ** 2).sum()
        if value > 100:
            deeper(value)
        return value
    return {"parameters": [w], "loss": loss}
`
    const { open } = await opened({ 'mine.py': text })
    const error = (await run(open, programOf('sgd'), { hyperparameters: { lr: 3 } }).catch(
      (thrown: unknown) => thrown,
    )) as TaskError
    expect(isTaskError(error)).toBe(true)
    expect(error.message).toBe('mine.py:3: ValueError: too far (at step 3)')
    expect(error.steps).toBe(2)
    expect(error.traceback).toMatch(/^Traceback[^]*mine\.py", line 9, in loss[^]*line 3, in deeper/)
    expect(error.traceback).not.toContain('host.py')
    // The process goes on.
    expect((await run(open, programOf('sgd'))).curve.length).toBe(4)
  })

  it.each([
    ['no start', 'steps = 3\n', /^mine\.py: it has no function `start`$/],
    [
      'a syntax error',
      'x = 1\ndef start(run:\n',
      /^mine\.py:2: SyntaxError: '\(' was never closed$/,
    ],
    [
      'a metric that is none',
      'metric = {"name": "accuracy", "better": "bigger"}\ndef start(run): pass\n',
      /^mine\.py: metric\.better: /,
    ],
    [
      'a number of steps that is none',
      'from pathlib import Path\nsteps = Path("x")\ndef start(run): pass\n',
      /^mine\.py: steps: /,
    ],
    [
      'weights without a seed',
      `import torch, os
def start(run):
    w = torch.nn.Parameter(torch.tensor([float(int.from_bytes(os.urandom(2), "big"))]))
    return {"parameters": [w], "loss": (w ** 2).sum}
`,
      /^mine\.py: two runs of one seed begin with other weights$/,
    ],
  ])('is told what is wrong with it: %s', async (_, text, message) => {
    await expect(rehearsed(text)).rejects.toThrow(message)
  })

  it('is told what is wrong with what `start` returns', async () => {
    const cases = [
      ['1 / 0', /^mine\.py:7: ZeroDivisionError: .* \(in `start`\)$/],
      ['{"loss": w.sum}', /^mine\.py: `start` returns no `parameters` \(in `start`\)$/],
      [
        '{"parameters": [w], "loss": w.sum, "eval": 1}',
        /`start` returns `eval`; there is parameters, loss, batch, evaluate, hidden/,
      ],
      [
        '{"parameters": [w * 2], "loss": w.sum}',
        /parameters\[0\] is computed from others; expected a leaf of the graph/,
      ],
      ['{"parameters": [w, w], "loss": w.sum}', /parameters\[1\] is there twice/],
      ['{"parameters": [1], "loss": w.sum}', /parameters\[0\] is int; expected a tensor/],
      ['{"parameters": [], "loss": w.sum}', /`parameters` has nothing that can be trained/],
      ['{"parameters": [w]}', /`start` returns no function as `loss`/],
      [
        '{"parameters": [w], "loss": lambda: w}',
        /`loss` gives a tensor of 3; expected a tensor of one number \(at step 1\)/,
      ],
      [
        '{"parameters": [w], "loss": torch.ones(1, requires_grad=True).sum}',
        /the loss depends on none of the parameters/,
      ],
      [
        '{"parameters": [w], "loss": lambda: w.sum() * float("nan")}',
        /the loss is nan before a rule has changed a weight/,
      ],
      [
        '{"parameters": [w], "loss": lambda b: w.sum(), "batch": lambda step: 1}',
        /a task with `batch` or a metric needs `evaluate`/,
      ],
      [
        '{"parameters": [w], "loss": w.sum, "evaluate": lambda part: "good"}',
        /`evaluate` gives str as loss; expected one number \(in the evaluation on the validation part after 1 steps\)/,
      ],
      [
        '{"parameters": [w], "loss": w.sum, "evaluate": lambda part: {"loss": 1, "metric": 2}}',
        /`evaluate` gives a metric, and the task declares none/,
      ],
    ] as const
    const lines = cases.map(
      ([given], index) => `    if run.batch_size == ${index + 1}: return ${given}`,
    )
    const text = `import torch


def start(run):
    w = torch.nn.Parameter(torch.ones(3))

${lines.join('\n')}
`
    const { open } = await opened({ 'mine.py': text })
    for (const [index, [, message]] of cases.entries())
      await expect(
        train({
          ...{ task: open, seed: 1, steps: 1, batchSize: index + 1 },
          optimizer: () => ({
            program: programOf('sgd'),
            settings: { hyperparameters: { lr: 0.1 } },
          }),
        }),
      ).rejects.toThrow(message)
  })

  it('is told that there is no such file', async () => {
    await expect(loadTask('absent.py', folderOf({}))).rejects.toThrow('there is no file absent.py')
  })
})
