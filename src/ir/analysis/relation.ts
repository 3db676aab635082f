import { exactly, interval, type Interval } from '../../operators/interval.ts'
import type { ElementwiseOperator, Operator } from '../../operators/operator.ts'
import type { ApplyNode, GraphNode } from '../graph.ts'
import { rangeOf } from './range-of.ts'

/**
 * What intervals alone forget: that `t` is a whole number with 0 <= t < T, and how parameters compare. A value is either a
 * sum of multiples of such numbers and a constant, or T times a number of the interval `share`.
 */
export type Relation = Linear | Share

/** The numbers that relations are about; nodes that are no sums themselves. */
export type Variable = 't' | 'T' | GraphNode

interface Linear {
  readonly kind: 'linear'
  /** None of them 0. */
  readonly terms: ReadonlyMap<Variable, number>
  readonly constant: number
}

interface Share {
  readonly kind: 'share'
  readonly share: Interval
}

/** That a form is never negative, or where it is `strict` always positive. */
export interface Fact {
  readonly form: Linear
  readonly strict: boolean
}

/** What is known of the variables at one place. */
export interface Ground {
  /** Whether t < T may be relied on. */
  readonly isBeforeEnd: boolean
  /** What conditions say that hold there. */
  readonly facts: readonly Fact[]
  readonly intervalOf: (variable: Variable) => Interval
}

/** The sum of multiples of variables and a constant; undefined where a number in it is not finite. */
export function linearForm(
  terms: Iterable<readonly [Variable, number]>,
  constant: number,
): Linear | undefined {
  const kept = new Map<Variable, number>()
  for (const [variable, factor] of terms) {
    const sum = (kept.get(variable) ?? 0) + factor
    if (sum === 0) kept.delete(variable)
    else kept.set(variable, sum)
  }
  if (!Number.isFinite(constant)) return undefined
  for (const factor of kept.values()) if (!Number.isFinite(factor)) return undefined
  return { kind: 'linear', terms: kept, constant }
}

/** The form of a variable by itself. */
export function formOf(variable: Variable): Linear {
  return { kind: 'linear', terms: new Map([[variable, 1]]), constant: 0 }
}

/** Whether the two say the same. */
export function sameRelation(a: Relation | undefined, b: Relation | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  if (a.kind === 'share') return b.kind === 'share' && describe(a) === describe(b)
  if (b.kind === 'share' || a.constant !== b.constant || a.terms.size !== b.terms.size) return false
  for (const [variable, factor] of a.terms) if (b.terms.get(variable) !== factor) return false
  return true
}

/** The same without what is said of parameters, which mean nothing in another function. */
export function aboutSteps(relation: Relation | undefined): Relation | undefined {
  if (relation?.kind !== 'linear') return relation
  for (const variable of relation.terms.keys())
    if (variable !== 't' && variable !== 'T') return undefined
  return relation
}

/** A text that equal relations about steps, and only those, share. */
export function describe(relation: Relation | undefined): string {
  if (relation === undefined) return ''
  if (relation.kind === 'linear') {
    const { terms, constant } = relation
    return `${terms.get('t') ?? 0}t ${terms.get('T') ?? 0}T ${constant}`
  }
  const { low, high, lowOpen, highOpen } = relation.share
  return `T ${low} ${high} ${lowOpen} ${highOpen}`
}

/** What an operator's result is known to be from the relations of its arguments, beyond its interval rule. */
export interface Related {
  readonly relation: Relation | undefined
  readonly interval: Interval | undefined
}

const UNRELATED: Related = { relation: undefined, interval: undefined }

/** The relation of `operator` applied to arguments of the given relations and intervals. */
export function relate(
  operator: Operator,
  relations: readonly (Relation | undefined)[],
  intervals: readonly Interval[],
  ground: Ground,
): Related {
  if (operator.kind !== 'elementwise') return UNRELATED
  const [a, b] = relations
  if (
    a?.kind === 'linear' &&
    relations.length <= 2 &&
    (relations.length === 1 || b?.kind === 'linear')
  ) {
    const combined = combine(operator, a, b as Linear | undefined, ground)
    if (combined !== undefined) return combined
  }
  return relations.some(mentionsSteps)
    ? relateShares(operator, relations, intervals, ground)
    : UNRELATED
}

