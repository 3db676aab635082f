import type { Types } from '../../../ir/analysis/analyze.ts'
import { isMask, operands, reachable } from '../../../ir/build.ts'
import type { ApplyNode, GraphNode } from '../../../ir/graph.ts'
import type { RandomOperator } from '../../../operators/operator.ts'
import { isHost } from '../../../operators/type.ts'

import { loopsOf, type Assigned, type Loops } from '../../../plan/loops.ts'
import type { ParameterPlan } from '../../../plan/plan.ts'
import { makeFunction, type ExportedFunction, type FunctionScope } from '../../../wasm/function.ts'
import { f32, f32x4, i32, v128 } from '../../../wasm/operations.ts'
import {
  get,
  sequence,
  set,
  type IntegerLocal,
  type Local,
  type Statement,
  type Vector,
} from '../../../wasm/tree.ts'
import { elementLoop, type Elements } from './element-loop.ts'
import { elementValues } from './element-values.ts'
import { threefry } from './functions/random.ts'
import { reducerOf, type Builder } from './spellings.ts'

/** One step of a parameter as a function of WebAssembly, in place. */
export interface StepKernel {
  /**
   * Called with addresses of 32-bit numbers: the parameter, its gradient, each of `states`, then the table; and with the bytes
   * that the parameter has. The table holds `numbers`, and where there are `draws` behind them, as integers, the high and the low
   * half of the key of each draw, and the step.
   */
  readonly function: ExportedFunction
  /** The indices of the states it reads or writes. */
  readonly states: readonly number[]
  /** The numbers of the host that it is given, conditions as 1 or 0. */
  readonly numbers: readonly GraphNode[]
  /** The operators that draw random numbers. */
  readonly draws: readonly Draw[]
}

/** An operator that draws, at a site. */
export type Draw = ApplyNode & { readonly operator: RandomOperator }

/** The name under which a module exports the function of a kernel. */
export const STEP = 'step'

/** The kernel of parameters that have this plan. Throws a RangeError for an operator that is not written in WebAssembly. */
export function stepKernel(parameter: ParameterPlan, types: Types): StepKernel {
  const loops = loopsOf(parameter, types)
  const nodes = reachable(rootsOf(loops))
  const isNumber = (node: GraphNode): boolean => isHost(types.placementOf(node))
  const met = nodes.flatMap((node) => (isNumber(node) ? [] : operands(node))).filter(isNumber)
  const numbers = [...new Set([...met, ...rootsOf(loops).filter(isNumber)])].filter(
    ({ kind }) => kind !== 'constant',
  )
  const draws = nodes.filter(
    (node): node is Draw => node.kind === 'apply' && node.operator.kind === 'random',
  )
  const read = new Set(nodes.flatMap((node) => (node.kind === 'state' ? [node.index] : [])))
  for (const { index } of [...loops.map.states, ...loops.numbers]) read.add(index)
  const states = parameter.states.map(({ index }) => index).filter((index) => read.has(index))
  const parameters = Array.from({ length: states.length + 4 }, (): 'i32' => 'i32')
  const definition = makeFunction(parameters, undefined, (scope, w, g, ...others) => {
    const columns = new Map(states.map((index, at) => [index, others[at]!]))
    const [table, bytes] = others.slice(states.length) as [IntegerLocal, IntegerLocal]
    const random = { keys: new Map(), step: scope.local('v128') }
    const place: Place = { scope, types, w: w!, g: g!, columns, bytes, held: new Map(), random }
    return sequence(
      readNumbers(place, table, numbers),
      readKeys(place, table, numbers.length, draws),
      writeLoops(place, loops),
    )
  })
  return { function: { name: STEP, definition }, states, numbers, draws }
}

const rootsOf = ({ map, numbers }: Loops): readonly GraphNode[] => [
  map.update,
  ...[...map.states, ...numbers].map(({ node }) => node),
]

/** What the parts of a kernel have to agree about. */
interface Place {
  readonly scope: FunctionScope
  readonly types: Types
  readonly w: IntegerLocal
  readonly g: IntegerLocal
  /** The addresses of the states, by their indices. */
  readonly columns: ReadonlyMap<number, IntegerLocal>
  readonly bytes: IntegerLocal
  /** The numbers that are known so far, in all lanes. */
  readonly held: Map<GraphNode, Vector>
  /** The two halves of the key of each draw, and the step, in all lanes. */
  readonly random: {
    readonly keys: Map<GraphNode, readonly [Vector, Vector]>
    readonly step: Local<'v128'>
  }
}

/** Reads the numbers of the host. */
function readNumbers(
  { scope, held }: Place,
  table: IntegerLocal,
  numbers: readonly GraphNode[],
): Statement {
  const statements = numbers.map((node, slot) => {
    const local = scope.local('v128')
    held.set(node, get(local))
    const number = v128.load32_splat(get(table), 4 * slot)
    return set(local, isMask(node) ? f32x4.ne(number, f32x4.constant(0)) : number)
  })
  return sequence(...statements)
}

