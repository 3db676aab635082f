import type * as tf from '@tensorflow/tfjs-core'
import { ATTENTION, ATTENTION_GRADIENT, rotaryTables } from '../attention.ts'
import { addressOf, floatsAt, withScratch, type WasmBackend } from './backend-memory.ts'
import { denseCode, type DenseFunction } from './dense-code.ts'
import { replaceKernel } from './kernel-call.ts'
import { linkedFunctions } from './linked-functions.ts'
import { softmaxCode, type SoftmaxFunction } from './softmax-code.ts'
import { encoding } from './step-encoding.ts'
import { FLOAT } from './tile-code.ts'

const functions = linkedFunctions<SoftmaxFunction | DenseFunction>(
  () => [...softmaxCode(), ...denseCode()],
  encoding,
)

/** Registers causal attention of all heads, and its gradient, as one kernel each. */
export function registerAttentionKernels(): void {
  replaceKernel(ATTENTION, ({ inputs, backend, attrs }) =>
    attend(backend as WasmBackend, inputs['parts']!, headsOf(attrs)),
  )
  replaceKernel(ATTENTION_GRADIENT, ({ inputs, backend, attrs }) => {
    const { dy, shares, parts } = inputs as Record<'dy' | 'shares' | 'parts', tf.TensorInfo>
    return attendGradient(backend as WasmBackend, dy, shares, parts, headsOf(attrs))
  })
}

const headsOf = (attributes: unknown): number => (attributes as { heads: number }).heads

/** Matrices of one head in the backend's memory, and what is done with them. */
interface HeadMemory {
  /** [positions, size] each, q and k turned by their positions; k and v also transposed. */
  readonly q: number
  readonly k: number
  readonly v: number
  readonly kTransposed: number
  readonly vTransposed: number
  /** [positions, size]: what comes out, or its gradient. */
  readonly mixed: number
  /** [positions, positions]. */
  readonly square: number
  /** Two floats a position. */
  readonly totals: number
  /** A row of zeros as long as the longest. */
  readonly zeros: number
  /** 1 / sqrt(size), and 1. */
  readonly factor: number
  readonly one: number
}

/** Extents of the problem. */
interface Extents {
  readonly batch: number
  readonly positions: number
  readonly heads: number
  readonly size: number
}

function extentsOf({ shape }: tf.TensorInfo, heads: number): Extents {
  const [batch = 0, positions = 0, width = 0] = shape
  return { batch, positions, heads, size: width / (3 * heads) }
}

/** Lends memory for one head. */
function withHeadMemory(
  backend: WasmBackend,
  { positions, size }: Extents,
  use: (memory: HeadMemory) => void,
): void {
  const matrix = positions * size
  const longest = Math.max(positions, size)
  const sizes = {
    ...{ q: matrix, k: matrix, v: matrix, kTransposed: matrix, vTransposed: matrix, mixed: matrix },
    ...{ square: positions * positions, totals: 2 * positions, zeros: longest },
    ...{ factor: 1, one: 1 },
  } satisfies Record<keyof HeadMemory, number>
  const total = Object.values(sizes).reduce((sum, count) => sum + count, 0)
  withScratch(backend, FLOAT * total, (start) => {
    let end = start
    const places = Object.entries(sizes).map(([name, count]) => {
      const place = [name, end] as const
      end += FLOAT * count
      return place
    })
    const memory = Object.fromEntries(places) as unknown as HeadMemory
    floatsAt(backend, memory.zeros, longest).fill(0)
    floatsAt(backend, memory.factor, 2).set([1 / Math.sqrt(size), 1])
    use(memory)
  })
}

/** Calls `use` for each head of each example with `memory` holding its q, k and v. */
function forEachHead(
  backend: WasmBackend,
  parts: tf.TensorInfo,
  extents: Extents,
  memory: HeadMemory,
  use: (example: number, head: number) => void,
): void {
  const { batch, positions, heads, size } = extents
  const inner = heads * size
  const from = addressOf(backend, parts)
  const count = positions * size
  const matrix = (address: number): Float32Array => floatsAt(backend, address, count)
  const tables = rotaryTables(positions, size)
  for (let example = 0; example < batch; example++) {
    const start = from + FLOAT * example * positions * 3 * inner
    const values = floatsAt(backend, start, positions * 3 * inner)
    for (let head = 0; head < heads; head++) {
      for (const [part, to] of [memory.q, memory.k, memory.v].entries()) {
        const packed = matrix(to)
        for (let position = 0; position < positions; position++) {
          const first = position * 3 * inner + part * inner + head * size
          packed.set(values.subarray(first, first + size), position * size)
        }
        if (part < 2) turn(packed, tables, size, 1)
      }
      transpose(matrix(memory.k), matrix(memory.kTransposed), size)
      transpose(matrix(memory.v), matrix(memory.vTransposed), size)
      use(example, head)
    }
  }
}

