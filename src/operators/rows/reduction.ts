import * as arithmetic from '../interval-arithmetic.ts'
import { exactly, interval, type Interval } from '../interval.ts'
import type { Operator, ReductionOperator } from '../operator.ts'
import { parameters } from './row.ts'
import { reduced, reducedOver, type Axis } from '../type.ts'

function total(values: ArrayLike<number>, term: (value: number, index: number) => number): number {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += term(values[index]!, index)
  return sum
}

/** How many elements a tensor can have. */
const count = interval(1, Infinity, { highOpen: true })

/** What a sum of numbers of `x` can be: any number of them have been added. */
const summed = (x: Interval): Interval => averaged(arithmetic.multiply(x, count))

/** NaN comes of adding both infinities, too. */
const averaged = (x: Interval): Interval => ({
  ...x,
  nan: x.nan || (x.low === -Infinity && !x.lowOpen && x.high === Infinity && !x.highOpen),
})

/** The euclidean norm, scaled so that squares neither overflow nor vanish. */
function norm(x: ArrayLike<number>): number {
  const largest = maxAbs(x)
  if (largest === 0 || largest === Infinity || Number.isNaN(largest)) return largest
  return largest * Math.sqrt(total(x, (value) => (value / largest) ** 2))
}

function maxAbs(x: ArrayLike<number>): number {
  let largest = 0
  for (let index = 0; index < x.length; index++) largest = Math.max(largest, Math.abs(x[index]!))
  return largest
}

/** The sum of the sizes of all terms: no partial sum is larger, in whatever order a target adds. */
const sizes = (x: ArrayLike<number>): number => total(x, Math.abs)

const productSizes = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  total(a, (value, index) => Math.abs(value * b[index]!))

export const sumRow = {
  kind: 'reduction',
  name: 'sum',
  parameters: parameters('x'),
  family: 'reduction',
  placement: reduced,
  summary: 'The sum of all elements.',
  formula: '\\sum_i x_i',
  tolerance: 16,
  scale: (x) => sizes(x!),
  largest: (x) => sizes(x!),
  meaning: (x) => total(x!, (value) => value),
  interval: (x) => summed(x!),
} as const satisfies ReductionOperator

const meanRow = {
  kind: 'reduction',
  name: 'mean',
  parameters: parameters('x'),
  family: 'reduction',
  placement: reduced,
  summary: 'The mean of all elements.',
  formula: '\\frac{1}{n} \\sum_i x_i',
  tolerance: 16,
  scale: (x) => sizes(x!) / x!.length,
  largest: (x) => sizes(x!),
  meaning: (x) => total(x!, (value) => value) / x!.length,
  interval: (x) => averaged(x!),
} as const satisfies ReductionOperator

export const normRow = {
  kind: 'reduction',
  name: 'norm',
  unsigned: true,
  parameters: parameters('x'),
  family: 'reduction',
  placement: reduced,
  summary: 'The euclidean norm of all elements.',
  formula: '\\lVert x \\rVert_2',
  definition:
    'where(max_abs(x) / max_abs(x) == 1, max_abs(x) * sqrt(sum(square(x / max_abs(x)))), max_abs(x))',
  tolerance: 8,
  meaning: (x) => norm(x!),
  interval: (x) => arithmetic.multiply(arithmetic.abs(x!), count),
} as const satisfies ReductionOperator

export const maxAbsRow = {
  kind: 'reduction',
  name: 'max_abs',
  unsigned: true,
  parameters: parameters('x'),
  family: 'reduction',
  placement: reduced,
  summary: 'The largest size of an element.',
  formula: '\\max_i |x_i|',
  tolerance: 0,
  meaning: (x) => maxAbs(x!),
  interval: (x) => arithmetic.max(exactly(0), arithmetic.abs(x!)),
} as const satisfies ReductionOperator

