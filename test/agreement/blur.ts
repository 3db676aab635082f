import { analyze } from '../../src/ir/analysis/analyze.ts'
import { spellingOf } from '../../src/emit/ts/spellings.ts'
import { createRandom, rootKey } from '../../src/operators/random.ts'
import { isHost } from '../../src/operators/type.ts'
import type { GraphNode, Program, ScheduleFunction } from '../../src/ir/graph.ts'
import {
  deviates,
  deviationOf,
  flushed,
  isFlushing,
  isSolvedElsewhere,
  LEAST_NORMAL,
  type Bound,
  type Platform,
} from '../operators/backend-bounds.ts'
import type {
  ElementwiseOperator,
  Matrix,
  MatrixArguments,
  Operator,
} from '../../src/operators/operator.ts'

/** Relative distance between the host's spelling of an operator and its meaning, both in 64 bits. */
const HOST_TOLERANCE = 1e-12
const LARGEST = 3.4e38
/** So often a divisor goes into a number when a few units of either make any remainder of it. */
const MANY_TURNS = 2 ** 16

/** What may be made of an operator's result; what is not finite, or is where it is not, where a target may overflow, or gives any number. */
const CHANGES = [
  'up',
  'down',
  'flushed',
  'other zero',
  'Infinity',
  '-Infinity',
  'NaN',
  'finite',
] as const
type Change = (typeof CHANGES)[number]

/** A program whose operators can be made to miss their meaning by what their rows allow, one after the other. */
export interface BlurredProgram {
  readonly program: Program
  /** `evaluate` evaluates the program. */
  deviations<T>(evaluate: () => T): Deviations<T>
}

/** What comes out when every operator keeps to its meaning; for each, and for all together, under what their rows allow. */
export interface Deviations<T> {
  readonly base: T
  readonly byOperator: Iterable<readonly T[]>
}

/**
 * Which operators of a program may deviate: those whose rows have a tolerance, or that a backend misses, by it, and those that work on results of
 * such operators, by the half unit that rounding gives on either side. Without the former there is none: the program is exact.
 */
