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
  /** What the kernel of a parameter of the shape is given at step `t`, and what its states start with. */
  readonly ofShape: (
    shape: readonly number[],
    given: GivenNumbers,
    t: number,
  ) => { readonly numbers: readonly number[]; readonly starts: ReadonlyMap<number, number> }
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
  const tables = new Map<string, ShapeTable>()
  const tableOf = (shape: readonly number[]): ShapeTable => {
    const key = shape.join(' ')
    const table = tables.get(key) ?? createShapeTable(plan, totalSteps, shape, kernelFor(shape))
    tables.set(key, table)
    return table
  }
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
      const { table, numbers, starts } = tableOf(shape)
      const at = table.at(given, t)
      return {
        numbers: numbers.map(at),
        starts: new Map(starts.map(([index, slot]) => [index, at(slot)])),
      }
    },
  }
}

interface ShapeTable {
  readonly table: Table
  readonly numbers: readonly number[]
  readonly starts: readonly (readonly [index: number, slot: number])[]
}

function createShapeTable(
  plan: ProgramKernels['plan'],
  totalSteps: number,
  shape: readonly number[],
  { parameter, numbers }: CompiledKernel,
): ShapeTable {
  const table = createTable({ plan, totalSteps, shape })
  return {
    table,
    numbers: numbers.map(table.add),
    starts: parameter.states.flatMap(({ index, initial }) =>
      initial.kind === 'input' && initial.name === 'w' ? [] : [[index, table.add(initial)]],
    ),
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
