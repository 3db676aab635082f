import * as tf from '@tensorflow/tfjs-core'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { spellingOf } from '../../src/emit/ts/spellings.ts'
import {
  eigenvectorMatrix,
  inverseRootMatrix,
} from '../../src/operators/linear-algebra/inverse-root.ts'
import { orthonormalColumns } from '../../src/operators/linear-algebra/orthonormal.ts'
import { symmetricEigen } from '../../src/operators/linear-algebra/symmetric-eigen.ts'
import type { Matrix, MatrixOperator } from '../../src/operators/operator.ts'
import { identityOf, productOf, transposeOf } from '../../src/operators/products.ts'
import { childKey, createRandom, rootKey, type Random } from '../../src/operators/random.ts'
import { operatorByName, operators } from '../../src/operators/table.ts'
import { tensorBackends, useBackend } from '../emit/tensor-backend.ts'
import { corners, unitsOff } from './points.ts'
import { compileForm } from './spelled.ts'

interface SymmetricCase {
  readonly name: string
  readonly n: number
  readonly matrix: readonly number[]
  readonly eigenvalues: readonly number[]
  readonly roots: Readonly<Record<string, readonly number[]>>
}

interface TriangularCase {
  readonly name: string
  readonly rows: number
  readonly columns: number
  readonly matrix: readonly number[]
  readonly q: readonly number[]
}

const { symmetric, triangular, large } = JSON.parse(
  readFileSync(new URL('fixtures/matrices.json', import.meta.url), 'utf8'),
) as {
  readonly symmetric: readonly SymmetricCase[]
  readonly triangular: readonly TriangularCase[]
  readonly large: readonly number[]
}

const UNIT = 2 ** -52

const matrixOf = (
  rows: number,
  columns: number,
  entry: (row: number, column: number) => number,
): Matrix => ({
  rows,
  columns,
  values: Float64Array.from({ length: rows * columns }, (_, place) =>
    entry(Math.floor(place / columns), place % columns),
  ),
})

const largestOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((size, value) => Math.max(size, Math.abs(value)), 0)

const differenceOf = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((size, value, place) => Math.max(size, Math.abs(value - b[place]!)), 0)

/** The large matrix of the script that made the fixture. */
const LARGE = matrixOf(200, 200, (i, j) => ((i * j * 7919 + (i + j) * 104729) % 2003) / 2003)

/** How far columns are from orthonormal. */
const skewness = (q: Matrix): number =>
  differenceOf(productOf(transposeOf(q), q).values, identityOf(q.columns).values)

function expectDecomposition({ rows: n, values }: Matrix): void {
  const pairs = symmetricEigen(values, n)!
  const q: Matrix = { rows: n, columns: n, values: eigenvectorMatrix(values, n) }
  const size = largestOf(pairs.values)
  expect(skewness(q)).toBeLessThanOrEqual(4 * n * UNIT)
  const scaled = matrixOf(n, n, (i, j) => q.values[i * n + j]! * pairs.values[j]!)
  const residual = differenceOf(productOf({ rows: n, columns: n, values }, q).values, scaled.values)
  expect(residual).toBeLessThanOrEqual(4 * n * Math.max(UNIT * size, Number.MIN_VALUE))
  for (let k = 1; k < n; k++) expect(pairs.values[k]!).toBeLessThanOrEqual(pairs.values[k - 1]!)
}

const symmetricOf = (n: number, draw: () => number): Matrix => {
  const a = matrixOf(n, n, draw)
  return matrixOf(n, n, (i, j) => (a.values[i * n + j]! + a.values[j * n + i]!) / 2)
}

