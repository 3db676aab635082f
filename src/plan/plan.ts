import { analyze, type Types } from '../ir/analysis/analyze.ts'
import { operands, reachable } from '../ir/build.ts'
import type { GraphNode, Program } from '../ir/graph.ts'
import { liveStates } from '../ir/rewrite.ts'
import { choiceOperator } from '../operators/table.ts'
import { isHost } from '../operators/type.ts'
import { leavesOf, mapChoice, specialize, type Choice } from './choice.ts'
import { deepValues } from './depth.ts'
import { factsOf, type StepFacts } from './facts.ts'
import { suggestName } from './names.ts'
import {
  countUses,
  guardOfStatement,
  isLeaf,
  isSameGuard,
  type Contribution,
  type Guard,
  type Statement,
} from './order.ts'
import { isCheap, planContributions, planParameter } from './parameter.ts'
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
export interface StepPlan extends StepFacts {
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

/** What a step's update is called; undefined where it needs no name. */
interface PlanOptions {
  readonly resultName: string | undefined
}

/** The plan of a step of the program. */
export function planStep(
  source: Program,
  { resultName }: PlanOptions = { resultName: 'update' },
): StepPlan {
  const program = separateTotals(source)
  return planProgram(program, analyze(program), resultName)
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
  const roundOf = createRounds(program)
  const guards = guardsOfTotals(leavesOf(parameter), types)
  const rounds = planRounds(choice, types, run, taken, roundOf, guards)
  const runStates = planRunStates(leaves, types, run)
  let found: StepFacts | undefined
  const starts = (): readonly GraphNode[] =>
    leavesOf(parameter).flatMap(({ states }) => states.map(({ initial }) => initial))
  const facts = (): StepFacts => (found ??= factsOf(choice, starts()))
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
    get told() {
      return facts().told
    },
  }
}

/** The rounds that find the totals which parameters, or states of the run, read. */
function planRounds(
  choice: Choice<Program>,
  types: Types,
  run: Map<GraphNode, string>,
  stateNames: ReadonlySet<string>,
  roundOf: RoundOf,
  guards: ReadonlyMap<number, Guard>,
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
        planContributions(leaf, types, run, stateNames, indices, guards),
      ),
    }
  })
}

/** The steps on which a total is read at all, where that is not every one. */
function guardsOfTotals(plans: readonly ParameterPlan[], types: Types): ReadonlyMap<number, Guard> {
  const guards = new Map<number, Guard>()
  const onEveryStep = new Set<number>()
  const seen = new Set<string>()
  const visit = (node: GraphNode, guard: Guard | undefined): void => {
    const key = `${node.id} ${guard === undefined ? '' : `${guard.condition.id} ${guard.truth}`}`
    if (seen.has(key)) return
    seen.add(key)
    if (node.kind === 'total') {
      const known = guards.get(node.index)
      if (guard === undefined || (known !== undefined && !isSameGuard(known, guard)))
        onEveryStep.add(node.index)
      else guards.set(node.index, guard)
    }
    const [condition, then, otherwise] = operands(node)
    const chooses = node.kind === 'apply' && node.operator === choiceOperator
    if (chooses && guard === undefined && isHost(types.placementOf(condition!))) {
      visit(then!, { condition: condition!, truth: true })
      visit(otherwise!, { condition: condition!, truth: false })
    } else for (const operand of operands(node)) visit(operand, guard)
  }
  for (const { program, statements } of plans) {
    if (program.totals.length === 0) return guards
    for (const statement of statements) {
      const value = statement.kind === 'assign' ? statement.value : statement.node
      visit(value, guardOfStatement(statement))
    }
    for (const index of liveStates(program))
      if (types.stateOf(index).extent === 'run') visit(program.states[index]!.next, undefined)
    for (const { part } of program.totals) visit(part, undefined)
  }
  for (const index of onEveryStep) guards.delete(index)
  return guards
}

const inputName = (node: GraphNode): string | undefined =>
  node.kind === 'input' ? node.name : undefined

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
  const isShared = (node: GraphNode): boolean =>
    !isCheap(types, node, isNamed) && (uses.get(node) ?? 1) > 1
  const deep = deepValues(reachable([root]), (node) => isNamed(node) || isShared(node))
  const collect = (node: GraphNode, user: GraphNode | undefined): void => {
    if (isLeaf(node) || run.has(node)) return
    const deserves = isNamed(node) || isShared(node) || (node !== root && deep.has(node))
    const wanted = leaf.names.get(node) ?? suggestName(node, user, () => undefined, true)
    operands(node).forEach((operand) => collect(operand, node))
    if (deserves) run.set(node, wanted)
  }
  collect(root, undefined)
}