/** Reads the keys of what is drawn, and the step, which stand behind `count` numbers. */
function readKeys(
  { scope, random }: Place,
  table: IntegerLocal,
  count: number,
  draws: readonly Draw[],
): Statement {
  if (draws.length === 0) return sequence()
  const word = (slot: number): Vector => v128.load32_splat(get(table), 4 * (count + slot))
  const keys = draws.flatMap((node, index) => {
    const [high, low] = [scope.local('v128'), scope.local('v128')]
    random.keys.set(node, [get(high), get(low)])
    return [set(high, word(2 * index)), set(low, word(2 * index + 1))]
  })
  return sequence(...keys, set(random.step, word(2 * draws.length)))
}

function writeLoops(place: Place, { reduce, map, numbers }: Loops): Statement {
  const ofStates = map.states.map(({ node }) => node)
  const behind = numbers.map(({ node }) => node)
  return sequence(
    readStates(place, [map.update, ...ofStates, ...behind]),
    ...reduce.flatMap((reductions) => {
      const before = holdNumbers(place, reductions.flatMap(operands))
      return [before, reduceLoop(place, reductions)]
    }),
    holdNumbers(place, [map.update, ...ofStates, ...behind]),
    mapLoop(place, map),
    ...numbers.map(({ index, node }) => storeNumber(place, index, node)),
  )
}

const isOfElements = ({ types }: Place, node: GraphNode): boolean =>
  types.placementOf(node).extent === 'element'

/** Reads the states that are one number for the parameter. */
function readStates(place: Place, roots: readonly GraphNode[]): Statement {
  const { scope, columns, held } = place
  const statements = reachable(roots).flatMap((node) => {
    if (node.kind !== 'state' || isOfElements(place, node)) return []
    const column = columns.get(node.index)
    // States that are one number for the run stand among the numbers of the host.
    if (column === undefined || held.has(node)) return []
    const local = scope.local('v128')
    held.set(node, get(local))
    return [set(local, v128.load32_splat(get(column)))]
  })
  return sequence(...statements)
}

/** What is no operator on elements: what is held, a constant, or where `elements` are given one of a column. */
function leafIn(place: Place, elements?: Elements): (node: GraphNode) => Vector | undefined {
  return (node) => {
    const known = place.held.get(node)
    if (known !== undefined) return known
    if (node.kind === 'constant') return f32x4.constant(node.value)
    if (node.kind === 'apply' || elements === undefined) return undefined
    return elements.load(columnOf(place, node))
  }
}

const columnOf = ({ w, g, columns }: Place, node: GraphNode): IntegerLocal =>
  node.kind === 'state'
    ? columns.get(node.index)!
    : node.kind === 'input' && node.name === 'g'
      ? g
      : w

/** What operators on elements may ask for. */
const buildIn =
  ({ random: { keys, step } }: Place, elements?: Elements) =>
  (node: ApplyNode): Builder => ({
    words: () => {
      if (elements === undefined) throw new RangeError('random numbers are drawn for elements')
      return threefry(...keys.get(node)!, get(step), elements.numbers)
    },
  })

/** Works out, once, the numbers of the parameter that elements of `roots` meet, and those among them. */
function holdNumbers(place: Place, roots: readonly GraphNode[]): Statement {
  const { scope, held } = place
  const found = new Set<GraphNode>()
  const seen = new Set<GraphNode>()
  const look = (node: GraphNode): void => {
    if (seen.has(node) || held.has(node) || node.kind !== 'apply') return
    seen.add(node)
    if (isOfElements(place, node)) node.arguments.forEach(look)
    else found.add(node)
  }
  roots.forEach(look)
  const numbers = [...found]
  const values = elementValues(scope, numbers, leafIn(place), buildIn(place))
  for (const node of numbers) held.set(node, values.of(node))
  return values.compute
}

function reduceLoop(place: Place, reductions: Loops['reduce'][number]): Statement {
  const { scope, bytes, held } = place
  const each = reductions.map((node) => ({ node, accumulation: reducerOf(node.operator)(scope) }))
  const loop = elementLoop(scope, bytes, (elements) => {
    const roots = [...new Set(reductions.flatMap(operands))]
    const values = elementValues(scope, roots, leafIn(place, elements), buildIn(place, elements))
    const adds = each.map(({ node, accumulation }) =>
      accumulation.add(...operands(node).map((root) => elements.counted(values.of(root)))),
    )
    return sequence(values.compute, ...adds)
  })
  const count = i32.shr_u(get(bytes), i32.constant(2))
  const totals = each.map(({ node, accumulation }) => {
    const local = scope.local('v128')
    held.set(node, get(local))
    return set(local, f32x4.splat(accumulation.total(count)))
  })
  return sequence(...each.map(({ accumulation }) => accumulation.clear), loop, ...totals)
}

function mapLoop(place: Place, { update, states }: Loops['map']): Statement {
  const { scope, w, columns, bytes } = place
  const roots = [update, ...states.map(({ node }: Assigned) => node)]
  return elementLoop(scope, bytes, (elements) => {
    const values = elementValues(scope, roots, leafIn(place, elements), buildIn(place, elements))
    return sequence(
      values.compute,
      elements.store(w, f32x4.sub(elements.load(w), values.of(update))),
      ...states.map(({ index, node }) => elements.store(columns.get(index)!, values.of(node))),
    )
  })
}

function storeNumber(place: Place, index: number, node: GraphNode): Statement {
  const value = leafIn(place)(node)!
  return f32.store(get(place.columns.get(index)!), f32x4.extract_lane(value, 0))
}