function mentionsSteps(relation: Relation | undefined): boolean {
  return (
    relation !== undefined &&
    (relation.kind === 'share' || relation.terms.has('t') || relation.terms.has('T'))
  )
}

/** Sums, differences, multiples and quotients of linear forms. */
function combine(
  { role }: ElementwiseOperator,
  a: Linear,
  b: Linear | undefined,
  ground: Ground,
): Related | undefined {
  if (b === undefined) return role === 'negation' ? related(sumOf(a, -1), ground) : undefined
  if (role === 'addition') return related(sumOf(a, 1, b, 1), ground)
  if (role === 'subtraction') return related(sumOf(a, 1, b, -1), ground)
  if (role === 'multiplication' && a.terms.size === 0) return related(sumOf(b, a.constant), ground)
  if (role === 'multiplication' && b.terms.size === 0) return related(sumOf(a, b.constant), ground)
  if (role !== 'division') return undefined
  if (b.terms.size === 0)
    return b.constant === 0 ? undefined : related(sumOf(a, 1 / b.constant), ground)
  const quotient = quotientOf(a, b, ground.isBeforeEnd) ?? comparedQuotient(a, b, ground)
  return quotient && { relation: undefined, interval: quotient }
}

/** The sum of multiples of one or two forms. */
function sumOf(a: Linear, factor: number, b?: Linear, other = 0): Linear | undefined {
  const terms: (readonly [Variable, number])[] = []
  for (const [variable, own] of a.terms) terms.push([variable, own * factor])
  for (const [variable, own] of b?.terms ?? []) terms.push([variable, own * other])
  return linearForm(terms, a.constant * factor + (b === undefined ? 0 : b.constant * other))
}

function related(form: Linear | undefined, ground: Ground): Related {
  return form === undefined ? UNRELATED : { relation: form, interval: intervalOfForm(form, ground) }
}

/** The sum or difference of two values, of which one without a form is a variable. */
export function formOfSum(
  { operator, arguments: [left, right] }: ApplyNode,
  relationOf: (node: GraphNode) => Relation | undefined,
): Linear | undefined {
  const { role } = operator
  if (role !== 'addition' && role !== 'subtraction') return undefined
  const a = relationOf(left!) ?? formOf(left!)
  const b = relationOf(right!) ?? formOf(right!)
  if (a.kind !== 'linear' || b.kind !== 'linear') return undefined
  return sumOf(a, 1, b, role === 'addition' ? 1 : -1)
}

/** The fact that `a` is greater than `b`, or with `strict` false at least as great; undefined where there is no form for it. */
export function factOf(
  a: Relation | undefined,
  b: Relation | undefined,
  strict: boolean,
): Fact | undefined {
  if (a?.kind !== 'linear' || b?.kind !== 'linear') return undefined
  const form = sumOf(a, 1, b, -1)
  return form === undefined || form.terms.size === 0 ? undefined : { form, strict }
}

/** The interval of a form where it says more than the intervals of its variables; undefined where it does not. */
export function intervalOfForm(form: Linear, ground: Ground): Interval | undefined {
  const steps = quotientOf(form, ONE, ground.isBeforeEnd)
  if (ground.facts.length === 0 && (steps !== undefined || form.terms.size < 2)) return steps
  const low = lowerBound(form, ground, MOST_FACTS)
  const high = lowerBound(sumOf(form, -1)!, ground, MOST_FACTS)
  const bounded = interval(low.number, -high.number, { lowOpen: low.open, highOpen: high.open })
  return steps === undefined ? bounded : closer(steps, bounded)
}

