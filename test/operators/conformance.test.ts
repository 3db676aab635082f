import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { isSpelled, spellingOf, type FormName } from '../../src/emit/ts/spellings.ts'
import type { ElementwiseOperator } from '../../src/operators/operator.ts'
import { childKey, createRandom, rootKey } from '../../src/operators/random.ts'
import { operators } from '../../src/operators/table.ts'
import { tensorBackends, useBackend, type TensorBackend } from '../emit/tensor-backend.ts'
import { boundOf, flushed, isFlushing, possibleArguments } from './backend-bounds.ts'
import { corners, drawNumber, drawTuples, unitsOff } from './points.ts'
import { compileForm } from './spelled.ts'

const rows = operators.filter(
  (row): row is ElementwiseOperator => row.kind === 'elementwise' && isSpelled(row),
)
const named = rows.map((row) => [row.name, row] as const)
const RANDOM_POINTS = 1000

/** Arguments of the tensor spelling in columns. */
function columnsOf(row: ElementwiseOperator, tuples: readonly number[][]): tf.Tensor[] {
  return row.parameters.map((parameter, index) => {
    const column = tf.tensor1d(tuples.map((tuple) => tuple[index]!))
    return parameter.boolean === true ? tf.notEqual(column, 0) : column
  })
}

/** The numbers of a tensor, which is made while tfjs tidies; WebGPU has no other way to read. */
async function numbersOf(make: () => tf.Tensor): Promise<ArrayLike<number>> {
  const result = tf.tidy(() => tf.cast(make(), 'float32'))
  const values = await result.data()
  result.dispose()
  return values
}

/** The values of the tensor spelling, the tuples standing in columns. */
async function evaluateTensors(
  row: ElementwiseOperator,
  tuples: readonly number[][],
): Promise<ArrayLike<number>> {
  const run = compileForm<tf.Tensor>(spellingOf(row).tensor, row.parameters.length)
  return numbersOf(() => run(...columnsOf(row, tuples)))
}

/** The values of a form whose arguments are a tensor and then numbers of the host. */
async function evaluateByNumbers(
  row: ElementwiseOperator,
  column: readonly number[],
  numbers: readonly number[],
): Promise<ArrayLike<number>> {
  const { tensor, byNumbers = tensor, byConstants } = spellingOf(row)
  const plain = numbers.every((number) => Math.abs(number) > 0) ? byConstants : undefined
  const run = compileForm<tf.Tensor>(plain ?? byNumbers, row.parameters.length)
  return numbersOf(() => run(tf.tensor1d([...column]), ...numbers))
}

/** Whether a backend may give the value for one of the tuples that it may have worked with. */
function isWithin(
  row: ElementwiseOperator,
  backend: TensorBackend,
  form: FormName,
  tuple: readonly number[],
  value: number,
): boolean {
  return possibleArguments(tuple, backend).some((arguments_) => {
    const { units, scale, lost, anyZero, loss } = boundOf(row, backend, form, arguments_)
    if (lost) return true
    const wanted = row.meaning(...arguments_)
    if (value === 0 && wanted === 0) return anyZero || Object.is(value, wanted)
    if (value === 0 && isFlushing(backend) && flushed(wanted) === 0) return true
    if (Math.abs(value - wanted) <= loss) return true
    return unitsOff(value, wanted, scale) <= units
  })
}

function expectWithin(
  row: ElementwiseOperator,
  backend: TensorBackend,
  form: FormName,
  tuple: readonly number[],
  value: number,
): void {
  if (isWithin(row, backend, form, tuple, value)) return
  const wanted = row.meaning(...tuple)
  const off = unitsOff(value, wanted, row.scale?.(...tuple))
  const given = tuple.map(numberText).join(', ')
  expect.fail(
    `${row.name}(${given}) is ${numberText(value)}, not ${numberText(wanted)}: ${off} units off`,
  )
}

const numberText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))

describe.each(await tensorBackends())('tensors on %s', (backend) => {
  beforeAll(() => useBackend(backend))

  test.each(named)('%s', async (name, row) => {
    const random = createRandom(childKey(rootKey(1), name))
    const tuples = drawTuples(row.parameters.length, random, RANDOM_POINTS)
    const values = await evaluateTensors(row, tuples)
    tuples.forEach((tuple, index) => expectWithin(row, backend, 'tensor', tuple, values[index]!))
  })

  const ofNumbers = named.filter(
    ([, row]) => !row.parameters.some(({ boolean }) => boolean === true),
  )
  test.each(ofNumbers)('%s takes NaN of either sign alike', async (_, row) => {
    const run = compileForm<tf.Tensor>(spellingOf(row).tensor, row.parameters.length)
    const notNumbers = new Float32Array(new Uint32Array([0x7fc00000, 0xffc00000]).buffer)
    for (let place = 0; place < row.parameters.length; place++) {
      const tuple = row.parameters.map((__, index) => (index === place ? NaN : 0.5))
      if (boundOf(row, backend, 'tensor', tuple).lost) continue
      const values = await numbersOf(() =>
        run(...tuple.map((x, index) => tf.tensor1d(index === place ? notNumbers : [x, x]))),
      )
      expect([...Array.from(values)]).toEqual(Array(2).fill(row.meaning(...tuple)))
    }
  })

  const several = named.filter(
    ([, row]) => row.parameters.length > 1 && row.parameters[0]?.boolean !== true,
  )
  test.each(several)('%s of a tensor and numbers', async (name, row) => {
    const random = createRandom(childKey(rootKey(2), name))
    const column = [...corners, ...Array.from({ length: 200 }, () => drawNumber(random))]
    for (const numbers of drawTuples(row.parameters.length - 1, random, 10)) {
      const values = await evaluateByNumbers(row, column, numbers)
      column.forEach((first, index) =>
        expectWithin(row, backend, 'byNumbers', [first, ...numbers], values[index]!),
      )
    }
  })
})

/** Relative distance allowed between the host's spelling and the meaning, both in 64 bits; exact rows are held to every bit. */
const HOST_TOLERANCE = 1e-12

test.each(named)('numbers on the host: %s', (name, row) => {
  const random = createRandom(childKey(rootKey(3), name))
  const run = compileForm<number | boolean>(spellingOf(row).scalar, row.parameters.length)
  for (const tuple of drawTuples(row.parameters.length, random, RANDOM_POINTS)) {
    if (boundOf(row, 'cpu', 'scalar', tuple).lost) continue
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
