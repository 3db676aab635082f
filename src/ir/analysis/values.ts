import { anything, exactly, finite, interval, type Interval } from '../../operators/interval.ts'
import { narrow, widenInterval } from '../../operators/interval-sets.ts'
import { choiceOperator } from '../../operators/table.ts'
import { operands, reachable } from '../build.ts'
import type { Condition } from '../condition.ts'
import type { ApplyNode, CallNode, GraphNode, ScheduleFunction } from '../graph.ts'
import { holds } from '../schedule.ts'
import { inputsOfCall, keyOf, STEP, type Inputs } from './inputs.ts'
import { knownFrom } from './known-forms.ts'
import type { States } from './placement.ts'
import { rangeOf } from './range-of.ts'
import { learn, truthsOf } from './refine.ts'
import {
  aboutSteps,
  formOf,
  formOfSum,
  intervalOfForm,
  relate,
  sameRelation,
  type Fact,
  type Ground,
  type Relation,
} from './relation.ts'
import { constantOf, createValue, joinValues, sameValue, type Value } from './value.ts'

/** A place of a program: what the conditions above it say of nodes. */
export interface Place {
  readonly above: Place | undefined
  /** The node of which the innermost condition says that it is in `range`. */
  readonly node: GraphNode | undefined
  readonly range: Interval
  readonly facts: readonly Fact[]
  /** The smallest id of a node whose value may be another here than above. */
  readonly first: number
  readonly depth: number
  readonly known: Map<GraphNode, Value>
  readonly below: Map<string, Place>
}

/** The values of a program's nodes. */
export interface Values {
  readonly everywhere: Place
  /** The place inside `place` that the conditions lead to. */
  readonly under: (place: Place, condition: Condition | undefined) => Place
  /** The place inside `place` where the node is known to be in the interval. */
  readonly limited: (place: Place, node: GraphNode, range: Interval) => Place
  readonly valueOf: (node: GraphNode, place?: Place) => Value
}

const TOTAL: Value = createValue(interval(1, Infinity, { highOpen: true }), {
  relation: formOf('T'),
})
const FINITE: Value = createValue(finite)

/** Values for the nodes of every graph whose states are numbered alike. */
export function createValues(states: States, inputs: Inputs): Values {
  let known: readonly Value[] | undefined
  return createEvaluator(inputs, (index) => {
    known ??= valuesOfStates(states, inputs)
    return known[index]!
  })
}

const LANDMARK_ROUNDS = 8
const PLAIN_ROUNDS = 3
const MOST_ROUNDS = 500
/** After so many nodes ends that still move go to infinity at once. */
const MOST_WORK = 500_000

/**
 * What states hold before a step: their initial values joined with what is assigned, round by round, wider the longer this
 * goes on so that it ends.
 */
function valuesOfStates(states: States, inputs: Inputs): readonly Value[] {
  const first = createEvaluator(inputs, () => createValue(anything))
  const initial = states.map((state) => plain(first.valueOf(state.initial)))
  const size = reachable(states.map(({ next }) => next)).length
  let assumed: readonly Value[] = initial
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const current = assumed
    const { valueOf } = createEvaluator(inputs, (index) => current[index]!)
    const isHurried = round * size > MOST_WORK
    assumed = states.map(({ next }, index) => {
      const before = current[index]!
      const joined = plain(joinValues(before, valueOf(next)))
      if (round < PLAIN_ROUNDS && !isHurried) return joined
      const landmarks = round < LANDMARK_ROUNDS && !isHurried
      return { ...joined, interval: widenInterval(before.interval, joined.interval, landmarks) }
    })
    if (assumed.every((value, index) => sameValue(value, current[index]!))) return current
  }
  return states.map(() => createValue(anything))
}

const plain = (value: Value): Value => ({ ...value, relation: undefined })

/** Inside how many conditions of its own operands a choice is followed. */
const DEEPEST = 3
/** How many values below conditions are worked out; further conditions say nothing. */
const MOST_REFINED = 20_000
/** How deep operands are followed before they are taken in the order of their graph. */
const DEEPEST_CALL = 200

/** One way through the values of a program, with what states hold before the step. */
interface Evaluation {
  readonly inputs: Inputs
  readonly stateOf: (index: number) => Value
  readonly everywhere: Place
  readonly grounds: Map<readonly Fact[], Ground>
  /** How many values below conditions have been worked out. */
  refined: number
  /** How many values are being worked out, each for the next. */
  deep: number
}