export const dotRow = {
  kind: 'reduction',
  name: 'dot',
  parameters: parameters('a', 'b'),
  family: 'reduction',
  placement: reduced,
  summary: 'The sum of the products of the elements.',
  formula: '\\sum_i a_i b_i',
  definition: 'sum(a * b)',
  tolerance: 16,
  scale: (a, b) => productSizes(a!, b!),
  largest: (a, b) => productSizes(a!, b!),
  meaning: (a, b) => total(a!, (value, index) => value * b![index]!),
  interval: (a, b) => summed(arithmetic.multiply(a!, b!)),
  intervalOfSame: (x) => summed(arithmetic.square(x)),
} as const satisfies ReductionOperator

/** A row for one axis alone: one number for each place of the other one. */
type Along<Name extends string, Over extends Axis, Definition> = Omit<
  ReductionOperator,
  'name' | 'definition'
> & {
  readonly name: `${Name}_over_${Over}`
  readonly definition?: Definition
}

function along<
  const Name extends string,
  const Over extends Axis,
  const Definition extends string = never,
>(
  row: ReductionOperator & { readonly name: Name },
  over: Over,
  formula: string,
  definition?: Definition,
): Along<Name, Over, Definition> {
  const { name, definition: _ofAll, summary, ...rest } = row
  return {
    ...rest,
    name: `${name}_over_${over}`,
    callName: name,
    over,
    formula,
    placement: reducedOver(over),
    summary: summary.replace(/of (all|the|an) elements?/, `over the ${over}`),
    ...(definition !== undefined && { definition }),
  }
}

/** Some backends add along an axis one number after the other. */
const normAlongAxis = { ...normRow, tolerance: 16 } as const

const NORM_OVER_INPUTS =
  'where(max_abs(x, over = inputs) / max_abs(x, over = inputs) == 1, max_abs(x, over = inputs) * sqrt(sum(square(x / max_abs(x, over = inputs)), over = inputs)), max_abs(x, over = inputs))'
const NORM_OVER_OUTPUTS =
  'where(max_abs(x, over = outputs) / max_abs(x, over = outputs) == 1, max_abs(x, over = outputs) * sqrt(sum(square(x / max_abs(x, over = outputs)), over = outputs)), max_abs(x, over = outputs))'

/**
 * One number per parameter tensor, or with `over` one for each of its outputs or inputs. What is reduced has one number for
 * each element: smaller extents are spread out first. Meanings accumulate sums in 64 bits and round once; targets may add
 * and multiply in 32 bits, in any order: `scale` and `tolerance` say what that may lose, `largest` where it may overflow.
 * Means are primitives: the language has no name for how many numbers a matrix of inputs and inputs has, which is not
 * `size(w)`, and none for how long an axis is.
 */
export const reductionRows = [
  sumRow,
  meanRow,
  normRow,
  maxAbsRow,
  dotRow,
  along(sumRow, 'inputs', '\\operatorname{sum}_{\\text{inputs}}(x)'),
  along(sumRow, 'outputs', '\\operatorname{sum}_{\\text{outputs}}(x)'),
  along(meanRow, 'inputs', '\\operatorname{mean}_{\\text{inputs}}(x)'),
  along(meanRow, 'outputs', '\\operatorname{mean}_{\\text{outputs}}(x)'),
  along(normAlongAxis, 'inputs', '\\lVert x \\rVert_{\\text{inputs}}', NORM_OVER_INPUTS),
  along(normAlongAxis, 'outputs', '\\lVert x \\rVert_{\\text{outputs}}', NORM_OVER_OUTPUTS),
  along(maxAbsRow, 'inputs', '\\max_{\\text{inputs}} |x|'),
  along(maxAbsRow, 'outputs', '\\max_{\\text{outputs}} |x|'),
  along(
    dotRow,
    'inputs',
    '\\operatorname{dot}_{\\text{inputs}}(a, b)',
    'sum(a * b, over = inputs)',
  ),
  along(
    dotRow,
    'outputs',
    '\\operatorname{dot}_{\\text{outputs}}(a, b)',
    'sum(a * b, over = outputs)',
  ),
] as const satisfies readonly Operator[]
