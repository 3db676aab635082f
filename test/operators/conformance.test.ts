import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { isSpelled, spellingOf, type FormName } from '../../src/emit/ts/spellings.ts'
import type { ElementwiseOperator } from '../../src/operators/operator.ts'
import { childKey, createRandom, rootKey } from '../../src/operators/random.ts'
import { operators } from '../../src/operators/table.ts'
import {
  noteWhatIsLeftOut,
  tensorBackends,
  useBackend,
  type TensorBackend,
} from '../emit/tensor-backend.ts'
import { corners, drawNumber, drawTuples, unitsOff } from './points.ts'
import { compileForm } from './spelled.ts'
import {
  EITHER_ZERO,
  flushings,
  isFlushedInside,
  isLostOnTensorflow,
  LEAST_NORMAL,
  MOST_FLUSHED,
  tensorflowTolerance,
} from './tensorflow-bounds.ts'

const rows = operators.filter(
  (row): row is ElementwiseOperator => row.kind === 'elementwise' && isSpelled(row),
)
const named = rows.map((row) => [row.name, row] as const)
const RANDOM_POINTS = 1000

function isExcepted(row: ElementwiseOperator, form: FormName, tuple: readonly number[]): boolean {
  const { exception } = spellingOf(row)
  return exception?.forms.includes(form) === true && exception.holds(...tuple)
}

/** The values of the tensor spelling, the tuples standing in columns. */
function evaluateTensors(row: ElementwiseOperator, tuples: readonly number[][]): ArrayLike<number> {
  const run = compileForm<tf.Tensor>(spellingOf(row).tensor, row.parameters.length)
  return tf.tidy(() => {
    const columns = row.parameters.map((parameter, index) => {
      const column = tf.tensor1d(tuples.map((tuple) => tuple[index]!))
      return parameter.boolean === true ? tf.notEqual(column, 0) : column
    })
    return tf.cast(run(...columns), 'float32').dataSync()
  })
}

/** The values of a form whose arguments are a tensor and then numbers of the host. */
function evaluateByNumbers(
  row: ElementwiseOperator,
  column: readonly number[],
  numbers: readonly number[],
): ArrayLike<number> {
  const { tensor, byNumbers = tensor, byConstants } = spellingOf(row)
  const plain = numbers.every((number) => Math.abs(number) > 0) ? byConstants : undefined
  const run = compileForm<tf.Tensor>(plain ?? byNumbers, row.parameters.length)
  return tf.tidy(() => tf.cast(run(tf.tensor1d([...column]), ...numbers), 'float32').dataSync())
}

/** What is wrong with a value, or undefined where the row allows it; `tolerance` in units in the last place. */
function fault(
  row: ElementwiseOperator,
  tuple: readonly number[],
  value: number,
  tolerance = row.tolerance,
): string | undefined {
  const wanted = row.meaning(...tuple)
  const called = `${row.name}(${tuple.map(numberText).join(', ')})`
  const off = unitsOff(value, wanted, row.scale?.(...tuple))
  if (off > Math.max(tolerance, 0.5))
    return `${called} is ${value}, not ${wanted}: ${off} units off`
  if (row.tolerance === 0 && value === 0 && wanted === 0 && !Object.is(value, wanted))
    return `${called} is not ${numberText(wanted)}`
  return undefined
}

/** The same on TensorFlow: some value that the row allows where subnormal numbers are read and written as zeros. */
function faultOnTensorflow(
  row: ElementwiseOperator,
  tuple: readonly number[],
  value: number,
): string | undefined {
  if (isLostOnTensorflow(row, tuple)) return undefined
  const tolerance = tensorflowTolerance(row)
  const faults = flushings(tuple).map((read) => {
    const found = fault(row, read, value, tolerance)
    if (found === undefined) return undefined
    const wanted = row.meaning(...read)
    if (value === 0 && wanted !== 0 && Math.abs(wanted) < LEAST_NORMAL) return undefined
    const isZero = value === 0 && wanted === 0
    if (isZero && (EITHER_ZERO.has(row.name) || read.some((each, i) => each !== tuple[i])))
      return undefined
    return isFlushedInside(row) && Math.abs(value - wanted) <= MOST_FLUSHED ? undefined : found
  })
  return faults.includes(undefined) ? undefined : faults[0]
}

function expectWithin(
  row: ElementwiseOperator,
  tuple: readonly number[],
  value: number,
  backend: TensorBackend,
): void {
  const found = (backend === 'tensorflow' ? faultOnTensorflow : fault)(row, tuple, value)
  if (found !== undefined) expect.fail(found)
}

const numberText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))

noteWhatIsLeftOut()

