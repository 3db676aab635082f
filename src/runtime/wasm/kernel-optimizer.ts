import * as tf from '@tensorflow/tfjs-core'
import {
  compileKernel,
  type CompiledKernel,
  type ProgramKernels,
} from '../../emit/kernels/compile-kernel.ts'
import { STEP } from '../../emit/kernels/wasm/step-kernel.ts'
import type { OptimizerClass } from '../../emit/ts/load.ts'
import { nameOptions, nameRunStates } from '../../emit/ts/class/settings.ts'
import { refuseSwapped, type Evaluation } from '../../emit/ts/prelude/evaluation.ts'
import { valueAt, type Hyperparameter, type Limits } from '../../emit/ts/prelude/hyperparameters.ts'
import type { NamedTensor } from '../../emit/ts/prelude/saved-run.ts'
import { stateOf, type States } from '../../emit/ts/prelude/states.ts'
import {
  gradientPairs,
  takeStep,
  type Gradient,
  type StepRule,
  type Steps,
} from '../../emit/ts/prelude/steps.ts'
import type { Program } from '../../ir/graph.ts'
import { drawKey } from '../../operators/random.ts'
import {
  addressOf,
  floatsAt,
  integersAt,
  noteChange,
  withScratch,
  type WasmBackend,
} from './backend-memory.ts'
import { createKernelNumbers, type GivenNumbers, type KernelNumbers } from './kernel-numbers.ts'

/** What every emitted class has. */
interface Emitted {
  readonly iterations: number
  readonly totalSteps: number
  /** Where random numbers start, where some are drawn. */
  readonly seed?: number
  readonly steps: Steps<string>
  readonly states: States
  readonly evaluation?: Evaluation<string>
  /** The states that are one number for the run, by their names, for the optimizer and each group; before the first step none. */
  run?: Record<string, number>[]
  incrementIterations(): void
}

/** What an emitted class is asked for by the name of a hyperparameter's member. */
type Members = Readonly<Record<string, Hyperparameter>>

/**
 * The class that takes its steps by kernels in the memory of the tfjs wasm backend while that is the backend in use, and in all
 * else is `Class`, which was emitted for the program: it takes the same options, and the weights that one gives the other takes.
 * The class itself where the program needs what kernels do not support.
 */
export function withKernels(program: Program, Class: OptimizerClass): OptimizerClass {
  const kernels = compileKernel(program)
  if (kernels === undefined) return Class
  const fixed = {
    kernels,
    options: nameOptions(program),
    names: nameRunStates(kernels.plan),
    limits: (Class as unknown as { readonly limits?: Limits }).limits ?? {},
  }
  return new Proxy(Class, {
    construct: (target, options, newTarget) => {
      const optimizer = Reflect.construct(target, options, newTarget) as tf.Optimizer & Emitted
      const byClass = optimizer.applyGradients.bind(optimizer)
      const numbers = createKernelNumbers(kernels, optimizer.totalSteps)
      const applyGradients = (gradients: tf.NamedTensorMap | NamedTensor[]): void => {
        const backend = usableBackend()
        if (backend === undefined || !gradientPairs(gradients).every(areFloats))
          return byClass(gradients)
        stepByKernels({ ...fixed, numbers, backend }, optimizer, gradients)
      }
      return Object.defineProperty(optimizer, 'applyGradients', { value: applyGradients })
    },
  })
}

/** The wasm backend, where it is in use with a memory of one thread. */
function usableBackend(): WasmBackend | undefined {
  if (tf.getBackend() !== 'wasm') return undefined
  const backend = tf.backend() as unknown as WasmBackend
  return backend.wasm.asm.memory.buffer instanceof ArrayBuffer ? backend : undefined
}

const areFloats = ({ w, g }: Gradient): boolean =>
  w.dtype === 'float32' &&
  (g === null || (g.dtype === 'float32' && tf.util.arraysEqual(g.shape, w.shape)))

/** What the steps of one optimizer are taken with. */
interface Stepping {
  readonly options: ReturnType<typeof nameOptions>
  /** The names of the states that are one number for the run, by their indices. */
  readonly names: ReadonlyMap<number, string>
  readonly kernels: ProgramKernels
  readonly numbers: KernelNumbers
  readonly backend: WasmBackend
  readonly limits: Limits
}

