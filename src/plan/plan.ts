import { analyze, type Types } from '../ir/analysis/analyze.ts'
import { operands, reachable } from '../ir/build.ts'
import type { GraphNode, Program, ScheduleFunction } from '../ir/graph.ts'
import { liveStates } from '../ir/rewrite.ts'
import { choiceOperator } from '../operators/table.ts'
import { isHost } from '../operators/type.ts'
import { leavesOf, mapChoice, specialize, type Choice } from './choice.ts'
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
import {
  createRounds,
  separateTotals,
  totalsRead,
  type PlannedTotal,
  type RoundOf,
} from './totals.ts'

/**
 * One step of a program before it is text: what is computed once a step, what once a parameter, in which order, under which
 * names, and when a state is overwritten. Names are those of the source, or made of words with underscores between them;
 * targets write them in their own way and keep them apart.
 */
export interface StepPlan {
  readonly program: Program
  readonly types: Types
  /**
   * Numbers of the run that are worked out once a step, before any parameter, each after those it reads: numbers of the host,
   * and 32-bit ones where a state rests on totals.
   */
  readonly run: readonly Named[]
  /** The rounds that put numbers over all parameters together, before anything is changed: none in most programs. */
  readonly rounds: readonly Round[]
  /** What is then done for each parameter. */
  readonly parameter: Choice<ParameterPlan>
  /** States that are one number for the run, and what they are once all parameters are done. */
  readonly runStates: readonly RunState[]
  /** Hyperparameters that are read, in the order of the program. */
  readonly reads: ReadonlySet<string>
  /** Which of the step and the number of steps are read, or handed to what is called. */
  readonly inputs: ReadonlySet<'t' | 'T'>
  /** Whether random numbers are drawn. */
  readonly draws: boolean
}

/** One way through all parameters that changes nothing. */
export interface Round {
  /** What each parameter adds to the totals. */
  readonly parameter: Choice<ParameterPlan>
  readonly totals: readonly PlannedTotal[]
  /** 32-bit numbers of the run that are worked out from the totals of this round and earlier ones. */
  readonly run: readonly Named[]
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
  | Contribution

/** The plan of a step of the program. */
export function planStep(source: Program): StepPlan {
  const program = separateTotals(source)
  const types = analyze(program)
  const choice = specialize(program)
  const leaves = leavesOf(choice)
  const run = new Map<GraphNode, string>()
  const taken = new Set(program.states.map(({ name }) => name))
  const parameter = mapChoice(choice, (leaf) => planParameter(leaf, types, run, taken))
  const roundOf = createRounds(program)
  const rounds = planRounds(choice, types, run, taken, roundOf)
  const runStates = planRunStates(leaves, types, run)
  let found: Pick<StepPlan, 'reads' | 'inputs' | 'draws'> | undefined
  const facts = (): Pick<StepPlan, 'reads' | 'inputs' | 'draws'> =>
    (found ??= factsOf(choice, leavesOf(parameter)))
  const named = [...run].map(([node, name]) => ({ node, name }))
  return {
    program,
    types,
    run: rounds.length === 0 ? named : named.filter(({ node }) => roundOf(node) === 0),
    rounds: rounds.map((round, index) => ({
      ...round,
      run: named.filter(({ node }) => roundOf(node) === index + 1),
    })),
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
  }
}

function factsOf(
  choice: Choice<Program>,
  plans: readonly ParameterPlan[],
): Pick<StepPlan, 'reads' | 'inputs' | 'draws'> {
  const nodes = reachable([
    ...conditionsOf(choice),
    ...leavesOf(choice).flatMap(({ update, states, totals }) => [
      update,
      ...states.map(({ next }) => next),
      ...totals.map(({ part }) => part),
    ]),
    ...plans.flatMap(({ states }) => states.map(({ initial }) => initial)),
  ])
  return {
    ...readsOf(nodes),
    draws: nodes.some((node) => node.kind === 'apply' && node.operator.kind === 'random'),
  }
}

function conditionsOf(choice: Choice<unknown>): readonly GraphNode[] {
  return choice.kind === 'leaf'
    ? []
    : [choice.condition, ...conditionsOf(choice.then), ...conditionsOf(choice.otherwise)]
}

function readsOf(nodes: readonly GraphNode[]): Pick<StepPlan, 'reads' | 'inputs'> {
  const reads = new Set<string>()
  const inputs = new Set<'t' | 'T'>()
  for (const node of nodes) {
    if (node.kind === 'parameter') reads.add(node.name)
    if (node.kind === 'input' && (node.name === 't' || node.name === 'T')) inputs.add(node.name)
    // Every function is told the number of steps.
    if (node.kind === 'call') inputs.add('T')
  }
  return { reads, inputs }
}

/** Whether the value is one of each parameter, and not a number of the run that is worked out beside them. */
const isOwn = (types: Types, node: GraphNode): boolean => types.placementOf(node).extent !== 'run'

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
): ParameterPlan {
  const isNamed = (node: GraphNode): boolean => program.names.has(node)
  const changing = changingStates(program).filter((index) => types.stateOf(index).extent !== 'run')
  const stands = (index: number): boolean => {
    const { next } = program.states[index]!
    const { known, extent } = types.placementOf(next)
    return !isLeaf(next) && known === 'gradient' && extent === types.stateOf(index).extent
  }
  const ordered = orderStatements(program, {
    states: changing,
    deservesLet: (node, uses) =>
      deservesLet(program, types, node, uses) || (node === program.update && isOwn(types, node)),
    canStandFor: stands,
    guardOf: (index) => guardOf(program, types, index),
  })
  return nameStatements(program, types, run, {
    ordered,
    states: nameStates(program, types, stateNames),
    roots: [program.update, ...changing.map((index) => program.states[index]!.next)],
    isNamed,
    stands,
  })
}