const HARD: Readonly<Record<string, (random: Random, n: number) => Matrix>> = {
  zero: (_, n) => matrixOf(n, n, () => 0),
  identity: (_, n) => identityOf(n),
  ones: (_, n) => matrixOf(n, n, () => 1),
  diagonal: (random, n) => {
    const d = Array.from({ length: n }, () => random.normal())
    return matrixOf(n, n, (i, j) => (i === j ? d[i]! : 0))
  },
  random: (random, n) => symmetricOf(n, () => random.normal()),
  'of any size': (random, n) => symmetricOf(n, () => 10 ** (60 * random.uniform() - 30)),
  huge: (random, n) => symmetricOf(n, () => 1e300 * random.normal()),
  subnormal: (random, n) => symmetricOf(n, () => 1e-310 * random.normal()),
  'of low rank': (random, n) => {
    const a = matrixOf(n, Math.ceil(n / 3), () => random.normal())
    return productOf(a, transposeOf(a))
  },
  graded: (random, n) => {
    const a = symmetricOf(n, () => random.normal())
    return matrixOf(n, n, (i, j) => a.values[i * n + j]! * 10 ** -(i + j))
  },
  tridiagonal: (_, n) => matrixOf(n, n, (i, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
  // Pairs of eigenvalues that agree to all digits.
  wilkinson: (_, n) =>
    matrixOf(n, n, (i, j) => (i === j ? Math.abs(i - (n - 1) / 2) : Math.abs(i - j) === 1 ? 1 : 0)),
}

describe('eigenvectors', () => {
  test.each(Object.entries(HARD))('of a matrix that is %s', (name, make) => {
    const random = createRandom(childKey(rootKey(31), name))
    for (const n of [0, 1, 2, 3, 5, 8, 21, 40]) expectDecomposition(make(random, n))
  })

  test('of 200 by 200', () => {
    expectDecomposition(LARGE)
    const { values } = symmetricEigen(LARGE.values, 200)!
    expect(differenceOf(values, large)).toBeLessThanOrEqual(200 * UNIT * largestOf(large))
  })

  test.each(symmetric.map((each) => [each.name, each] as const))(
    '%s',
    (_, { n, matrix, eigenvalues }) => {
      const { values } = symmetricEigen(matrix, n)!
      expect(differenceOf(values, eigenvalues)).toBeLessThanOrEqual(
        4 * n * UNIT * largestOf(eigenvalues),
      )
    },
  )

  test('have a sign that rounding does not decide', () => {
    const turned = (angle: number): Float64Array => {
      const [c, s] = [Math.cos(angle), Math.sin(angle)]
      return eigenvectorMatrix([c * c + 2 * s * s, -c * s, -c * s, s * s + 2 * c * c], 2)
    }
    const plain = turned(Math.PI / 4)
    for (const by of [-1e-12, 1e-15, 1e-12])
      expect(differenceOf(turned(Math.PI / 4 + by), plain)).toBeLessThan(1e-10)
    for (const angle of [0.1, 1, 2, 3]) {
      const vectors = turned(angle)
      for (const column of [0, 1]) {
        const [a, b] = [vectors[column]!, vectors[2 + column]!]
        expect(Math.abs(a) >= Math.abs(b) ? a : b).toBeGreaterThan(0)
      }
    }
  })

  test('take the mean of a matrix and its transpose', () => {
    expect(eigenvectorMatrix([1, 4, 0, 3], 2)).toEqual(eigenvectorMatrix([1, 2, 2, 3], 2))
  })

  test.each([NaN, Infinity, -Infinity])(
    'of a matrix with %d are NaN, and so is what is made of them',
    (wrong) => {
      for (const n of [1, 2, 30]) {
        const values = LARGE.values as Float64Array
        const matrix = values.slice(0, n * n)
        matrix[n - 1] = wrong
        for (const result of [
          eigenvectorMatrix(matrix, n),
          inverseRootMatrix(matrix, n, 4),
          orthonormalColumns(matrix, n, n),
        ]) {
          expect(result).toHaveLength(n * n)
          expect(result.every(Number.isNaN)).toBe(true)
        }
      }
    },
  )
})

describe('inverse roots', () => {
  const cases = symmetric.flatMap((each) =>
    Object.entries(each.roots).map(([p, root]) => [each.name, Number(p), each, root] as const),
  )
  test.each(cases)('%s, to the power -1 / %d', (_, p, { n, matrix, eigenvalues }, root) => {
    // Of the smallest eigenvalue no more is known than of the largest.
    const condition = eigenvalues[0]! / eigenvalues.at(-1)!
    const bound = 4 * n * UNIT * condition * largestOf(root)
    expect(differenceOf(inverseRootMatrix(matrix, n, p), root)).toBeLessThanOrEqual(bound)
  })

  test('leave out eigenvalues that are 0, and those that rounding made of it', () => {
    const ones = inverseRootMatrix([2, 2, 2, 2], 2, 2)
    expect(differenceOf(ones, [0.25, 0.25, 0.25, 0.25])).toBeLessThan(1e-15)
    expect(inverseRootMatrix([0, 0, 0, 0], 2, 4)).toEqual(new Float64Array(4))
    expect([...inverseRootMatrix([1, 0, 0, -1e-7], 2, 4)]).toEqual([1, 0, 0, 0])
    expect(inverseRootMatrix([1, 0, 0, -1e-6], 2, 4).every(Number.isNaN)).toBe(true)
    expect(inverseRootMatrix([-1], 1, 2).every(Number.isNaN)).toBe(true)
  })

  test('of sums of products in 32 bits with a ridge undo them', () => {
    const random = createRandom(rootKey(32))
    const a = matrixOf(12, 4, () => Math.fround(random.normal()))
    const gram = productOf(a, transposeOf(a))
    const l = matrixOf(12, 12, (i, j) =>
      Math.fround(gram.values[i * 12 + j]! + (i === j ? 0.01 : 0)),
    )
    const root: Matrix = { rows: 12, columns: 12, values: inverseRootMatrix(l.values, 12, 2) }
    const identity = productOf(productOf(root, l), root)
    expect(differenceOf(identity.values, identityOf(12).values)).toBeLessThan(1e-9)
  })
})

describe('orthonormal', () => {
  test.each(triangular.map((each) => [each.name, each] as const))(
    '%s',
    (_, { rows, columns, matrix, q }) => {
      expect(differenceOf(orthonormalColumns(matrix, rows, columns), q)).toBeLessThan(1e-12)
    },
  )

  test.each(Object.entries(HARD))('columns of a matrix that is %s', (name, make) => {
    const random = createRandom(childKey(rootKey(33), name))
    for (const n of [1, 2, 5, 12, 40]) {
      const a = make(random, n)
      for (const columns of [n, Math.ceil(n / 2)]) {
        const part = matrixOf(n, columns, (i, j) => a.values[i * n + j]!)
        const q: Matrix = {
          rows: n,
          columns,
          values: orthonormalColumns(part.values, n, columns),
        }
        expect(skewness(q)).toBeLessThanOrEqual(4 * n * UNIT)
        const r = productOf(transposeOf(q), part)
        const size = largestOf(part.values)
        expect(differenceOf(productOf(q, r).values, part.values)).toBeLessThanOrEqual(
          4 * n * n * Math.max(UNIT * size, Number.MIN_VALUE),
        )
        for (let k = 0; k < columns; k++)
          expect(r.values[k * columns + k]!).toBeGreaterThanOrEqual(-4 * n * n * UNIT * size)
      }
    }
  })

  test('of a wide matrix are those of its first columns, and 0', () => {
    const square = orthonormalColumns([3, 1, 4, 2], 2, 2)
    const wide = orthonormalColumns([3, 1, 7, 4, 2, 7], 2, 3)
    expect([...wide]).toEqual([square[0], square[1], 0, square[2], square[3], 0])
  })
})

const rows = operators.filter((row): row is MatrixOperator => row.kind === 'matrix')
const LARGEST = 3.4e38

/** Matrices of 32-bit numbers for each parameter that wants one: square ones, and products of any lengths. */
function drawMatrices(row: MatrixOperator, random: Random): Matrix[] {
  const wanted = row.parameters.filter(({ matrix }) => matrix === true).length
  const n = 1 + random.integer(6)
  const isSquare = row.mismatch(['inputs', 'outputs'], ['inputs', 'outputs']) !== undefined
  const lengths = Array.from({ length: wanted + 1 }, () =>
    wanted === 1 && isSquare ? n : 1 + random.integer(6),
  )
  const corner = random.chance(0.3) ? random.pick(corners) : undefined
  return Array.from({ length: wanted }, (_, index) =>
    matrixOf(lengths[index]!, lengths[index + 1]!, () =>
      Math.fround(corner !== undefined && random.chance(0.2) ? corner : random.normal()),
    ),
  )
}

describe.each(await tensorBackends())('on %s', (backend) => {
  beforeAll(() => useBackend(backend))

  const spelled = rows.filter(({ definition }) => definition === undefined)
  test.each(spelled.map((row) => [row.name, row] as const))('%s', async (name, row) => {
    const random = createRandom(childKey(rootKey(34), name))
    const { parameters } = row
    const run = compileForm<tf.Tensor>(spellingOf(row).tensor, Math.max(parameters.length, 1))
    const rounds = Array.from({ length: 200 }, () => {
      const matrices = drawMatrices(row, random)
      const numbers = parameters.flatMap(({ matrix }) => (matrix === true ? [] : [4]))
      const lengths = { inputs: 1 + random.integer(5), outputs: 1 + random.integer(5) }
      return { matrices, numbers, lengths }
    })
    const results = rounds.map(({ matrices, numbers, lengths }) =>
      tf.tidy(() => {
        const tensors = matrices.map(({ values: own, ...shape }) =>
          tf.tensor2d(Float32Array.from(own), [shape.rows, shape.columns]),
        )
        // What takes no matrix goes by the parameter.
        const w = tf.zeros([lengths.inputs, lengths.outputs])
        return run(...(tensors.length === 0 ? [w] : tensors), ...numbers)
      }),
    )
    // All at once: WebGPU waits a while for each.
    const read = await Promise.all(results.map((result) => result.data()))
    tf.dispose(results)
    for (const [round, given] of rounds.entries()) {
      const values = read[round]!
      const wanted = row.meaning(given)
      const [scale, largest] = [row.scale?.(given), row.largest?.(given)]
      expect(values).toHaveLength(wanted.values.length)
      Array.from(wanted.values).forEach((value, place) => {
        if ((largest?.[place] ?? 0) > LARGEST && !Number.isFinite(values[place]!)) return
        const off = unitsOff(values[place]!, value, scale?.[place])
        if (off > Math.max(row.tolerance, 0.5))
          expect.fail(
            `${name} of ${JSON.stringify(given.matrices)} is ${values[place]}, not ${value}`,
          )
      })
    }
  })
})

test('a row with a definition means what it is made of', () => {
  for (const row of rows) {
    if (row.definition === undefined) continue
    const same = operatorByName(`${row.name}_within`) as MatrixOperator
    const given = {
      matrices: [{ rows: 2, columns: 2, values: [2, 1, 1, 3] }],
      numbers: [4],
      lengths: { inputs: 2, outputs: 2 },
    }
    expect(row.meaning(given)).toEqual(same.meaning(given))
    expect(row.limit!([])).toBe(Number(/(\d+)\)$/.exec(row.definition)![1]))
    expect(same.limit!(row.parameters.length > 1 ? [4, 7] : [7])).toBe(7)
  }
})