export function blur(program: Program, backend: Platform = 'cpu'): BlurredProgram {
  let deviating: { readonly operator: number | 'all'; readonly change: Change } | undefined
  /** The changes that make a difference, for each operator: noted while none deviates. */
  const possible: Set<Change>[] = []
  const clones = new Map<GraphNode, GraphNode>()
  const callees = new Map<ScheduleFunction, ScheduleFunction>()
  /** What sums may lose by numbers that are flushed on the way. */
  const lossOfSums = isFlushing(backend) ? LEAST_NORMAL : 0
  const isInexact = inexactNodes(backend)

  const clone = (node: GraphNode, host: (node: GraphNode) => boolean): GraphNode => {
    const known = clones.get(node)
    if (known !== undefined) return known
    let made = node
    if (node.kind === 'call')
      made = {
        ...node,
        callee: cloneFunction(node.callee),
        arguments: node.arguments.map((argument) => clone(argument, host)),
      }
    if (node.kind === 'apply')
      made = {
        ...node,
        operator: isInexact(node)
          ? blurred(node.operator, possible.push(new Set()) - 1, host(node))
          : node.operator,
        arguments: node.arguments.map((argument) => clone(argument, host)),
      }
    clones.set(node, made)
    return made
  }
  const cloneFunction = (callee: ScheduleFunction): ScheduleFunction => {
    const known = callees.get(callee)
    if (known !== undefined) return known
    const made = { ...callee, body: clone(callee.body, () => true) }
    callees.set(callee, made)
    return made
  }

  /** The operator as a row of its own, which deviates when it is its turn. */
  const blurred = (operator: Operator, number: number, host: boolean): Operator => {
    const change = (value: number, units: Units): number => {
      if (deviating !== undefined)
        return deviating.operator === number || deviating.operator === 'all'
          ? changed(value, units, deviating.change)
          : value
      for (const each of CHANGES)
        if (!Object.is(changed(value, units, each), value)) possible[number]!.add(each)
      return value
    }
    switch (operator.kind) {
      case 'elementwise': {
        if (operator.boolean === true || operator.name === 'where') return operator
        return {
          ...operator,
          meaning: (...inputs: readonly number[]) => {
            const value = operator.meaning(...inputs)
            const isExact = operator.tolerance === 0 && isSelected(value, inputs)
            const deviation = host ? {} : largestDeviation(operator, backend, inputs)
            const units = host
              ? { host, tolerance: operator.tolerance === 0 ? 0 : HOST_TOLERANCE }
              : {
                  host,
                  tolerance: isExact ? 0 : Math.max(operator.tolerance, 1, deviation.units ?? 0),
                }
            return change(value, {
              ...units,
              loss: deviation.loss ?? 0,
              anyZero: deviation.anyZero === true,
              scale: Math.max(operator.scale?.(...inputs) ?? 0, deviation.scale ?? 0),
              excepted:
                spellingOf(operator).exception?.holds(...inputs) === true ||
                deviation.lost === true ||
                (operator.name === 'mod' && Math.abs(inputs[0]! / inputs[1]!) > MANY_TURNS),
            })
          },
        }
      }
      // Numbers over all parameters are compared in totals.test.ts.
      case 'global':
        return operator
      case 'reduction':
        return {
          ...operator,
          meaning: (...inputs: readonly ArrayLike<number>[]) =>
            change(operator.meaning(...inputs), {
              host: false,
              tolerance: Math.max(operator.tolerance, 1),
              scale: operator.scale?.(...inputs) ?? 0,
              largest: operator.largest?.(...inputs) ?? 0,
              loss: lossOfSums,
            }),
        }
      case 'random':
        return {
          ...operator,
          meaning: (uniform: number, ...inputs: readonly number[]) =>
            change(operator.meaning(uniform, ...inputs), {
              host: false,
              tolerance: operator.tolerance,
            }),
        }
      case 'matrix':
        return {
          ...operator,
          meaning: (given: MatrixArguments): Matrix => {
            const { rows, columns, values } = operator.meaning(given)
            const solved = isSolvedElsewhere(operator, backend)
              ? solvedBounds(operator, given)
              : undefined
            const scale = solved?.scale ?? operator.scale?.(given)
            const largest = operator.largest?.(given)
            const changedValues = Array.from(values, (value, index) =>
              change(value, {
                host: false,
                tolerance: operator.tolerance === 0 ? 0 : Math.max(operator.tolerance, 1),
                scale: scale?.[index] ?? 0,
                largest: largest?.[index] ?? 0,
                excepted: solved?.isAny === true,
                loss: lossOfSums,
              }),
            )
            return { rows, columns, values: changedValues }
          },
        }
      case 'shape':
        return operator
    }
  }

  const host = hostNodes(program)
  const made: Program = {
    ...program,
    update: clone(program.update, host),
    states: program.states.map((state) => ({
      ...state,
      initial: clone(state.initial, host),
      next: clone(state.next, host),
    })),
  }
  return {
    program: made,
    deviations: (evaluate) => {
      possible.forEach((changes) => changes.clear())
      const base = evaluate()
      const byOperator = function* (): Generator<ReturnType<typeof evaluate>[]> {
        const all = new Set(possible.flatMap((changes) => [...changes]))
        for (const [operator, changes] of [...possible.entries(), ['all', all] as const]) {
          const results = [...changes].map((change) => {
            deviating = { operator, change }
            return evaluate()
          })
          deviating = undefined
          yield results
        }
      }
      return { base, byOperator: byOperator() }
    },
  }
}

interface Units {
  readonly host: boolean
  /** In units in the last place of 32 bits; relative on the host. */
  readonly tolerance: number
  /** The size whose units count where it is above the result's. */
  readonly scale?: number
  /** The largest number on the way to the result. */
  readonly largest?: number
  readonly excepted?: boolean
  /** Whether a zero may have either sign. */
  readonly anyZero?: boolean
  /** What may be lost by numbers that are flushed on the way. */
  readonly loss?: number
}

