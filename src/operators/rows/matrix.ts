import * as arithmetic from '../interval-arithmetic.ts'
import { anything, interval, type Interval } from '../interval.ts'
import { eigenvectorMatrix, inverseRootMatrix } from '../linear-algebra/inverse-root.ts'
import { orthonormalColumns } from '../linear-algebra/orthonormal.ts'
import { diagonalOf, identityOf, productOf, sizesOf, transposeOf } from '../products.ts'
import type {
  Matrix,
  MatrixArguments,
  MatrixOperator,
  Operator,
  OperatorParameter,
} from '../operator.ts'
import { ofMatrices, type Axis, type MatrixAxes } from '../type.ts'

/** The longest side of a matrix whose eigenvectors are looked for where a program does not say: some seconds of one processor. */
export const LONGEST_SIDE = 1024

const matrix = (name: string): OperatorParameter => ({ name, matrix: true })

/** Numbers that decide what is done, not what with. */
const limit: OperatorParameter = {
  name: 'max_extent',
  latest: { known: 'constant', extent: 'run' },
}
const root: OperatorParameter = { name: 'p', latest: { known: 'step', extent: 'run' } }

const asItIs = (a: MatrixAxes): MatrixAxes => a
const fitsAlways = (): undefined => undefined
/** Rows and columns of a matrix that has to be over one axis. */
const sides = ([rows, columns]: MatrixAxes): MatrixAxes | undefined =>
  rows === columns ? undefined : [rows, columns]

/** How many numbers can be added. */
const count = interval(1, Infinity, { highOpen: true })

/** What a sum of numbers of `x` can be. NaN comes of adding both infinities, too. */
function summed(x: Interval): Interval {
  const sum = arithmetic.multiply(x, count)
  const isEndless = sum.low === -Infinity && !sum.lowOpen && sum.high === Infinity && !sum.highOpen
  return { ...sum, nan: sum.nan || isEndless }
}

/** The numbers of orthonormal vectors of numbers of `x`; NaN for those that are not finite. */
const ofUnitVectors = (x: Interval): Interval =>
  interval(-1, 1, {
    nan: x.nan || (x.low === -Infinity && !x.lowOpen) || (x.high === Infinity && !x.highOpen),
  })

const scalar = (value: number): Matrix => ({ rows: 1, columns: 1, values: [value] })

const total = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += values[index]!
  return sum
}

/** What is computed in 64 bits by the same steps everywhere: targets round what they are given, and the result. */
const solved = { family: 'matrix', kind: 'matrix', tolerance: 1 } as const

function eye<const Name extends string>(
  name: Name,
  axis: Axis,
): MatrixOperator & { readonly name: Name } {
  return {
    kind: 'matrix',
    name,
    callName: 'eye',
    of: axis,
    parameters: [],
    family: 'matrix',
    summary: `The identity matrix over the ${axis}: 1 on its diagonal, else 0.`,
    formula: '\\operatorname{I}',
    tolerance: 0,
    placement: () => ({ known: 'build', extent: `matrix(${axis}, ${axis})` }),
    mismatch: fitsAlways,
    meaning: ({ lengths }) => identityOf(lengths[axis]),
    interval: () => interval(0, 1),
  }
}

const inverseRoot = {
  ...solved,
  placement: ofMatrices(asItIs, 1),
  mismatch: sides,
  source:
    'Gupta, Koren and Singer, 2018, https://arxiv.org/abs/1802.09568; by tred2 and tql2 of EISPACK',
  formula: 'a^{-\\frac{1}{p}}',
  hazards: [
    {
      code: 'division-by-zero',
      argument: 1,
      possible: (_a, p) => p!.low <= 0 && p!.high >= 0,
    },
  ],
  interval: () => anything,
  meaning: ({ matrices: [a], numbers: [p] }) => {
    const { rows, columns, values } = a!
    return { rows, columns, values: inverseRootMatrix(values, rows, p!) }
  },
} as const satisfies Omit<MatrixOperator, 'name' | 'summary' | 'parameters'>

const eigenvectors = {
  ...solved,
  placement: ofMatrices(asItIs, 1),
  mismatch: sides,
  source: 'tred2 and tql2 of EISPACK: Handbook for Automatic Computation II, 1971',
  formula: '\\operatorname{eigenvectors}(a)',
  interval: (a) => ofUnitVectors(a!),
  meaning: ({ matrices: [a] }) => {
    const { rows, columns, values } = a!
    return { rows, columns, values: eigenvectorMatrix(values, rows) }
  },
} as const satisfies Omit<MatrixOperator, 'name' | 'summary' | 'parameters'>

const rootLimit = ([, longest = LONGEST_SIDE]: readonly number[]): number => longest
const vectorLimit = ([longest = LONGEST_SIDE]: readonly number[]): number => longest