function closer(a: Interval, b: Interval): Interval {
  const low = a.low > b.low || (a.low === b.low && a.lowOpen) ? a : b
  const high = a.high < b.high || (a.high === b.high && a.highOpen) ? a : b
  return interval(low.low, high.high, { lowOpen: low.lowOpen, highOpen: high.highOpen })
}

interface Bound {
  readonly number: number
  /** Whether the form is never as small as that. */
  readonly open: boolean
}

/** How many facts are added up. */
const MOST_FACTS = 3

const BEFORE_END: Fact = {
  form: {
    kind: 'linear',
    terms: new Map<Variable, number>([
      ['T', 1],
      ['t', -1],
    ]),
    constant: -1,
  },
  strict: false,
}

/** The largest number found that the form is not below: facts are subtracted as long as that takes a variable away. */
function lowerBound(form: Linear, ground: Ground, most: number): Bound {
  let best = boundByIntervals(form, ground)
  if (most === 0 || form.terms.size === 0) return best
  const facts = ground.isBeforeEnd ? [...ground.facts, BEFORE_END] : ground.facts
  for (const fact of facts) {
    for (const [variable, factor] of fact.form.terms) {
      const multiple = (form.terms.get(variable) ?? 0) / factor
      if (!(multiple > 0)) continue
      const rest = sumOf(form, 1, fact.form, -multiple)
      if (rest === undefined) continue
      const { number, open } = lowerBound(rest, ground, most - 1)
      const isOpen = open || fact.strict
      if (number > best.number || (number === best.number && isOpen))
        best = { number, open: isOpen }
    }
  }
  return best
}

function boundByIntervals({ terms, constant }: Linear, { intervalOf }: Ground): Bound {
  let number = constant
  let open = false
  for (const [variable, factor] of terms) {
    const range = intervalOf(variable)
    const end = factor > 0 ? range.low : range.high
    number += factor * end
    open ||= factor > 0 ? range.lowOpen : range.highOpen
  }
  return Number.isNaN(number) ? { number: -Infinity, open: false } : { number, open }
}

const ONE: Linear = { kind: 'linear', terms: new Map(), constant: 1 }
const TOTAL: Linear = formOf('T')

/**
 * All (t, T) are (0, 1) + a (0, 1) + b (1, 1) with a, b >= 0, with (1, 0) instead of (1, 1) where t may be behind the end. So
 * numerator and denominator are each three numbers with those weights, and where the denominator's are not negative the
 * quotient lies between the three quotients (the mediant inequality); only the first is reached for a whole number of
 * steps, the other two are limits.
 */
function quotientOf(
  numerator: Linear,
  denominator: Linear,
  isBeforeEnd: boolean,
): Interval | undefined {
  const top = corners(numerator, isBeforeEnd)
  const bottom = corners(denominator, isBeforeEnd)
  if (top === undefined || bottom === undefined) return undefined
  if (!(bottom[0] > 0 && bottom[1] >= 0 && bottom[2] >= 0)) {
    if (!(bottom[0] < 0 && bottom[1] <= 0 && bottom[2] <= 0)) return undefined
    return quotientOf(sumOf(numerator, -1)!, sumOf(denominator, -1)!, isBeforeEnd)
  }
  let range = exactly(top[0] / bottom[0])
  for (const index of [1, 2] as const) {
    if (top[index] === 0 && bottom[index] === 0) continue
    const limit = top[index] / bottom[index]
    if (limit < range.low) range = { ...range, low: limit, lowOpen: true }
    if (limit > range.high) range = { ...range, high: limit, highOpen: true }
  }
  return range
}

/** Undefined where the form is about more than steps. */
function corners(
  form: Linear,
  isBeforeEnd: boolean,
): readonly [number, number, number] | undefined {
  if (aboutSteps(form) === undefined) return undefined
  const step = form.terms.get('t') ?? 0
  const total = form.terms.get('T') ?? 0
  return [total + form.constant, total, isBeforeEnd ? step + total : step]
}

