import * as tf from '@tensorflow/tfjs-core'
import type { Program } from '../ir/graph.ts'
import { leavesOf } from '../plan/choice.ts'
import { planStep } from '../plan/plan.ts'
import { firstLine, selectBackend, type BackendName } from '../runtime/backends.ts'
import { loadOptimizerFactory } from '../runtime/optimizer-factory.ts'
import { copyContestant } from './bench-copy.ts'
import {
  BENCH_STEPS,
  steppedOptimizer,
  takeTurns,
  type Contestant,
  type Shapes,
  type SteppedOptimizer,
} from './bench-optimizers.ts'
import { memoryOf, type StepMemory } from './bench-memory.ts'
import type { Torch } from './bench-torch.ts'

/** A rule of which steps are measured. */
export interface BenchRule {
  /** Its name in the library, without the folder. */
  readonly name: string
  readonly program: Program
}

/** Parameters of one size. */
export interface BenchSize {
  /** What they are, for people. */
  readonly name: string
  /** How many numbers all variables together have. */
  readonly parameters: number
  readonly variables: number
}

/** What is measured and how. */
export interface KernelBench {
  readonly rules: readonly BenchRule[]
  readonly sizes: readonly BenchSize[]
  readonly backends: readonly BackendName[]
  /** Time for the steps of one rule at one size on one backend. */
  readonly seconds: number
  /** Who takes longer for a step, in seconds, is left out. */
  readonly longestStep: number
  readonly torch?: Torch | undefined
  readonly signal: AbortSignal
  /** Gets a sentence about what is left out. */
  readonly note: (sentence: string) => void
}

/** Steps of one contestant. */
export interface KernelFigure {
  readonly rule: string
  readonly size: BenchSize
  readonly backend: BackendName
  /** Whose steps: `kernels`, `class`, `tf.train`, `copy`, or a form of PyTorch such as `torch fused`. */
  readonly form: string
  /** Of a step, one number a turn. */
  readonly seconds: readonly number[]
  /** What a step has to read and write at least, in bytes: weights, gradients and states once. */
  readonly bytes: number
  /** Where there are several variables. */
  readonly memory?: StepMemory
}

/** The optimizers of tfjs itself that do what rules of the library do. */
const OF_TFJS: Readonly<Record<string, () => tf.Optimizer>> = {
  sgd: () => tf.train.sgd(1e-3),
  momentum: () => tf.train.momentum(1e-3, 0.9),
  adam: () => tf.train.adam(1e-3),
  adamax: () => tf.train.adamax(1e-3),
  rmsprop: () => tf.train.rmsprop(1e-3),
  adagrad: () => tf.train.adagrad(1e-3),
  adadelta: () => tf.train.adadelta(1e-3),
}

/** The targets whose classes take steps, and what their form is called. */
const FORMS = [
  ['kernels', 'kernels'],
  ['class', 'ts'],
] as const

/** Whoever takes steps in a group, by the name of the form. */
type Group = Map<string, Contestant>

/** Steps of each rule at each size on each backend, the smallest size first; backends that do not work are left out. */
export async function* benchKernels(bench: KernelBench): AsyncGenerator<KernelFigure> {
  for (const [place, backend] of bench.backends.entries()) {
    const selected = await selectBackend(backend)
    if (!selected.ok) {
      bench.note(selected.reason)
      continue
    }
    for (const rule of bench.rules) {
      /** Seconds that each form takes for a number, in the last group. */
      const costs = new Map<string, number>()
      for (const size of bench.sizes) {
        if (bench.signal.aborted) return
        // PyTorch does not know our backends: it takes turns with the first.
        const torch = place === 0 ? bench.torch : undefined
        for (const figure of await measure({ ...bench, torch }, rule, size, backend, costs)) {
          costs.set(figure.form, Math.min(...figure.seconds) / size.parameters)
          yield figure
        }
      }
    }
  }
}