/** Turns the pairs of each row of `size`, or back where `direction` is -1. */
function turn(
  rows: Float32Array,
  { cosines, sines }: ReturnType<typeof rotaryTables>,
  size: number,
  direction: 1 | -1,
): void {
  const half = size / 2
  for (let index = 0; index < cosines.length; index++) {
    const at = Math.floor(index / half) * size + (index % half)
    const [a, b, cosine, sine] = [
      rows[at]!,
      rows[at + half]!,
      cosines[index]!,
      direction * sines[index]!,
    ]
    rows[at] = a * cosine - b * sine
    rows[at + half] = a * sine + b * cosine
  }
}

/** Writes the transpose of rows of `columns`. */
function transpose(from: Float32Array, to: Float32Array, columns: number): void {
  const rows = from.length / columns
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      to[column * rows + row] = from[row * columns + column]!
}

function attend(backend: WasmBackend, parts: tf.TensorInfo, heads: number): tf.TensorInfo[] {
  const extents = extentsOf(parts, heads)
  const { batch, positions, size } = extents
  const inner = heads * size
  const output = backend.makeOutput([batch, positions, inner], 'float32')
  const shares = backend.makeOutput([batch * heads, positions, positions], 'float32')
  const { product, softmaxRows } = functions(backend)
  const [sizeBytes, rowBytes] = [FLOAT * size, FLOAT * positions]
  withHeadMemory(backend, extents, (memory) => {
    const { q, v, kTransposed, mixed, square, totals, zeros, factor, one } = memory
    const scale = floatsAt(backend, factor, 1)[0]!
    const scores = floatsAt(backend, square, positions * positions)
    forEachHead(backend, parts, extents, memory, (example, head) => {
      const to = addressOf(backend, shares) + (example * heads + head) * positions * rowBytes
      const taken = floatsAt(backend, to, positions * positions)
      product(
        ...[q, sizeBytes, positions, sizeBytes],
        ...[kTransposed, zeros, square, rowBytes, square],
      )
      for (let index = 0; index < scores.length; index++) scores[index]! *= scale
      fillUnseen(scores, positions, -Infinity)
      softmaxRows(square, rowBytes, positions, one, to, totals)
      // Exponentials of our kernels end above 0.
      fillUnseen(taken, positions, 0)
      product(...[to, rowBytes, positions, rowBytes], ...[v, zeros, mixed, sizeBytes, mixed])
      copyHead(backend, addressOf(backend, output), mixed, extents, 1, 0, example, head, 'out')
    })
  })
  return [output, shares]
}

/** Fills what positions must not see. */
function fillUnseen(square: Float32Array, positions: number, value: number): void {
  for (let position = 0; position < positions; position++)
    square.fill(value, position * positions + position + 1, (position + 1) * positions)
}

/** Copies one head's [positions, size] at `packed` out to its place among `parts` parts of all heads, or in from there. */
function copyHead(
  backend: WasmBackend,
  all: number,
  packed: number,
  { positions, heads, size }: Extents,
  parts: number,
  part: number,
  example: number,
  head: number,
  direction: 'in' | 'out',
): void {
  const width = parts * heads * size
  const start = all + FLOAT * (example * positions * width + part * heads * size + head * size)
  for (let position = 0; position < positions; position++) {
    const place = floatsAt(backend, start + FLOAT * position * width, size)
    const row = floatsAt(backend, packed + FLOAT * position * size, size)
    if (direction === 'out') place.set(row)
    else row.set(place)
  }
}

function attendGradient(
  backend: WasmBackend,
  dy: tf.TensorInfo,
  shares: tf.TensorInfo,
  parts: tf.TensorInfo,
  heads: number,
): tf.TensorInfo {
  const extents = extentsOf(parts, heads)
  const { positions, size } = extents
  const output = backend.makeOutput(parts.shape, 'float32')
  const { product, transposedTimesMatrix, softmaxRowsGradient } = functions(backend)
  const [sizeBytes, rowBytes] = [FLOAT * size, FLOAT * positions]
  const tables = rotaryTables(positions, size)
  withHeadMemory(backend, extents, (memory) => {
    const { q, k, v, vTransposed, kTransposed, mixed, square, zeros, factor } = memory
    const back = (address: number): void =>
      turn(floatsAt(backend, address, positions * size), tables, size, -1)
    forEachHead(backend, parts, extents, memory, (example, head) => {
      const taken = addressOf(backend, shares) + (example * heads + head) * positions * rowBytes
      copyHead(backend, addressOf(backend, dy), mixed, extents, 1, 0, example, head, 'in')
      product(
        ...[mixed, sizeBytes, positions, sizeBytes],
        ...[vTransposed, zeros, square, rowBytes, square],
      )
      softmaxRowsGradient(taken, rowBytes, positions, factor, square)
      // Each takes the place of what is no longer needed.
      transposedTimesMatrix(taken, rowBytes, positions, positions, mixed, v, sizeBytes)
      const [dq, dk] = [vTransposed, kTransposed]
      product(...[square, rowBytes, positions, rowBytes], ...[k, zeros, dq, sizeBytes, dq])
      transposedTimesMatrix(square, rowBytes, positions, positions, q, dk, sizeBytes)
      back(dq)
      back(dk)
      for (const [part, packed] of [dq, dk, v].entries())
        copyHead(
          backend,
          addressOf(backend, output),
          packed,
          extents,
          3,
          part,
          example,
          head,
          'out',
        )
    })
  })
  return output
}
