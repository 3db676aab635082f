import { exactly, type Interval } from '../operators/interval.ts'
import type { ElementwiseOperator, Operator } from '../operators/operator.ts'
import { rangeOf } from './range-of.ts'

/**
 * What intervals alone forget: that `t` is a whole number with 0 <= t < T. A value is related to the two either as
 * `step * t + total * T + constant`, or as T times a number of the interval `share`.
 */
export type Relation = Linear | Share

interface Linear {
  readonly kind: 'linear'
  readonly step: number
  readonly total: number
  readonly constant: number
}

interface Share {
  readonly kind: 'share'
  readonly share: Interval
}

/** `step * t + total * T + constant`, all finite; undefined otherwise. */
export function linearForm(step: number, total: number, constant: number): Relation | undefined {
  if (!Number.isFinite(step) || !Number.isFinite(total) || !Number.isFinite(constant))
    return undefined
  return { kind: 'linear', step, total, constant }
}

/** Whether the two say the same. */
export function sameRelation(a: Relation | undefined, b: Relation | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  if (a.kind === 'linear') {
    return (
      b.kind === 'linear' && a.step === b.step && a.total === b.total && a.constant === b.constant
    )
  }
  return b.kind === 'share' && describe(a) === describe(b)
}

/** A text that equal relations, and only those, share. */
export function describe(relation: Relation | undefined): string {
  if (relation === undefined) return ''
  if (relation.kind === 'linear') return `${relation.step}t ${relation.total}T ${relation.constant}`
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
): Related {
  if (operator.kind !== 'elementwise' || !relations.some(mentionsSteps)) return UNRELATED
  const forms = relations.flatMap((relation) => (relation?.kind === 'linear' ? [relation] : []))
  if (forms.length === relations.length) {
    const [a, b] = forms
    const linear = operator.parameters.length <= 2 && a ? combine(operator, a, b) : undefined
    if (linear !== undefined) return linear
  }
  return relateShares(operator, relations, intervals)
}

function mentionsSteps(relation: Relation | undefined): boolean {
  return (
    relation !== undefined &&
    (relation.kind === 'share' || relation.step !== 0 || relation.total !== 0)
  )
}

/** Sums, differences, multiples and quotients of linear forms. */
function combine(
  operator: ElementwiseOperator,
  a: Linear,
  b: Linear | undefined,
): Related | undefined {
  const { role } = operator
  if (b === undefined) return role === 'negation' ? scaled(a, -1) : undefined
  if (role === 'addition')
    return linear(a.step + b.step, a.total + b.total, a.constant + b.constant)
  if (role === 'subtraction')
    return linear(a.step - b.step, a.total - b.total, a.constant - b.constant)
  if (role === 'multiplication' && !mentionsSteps(a)) return scaled(b, a.constant)
  if (role === 'multiplication' && !mentionsSteps(b)) return scaled(a, b.constant)
  if (role !== 'division') return undefined
  if (!mentionsSteps(b)) return b.constant === 0 ? undefined : scaled(a, 1 / b.constant)
  const quotient = quotientOf(a, b)
  return quotient && { relation: undefined, interval: quotient }
}

function scaled(form: Linear, factor: number): Related {
  return linear(form.step * factor, form.total * factor, form.constant * factor)
}

const ONE: Linear = { kind: 'linear', step: 0, total: 0, constant: 1 }
const TOTAL: Linear = { kind: 'linear', step: 0, total: 1, constant: 0 }

function linear(step: number, total: number, constant: number): Related {
  const relation = linearForm(step, total, constant)
  return relation?.kind === 'linear' ? { relation, interval: quotientOf(relation, ONE) } : UNRELATED
}

/**
 * All (t, T) are (0, 1) + a (0, 1) + b (1, 1) with a, b >= 0. So numerator and denominator are each three numbers with those
 * weights, and where the denominator's are not negative the quotient lies between the three quotients (the mediant
 * inequality); only the first is reached for a whole number of steps, the other two are limits.
 */
function quotientOf(numerator: Linear, denominator: Linear): Interval | undefined {
  const top = corners(numerator)
  const bottom = corners(denominator)
  if (!(bottom[0] > 0 && bottom[1] >= 0 && bottom[2] >= 0)) {
    if (!(bottom[0] < 0 && bottom[1] <= 0 && bottom[2] <= 0)) return undefined
    return quotientOf(negated(numerator), negated(denominator))
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

function negated(form: Linear): Linear {
  return { kind: 'linear', step: -form.step, total: -form.total, constant: -form.constant }
}

function corners({ step, total, constant }: Linear): readonly [number, number, number] {
  return [total + constant, total, step + total]
}

/** The interval of the value divided by T. */
function shareOf(relation: Relation | undefined): Interval | undefined {
  if (relation === undefined) return undefined
  return relation.kind === 'share' ? relation.share : quotientOf(relation, TOTAL)
}

/** An operator that scales with its arguments does to their shares what it does to them. */
function relateShares(
  operator: ElementwiseOperator,
  relations: readonly (Relation | undefined)[],
  intervals: readonly Interval[],
): Related {
  const shares = relations.map(shareOf)
  for (const scalesConstants of [true, false]) {
    const scaledArguments = relations.map(
      (relation) => mentionsSteps(relation) || (scalesConstants && relation !== undefined),
    )
    const degree = degreeOf(operator, scaledArguments)
    if (degree === undefined) continue
    const range = rangeOf(
      operator,
      intervals.map((own, index) =>
        scaledArguments[index] === true ? (shares[index] ?? own) : own,
      ),
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
