import type { CompiledKernel, ProgramKernels } from '../../emit/kernels/compile-kernel.ts'
import type { GraphNode } from '../../ir/graph.ts'
import type { ScheduleValue } from '../../ir/schedule.ts'
import { createHostTable } from '../../plan/run/host.ts'

/** The numbers of the host of one optimizer: worked out in 64 bits for a step, under the hyperparameters of a group. */
export interface KernelNumbers {
  /** The states that are one number for the run before its first step, by their indices. */
  readonly start: (given: GivenNumbers) => ReadonlyMap<number, number>
  /** What those states are after step `t`. */
  readonly next: (given: GivenNumbers, t: number) => ReadonlyMap<number, number>
  /** For parameters of a shape at step `t`; worked out once for one object `given`, which is for one step. */
  readonly ofShape: (shape: readonly number[], given: GivenNumbers, t: number) => ShapeNumbers
}

/** The same for one shape. */
type NumbersAt = (given: GivenNumbers, t: number) => ShapeNumbers

/** What parameters of one shape are stepped with. */
export interface ShapeNumbers {
  readonly kernel: CompiledKernel
  /** What the kernel is given. */
  readonly numbers: readonly number[]
  /** What states that do not start as the weights start with, by their indices. */
  readonly starts: ReadonlyMap<number, number>
}

/** What a step is taken with. */
export interface GivenNumbers {
  /** By the names in the program. */
  readonly hyperparameters: ReadonlyMap<string, number>
  /** The states that are one number for the run, by their indices. */
  readonly states: ReadonlyMap<number, number>
}

/** The numbers of a program that is trained for `totalSteps` steps. */
export function createKernelNumbers(
  { plan, kernelFor }: ProgramKernels,
  totalSteps: number,
): KernelNumbers {
  const ofRun = createTable({ plan, totalSteps, shape: [] })
  const initials = plan.runStates.map(({ index, initial }) => [index, ofRun.add(initial)] as const)
  const shapes = new Map<string, NumbersAt>()
  return {
    start: (given) => {
      const at = ofRun.at({ ...given, states: new Map() }, 0)
      return new Map(initials.map(([index, slot]) => [index, at(slot)]))
    },
    next: (given, t) => {
      ofRun.at(given, t)
      return new Map(plan.runStates.map(({ index }) => [index, ofRun.current(index)]))
    },
    ofShape: (shape, given, t) => {
      const key = shape.join(' ')
      const found = shapes.get(key) ?? createShapeNumbers(plan, totalSteps, shape, kernelFor(shape))
      shapes.set(key, found)
      return found(given, t)
    },
  }
}

function createShapeNumbers(
  plan: ProgramKernels['plan'],
  totalSteps: number,
  shape: readonly number[],
  kernel: CompiledKernel,
): NumbersAt {
  const table = createTable({ plan, totalSteps, shape })
  const slots = kernel.numbers.map(table.add)
  const starts = kernel.parameter.states.flatMap(({ index, initial }) =>
    initial.kind === 'input' && initial.name === 'w' ? [] : [[index, table.add(initial)] as const],
  )
  let last: { readonly given: GivenNumbers; readonly found: ShapeNumbers } | undefined
  return (given, t) => {
    if (last?.given === given) return last.found
    const at = table.at(given, t)
    const found = {
      kernel,
      numbers: slots.map(at),
      starts: new Map(starts.map(([index, slot]) => [index, at(slot)])),
    }
    last = { given, found }
    return found
  }
}

interface Table {
  /** Gives a node its slot. */
  readonly add: (node: GraphNode) => number
  /** What stands in the slots at step `t`. */
  readonly at: (given: GivenNumbers, t: number) => (slot: number) => number
  /** What a state that is one number for the run becomes in the step that was last asked for. */
  readonly current: (index: number) => number
}

function createTable({
  plan,
  totalSteps,
  shape,
}: {
  readonly plan: ProgramKernels['plan']
  readonly totalSteps: number
  readonly shape: readonly number[]
}): Table {
  let hyperparameters: GivenNumbers['hyperparameters'] = new Map()
  const values = plan.program.hyperparameters.map(({ name }): [string, ScheduleValue] => [
    name,
    () => hyperparameters.get(name)!,
  ])
  const runs = { shape, totalSteps, hyperparameters: [Object.fromEntries(values)] }
  const host = createHostTable(plan, runs, new WeakMap())
  for (const { index } of plan.runStates) host.add({ kind: 'state', id: 0, index })
  return {
    add: (node) => host.add(node).slot,
    at: (given, t) => {
      hyperparameters = given.hyperparameters
      for (const [index, value] of given.states) host.set(index, value)
      const base = host.prepare(t)
      const table = host.values()
      return (slot) => table[base + slot]!
    },
    current: host.current,
  }
}
