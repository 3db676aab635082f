import { analyze, type Types } from '../ir/analysis/analyze.ts'
import { operands } from '../ir/build.ts'
import type { GraphNode, Program, ScheduleFunction } from '../ir/graph.ts'
import { liveStates } from '../ir/rewrite.ts'
import { choiceOperator } from '../operators/table.ts'
import { isHost, isStepNumber } from '../operators/type.ts'
import { leavesOf, mapChoice, specialize, type Choice } from './choice.ts'
import { factsOf, type StepFacts } from './facts.ts'
import { suggestName } from './names.ts'
import {
  changingStates,
  countUses,
  isLeaf,
  orderStatements,
  type Guard,
  type Statement,
} from './order.ts'

/**
 * One step of a program before it is text: what is computed once a step, what once a parameter, in which order, under which
 * names, and when a state is overwritten. Names are those of the source, or made of words with underscores between them;
 * targets write them in their own way and keep them apart.
 */
export interface StepPlan extends StepFacts {
  readonly program: Program
  readonly types: Types
  /** Numbers of the host that are worked out once a step, before any parameter, each after those it reads. */
  readonly run: readonly Named[]
  /** What is done for each parameter. */
  readonly parameter: Choice<ParameterPlan>
  /** States that are one number for the run, and what they are once all parameters are done. */
  readonly runStates: readonly RunState[]
}

/** A value under a name. */
export interface Named {
  readonly node: GraphNode
  readonly name: string
}

/** A state that is one number for the run. */
export interface RunState {
  readonly index: number
  readonly name: string
  readonly initial: GraphNode
  /** Undefined where nothing changes it. */
  readonly next: GraphNode | undefined
}

/** What is done for the parameters of one kind of shape. */
export interface ParameterPlan {
  readonly program: Program
  /** The states kept for each of these parameters. */
  readonly states: readonly ParameterState[]
  /** In the order in which they are carried out: each value before what reads it, each state read before it is overwritten. */
  readonly statements: readonly PlannedStatement[]
  /** The numbers of the host that stand under a name of `run` here. */
  readonly named: ReadonlySet<GraphNode>
}

/** A state of a parameter, by its index in the program. */
export interface ParameterState {
  readonly index: number
  readonly name: string
  readonly initial: GraphNode
}

/** A statement; a value that is kept has a name. */
export type PlannedStatement =
  | (Extract<Statement, { kind: 'let' }> & { readonly name: string })
  | (Extract<Statement, { kind: 'assign' }> & {
      /** Whether the state's name stands for the value from here on. */
      readonly stands: boolean
    })
  | Extract<Statement, { kind: 'update' }>

/** The plan of a step of the program. */
export function planStep(program: Program): StepPlan {
  return planProgram(program, analyze(program), 'update')
}

/**
 * The plan of a step that subtracts the program's update, or does with it whatever else is wanted; `resultName`: what that is
 * called where it has no name, undefined where it needs none. `types` may be those of a program with other new values of states.
 */
export function planProgram(
  program: Program,
  types: Types,
  resultName: string | undefined,
): StepPlan {
  const choice = specialize(program)
  const leaves = leavesOf(choice)
  const run = new Map<GraphNode, string>()
  const taken = new Set(program.states.map(({ name }) => name))
  const parameter = mapChoice(choice, (leaf) => planParameter(leaf, types, run, taken, resultName))
  const runStates = planRunStates(leaves, types, run)
  let found: StepFacts | undefined
  const starts = (): readonly GraphNode[] =>
    leavesOf(parameter).flatMap(({ states }) => states.map(({ initial }) => initial))
  const facts = (): StepFacts => (found ??= factsOf(choice, starts()))
  return {
    program,
    types,
    run: [...run].map(([node, name]) => ({ node, name })),
    parameter,
    runStates,
    // What runs programs asks for none of these.
    get reads() {
      return facts().reads
    },
    get inputs() {
      return facts().inputs
    },
    get draws() {
      return facts().draws
    },
    get told() {
      return facts().told
    },
  }
}

/** Whether the value is a number of the host of the run, worked out before any parameter. */
const isOfRun = (types: Types, node: GraphNode): boolean => isStepNumber(types.placementOf(node))

/**
 * Whether a number of the host is one step of arithmetic or a comparison of names and numbers: clearer (and as fast)
 * written out than named.
 */
function isCheap(types: Types, node: GraphNode, isNamed: (node: GraphNode) => boolean): boolean {
  return isHost(types.placementOf(node)) && isCheapOnHost(node, isNamed)
}