describe.each(tensorBackends)('tensors on %s', (backend) => {
  beforeAll(() => useBackend(backend))

  test.each(named)('%s', (name, row) => {
    const random = createRandom(childKey(rootKey(1), name))
    const tuples = drawTuples(row.parameters.length, random, RANDOM_POINTS).filter(
      (tuple) => !isExcepted(row, 'tensor', tuple),
    )
    const values = evaluateTensors(row, tuples)
    tuples.forEach((tuple, index) => expectWithin(row, tuple, values[index]!, backend))
  })

  const ofNumbers = named.filter(
    ([, row]) => !row.parameters.some(({ boolean }) => boolean === true),
  )
  test.each(ofNumbers)('%s takes NaN of either sign alike', (_, row) => {
    const run = compileForm<tf.Tensor>(spellingOf(row).tensor, row.parameters.length)
    const notNumbers = new Float32Array(new Uint32Array([0x7fc00000, 0xffc00000]).buffer)
    for (let place = 0; place < row.parameters.length; place++) {
      const columns = row.parameters.map((__, index) =>
        tf.tensor1d(index === place ? notNumbers : [0.5, 0.5]),
      )
      const [positive, negative] = tf.cast(run(...columns), 'float32').dataSync()
      expect(positive).toBe(
        row.meaning(...row.parameters.map((__, i) => (i === place ? NaN : 0.5))),
      )
      expect(negative).toBe(positive)
    }
  })

  const several = named.filter(
    ([, row]) => row.parameters.length > 1 && row.parameters[0]?.boolean !== true,
  )
  test.each(several)('%s of a tensor and numbers', (name, row) => {
    const random = createRandom(childKey(rootKey(2), name))
    const column = [...corners, ...Array.from({ length: 200 }, () => drawNumber(random))]
    for (const numbers of drawTuples(row.parameters.length - 1, random, 10)) {
      const values = evaluateByNumbers(row, column, numbers)
      column.forEach((first, index) => {
        const tuple = [first, ...numbers]
        if (!isExcepted(row, 'byNumbers', tuple)) expectWithin(row, tuple, values[index]!, backend)
      })
    }
  })
})

/** Relative distance allowed between the host's spelling and the meaning, both in 64 bits; exact rows are held to every bit. */
const HOST_TOLERANCE = 1e-12

test.each(named)('numbers on the host: %s', (name, row) => {
  const random = createRandom(childKey(rootKey(3), name))
  const run = compileForm<number | boolean>(spellingOf(row).scalar, row.parameters.length)
  for (const tuple of drawTuples(row.parameters.length, random, RANDOM_POINTS)) {
    if (isExcepted(row, 'scalar', tuple)) continue
    const inputs = tuple.map((value, index) =>
      row.parameters[index]!.boolean === true ? value !== 0 : value,
    )
    const value = Number(run(...inputs))
    const wanted = row.meaning(...tuple)
    const scale = Math.max(Math.abs(wanted), row.scale?.(...tuple) ?? 0, 1e-300)
    const isClose =
      Object.is(value, wanted) ||
      (row.tolerance > 0 &&
        (value === wanted ||
          Math.abs(value - wanted) <= HOST_TOLERANCE * scale ||
          (Math.abs(wanted) <= 1 && Math.abs(value - wanted) <= 1e-15)))
    if (!isClose) expect.fail(`${name}(${tuple.join(', ')}) is ${value}, not ${wanted}`)
  }
})

describe('an exception is needed', () => {
  const excepted = named.filter(([, row]) => spellingOf(row).exception !== undefined)
  const tuplesOf = (row: ElementwiseOperator): number[][] =>
    drawTuples(row.parameters.length, createRandom(rootKey(4)), RANDOM_POINTS).filter((tuple) =>
      spellingOf(row).exception!.holds(...tuple),
    )
  test.each(excepted)('%s', async (_, row) => {
    const { exception, ...forms } = spellingOf(row)
    const tuples = tuplesOf(row)
    for (const form of exception!.forms) {
      const deviations: number[] = []
      if (form === 'scalar') {
        const run = compileForm<number>(forms.scalar, row.parameters.length)
        deviations.push(...tuples.map((tuple) => unitsOff(run(...tuple), row.meaning(...tuple))))
      } else {
        for (const backend of ['cpu', 'wasm'] as const) {
          await useBackend(backend)
          const run = compileForm<tf.Tensor>(forms[form]!, row.parameters.length)
          for (const tuple of tuples.slice(0, 60)) {
            const [first, ...rest] = tuple
            const value = tf.tidy(() => run(tf.scalar(first!), ...rest).dataSync()[0]!)
            deviations.push(unitsOff(value, row.meaning(...tuple), row.scale?.(...tuple)))
          }
        }
      }
      expect(Math.max(...deviations), form).toBeGreaterThan(row.tolerance)
    }
  })
})
