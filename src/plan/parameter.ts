import type { Types } from '../ir/analysis/analyze.ts'
import { operands, reachable } from '../ir/build.ts'
import type { GraphNode, Program } from '../ir/graph.ts'
import { liveStates } from '../ir/rewrite.ts'
import { choiceOperator } from '../operators/table.ts'
import { isHost } from '../operators/type.ts'
import { deepValues, MOST_CALLS } from './depth.ts'
import { suggestName } from './names.ts'
import {
  changingStates,
  countUses,
  isLeaf,
  orderStatements,
  orderTotals,
  type Contribution,
  type Guard,
  type Statement,
} from './order.ts'
import type { ParameterPlan, ParameterState, PlannedStatement } from './plan.ts'

/** Whether the value is one of each parameter, and not a number of the run that is worked out beside them. */
const isOwn = (types: Types, node: GraphNode): boolean => types.placementOf(node).extent !== 'run'

/**
 * Whether a number of the host is one step of arithmetic or a comparison of names and numbers: clearer (and as fast)
 * written out than named.
 */
export function isCheap(
  types: Types,
  node: GraphNode,
  isNamed: (node: GraphNode) => boolean,
): boolean {
  return isHost(types.placementOf(node)) && isCheapOnHost(node, isNamed)
}

export function isCheapOnHost(node: GraphNode, isNamed: (node: GraphNode) => boolean): boolean {
  if (node.kind !== 'apply') return false
  const { operator } = node
  const { role } = operator
  const isArithmetic =
    role === 'addition' ||
    role === 'subtraction' ||
    role === 'multiplication' ||
    role === 'division'
  return (
    (isArithmetic || (operator.kind === 'elementwise' && operator.boolean === true)) &&
    node.arguments.every((argument) => isLeaf(argument) || isNamed(argument))
  )
}

/** What a step does for the parameters that a program without conditions on shapes is for; numbers of the run that it reads get names in `run`. */
export function planParameter(
  program: Program,
  types: Types,
  run: Map<GraphNode, string>,
  stateNames: ReadonlySet<string>,
  resultName: string | undefined,
): ParameterPlan {
  const isNamed = (node: GraphNode): boolean => program.names.has(node)
  const changing = changingStates(program).filter((index) => types.stateOf(index).extent !== 'run')
  const stands = (index: number): boolean => {
    const { next } = program.states[index]!
    const { known, extent } = types.placementOf(next)
    return !isLeaf(next) && known === 'gradient' && extent === types.stateOf(index).extent
  }
  const guarded = (index: number): ReturnType<typeof guardOf> => guardOf(program, types, index)
  const values = [
    program.update,
    ...changing.map((index) => guarded(index)?.value ?? program.states[index]!.next),
  ]
  const always = writtenAlways(types, values)
  // What one side of a choice on the host alone reads, and once, is worked out where it is taken.
  const isKept = (node: GraphNode, uses: number): boolean =>
    (uses > 1 || always.has(node)) && deservesLet(program, types, node, uses)
  const deep = deepIn(types, values, isNamed, isKept)
  const ordered = orderStatements(program, {
    states: changing,
    deservesLet: (node, uses) =>
      isKept(node, uses) ||
      (isOwn(types, node) &&
        (deep.has(node) || (node === program.update && resultName !== undefined))),
    canStandFor: stands,
    guardOf: guarded,
  })
  return nameStatements(program, types, run, {
    ordered,
    states: nameStates(program, types, stateNames),
    roots: [program.update, ...changing.map((index) => program.states[index]!.next)],
    deep,
    resultName,
    isNamed,
    stands,
  })
}

/** The values that are written too deep where those that are `isKept` for their uses have names, and numbers of the run that are `isNamed`. */
function deepIn(
  types: Types,
  roots: readonly GraphNode[],
  isNamed: (node: GraphNode) => boolean,
  isKept: (node: GraphNode, uses: number) => boolean,
): ReadonlySet<GraphNode> {
  const uses = countUses(roots)
  return deepValues(reachable(roots), (node) =>
    isOwn(types, node) ? isKept(node, uses.get(node)!) : isNamed(node),
  )
}

