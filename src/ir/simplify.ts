import { within, type Interval } from '../operators/interval.ts'
import { choiceOperator } from '../operators/table.ts'
import type { Operator } from '../operators/operator.ts'
import { isStepNumber } from '../operators/type.ts'
import { analyze, type Types } from './analysis/analyze.ts'
import { createGraph, reachable, type GraphBuilder } from './build.ts'
import { laws, MODERATE, type Law } from './laws.ts'
import type { ApplyNode, ConstantNode, GraphNode, Program, ScheduleFunction } from './graph.ts'
import { foldConstant } from './fold.ts'
import { readPattern, type Pattern } from './pattern.ts'
import { dropDeadStates, rebuild, rewriteFunction, rewriteProgram } from './rewrite.ts'

/** A law whose left side a node is, with what its variables stand for there. */
export interface FittingLaw {
  readonly law: Law
  readonly variables: ReadonlyMap<string, GraphNode>
}

/** The first law that `isWanted` and that can be read at a node of an analyzed graph as it stands; undefined where none can. */
export function fittingLaw(
  node: ApplyNode,
  types: Types,
  isNamed: (node: GraphNode) => boolean,
  isWanted: (law: Law) => boolean,
): FittingLaw | undefined {
  let found: FittingLaw | undefined
  for (const { law, from } of compiledLaws().get(node.operator) ?? []) {
    if (!isWanted(law) || !mayMatch(from, node.arguments)) continue
    matchArguments(from, node.arguments, undefined, isNamed, (bindings) => {
      if (!holds(types, law, bindings)) return undefined
      const variables = new Map<string, GraphNode>()
      for (let each = bindings; each !== undefined; each = each.before)
        variables.set(each.name, each.node)
      found = { law, variables }
      return node
    })
    if (found !== undefined) return found
  }
  return undefined
}

interface CompiledLaw {
  readonly law: Law
  readonly from: Extract<Pattern, { kind: 'apply' }>
  readonly to: Pattern
}

/** What the variables of a pattern stand for. */
interface Bindings {
  readonly name: string
  readonly node: GraphNode
  readonly before: Bindings | undefined
}

/** What is done with bindings under which a pattern matches; undefined where they are not wanted, and others are tried. */
type Use = (bindings: Bindings | undefined) => GraphNode | undefined

/** The graph that is made, what is known of its nodes, and which of them the source gave a name: no law looks through those. */
interface Rewriting {
  readonly graph: GraphBuilder
  readonly types: Types
  readonly isNamed: (node: GraphNode) => boolean
  /** Whether what there is one for must stay: one number for a matrix of them is none that operators on matrices can take. */
  readonly keepsExtents: boolean
}

/**
 * The program with constants folded, laws applied (see laws.ts), schedules and decays simplified and dead states gone.
 * Values stay the same, up to rounding where host factors are gathered. Values that have a name keep it.
 */
export function simplify(program: Program): Program {
  const graph = createGraph()
  const types = analyze(program)
  const named = new Set<GraphNode>()
  const oldNames = program.names
  const rewriting: Rewriting = {
    graph,
    types,
    isNamed: (node) => named.has(node),
    keepsExtents: reachable([program.update, ...program.states.map(({ next }) => next)]).some(
      (node) => node.kind === 'apply' && node.operator.kind === 'matrix',
    ),
  }
  const simplified = rewriteProgram(program, (node, arguments_) => {
    const result =
      node.kind === 'call'
        ? graph.call(simplifyFunction(node.callee), arguments_)
        : node.kind === 'apply'
          ? simplifyApply(rewriting, node.operator, arguments_, node.site)
          : rebuild(graph, node, arguments_)
    if (oldNames.has(node)) named.add(result)
    return result
  })
  return dropDeadStates(simplified, createGraph())
}

const simplifiedFunctions = new WeakMap<ScheduleFunction, ScheduleFunction>()