/** What a parameter adds to totals, and what it reads for it. */
function planContributions(
  program: Program,
  types: Types,
  run: Map<GraphNode, string>,
  stateNames: ReadonlySet<string>,
  totals: readonly number[],
): ParameterPlan {
  const roots = totals.map((index) => program.totals[index]!.part)
  const read = new Set(
    reachable(roots).flatMap((node) => (node.kind === 'state' ? [node.index] : [])),
  )
  return nameStatements(program, types, run, {
    ordered: orderTotals(program, totals, (node, uses) => deservesLet(program, types, node, uses)),
    states: nameStates(program, types, stateNames).filter(({ index }) => read.has(index)),
    roots,
    isNamed: (node) => program.names.has(node),
    stands: () => false,
  })
}

/** The rounds that find the totals which parameters, or states of the run, read. */
function planRounds(
  choice: Choice<Program>,
  types: Types,
  run: Map<GraphNode, string>,
  stateNames: ReadonlySet<string>,
  roundOf: RoundOf,
): readonly Omit<Round, 'run'>[] {
  const leaves = leavesOf(choice)
  const [first] = leaves
  if (first === undefined || first.totals.length === 0) return []
  const read = totalsRead(leaves)
  const names = new Set<string>()
  const named = first.totals.flatMap(({ operator, part }, index): PlannedTotal[] => {
    const total = read.get(index)
    if (total === undefined) return []
    const given = leaves.map((leaf) => leaf.names.get(total)).find((name) => name !== undefined)
    const wanted = given ?? suggestName(total, undefined, inputName, false)
    let name = wanted
    for (let number = 2; names.has(name); number++) name = `${wanted}_${number}`
    names.add(name)
    return [{ index, name, operator, round: roundOf(part) }]
  })
  const last = Math.max(-1, ...named.map(({ round }) => round))
  return Array.from({ length: last + 1 }, (_, round) => {
    const totals = named.filter((total) => total.round === round)
    const indices = totals.map(({ index }) => index)
    return {
      totals,
      parameter: mapChoice(choice, (leaf) =>
        planContributions(leaf, types, run, stateNames, indices),
      ),
    }
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
  readonly isNamed: (node: GraphNode) => boolean
  /** Whether the name of a state stands for its new value once that is assigned. */
  readonly stands: (state: number) => boolean
}

function nameStatements(
  program: Program,
  types: Types,
  run: Map<GraphNode, string>,
  { ordered, states, roots, isNamed, stands }: Unnamed,
): ParameterPlan {
  let counted: ReadonlyMap<GraphNode, number> | undefined
  const isShared = (node: GraphNode): boolean => {
    counted ??= countUses(roots)
    return (counted.get(node) ?? 1) > 1
  }
  const named = new Set<GraphNode>()
  const kept = new Map<GraphNode, string>()
  const wantedName = (node: GraphNode, user: GraphNode | undefined): string =>
    program.names.get(node) ?? suggestName(node, user, knownName, isScalar(types, node))
  const knownName = (node: GraphNode): string | undefined => nameOf(program, node, kept)

  /** Names the numbers of the run that `node` reads, each after those that it reads itself. */
  const collect = (node: GraphNode, user: GraphNode | undefined): void => {
    if (isLeaf(node) || (user !== undefined && kept.has(node))) return
    const hosted = user !== undefined && !isOwn(types, user)
    const deserves =
      !isOwn(types, node) &&
      (isNamed(node) || (!isCheap(types, node, isNamed) && (!hosted || isShared(node))))
    if (deserves && named.has(node)) return
    const wanted = deserves && !run.has(node) ? wantedName(node, user) : undefined
    operands(node).forEach((operand) => collect(operand, node))
    if (!deserves) return
    named.add(node)
    if (wanted !== undefined) run.set(node, wanted)
  }

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
              ? 'update'
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

const inputName = (node: GraphNode): string | undefined =>
  node.kind === 'input' ? node.name : undefined

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
      if (types.stateOf(index).extent !== 'run') continue
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
