import { placementName } from '../check/placement-name.ts'
import { nodeFormula } from '../emit/formula.ts'
import { operands } from '../ir/build.ts'
import type { GraphNode, Program } from '../ir/graph.ts'
import { guardOfStatement, type Guard } from '../plan/order.ts'
import type { Choice } from '../plan/choice.ts'
import {
  planStep,
  type ParameterPlan,
  type PlannedStatement,
  type Round,
  type StepPlan,
} from '../plan/plan.ts'
import type { Types } from '../ir/analysis/analyze.ts'

/** How often something is done: once for the run, at every step, at every step for each parameter or for each of its elements. */
export type Stage = 'run' | 'step' | 'parameter' | 'element'

/** The stages, from seldom to often. */
export const STAGES: readonly Stage[] = ['run', 'step', 'parameter', 'element']

/** One thing that is there, or done, in a step. */
export interface PlanNode {
  /** Unique in its graph. */
  readonly id: string
  /** Its name in the source, or the one that emitted code has for it. */
  readonly name: string
  /** `given`: handed to the step; `state`: kept from the step before; `assigned`: what a state, or the parameter, is afterwards. */
  readonly kind: 'given' | 'state' | 'value' | 'assigned'
  readonly stage: Stage
  /** In the language's notation; of what is given its value, where it has one. */
  readonly formula?: string
  /** What there is one of, in words. */
  readonly placement: string
  /** On which steps it is done, in the language's notation; absent where it is on all. */
  readonly condition?: string
}

/** The plan of a step as a graph without circles: `to` reads `from`. */
export interface PlanGraph {
  /** The shapes it is for, in words; absent where there is one graph for all. */
  readonly shapes?: string
  readonly nodes: readonly PlanNode[]
  readonly edges: readonly { readonly from: string; readonly to: string }[]
}

/** What a step does, by how often: a graph for each kind of shape that the program tells apart, in the order of its conditions. */
export function planGraphs(program: Program): readonly PlanGraph[] {
  const plan = planStep(program)
  return graphsOf(
    plan,
    plan.parameter,
    plan.rounds.map(({ parameter }) => parameter),
    [],
  )
}

type Sides = readonly Choice<ParameterPlan>[]

/** The rounds are chosen by the same conditions. */
function graphsOf(
  plan: StepPlan,
  choice: Choice<ParameterPlan>,
  rounds: Sides,
  shapes: readonly string[],
): readonly PlanGraph[] {
  if (choice.kind === 'leaf') {
    const leaves = rounds.flatMap((each) => (each.kind === 'leaf' ? [each.leaf] : []))
    const graph = graphOf(plan, choice.leaf, leaves)
    return [shapes.length === 0 ? graph : { shapes: shapes.join(', '), ...graph }]
  }
  const condition = nodeFormula(choice.condition, () => undefined, plan.types)
  const side = (take: 'then' | 'otherwise'): Sides =>
    rounds.map((each) => (each.kind === 'leaf' ? each : each[take]))
  return [
    ...graphsOf(plan, choice.then, side('then'), [...shapes, condition]),
    ...graphsOf(plan, choice.otherwise, side('otherwise'), [...shapes, `not ${condition}`]),
  ]
}

function graphOf(
  plan: StepPlan,
  leaf: ParameterPlan,
  rounds: readonly ParameterPlan[],
): Omit<PlanGraph, 'shapes'> {
  const sheet = createSheet(plan, leaf)
  for (const { node, name } of plan.run) addValue(sheet, node, name, { stage: 'step' })
  rounds.forEach((round, index) => addRound(sheet, plan.rounds[index]!, round))
  for (const statement of leaf.statements) addStatement(sheet, leaf, statement)
  for (const { name, next } of plan.runStates)
    if (next !== undefined)
      assign(sheet, { name, node: next, value: next, stands: false, stage: 'step' })
  return whatMatters(sheet)
}

function addRound(sheet: Sheet, { totals, run }: Round, leaf: ParameterPlan): void {
  for (const statement of leaf.statements) addStatement(sheet, leaf, statement)
  for (const { index, name } of totals) addTotal(sheet, index, name)
  for (const { node, name } of run) addValue(sheet, node, name, { stage: 'step' })
}

function addStatement(sheet: Sheet, leaf: ParameterPlan, statement: PlannedStatement): void {
  const guard = guardOfStatement(statement)
  const when = guard && { guard }
  switch (statement.kind) {
    case 'let':
      return addValue(sheet, statement.node, statement.name, { ...when })
    case 'assign': {
      const { node, value, state, stands } = statement
      const { name } = leaf.program.states[state]!
      return assign(sheet, { name, node, value, stands, ...when })
    }
    case 'contribution':
      return addPart(sheet, statement.index, statement.node)
    case 'update':
      return addUpdate(sheet, statement.node)
  }
}