/** The schedule or decay with its body simplified, the same one for the same function. */
export function simplifyFunction(callee: ScheduleFunction): ScheduleFunction {
  const known = simplifiedFunctions.get(callee)
  if (known !== undefined) return known
  const graph = createGraph()
  const types = analyze(callee)
  const rewriting: Rewriting = { graph, types, isNamed: () => false, keepsExtents: false }
  const result = rewriteFunction(callee, (node, arguments_) => {
    if (node.kind === 'call') return graph.call(simplifyFunction(node.callee), arguments_)
    if (node.kind !== 'apply') return rebuild(graph, node, arguments_)
    return simplifyApply(rewriting, node.operator, arguments_, node.site)
  })
  simplifiedFunctions.set(callee, result)
  return result
}

/** The simplest node for an operator on simplified arguments. */
function simplifyApply(
  rewriting: Rewriting,
  operator: Operator,
  arguments_: readonly GraphNode[],
  site: number,
): GraphNode {
  const { graph, types, keepsExtents } = rewriting
  const simpler = findSimpler(rewriting, operator, arguments_)
  if (simpler !== undefined && !keepsExtents) return simpler
  const applied = graph.apply(operator, arguments_, site)
  if (simpler === undefined) return applied
  const [before, after] = [applied, simpler].map((node) => types.placementOf(node).extent)
  return before === after ? simpler : applied
}

/** What an operator on simplified arguments comes to by folding, choosing and laws; undefined where it stays. */
function findSimpler(
  rewriting: Rewriting,
  operator: Operator,
  arguments_: readonly GraphNode[],
): GraphNode | undefined {
  const { graph, types, isNamed } = rewriting
  if (operator.kind !== 'elementwise') return undefined
  if (operator.boolean !== true && arguments_.every(isConstant))
    return graph.constant(operator.meaning(...arguments_.map(({ value }) => value)))
  const chosen = operator === choiceOperator ? chooseSide(arguments_, types) : undefined
  if (chosen !== undefined) return chosen
  for (const { law, from, to } of compiledLaws().get(operator) ?? []) {
    if (!mayMatch(from, arguments_)) continue
    const found = matchArguments(from, arguments_, undefined, isNamed, (bindings) =>
      holds(types, law, bindings) ? instantiatePattern(rewriting, to, bindings) : undefined,
    )
    if (found !== undefined) return found
  }
  return undefined
}

/** The side of a `where` whose condition is known when compiling. */
function chooseSide(
  arguments_: readonly GraphNode[],
  { placementOf }: Types,
): GraphNode | undefined {
  const [condition, a, b] = arguments_
  if (condition === undefined || placementOf(condition).known !== 'constant') return undefined
  return foldConstant(condition) !== 0 ? a : b
}

function isConstant(node: GraphNode): node is ConstantNode {
  return node.kind === 'constant'
}

/** Whether the outermost operators and constants of the pattern's arguments are there, in either order if they commute. */
function mayMatch(
  { operator, arguments: patterns }: Extract<Pattern, { kind: 'apply' }>,
  arguments_: readonly GraphNode[],
): boolean {
  const [a, b] = patterns
  const [x, y] = arguments_
  if (a === undefined || x === undefined || patterns.length > 2) return true
  if (b === undefined || y === undefined) return isLike(a, x)
  if (a.kind === 'variable' && b.kind === 'variable' && a.name === b.name) return x === y
  if (isLike(a, x) && isLike(b, y)) return true
  return (
    operator.kind === 'elementwise' && operator.commutative === true && isLike(a, y) && isLike(b, x)
  )
}

function isLike(pattern: Pattern, node: GraphNode): boolean {
  if (pattern.kind === 'variable') return true
  if (pattern.kind === 'constant')
    return node.kind === 'constant' && Object.is(node.value, pattern.value)
  return node.kind === 'apply' && node.operator === pattern.operator
}

function holds(types: Types, law: Law, bindings: Bindings | undefined): boolean {
  for (let each = bindings; each !== undefined; each = each.before) {
    const { name, node } = each
    const limits: Interval | undefined = law.given?.[name]
    if (limits !== undefined && !within({ ...types.intervalOf(node), nan: false }, limits))
      return false
    if (law.host !== undefined && isStepNumber(types.placementOf(node)) !== law.host.includes(name))
      return false
    if (law.unsigned?.includes(name) === true && !isUnsigned(types, node)) return false
    if (law.rounds === true && isConstant(node) && !isModerate(node.value)) return false
  }
  return true
}