function stepByKernels(
  stepping: Stepping,
  optimizer: Emitted,
  gradients: tf.NamedTensorMap | NamedTensor[],
): void {
  const { options, names, numbers, limits } = stepping
  const { evaluation, iterations: t, totalSteps: T } = optimizer
  if (evaluation !== undefined) refuseSwapped(evaluation)
  const own = optimizer as unknown as Members
  const given = (group: Partial<Members>, step: number): GivenNumbers['hyperparameters'] =>
    new Map(
      options.map(({ source, key, member }) => [
        source.name,
        valueAt(key, group[key] ?? own[member]!, step, T, limits),
      ]),
    )
  const next = [...(optimizer.run ?? [])]
  const isTaken = takeStep(optimizer.steps, gradients, (group, place) => {
    const hyperparameters = given(group, t)
    const kept = optimizer.run?.[place]
    const states =
      kept === undefined
        ? numbers.start({ hyperparameters: given(group, 0), states: new Map() })
        : new Map([...names].map(([index, name]) => [index, kept[name]!]))
    const now = { hyperparameters, states }
    next[place] = Object.fromEntries(
      Array.from(numbers.next(now, t), ([index, value]) => [names.get(index)!, value]),
    )
    return (variable) => stepVariable(stepping, optimizer, variable, now)
  })
  if (!isTaken) return
  if (names.size > 0) optimizer.run = next
  optimizer.incrementIterations()
}

function stepVariable(
  { kernels, numbers, backend }: Stepping,
  { states, evaluation, iterations, seed = 0 }: Emitted,
  { w, g, index: place }: Parameters<StepRule>[0],
  given: GivenNumbers,
): void {
  // With weights to evaluate with, a variable has states from its first gradient on.
  if (g === null && evaluation !== undefined) return
  const ofShape = numbers.ofShape(w.shape, given, iterations)
  const { kernel } = ofShape
  const { program, states: kept } = kernel.parameter
  const variables = new Map(
    kept.map(({ index }) => {
      const start = (): tf.Tensor => startOf(kernels, index, ofShape.starts.get(index), w)
      return [index, stateOf(states, w, program.states[index]!.name, start)]
    }),
  )
  if (g === null) return
  const written = [w, ...kernel.states.map((index) => variables.get(index)!)]
  const [weights, ...columns] = written.map((variable) => ownAddress(backend, variable))
  const gradient = addressOf(backend, g)
  const values = ofShape.numbers
  const { draws } = kernel
  const keys = draws.flatMap(({ operator, site }) => {
    const { high, low } = drawKey(seed, operator.name, site, place)
    return [high, low]
  })
  const words = draws.length === 0 ? [] : [...keys, iterations]
  withScratch(backend, 4 * (values.length + words.length + 1), (table) => {
    floatsAt(backend, table, values.length).set(values)
    integersAt(backend, table + 4 * values.length, words.length).set(words)
    stepIn(backend, kernel)(weights!, gradient, ...columns, table, 4 * w.size)
  })
  for (const variable of written) noteChange(backend, variable, variable.size)
}

/** What a state starts with; undefined stands for the weights. */
function startOf(
  { plan }: ProgramKernels,
  index: number,
  value: number | undefined,
  w: tf.Variable,
): tf.Tensor {
  if (value === undefined) return w
  return plan.types.stateOf(index).extent === 'element' ? tf.fill(w.shape, value) : tf.scalar(value)
}

/** Where the values of a variable are, which are nobody else's: it gets a copy of those that another tensor has too. */
function ownAddress(backend: WasmBackend, variable: tf.Variable): number {
  const shared = addressOf(backend, variable)
  if (backend.refCount(variable.dataId) <= 1) return shared
  const copy = tf.engine().makeTensorFromTensorInfo(backend.makeOutput(variable.shape, 'float32'))
  const address = addressOf(backend, copy)
  const floats = new Uint8Array(backend.wasm.asm.memory.buffer)
  floats.copyWithin(address, shared, shared + 4 * variable.size)
  variable.assign(copy)
  copy.dispose()
  return address
}

type StepFunction = (...addresses: readonly number[]) => void

const linked = new WeakMap<WasmBackend, WeakMap<CompiledKernel, StepFunction>>()

/** The kernel's function in the memory of the backend. */
function stepIn(backend: WasmBackend, kernel: CompiledKernel): StepFunction {
  const ofBackend = linked.get(backend) ?? new WeakMap<CompiledKernel, StepFunction>()
  linked.set(backend, ofBackend)
  const known = ofBackend.get(kernel)
  if (known !== undefined) return known
  const { memory } = backend.wasm.asm
  const instance = new WebAssembly.Instance(kernel.module, { env: { memory } })
  const step = instance.exports[STEP] as StepFunction
  ofBackend.set(kernel, step)
  return step
}