/** What has been put down of a graph. */
interface Sheet {
  readonly plan: StepPlan
  readonly nodes: Map<string, PlanNode>
  readonly edges: { readonly from: string; readonly to: string }[]
  /** The nodes that stand for values of the program, and for totals by their index. */
  readonly owners: Map<GraphNode, PlanNode>
  readonly totals: Map<number, PlanNode>
  /** The nodes of what parameters add to totals, by the index of the total. */
  readonly parts: Map<number, string>
  /** Adds a node, under a name that it has alone among those of its kind. */
  readonly put: (node: Omit<PlanNode, 'id'>) => PlanNode
  /** Joins a node to all that stands for what a value is worked out from. */
  readonly read: (node: GraphNode, reader: string, isRoot?: boolean) => void
  readonly formula: (node: GraphNode) => string
}

function createSheet(plan: StepPlan, { program }: ParameterPlan): Sheet {
  const { types } = plan
  const nodes = new Map<string, PlanNode>()
  const edges: { from: string; to: string }[] = []
  const owners = new Map<GraphNode, PlanNode>()
  const totals = new Map<number, PlanNode>()
  const idOf = ({ kind, name }: Omit<PlanNode, 'id'>): string => `${kind} ${name}`
  const put: Sheet['put'] = (node) => {
    let free = node
    for (let number = 2; nodes.has(idOf(free)); number++)
      free = { ...node, name: `${node.name}_${number}` }
    const made = { id: idOf(free), ...free }
    nodes.set(made.id, made)
    return made
  }
  const ownerOf = (node: GraphNode): PlanNode | undefined => {
    const known = node.kind === 'total' ? totals.get(node.index) : owners.get(node)
    if (known !== undefined) return known
    const given = givenNode(node, program, types)
    return given && (nodes.get(idOf(given)) ?? put(given))
  }
  const read: Sheet['read'] = (node, reader, isRoot = true) => {
    const owner = ownerOf(node)
    if (owner === undefined || (isRoot && owner.id === reader))
      for (const operand of operands(node)) read(operand, reader, false)
    else if (!edges.some(({ from, to }) => from === owner.id && to === reader))
      edges.push({ from: owner.id, to: reader })
  }
  const nameOf = (node: GraphNode): string | undefined =>
    owners.get(node)?.name ??
    (node.kind === 'state' ? program.states[node.index]!.name : undefined) ??
    (node.kind === 'total' ? totals.get(node.index)?.name : undefined)
  const formula = (node: GraphNode): string => nodeFormula(node, nameOf, types)
  return { plan, nodes, edges, owners, totals, parts: new Map(), put, read, formula }
}

const placed = (
  { plan: { types } }: Sheet,
  node: GraphNode,
): Pick<PlanNode, 'stage' | 'placement'> => ({
  stage: stageOf(types, node),
  placement: placementName(types.placementOf(node)),
})

function conditionOf({ formula }: Sheet, guard: Guard | undefined): { condition?: string } {
  return guard === undefined
    ? {}
    : { condition: `${guard.truth ? '' : 'not '}${formula(guard.condition)}` }
}

interface Circumstances {
  /** Where it is not as often as there are numbers of it. */
  readonly stage?: Stage
  readonly guard?: Guard
}

function addValue(sheet: Sheet, node: GraphNode, name: string, of: Circumstances): void {
  const { owners, put, read, formula } = sheet
  if (owners.has(node)) return
  const made = put({
    ...{ name, kind: 'value', ...placed(sheet, node), formula: formula(node) },
    ...(of.stage && { stage: of.stage }),
    ...conditionOf(sheet, of.guard),
  })
  read(node, made.id)
  if (of.guard !== undefined) read(of.guard.condition, made.id, false)
  owners.set(node, made)
}

function addPart(sheet: Sheet, index: number, node: GraphNode): void {
  const { plan, parts, put, read, formula } = sheet
  const { operator } = plan.program.totals[index]!
  const name = `${operator.callName ?? operator.name}_part`
  const made = put({ name, kind: 'value', ...placed(sheet, node), formula: formula(node) })
  read(node, made.id)
  parts.set(index, made.id)
}