function createEvaluator(inputs: Inputs, stateOf: (index: number) => Value): Values {
  const everywhere = createPlace(undefined, undefined, anything, NO_FACTS, 0)
  const evaluation: Evaluation = {
    inputs,
    stateOf,
    everywhere,
    grounds: new Map(),
    refined: 0,
    deep: 0,
  }
  return {
    everywhere,
    valueOf: (node, place = everywhere) => valueOf(evaluation, node, place),
    limited: (place, node, range) => createPlace(place, node, range, place.facts, place.depth + 1),
    under: (place, condition) => {
      if (condition === undefined) return place
      const conditions: Condition[] = []
      for (let each: Condition | undefined = condition; each !== undefined; each = each.above)
        conditions.push(each)
      return conditions.reduceRight(
        (at, { node, truth }) => enter(evaluation, at, node, truth),
        place,
      )
    },
  }
}

function valueOf(evaluation: Evaluation, node: GraphNode, place: Place): Value {
  let at = place
  while (at.above !== undefined && node.id < at.first) at = at.above
  const found = at.known.get(node)
  if (found !== undefined) return found
  if (evaluation.deep > DEEPEST_CALL && operands(node).length > 0)
    for (const each of reachable([node])) if (each !== node) workOut(evaluation, each, at)
  return workOut(evaluation, node, at)
}

function workOut(evaluation: Evaluation, node: GraphNode, place: Place): Value {
  const found = place.known.get(node)
  if (found !== undefined) return found
  if (place !== evaluation.everywhere) evaluation.refined += 1
  evaluation.deep += 1
  const made = limitedBy(evaluation, place, node, find(evaluation, node, place))
  evaluation.deep -= 1
  place.known.set(node, made)
  return made
}

function groundAt(evaluation: Evaluation, { facts }: Place): Ground {
  const { grounds, inputs, everywhere } = evaluation
  let ground = grounds.get(facts)
  if (ground === undefined) {
    ground = {
      isBeforeEnd: inputs.assumesEnd || inputs.isHeld,
      facts,
      intervalOf: (variable) => {
        if (variable === 't') return inputs.step.interval
        return variable === 'T'
          ? TOTAL.interval
          : valueOf(evaluation, variable, everywhere).interval
      },
    }
    grounds.set(facts, ground)
  }
  return ground
}

/** What conditions say of the node itself, or of what it is a sum of. */
function limitedBy(evaluation: Evaluation, place: Place, node: GraphNode, value: Value): Value {
  let range = value.interval
  for (let at: Place | undefined = place; at !== undefined; at = at.above)
    if (at.node === node) range = narrow(range, at.range)
  const form = place.facts.length > 0 ? formAt(evaluation, place, node, value) : undefined
  if (form?.kind === 'linear') {
    const bounded = intervalOfForm(form, groundAt(evaluation, place))
    if (bounded !== undefined) range = narrow(range, bounded)
  }
  return range === value.interval ? value : { ...value, interval: range }
}

function formAt(
  evaluation: Evaluation,
  place: Place,
  node: GraphNode,
  { relation }: Value,
): Relation | undefined {
  if (relation !== undefined || node.kind !== 'apply') return relation
  return formOfSum(node, (operand) => valueOf(evaluation, operand, place).relation)
}

function find(evaluation: Evaluation, node: GraphNode, place: Place): Value {
  const { inputs } = evaluation
  switch (node.kind) {
    case 'constant':
      return constantOf(node.value)
    case 'input':
      return node.name === 't' ? inputs.step : node.name === 'T' ? TOTAL : FINITE
    case 'parameter':
      return inputs.parameter(node)
    case 'state':
      return evaluation.stateOf(node.index)
    case 'total':
      return valueOf(evaluation, node.of, place)
    case 'apply':
      return applied(evaluation, node, place)
    case 'call': {
      const given = node.arguments.map((argument) => valueOf(evaluation, argument, place))
      return callValue(node, given, inputs)
    }
  }
}

function applied(evaluation: Evaluation, node: ApplyNode, place: Place): Value {
  const { operator, arguments: nodes } = node
  const values =
    operator === choiceOperator
      ? sidesOf(evaluation, node, place)
      : nodes.map((argument) => valueOf(evaluation, argument, place))
  const value = apply(operator, values, groundAt(evaluation, place), evaluation.inputs)
  const closer = knownFrom(node, (other) => valueOf(evaluation, other, place).interval)
  if (closer === undefined) return value
  const { interval: range } = value
  return { ...value, interval: { ...narrow(range, closer), nan: range.nan } }
}