const ROOT_SUMMARY =
  'A symmetric, positive semidefinite matrix to the power -1/p, by its eigenvalues; those that are 0 count for nothing: a ridge is up to the program.'
const VECTORS_SUMMARY =
  'The eigenvectors of a symmetric matrix as columns, that of the largest eigenvalue first; the largest number of each is positive.'

/**
 * Operators on matrices, for parameters of rank 2 and more. Products accumulate in 64 bits and round once; targets may add and
 * multiply in 32 bits, in any order. What is solved is solved in 64 bits, from what the target has.
 */
export const matrixRows = [
  {
    kind: 'matrix',
    name: 'matmul',
    parameters: [matrix('a'), matrix('b')],
    family: 'matrix',
    summary:
      'The product of two matrices: the columns of the first are over the axis of the rows of the second.',
    formula: 'a b',
    tolerance: 16,
    placement: ofMatrices((a, b) => [a![0], b![1]], 2),
    mismatch: (a, b) => (a![1] === b![0] ? undefined : [a![1], b![0]]),
    meaning: ({ matrices: [a, b] }) => productOf(a!, b!),
    scale: ({ matrices: [a, b] }) => productOf(sizesOf(a!), sizesOf(b!)).values,
    largest: ({ matrices: [a, b] }) => productOf(sizesOf(a!), sizesOf(b!)).values,
    interval: (a, b) => summed(arithmetic.multiply(a!, b!)),
  },
  {
    kind: 'matrix',
    name: 'transpose',
    parameters: [matrix('a')],
    family: 'matrix',
    summary: 'The matrix with its rows for columns.',
    formula: 'a^\\top',
    tolerance: 0,
    placement: ofMatrices(([rows, columns]) => [columns, rows], 1),
    mismatch: fitsAlways,
    meaning: ({ matrices: [a] }) => transposeOf(a!),
    interval: (a) => a!,
  },
  {
    kind: 'matrix',
    name: 'trace',
    parameters: [matrix('a')],
    family: 'matrix',
    summary: 'The sum of the numbers on the diagonal of a matrix over one axis.',
    formula: '\\operatorname{tr}(a)',
    tolerance: 16,
    placement: () => ({ known: 'gradient', extent: 'parameter' }),
    mismatch: sides,
    meaning: ({ matrices: [a] }) => scalar(total(diagonalOf(a!))),
    scale: ({ matrices: [a] }) => [total(diagonalOf(sizesOf(a!)))],
    largest: ({ matrices: [a] }) => [total(diagonalOf(sizesOf(a!)))],
    interval: (a) => summed(a!),
  },
  eye('eye_inputs', 'inputs'),
  eye('eye_outputs', 'outputs'),
  {
    ...inverseRoot,
    name: 'inverse_root',
    parameters: [matrix('a'), root],
    summary: ROOT_SUMMARY,
    definition: `inverse_root(a, p, ${LONGEST_SIDE})`,
    limit: rootLimit,
  },
  {
    ...inverseRoot,
    name: 'inverse_root_within',
    callName: 'inverse_root',
    parameters: [matrix('a'), root, limit],
    summary: `${ROOT_SUMMARY} Sides longer than max_extent are an error.`,
    formula: '\\operatorname{inverse\\_root}(a, p, max_extent)',
    limit: rootLimit,
  },
  {
    ...eigenvectors,
    name: 'eigenvectors',
    parameters: [matrix('a')],
    summary: VECTORS_SUMMARY,
    definition: `eigenvectors(a, ${LONGEST_SIDE})`,
    limit: vectorLimit,
  },
  {
    ...eigenvectors,
    name: 'eigenvectors_within',
    callName: 'eigenvectors',
    parameters: [matrix('a'), limit],
    summary: `${VECTORS_SUMMARY} Sides longer than max_extent are an error.`,
    formula: '\\operatorname{eigenvectors}(a, max_extent)',
    limit: vectorLimit,
  },
  {
    ...solved,
    name: 'orthonormal',
    parameters: [matrix('a')],
    summary:
      'Q of the QR decomposition whose R has no negative number on its diagonal: orthonormal columns; those beyond as many as there are rows are 0.',
    formula: '\\operatorname{orthonormal}(a)',
    source: 'Householder, 1958, https://doi.org/10.1145/320941.320947',
    placement: ofMatrices(asItIs, 1),
    mismatch: fitsAlways,
    meaning: ({ matrices: [a] }: MatrixArguments) => {
      const { rows, columns, values } = a!
      return { rows, columns, values: orthonormalColumns(values, rows, columns) }
    },
    interval: (a) => ofUnitVectors(a!),
  },
] as const satisfies readonly Operator[]
