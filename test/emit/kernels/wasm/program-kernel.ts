import { elementLoop, type Elements } from '../../../../src/emit/kernels/wasm/element-loop.ts'
import { elementValues } from '../../../../src/emit/kernels/wasm/element-values.ts'
import { threefry } from '../../../../src/emit/kernels/wasm/functions/random.ts'
import { isSpelled, type Builder } from '../../../../src/emit/kernels/wasm/spellings.ts'
import { isMask, reachable } from '../../../../src/ir/build.ts'
import { expandDefinitions } from '../../../../src/ir/expand.ts'
import type { ApplyNode, GraphNode, Program } from '../../../../src/ir/graph.ts'
import { drawKey } from '../../../../src/operators/random.ts'
import { isHost } from '../../../../src/operators/type.ts'
import { leafFor } from '../../../../src/plan/choice.ts'
import { planStep, type StepPlan } from '../../../../src/plan/plan.ts'
import { createHostTable } from '../../../../src/plan/run/host.ts'
import type { Encoding } from '../../../../src/wasm/encode.ts'
import { makeFunction, type ExportedFunction } from '../../../../src/wasm/function.ts'
import { f32x4, i32x4, v128 } from '../../../../src/wasm/operations.ts'
import { get, sequence, set, type IntegerLocal, type Vector } from '../../../../src/wasm/tree.ts'
import { FREE, instantiate } from '../../../wasm/instantiate.ts'

/** What a kernel of one pass needs to know of a program. */
export interface PassProgram {
  readonly plan: StepPlan
  readonly update: GraphNode
  /** The index of each state of elements, and what it becomes. */
  readonly states: readonly { readonly index: number; readonly node: GraphNode }[]
  /** The numbers of the host that elements meet. */
  readonly numbers: readonly GraphNode[]
}

/** The program for parameters of that shape; undefined where one pass over the elements is not enough. */
export function passProgram(program: Program, shape: readonly number[]): PassProgram | undefined {
  const plan = planStep(expandDefinitions(program, isSpelled))
  const { placementOf, stateOf } = plan.types
  const parameter = leafFor(plan.parameter, shape)
  const assigned = new Map(
    parameter.statements.flatMap((statement) =>
      statement.kind === 'assign' ? [[statement.state, statement.node] as const] : [],
    ),
  )
  const states = parameter.states.flatMap(({ index }) => {
    const node = assigned.get(index)
    return node !== undefined && stateOf(index).extent === 'element' ? [{ index, node }] : []
  })
  const update = parameter.statements.find(({ kind }) => kind === 'update')
  if (update === undefined || states.length !== parameter.states.length) return undefined
  if (plan.runStates.length > 0) return undefined
  const numbers = new Set<GraphNode>()
  for (const node of reachable([update.node, ...states.map((state) => state.node)])) {
    if (isHost(placementOf(node))) continue
    if (node.kind === 'apply') {
      if (!isSpelled(node.operator)) return undefined
      for (const argument of node.arguments)
        if (isHost(placementOf(argument))) numbers.add(argument)
    } else if (node.kind !== 'input' && node.kind !== 'state') return undefined
  }
  for (const { node } of [update, ...states]) if (isHost(placementOf(node))) return undefined
  return { plan, update: update.node, states, numbers: [...numbers] }
}

/**
 * One step in one pass: columns w, g and the states, then the numbers of the host, the size of a column and the step. Random
 * numbers are those of the first parameter for the seed 0.
 */
export function programKernel({ plan, update, states, numbers }: PassProgram): ExportedFunction {
  const { placementOf } = plan.types
  const count = states.length
  const types = Array.from({ length: count + 5 }, (): 'i32' => 'i32')
  const definition = makeFunction(types, undefined, (scope, ...locals) => {
    const [w, g] = [locals[0]!, locals[1]!]
    const columns = new Map(states.map(({ index }, at) => [index, locals[at + 2]!]))
    const [table, bytes, step] = locals.slice(count + 2) as [
      IntegerLocal,
      IntegerLocal,
      IntegerLocal,
    ]
    const spread = numbers.map((node, slot) => ({ node, slot, local: scope.local('v128') }))
    const held = new Map(spread.map(({ node, local }) => [node, local]))
    const columnOf = (node: GraphNode): IntegerLocal =>
      node.kind === 'state'
        ? columns.get(node.index)!
        : node.kind === 'input' && node.name === 'g'
          ? g
          : w
    const leafIn =
      ({ load }: Elements) =>
      (node: GraphNode): Vector | undefined => {
        if (isHost(placementOf(node))) return get(held.get(node)!)
        return node.kind === 'apply' ? undefined : load(columnOf(node))
      }
    const buildIn =
      ({ numbers: places }: Elements) =>
      ({ operator, site }: ApplyNode): Builder => ({
        words: () => {
          const { high, low } = drawKey(0, operator.name, site, 0)
          const key = [high, low].map((word) => i32x4.constant(word)) as [Vector, Vector]
          return threefry(...key, i32x4.splat(get(step)), places)
        },
      })
    return sequence(
      ...spread.map(({ node, slot, local }) => {
        const number = v128.load32_splat(get(table), 4 * slot)
        return set(local, isMask(node) ? f32x4.ne(number, f32x4.constant(0)) : number)
      }),
      elementLoop(scope, bytes, (elements) => {
        const roots = [update, ...states.map(({ node }) => node)]
        const values = elementValues(scope, roots, leafIn(elements), buildIn(elements))
        return sequence(
          values.compute,
          elements.store(w, f32x4.sub(elements.load(w), values.of(update))),
          ...states.map(({ index, node }) => elements.store(columns.get(index)!, values.of(node))),
        )
      }),
    )
  })
  return { name: 'step', definition }
}

/** Steps of a program of one pass, in place: `columns` are w, g and the states. */
export function compileProgramKernel(
  program: PassProgram,
  shape: readonly number[],
  totalSteps: number,
  encoding: Encoding,
) {
  const size = shape.reduce((product, length) => product * length, 1)
  const pages = Math.ceil((FREE + 4 * size * (program.states.length + 3)) / 65536)
  const { memory, functions } = instantiate([programKernel(program)], encoding, pages)
  const table = 0
  const columns = Array.from(
    { length: program.states.length + 2 },
    (_, index) => new Float32Array(memory.buffer, FREE + 4 * size * index, size),
  )
  const host = createHostTable(
    program.plan,
    { shape, totalSteps, hyperparameters: [{}] },
    new WeakMap(),
  )
  const places = program.numbers.map((node) => host.add(node))
  host.begin()
  const numbers = new Float32Array(memory.buffer, table, Math.max(1, places.length))
  return {
    columns,
    step: (t: number): void => {
      const base = host.prepare(t)
      places.forEach(({ slot }, index) => (numbers[index] = host.values()[base + slot]!))
      const addresses = columns.map(({ byteOffset }) => byteOffset)
      functions['step']!(...addresses, table, 4 * size, t)
    },
  }
}