/** What a parameter adds to totals, and what it reads for it. */
export function planContributions(
  program: Program,
  types: Types,
  run: Map<GraphNode, string>,
  stateNames: ReadonlySet<string>,
  totals: readonly number[],
  guards: ReadonlyMap<number, Guard>,
): ParameterPlan {
  const roots = totals.map((index) => program.totals[index]!.part)
  const read = new Set(
    reachable(roots).flatMap((node) => (node.kind === 'state' ? [node.index] : [])),
  )
  const isNamed = (node: GraphNode): boolean => program.names.has(node)
  const isKept = (node: GraphNode, uses: number): boolean => deservesLet(program, types, node, uses)
  const deep = deepIn(types, roots, isNamed, isKept)
  return nameStatements(program, types, run, {
    ordered: orderTotals(
      program,
      totals,
      guards,
      (node, uses) => isKept(node, uses) || (isOwn(types, node) && deep.has(node)),
    ),
    states: nameStates(program, types, stateNames).filter(({ index }) => read.has(index)),
    roots,
    deep,
    resultName: undefined,
    isNamed,
    stands: () => false,
  })
}

/** Whether a value is one number before it meets a tensor of more. */
const isScalar = (types: Types, node: GraphNode): boolean =>
  !isOwn(types, node) || isHost(types.placementOf(node))

/** Whether a value of a parameter gets a name: where the source has one for it, and where it is not to be worked out twice. */
function deservesLet(program: Program, types: Types, node: GraphNode, uses: number): boolean {
  const isNamed = (each: GraphNode): boolean => program.names.has(each)
  return isOwn(types, node) && (isNamed(node) || (uses > 1 && !isCheap(types, node, isNamed)))
}

/** Statements of a parameter before they have names. */
interface Unnamed {
  readonly ordered: readonly (Statement | Contribution)[]
  readonly states: readonly ParameterState[]
  /** What the statements are there for. */
  readonly roots: readonly GraphNode[]
  /** What needs a name because it is written too deep without. */
  readonly deep: ReadonlySet<GraphNode>
  /** What the update is called where it has no name and is to have one. */
  readonly resultName: string | undefined
  readonly isNamed: (node: GraphNode) => boolean
  /** Whether the name of a state stands for its new value once that is assigned. */
  readonly stands: (state: number) => boolean
}

function nameStatements(
  program: Program,
  types: Types,
  run: Map<GraphNode, string>,
  { ordered, states, roots, deep, resultName, isNamed, stands }: Unnamed,
): ParameterPlan {
  let counted: ReadonlyMap<GraphNode, number> | undefined
  const isShared = (node: GraphNode): boolean => {
    counted ??= countUses(roots)
    return (counted.get(node) ?? 1) > 1
  }
  const named = new Set<GraphNode>()
  const kept = new Map<GraphNode, string>()
  const wantedName = (node: GraphNode, user: GraphNode | undefined): string => {
    const state = program.states.find(({ next }) => next === node)
    const given = program.names.get(node) ?? (state && `next_${state.name}`)
    return given ?? suggestName(node, user, knownName, isScalar(types, node))
  }
  const knownName = (node: GraphNode): string | undefined => nameOf(program, node, kept)

  /** Names the numbers of the run that `node` reads, each after those that it reads itself. */
  const collect = (node: GraphNode, user: GraphNode | undefined): void => {
    if (isLeaf(node) || (user !== undefined && kept.has(node))) return
    const hosted = user !== undefined && !isOwn(types, user)
    const deserves =
      !isOwn(types, node) &&
      (isNamed(node) ||
        deep.has(node) ||
        (!isCheap(types, node, isNamed) && (!hosted || isShared(node))))
    if (deserves && named.has(node)) return
    const wanted = deserves && !run.has(node) ? wantedName(node, user) : undefined
    operands(node).forEach((operand) => collect(operand, node))
    if (!deserves) return
    named.add(node)
    if (wanted !== undefined) run.set(node, wanted)
  }

  for (const { initial } of states) collect(initial, undefined)
  const isLeft = (node: GraphNode): boolean => isOwn(types, node)
  for (const node of deepValues(reachable(roots), isLeft, MOST_CALLS)) collect(node, undefined)
  const statements = ordered.map((statement): PlannedStatement => {
    const { node } = statement
    collect(node, undefined)
    switch (statement.kind) {
      case 'let': {
        const name =
          statement.state !== undefined
            ? `next_${program.states[statement.state]!.name}`
            : node === program.update && !isNamed(node)
              ? (resultName ?? wantedName(node, undefined))
              : wantedName(node, undefined)
        kept.set(node, name)
        return { ...statement, name }
      }
      case 'assign': {
        const isFirst = stands(statement.state) && !kept.has(node)
        if (isFirst) kept.set(node, states.find(({ index }) => index === statement.state)!.name)
        return { ...statement, stands: isFirst }
      }
      case 'update':
      case 'contribution':
        return statement
    }
  })
  const names = new Map(states.map(({ index, name }) => [index, name]))
  return {
    program: {
      ...program,
      states: program.states.map((state, index) => ({
        ...state,
        name: names.get(index) ?? state.name,
      })),
    },
    states,
    statements,
    named,
  }
}