/** The three values of a choice, each side where its condition holds. */
function sidesOf(
  evaluation: Evaluation,
  { arguments: nodes }: ApplyNode,
  place: Place,
): readonly Value[] {
  const [condition, a, b] = nodes as readonly [GraphNode, GraphNode, GraphNode]
  const isFollowed = place.depth < DEEPEST && evaluation.refined < MOST_REFINED
  const side = (node: GraphNode, truth: boolean): Value =>
    valueOf(evaluation, node, isFollowed ? enter(evaluation, place, condition, truth) : place)
  return [valueOf(evaluation, condition, place), side(a, true), side(b, false)]
}

/** The place inside `place` where the condition is `truth`; the place itself where that says nothing. */
function enter(evaluation: Evaluation, place: Place, condition: GraphNode, truth: boolean): Place {
  const key = `${condition.id} ${truth}`
  let below = place.below.get(key)
  if (below === undefined)
    place.below.set(key, (below = refine(evaluation, place, condition, truth)))
  return below
}

function refine(evaluation: Evaluation, place: Place, condition: GraphNode, truth: boolean): Place {
  // A fact that is a condition by itself.
  if (condition.kind === 'apply' && condition.operator.kind === 'shape')
    return createPlace(place, condition, exactly(Number(truth)), place.facts, place.depth + 1)
  if (condition.kind !== 'apply' || condition.operator.kind !== 'elementwise') return place
  const { operator, arguments: sides } = condition
  const [left, right] = sides
  if (operator.boolean !== true || left === undefined) return place
  if (operator.parameters[0]?.boolean === true)
    return truthsOf(operator, truth).reduce(
      (at, each, index) => (each === undefined ? at : enter(evaluation, at, sides[index]!, each)),
      place,
    )
  if (right === undefined) return place
  const values = [valueOf(evaluation, left, place), valueOf(evaluation, right, place)] as const
  const learned = learn(condition, operator, values, truth)
  if (learned === undefined) return place
  const facts = learned.fact === undefined ? place.facts : [...place.facts, learned.fact]
  return createPlace(place, learned.node, learned.interval, facts, place.depth + 1)
}

const NO_FACTS: readonly Fact[] = []

function createPlace(
  above: Place | undefined,
  node: GraphNode | undefined,
  range: Interval,
  facts: readonly Fact[],
  depth: number,
): Place {
  // A fact may say something of whatever is made of steps and parameters.
  const first = node === undefined ? 0 : node.id
  return { above, node, range, facts, first, depth, known: new Map(), below: new Map() }
}

function apply(
  operator: ApplyNode['operator'],
  values: readonly Value[],
  ground: Ground,
  { assumesEnd, isHeld }: Inputs,
): Value {
  let interior = false
  let beforeEnd = false
  let guessed = false
  const intervals: Interval[] = []
  for (const value of values) {
    interior ||= value.interior
    beforeEnd ||= value.beforeEnd
    guessed ||= value.guessed
    intervals.push(value.interval)
  }
  const range = rangeOf(operator, intervals)
  const { relation, interval: known } = relate(
    operator,
    values.map((value) => value.relation),
    intervals,
    ground,
  )
  const closer = known === undefined ? range : narrow(range, known)
  const isCloser = closer.low !== range.low || closer.high !== range.high
  return {
    interval: closer,
    relation,
    interior,
    beforeEnd: beforeEnd || (isCloser && assumesEnd && !isHeld),
    guessed,
  }
}

/** Values kept for one function before all are forgotten: a search calls with ever new intervals. */
const MOST_RESULTS = 5000

const results = new WeakMap<ScheduleFunction, Map<string, Value>>()

/** The value of a call of a schedule with the given values of its step and its parameters. */
function callValue({ callee }: CallNode, given: readonly Value[], caller: Inputs): Value {
  const key = `${caller.assumesEnd} ${caller.isHeld} ${given.map(keyOf).join(' | ')}`
  let known = results.get(callee)
  if (known === undefined || known.size >= MOST_RESULTS)
    results.set(callee, (known = new Map<string, Value>()))
  let value = known.get(key)
  if (value === undefined) {
    const inner = inputsOfCall(callee, given, caller)
    const { relation, ...rest } = createValues([], inner).valueOf(callee.body)
    // What is said of the steps of a function that is called for other ones says nothing of those of its caller.
    const isSame = !holds(callee) || sameRelation(given[0]!.relation, STEP.relation)
    value = {
      ...rest,
      // A promise that is not proved takes no warning away and gives no reason for one, though it is kept.
      guessed: rest.guessed || callee.isLimited === true,
      relation: isSame ? aboutSteps(relation) : undefined,
    }
    known.set(key, value)
  }
  return value
}