function changed(
  value: number,
  { host, tolerance, scale = 0, largest = 0, excepted = false, anyZero = false, loss = 0 }: Units,
  change: Change,
): number {
  const size = Math.max(Math.abs(value), LEAST_NORMAL, Number.isFinite(scale) ? scale : 0)
  const unit = host ? Math.abs(value) : 2 ** (Math.floor(Math.log2(size)) - 23)
  const isLost = excepted || largest > LARGEST
  switch (change) {
    case 'up':
      return Number.isFinite(value) ? value + tolerance * unit + loss : value
    case 'down':
      return Number.isFinite(value) ? value - tolerance * unit - loss : value
    case 'flushed':
      return !host && tolerance > 0 && Math.abs(value) < LEAST_NORMAL ? 0 * Math.sign(value) : value
    case 'other zero':
      if (value === 0 && anyZero) return Object.is(value, 0) ? -0 : 0
      return !host && (tolerance > 0 || anyZero) && Math.abs(value) < LEAST_NORMAL
        ? -0 * Math.sign(value)
        : value
    case 'Infinity':
      return isLost ? Infinity : value
    case '-Infinity':
      return isLost ? -Infinity : value
    case 'NaN':
      return isLost ? NaN : value
    case 'finite':
      return excepted && !Number.isFinite(value) ? 1 : value
  }
}

/** What the operator may miss by, whether or not its subnormal arguments are flushed. */
function largestDeviation(
  operator: ElementwiseOperator,
  backend: Platform,
  inputs: readonly number[],
): Partial<Bound> {
  const kept = deviationOf(operator, backend, inputs)
  if (!isFlushing(backend)) return kept
  const other = deviationOf(operator, backend, inputs.map(flushed))
  return {
    units: Math.max(kept.units ?? 0, other.units ?? 0),
    scale: Math.max(kept.scale ?? 0, other.scale ?? 0),
    loss: Math.max(kept.loss ?? 0, other.loss ?? 0),
    lost: kept.lost === true || other.lost === true,
    anyZero: kept.anyZero === true || other.anyZero === true,
  }
}

/** By how much a matrix is moved to see whether what is solved rests on its last bits. */
const LAST_BITS = 2 ** -48
/** How often: whichever sign a column has that rests on them, one move in two leaves it. */
const MOVES = 8

/** What an answer that is as good in 64 bits may be: a unit of the largest number off, or any where it rests on the last bits. */
function solvedBounds(
  operator: Extract<Operator, { kind: 'matrix' }>,
  given: MatrixArguments,
): { readonly scale: ArrayLike<number>; readonly isAny: boolean } {
  const { values } = operator.meaning(given)
  const largest = Array.from(values, Math.abs).reduce((a, b) => Math.max(a, b), 0)
  const random = createRandom(rootKey(values.length))
  const isAnother = (): boolean => {
    const matrices = given.matrices.map((matrix) => {
      const size = Array.from(matrix.values, Math.abs).reduce((a, b) => Math.max(a, b), 0)
      return {
        ...matrix,
        values: Array.from(matrix.values, (x) => x + LAST_BITS * size * random.normal()),
      }
    })
    const other = operator.meaning({ ...given, matrices }).values
    return Array.from(values).some(
      (x, index) =>
        !(Math.abs(x - other[index]!) <= 2 ** -26 * largest) && !Object.is(x, other[index]),
    )
  }
  const isAny = Array.from({ length: MOVES }).some(isAnother)
  return { scale: Array.from(values, () => largest), isAny }
}

/** Whether an exact operator has only chosen among its arguments and 0, without rounding. */
function isSelected(value: number, inputs: readonly number[]): boolean {
  return value === 0 || inputs.some((input) => Math.abs(input) === Math.abs(value))
}

/** Whether a node's value may differ between targets: it, or what it depends on, has a tolerance, by its row or on the backend. */
function inexactNodes(backend: Platform): (node: GraphNode) => boolean {
  const known = new Map<GraphNode, boolean>()
  const isInexact = (node: GraphNode): boolean => {
    const found = known.get(node)
    if (found !== undefined) return found
    const own =
      (node.kind === 'apply' &&
        node.operator.kind !== 'shape' &&
        node.operator.kind !== 'global' &&
        (node.operator.tolerance > 0 || deviates(node.operator, backend))) ||
      (node.kind === 'call' && isInexact(node.callee.body))
    const uses = node.kind === 'apply' || node.kind === 'call' ? node.arguments : []
    const result = own || uses.some(isInexact)
    known.set(node, result)
    return result
  }
  return isInexact
}

/** Whether a node is a number that the host works out, in 64 bits. */
export function hostNodes(program: Program): (node: GraphNode) => boolean {
  const { placementOf } = analyze(program)
  return (node) => isHost(placementOf(node))
}