function isCheapOnHost(node: GraphNode, isNamed: (node: GraphNode) => boolean): boolean {
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

function planParameter(
  program: Program,
  types: Types,
  run: Map<GraphNode, string>,
  stateNames: ReadonlySet<string>,
  resultName: string | undefined,
): ParameterPlan {
  const isKept = (index: number): boolean => !isStepNumber(types.stateOf(index))
  const isNamed = (node: GraphNode): boolean => program.names.has(node)
  const changing = changingStates(program).filter(isKept)
  const stands = (index: number): boolean => {
    const { next } = program.states[index]!
    const { known, extent } = types.placementOf(next)
    return !isLeaf(next) && known === 'gradient' && extent === types.stateOf(index).extent
  }
  const ordered = orderStatements(program, {
    states: changing,
    deservesLet: (node, uses) =>
      !isOfRun(types, node) &&
      (isNamed(node) ||
        (node === program.update && resultName !== undefined) ||
        (uses > 1 && !isCheap(types, node, isNamed))),
    canStandFor: stands,
    guardOf: (index) => guardOf(program, types, index),
  })
  let counted: ReadonlyMap<GraphNode, number> | undefined
  const isShared = (node: GraphNode): boolean => {
    counted ??= countUses([program.update, ...changing.map((index) => program.states[index]!.next)])
    return (counted.get(node) ?? 1) > 1
  }
  const named = new Set<GraphNode>()
  const kept = new Map<GraphNode, string>()
  const wantedName = (node: GraphNode, user: GraphNode | undefined): string =>
    program.names.get(node) ?? suggestName(node, user, knownName, isHost(types.placementOf(node)))
  const knownName = (node: GraphNode): string | undefined => nameOf(program, node, kept)

  /** Names the numbers of the run that `node` reads, each after those that it reads itself. */
  const collect = (node: GraphNode, user: GraphNode | undefined): void => {
    if (isLeaf(node) || (user !== undefined && kept.has(node))) return
    const isRun = isOfRun(types, node)
    const hosted = user !== undefined && isOfRun(types, user)
    const deserves =
      isRun && (isNamed(node) || (!isCheap(types, node, isNamed) && (!hosted || isShared(node))))
    if (deserves && named.has(node)) return
    const wanted = deserves && !run.has(node) ? wantedName(node, user) : undefined
    operands(node).forEach((operand) => collect(operand, node))
    if (!deserves) return
    named.add(node)
    if (wanted !== undefined) run.set(node, wanted)
  }

  const states = nameStates(program, types, stateNames)
  for (const { initial } of states) collect(initial, undefined)
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

/** A state that a choice on the host either changes or leaves as it is. */
function guardOf(
  { states }: Program,
  { placementOf }: Types,
  index: number,
): { readonly guard: Guard; readonly value: GraphNode } | undefined {
  const { next } = states[index]!
  if (next.kind !== 'apply' || next.operator !== choiceOperator) return undefined
  const [condition, then, otherwise] = next.arguments as readonly [GraphNode, GraphNode, GraphNode]
  if (!isHost(placementOf(condition))) return undefined
  const stays = (side: GraphNode): boolean => side.kind === 'state' && side.index === index
  if (stays(otherwise)) return { guard: { condition, truth: true }, value: then }
  return stays(then) ? { guard: { condition, truth: false }, value: otherwise } : undefined
}

/** The numbers that a schedule or decay works out before its result, each after those it reads. */
export function planFunction({ body, names }: ScheduleFunction): readonly Named[] {
  const uses = countUses([body])
  const found = new Map<GraphNode, string>()
  const isNamed = (node: GraphNode): boolean => names.has(node)
  const nameKnown = (node: GraphNode): string | undefined =>
    node.kind === 'input' || node.kind === 'parameter' ? node.name : undefined
  const collect = (node: GraphNode, user: GraphNode | undefined): void => {
    if (isLeaf(node) || found.has(node)) return
    const deserves =
      node !== body &&
      (isNamed(node) || (!isCheapOnHost(node, isNamed) && (uses.get(node) ?? 1) > 1))
    operands(node).forEach((operand) => collect(operand, node))
    if (deserves) found.set(node, names.get(node) ?? suggestName(node, user, nameKnown, true))
  }
  collect(body, undefined)
  return [...found].map(([node, name]) => ({ node, name }))
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
    if (isStepNumber(types.stateOf(index))) return []
    const { name, initial } = program.states[index]!
    const base = name.replace(/_\d+$/, '')
    if (own.has(base) || !taken.has(base)) return [{ index, name, initial }]
    own.add(base)
    return [{ index, name: base, initial }]
  })
}

/** The states of all leaves that are one number for the run, each once; the numbers their new values read get names. */
function planRunStates(
  leaves: readonly Program[],
  types: Types,
  run: Map<GraphNode, string>,
): readonly RunState[] {
  const states = new Map<number, RunState>()
  for (const leaf of leaves) {
    let uses: ReadonlyMap<GraphNode, number> | undefined
    for (const index of liveStates(leaf)) {
      if (!isStepNumber(types.stateOf(index))) continue
      const { name, initial, next } = leaf.states[index]!
      const isChanged = next.kind !== 'state' || next.index !== index
      if (states.get(index)?.next !== undefined) continue
      states.set(index, { index, name, initial, next: isChanged ? next : undefined })
      if (!isChanged) continue
      uses ??= countUses([leaf.update, ...leaf.states.map((state) => state.next)])
      collectNext(leaf, next, uses, types, run)
    }
  }
  return [...states.values()].sort((a, b) => a.index - b.index)
}

function collectNext(
  leaf: Program,
  root: GraphNode,
  uses: ReadonlyMap<GraphNode, number>,
  types: Types,
  run: Map<GraphNode, string>,
): void {
  const isNamed = (node: GraphNode): boolean => node !== root && leaf.names.has(node)
  const collect = (node: GraphNode, user: GraphNode | undefined): void => {
    if (isLeaf(node) || run.has(node)) return
    const deserves = isNamed(node) || (!isCheap(types, node, isNamed) && (uses.get(node) ?? 1) > 1)
    const wanted = leaf.names.get(node) ?? suggestName(node, user, () => undefined, true)
    operands(node).forEach((operand) => collect(operand, node))
    if (deserves) run.set(node, wanted)
  }
  collect(root, undefined)
}