function addTotal({ plan, parts, totals, edges, nodes, put }: Sheet, index: number, name: string) {
  const { operator } = plan.program.totals[index]!
  const part = parts.get(index)
  const of = part === undefined ? 'what the parameters add' : nodes.get(part)!.name
  const made = put({
    ...{ name, kind: 'value', stage: 'step' },
    formula: `${operator.callName ?? operator.name}: ${of} of all parameters`,
    placement: placementName({ known: 'gradient', extent: 'run' }),
  })
  totals.set(index, made)
  if (part !== undefined) edges.push({ from: part, to: made.id })
}

/** The new value of a state. */
interface Assignment extends Circumstances {
  readonly name: string
  /** What the state is after the step. */
  readonly node: GraphNode
  /** What is assigned: another node only under a guard. */
  readonly value: GraphNode
  /** Whether later statements read it by the state's name. */
  readonly stands: boolean
}

function assign(sheet: Sheet, { name, node, value, stands, stage, guard }: Assignment): void {
  const { owners, put, read, formula } = sheet
  const made = put({
    ...{ name, kind: 'assigned', ...placed(sheet, node), formula: formula(value) },
    ...(stage && { stage }),
    ...conditionOf(sheet, guard),
  })
  read(value, made.id)
  if (guard !== undefined) {
    // On other steps it stays what it is.
    read(node, made.id)
    read(guard.condition, made.id, false)
  }
  if (stands && !owners.has(node)) owners.set(node, made)
}

function addUpdate({ put, read, formula, nodes, edges }: Sheet, node: GraphNode): void {
  const text = formula(node)
  const made = put({
    ...{ name: 'w', kind: 'assigned', stage: 'element' },
    formula: /^\w+$/.test(text) ? `w - ${text}` : `w - (${text})`,
    placement: placementName({ known: 'gradient', extent: 'element' }),
  })
  const before = input('w')
  const weights = [...nodes.values()].find(({ id }) => id === `given ${before.name}`) ?? put(before)
  edges.push({ from: weights.id, to: made.id })
  read(node, made.id)
}

/** What the new values rest on: names that other shapes alone ask for are left out. */
function whatMatters({ nodes, edges }: Sheet): Omit<PlanGraph, 'shapes'> {
  const needed = new Set<string>()
  const need = (id: string): void => {
    if (needed.has(id)) return
    needed.add(id)
    for (const { from, to } of edges) if (to === id) need(from)
  }
  for (const { id, kind } of nodes.values()) if (kind === 'assigned') need(id)
  const unique = new Map(edges.map((edge) => [`${edge.from} > ${edge.to}`, edge]))
  return {
    nodes: [...nodes.values()].filter(({ id }) => needed.has(id)),
    edges: [...unique.values()].filter(({ to }) => needed.has(to)),
  }
}

const input = (name: 'g' | 'w' | 't' | 'T'): Omit<PlanNode, 'id'> => {
  const isElement = name === 'g' || name === 'w'
  return {
    ...{ name, kind: 'given' },
    stage: isElement ? 'element' : name === 't' ? 'step' : 'run',
    formula: INPUTS[name],
    placement: isElement
      ? placementName({ known: 'gradient', extent: 'element' })
      : placementName({ known: name === 't' ? 'step' : 'build', extent: 'run' }),
  }
}

const INPUTS = {
  g: 'the gradient',
  w: 'the parameter',
  t: 'the step, from 0',
  T: 'the number of steps',
} as const

/** The node of what a step is given; undefined for what it works out, and for numbers. */
function givenNode(
  node: GraphNode,
  program: Program,
  types: Types,
): Omit<PlanNode, 'id'> | undefined {
  switch (node.kind) {
    case 'input':
      return input(node.name)
    case 'parameter': {
      const initial = program.hyperparameters.find(({ name }) => name === node.name)?.default
      return {
        ...{ name: node.name, kind: 'given', stage: 'run' },
        formula:
          initial === undefined ? 'a hyperparameter' : `${initial}, if nothing else is given`,
        placement: placementName(types.placementOf(node)),
      }
    }
    case 'state': {
      const { name, initial } = program.states[node.index]!
      return {
        ...{ name, kind: 'state', stage: stageOf(types, node) },
        formula: `kept from the step before; ${nodeFormula(initial, () => undefined, types)} at first`,
        placement: placementName(types.stateOf(node.index)),
      }
    }
    case 'total':
    case 'constant':
    case 'apply':
    case 'call':
      return undefined
  }
}

/** Steps, parameters or elements by what there is one number of: a row or column has several, as a matrix has. */
function stageOf(types: Types, node: GraphNode): Stage {
  const { extent } = types.placementOf(node)
  return extent === 'run' ? 'step' : extent === 'parameter' ? 'parameter' : 'element'
}