function isModerate(value: number): boolean {
  const size = Math.abs(value)
  return size <= MODERATE && size >= 1 / MODERATE
}

/** Whether the node, known not to be negative, is certain not to be -0 either. */
function isUnsigned(types: Types, node: GraphNode): boolean {
  const { low, lowOpen } = types.intervalOf(node)
  if (low > 0 || (low === 0 && lowOpen)) return true
  if (isConstant(node)) return Object.is(node.value, 0)
  if (node.kind !== 'apply' || low < 0) return false
  if (node.operator.unsigned === true) return true
  const isPart = (argument: GraphNode): boolean => isUnsigned(types, argument)
  // A sum is -0 only where both of its terms are.
  const { role } = node.operator
  if (role === 'addition') return node.arguments.some(isPart)
  return (role === 'multiplication' || role === 'division') && node.arguments.every(isPart)
}

/** The first use of a way to bind the pattern's variables; operands of commutative operators are tried in both orders. */
function matchArguments(
  { operator, arguments: patterns }: Extract<Pattern, { kind: 'apply' }>,
  arguments_: readonly GraphNode[],
  bindings: Bindings | undefined,
  isNamed: Rewriting['isNamed'],
  use: Use,
): GraphNode | undefined {
  const found = matchFrom(0, patterns, arguments_, bindings, isNamed, use)
  if (found !== undefined || operator.kind !== 'elementwise' || operator.commutative !== true)
    return found
  return matchFrom(0, patterns, [...arguments_].reverse(), bindings, isNamed, use)
}

function matchFrom(
  index: number,
  patterns: readonly Pattern[],
  nodes: readonly GraphNode[],
  bindings: Bindings | undefined,
  isNamed: Rewriting['isNamed'],
  use: Use,
): GraphNode | undefined {
  const pattern = patterns[index]
  const node = nodes[index]
  if (pattern === undefined || node === undefined) return use(bindings)
  return match(pattern, node, bindings, isNamed, (extended) =>
    matchFrom(index + 1, patterns, nodes, extended, isNamed, use),
  )
}

function match(
  pattern: Pattern,
  node: GraphNode,
  bindings: Bindings | undefined,
  isNamed: Rewriting['isNamed'],
  use: Use,
): GraphNode | undefined {
  switch (pattern.kind) {
    case 'constant':
      return node.kind === 'constant' && Object.is(node.value, pattern.value)
        ? use(bindings)
        : undefined
    case 'variable': {
      const bound = boundTo(bindings, pattern.name)
      if (bound === node) return use(bindings)
      return bound === undefined ? use({ name: pattern.name, node, before: bindings }) : undefined
    }
    case 'apply':
      return node.kind === 'apply' && node.operator === pattern.operator && !isNamed(node)
        ? matchArguments(pattern, node.arguments, bindings, isNamed, use)
        : undefined
  }
}

function boundTo(bindings: Bindings | undefined, name: string): GraphNode | undefined {
  for (let each = bindings; each !== undefined; each = each.before)
    if (each.name === name) return each.node
  return undefined
}

function instantiatePattern(
  rewriting: Rewriting,
  pattern: Pattern,
  bindings: Bindings | undefined,
): GraphNode {
  if (pattern.kind === 'constant') return rewriting.graph.constant(pattern.value)
  if (pattern.kind === 'variable') return boundTo(bindings, pattern.name)!
  const arguments_ = pattern.arguments.map((argument) =>
    instantiatePattern(rewriting, argument, bindings),
  )
  return simplifyApply(rewriting, pattern.operator, arguments_, 0)
}

let cache: ReadonlyMap<Operator, readonly CompiledLaw[]> | undefined

/** The laws by the operator on the outside of their left side; read once. */
function compiledLaws(): ReadonlyMap<Operator, readonly CompiledLaw[]> {
  if (cache !== undefined) return cache
  const byOperator = new Map<Operator, CompiledLaw[]>()
  for (const law of laws) {
    const from = readPattern(law.from)
    if (from.kind !== 'apply')
      throw new Error(`the law ${law.from} has no operator on its left side`)
    byOperator.set(from.operator, [
      ...(byOperator.get(from.operator) ?? []),
      { law, from, to: readPattern(law.to) },
    ])
  }
  cache = byOperator
  return byOperator
}