/** A quotient of forms is between -1 and 1 where the denominator is known to be the larger. */
function comparedQuotient(
  numerator: Linear,
  denominator: Linear,
  ground: Ground,
): Interval | undefined {
  const isPositive = (form: Linear | undefined): boolean =>
    form !== undefined && isAboveZero(lowerBound(form, ground, MOST_FACTS))
  const sign = isPositive(denominator) ? 1 : isPositive(sumOf(denominator, -1)) ? -1 : 0
  if (sign === 0) return undefined
  const above = bound(sumOf(denominator, sign, numerator, -sign), ground)
  const below = bound(sumOf(denominator, sign, numerator, sign), ground)
  if (above.number < 0 && below.number < 0) return undefined
  return interval(below.number < 0 ? -Infinity : -1, above.number < 0 ? Infinity : 1, {
    lowOpen: below.number >= 0 && isAboveZero(below),
    highOpen: above.number >= 0 && isAboveZero(above),
  })
}

function bound(form: Linear | undefined, ground: Ground): Bound {
  return form === undefined
    ? { number: -Infinity, open: false }
    : lowerBound(form, ground, MOST_FACTS)
}

function isAboveZero({ number, open }: Bound): boolean {
  return number > 0 || (number === 0 && open)
}

/** The interval of the value divided by T. */
function shareOf(relation: Relation | undefined, isBeforeEnd: boolean): Interval | undefined {
  if (relation === undefined) return undefined
  return relation.kind === 'share' ? relation.share : quotientOf(relation, TOTAL, isBeforeEnd)
}

/** An operator that scales with its arguments does to their shares what it does to them. */
function relateShares(
  operator: ElementwiseOperator,
  relations: readonly (Relation | undefined)[],
  intervals: readonly Interval[],
  { isBeforeEnd }: Ground,
): Related {
  const shares = relations.map((relation) => shareOf(relation, isBeforeEnd))
  for (const scalesConstants of [true, false]) {
    const scaled = relations.map(
      (relation, index) =>
        shares[index] !== undefined && (scalesConstants || mentionsSteps(relation)),
    )
    if (!scaled.includes(true)) continue
    const degree = degreeOf(operator, scaled)
    if (degree === undefined) continue
    const range = rangeOf(
      operator,
      intervals.map((own, index) => (scaled[index] === true ? shares[index]! : own)),
    )
    return degree === 0
      ? { relation: undefined, interval: range }
      : { relation: range.nan ? undefined : { kind: 'share', share: range }, interval: undefined }
  }
  return UNRELATED
}

const PROBES = [0.75, 1.5, -2.25, 5.5, -0.625, 3.25]
const FACTORS = [2, 0.25, 16]
const degrees = new Map<string, 0 | 1 | undefined>()

/**
 * With which power of a positive factor the result grows when the marked arguments grow by it: 1 for `max(x, y)`, 0 for
 * `x / y`. Found by trying powers of two, with which scaling is exact, so that no row has to say it.
 */
function degreeOf(operator: ElementwiseOperator, marked: readonly boolean[]): 0 | 1 | undefined {
  const key = `${operator.name} ${marked.join(' ')}`
  if (degrees.has(key)) return degrees.get(key)
  const scalesBy = (degree: 0 | 1): boolean =>
    PROBES.every((_, shift) =>
      FACTORS.every((factor) => {
        const arguments_ = operator.parameters.map(({ boolean }, index) =>
          boolean === true ? shift % 2 : PROBES[(index * 2 + shift) % PROBES.length]!,
        )
        const grown = arguments_.map((argument, index) =>
          marked[index] === true ? argument * factor : argument,
        )
        return Object.is(
          operator.meaning(...grown),
          operator.meaning(...arguments_) * factor ** degree,
        )
      }),
    )
  const degree = scalesBy(1) ? 1 : scalesBy(0) ? 0 : undefined
  degrees.set(key, degree)
  return degree
}