/** The figures of one group. */
async function measure(
  bench: KernelBench,
  rule: BenchRule,
  size: BenchSize,
  backend: BackendName,
  costs: ReadonlyMap<string, number>,
): Promise<KernelFigure[]> {
  const shapes = shapesOf(rule.program, size)
  const where = `${rule.name}, ${size.name}, ${backend}`
  const isTooSlow = (form: string): boolean => {
    const expected = (costs.get(form) ?? 0) * size.parameters
    if (expected <= bench.longestStep) return false
    bench.note(`${where}: ${form} is left out, a step would take some ${expected.toPrecision(2)} s`)
    return true
  }
  const group: Group = new Map()
  try {
    const steps = new Map<string, () => void>()
    let bytes = 3 * 4 * size.parameters
    for (const [form, optimizer] of await optimizersOf(rule)) {
      if (isTooSlow(form)) continue
      const stepped = tryToStep(optimizer(), shapes, (reason) =>
        bench.note(`${where}: ${form} is left out: ${reason}`),
      )
      if (stepped === undefined) continue
      group.set(form, stepped)
      steps.set(form, stepped.step)
      // What is counted for one is counted for all others.
      if (form === FORMS[0][0]) bytes += 2 * stepped.stateBytes
    }
    if (group.size === 0) return []
    const copy = copyContestant(bytes)
    if (copy !== undefined) group.set('copy', copy)
    await addTorch(group, bench, rule, shapes, where)
    const turns = await takeTurns([...group.values()], bench.seconds, bench.signal)
    if (bench.signal.aborted) return []
    return [...group.keys()].map((form, index): KernelFigure => {
      const step = steps.get(form)
      const figure = { rule: rule.name, size, backend, form, seconds: turns[index]!, bytes }
      // By now steps are machine code, which takes less memory.
      return size.variables > 1 && step ? { ...figure, memory: memoryOf(step) } : figure
    })
  } catch (error) {
    // A process that is told to end does not answer.
    if (bench.signal.aborted) return []
    throw error
  } finally {
    for (const contestant of group.values()) await contestant.dispose()
  }
}

/** An optimizer that has taken its first step; undefined where it could not, as where memory does not suffice. */
function tryToStep(
  optimizer: tf.Optimizer,
  shapes: Shapes,
  explain: (reason: string) => void,
): SteppedOptimizer | undefined {
  try {
    return steppedOptimizer(optimizer, shapes)
  } catch (error) {
    explain(firstLine(error))
    return undefined
  }
}

/** The optimizers of tfjs that take steps of a rule, by their forms. */
async function optimizersOf({
  name,
  program,
}: BenchRule): Promise<readonly (readonly [form: string, optimizer: () => tf.Optimizer])[]> {
  const settings = { hyperparameters: {}, totalSteps: BENCH_STEPS, seed: 1 }
  const compiled = await Promise.all(
    FORMS.map(async ([form, target]) => {
      const factory = await loadOptimizerFactory(program, target)
      return [form, () => factory(settings)] as const
    }),
  )
  const own = Object.hasOwn(OF_TFJS, name) ? OF_TFJS[name] : undefined
  return own === undefined ? compiled : [...compiled, ['tf.train', own]]
}

/** Adds the forms in which PyTorch has a rule. */
async function addTorch(
  group: Group,
  { torch, note }: KernelBench,
  { name }: BenchRule,
  shapes: Shapes,
  where: string,
): Promise<void> {
  for (const form of torch?.formsOf(name) ?? []) {
    try {
      group.set(`torch ${form}`, await torch!.optimizer(name, form, shapes))
    } catch (error) {
      note(`${where}: PyTorch's ${form} is left out: ${firstLine(error)}`)
    }
  }
}

/** Vectors, or matrices that are as square as can be for rules that treat those in a way of their own. */
function shapesOf(program: Program, { parameters, variables }: BenchSize): Shapes {
  const each = Math.round(parameters / variables)
  const ways = leavesOf(planStep(program)!.parameter).length
  return Array.from({ length: variables }, () => (ways > 1 ? squarest(each) : [each]))
}

function squarest(count: number): readonly [number, number] {
  let rows = Math.floor(Math.sqrt(count))
  while (count % rows !== 0) rows--
  return [rows, count / rows]
}