/** What the values need whatever choices on the host between tensors come to. */
function writtenAlways(types: Types, values: readonly GraphNode[]): ReadonlySet<GraphNode> {
  const found = new Set<GraphNode>()
  const pending = [...values]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (found.has(node)) continue
    found.add(node)
    pending.push(...(isHostChoice(types, node) ? [operands(node)[0]!] : operands(node)))
  }
  return found
}

const isHostChoice = (
  { placementOf }: Types,
  node: GraphNode,
): node is GraphNode & { kind: 'apply' } =>
  node.kind === 'apply' &&
  node.operator === choiceOperator &&
  isHost(placementOf(node.arguments[0]!))

/** A state that a choice on the host either changes or leaves as it is. */
function guardOf(
  { states }: Program,
  types: Types,
  index: number,
): { readonly guard: Guard; readonly value: GraphNode } | undefined {
  const { next } = states[index]!
  if (!isHostChoice(types, next)) return undefined
  const [condition, then, otherwise] = next.arguments as readonly [GraphNode, GraphNode, GraphNode]
  const stays = (side: GraphNode): boolean => side.kind === 'state' && side.index === index
  if (stays(otherwise)) return { guard: { condition, truth: true }, value: then }
  return stays(then) ? { guard: { condition, truth: false }, value: otherwise } : undefined
}

/** What a value is called as a part of the name of another. */
function nameOf(
  program: Program,
  node: GraphNode,
  kept: ReadonlyMap<GraphNode, string>,
): string | undefined {
  switch (node.kind) {
    case 'apply':
    case 'call':
      return kept.get(node) ?? program.names.get(node)
    case 'constant':
      return undefined
    case 'total':
      return program.names.get(node)
    case 'state':
      return program.states[node.index]!.name
    case 'input':
    case 'parameter':
      return node.name
  }
}

/**
 * The states kept for each parameter. Those of two sides of an `if` that would have the same name but for a number get it:
 * no parameter has both.
 */
function nameStates(
  program: Program,
  types: Types,
  taken: ReadonlySet<string>,
): readonly ParameterState[] {
  const live = liveStates(program)
  const own = new Set(live.map((index) => program.states[index]!.name))
  return live.flatMap((index) => {
    if (types.stateOf(index).extent === 'run') return []
    const { name, initial } = program.states[index]!
    const base = name.replace(/_\d+$/, '')
    if (own.has(base) || !taken.has(base)) return [{ index, name, initial }]
    own.add(base)
    return [{ index, name: base, initial }]
  })
}
