import { describe, expect, test } from 'vitest'
import { declarationsOf } from '../../../../src/emit/kernels/wgsl/functions.ts'
import {
  finish,
  partial,
  reductionOf,
  type Reduction,
} from '../../../../src/emit/kernels/wgsl/reductions.ts'
import type { ReductionOperator } from '../../../../src/operators/operator.ts'
import { childKey, createRandom, rootKey } from '../../../../src/operators/random.ts'
import { operatorByName, operators } from '../../../../src/operators/table.ts'
import { corners, drawNumber, unitsOff } from '../../../operators/points.ts'
import { compileShader, openDevice } from './shader.ts'

const rows = operators
  .filter((row): row is ReductionOperator => row.kind === 'reduction')
  .filter(({ over }) => over === undefined)
  .map((row) => [row.name, row] as const)

const SIZE = 64
/** Workgroups of the pass that leaves partial results. */
const GROUPS = 5

const device = await openDevice()

const arguments_ = (row: ReductionOperator): readonly string[] =>
  row.parameters.map((_, index) => `x${index}`)

const columnBindings = (row: ReductionOperator): string =>
  arguments_(row)
    .map((each, index) => `@group(0) @binding(${index + 1}) var<storage> ${each}: array<f32>;\n`)
    .join('')

/** Leaves what each workgroup has accumulated of columns. */
const partialShader = (row: ReductionOperator, reduction: Reduction): string => {
  const all = partial('all', reduction, SIZE)
  return `@group(0) @binding(0) var<storage, read_write> partials: array<${reduction.type}>;
${columnBindings(row)}
${declarationsOf([all, reduction.add])}

@compute @workgroup_size(${SIZE})
fn main(
  @builtin(workgroup_id) group: vec3u,
  @builtin(local_invocation_index) lane: u32,
  @builtin(num_workgroups) groups: vec3u
) {
  let zero = groups.y - 1u;
  var own: ${reduction.type} = ${reduction.empty};
  for (var at = group.x * ${SIZE}u + lane; at < arrayLength(&x0); at += groups.x * ${SIZE}u) {
    own = ${reduction.add.name}(own, ${arguments_(row)
      .map((each) => `${each}[at]`)
      .join(', ')}, zero);
  }
  let total = ${all.name}(own, lane, zero);
  if (lane == 0u) { partials[group.x] = total; }
}`
}

/** The number of the partial results of so many elements. */
const finishShader = (reduction: Reduction): string => {
  const number = finish('rest', reduction, SIZE, 'partials')
  return `@group(0) @binding(0) var<storage, read_write> number: array<f32>;
@group(0) @binding(1) var<storage> partials: array<${reduction.type}>;
@group(0) @binding(2) var<storage> count: array<u32>;
${declarationsOf([number])}

@compute @workgroup_size(${SIZE})
fn main(@builtin(local_invocation_index) lane: u32, @builtin(num_workgroups) groups: vec3u) {
  let found = ${number.name}(${GROUPS}u, count[0], lane, groups.y - 1u);
  if (lane == 0u) { number[0] = found; }
}`
}

type Run = (vectors: readonly Float32Array[]) => Promise<number>

async function compileReduction(row: ReductionOperator): Promise<Run> {
  const reduction = reductionOf(row)
  const first = await compileShader(device!, partialShader(row, reduction))
  const last = await compileShader(device!, finishShader(reduction))
  return async (vectors) => {
    // No type of what is accumulated takes more than 16 bytes.
    const partials = await first.run(vectors, 16 * GROUPS, GROUPS)
    const count = Uint32Array.of(vectors[0]!.length)
    return new Float32Array(await last.run([new Uint32Array(partials), count], 4, 1))[0]!
  }
}

/** Vectors of corner points among others, of many elements of one size, and of elements of any size. */
function drawVectors(name: string, count: number): Float32Array[][] {
  const random = createRandom(childKey(rootKey(1), name))
  const vectors = (length: number, draw: (index: number) => number): Float32Array[] =>
    Array.from({ length: count }, () => Float32Array.from({ length }, (_, index) => draw(index)))
  return [
    ...corners.flatMap((corner) => [
      vectors(1, () => corner),
      vectors(5, () => corner),
      vectors(6, (index) => (index === 5 ? corner : random.normal())),
      vectors(700, (index) => (index === 0 ? corner : random.normal())),
    ]),
    ...Array.from({ length: 5 }, () => vectors(100_000, () => random.normal())),
    vectors(100_000, () => 1 + random.uniform()),
    ...Array.from({ length: 20 }, () => {
      const size = Math.abs(drawNumber(random))
      return vectors(501, () => size * random.normal())
    }),
    ...Array.from({ length: 40 }, () => vectors(7, () => drawNumber(random))),
  ]
}

/** Sums lose nothing that counts; products and squares are rounded before they are added. */
const BOUND = 1.6
const LARGEST = 3.4e38

describe.skipIf(device === undefined)('reductions of WGSL', () => {
  test.each(rows)('%s', async (name, row) => {
    const run = await compileReduction(row)
    for (const vectors of drawVectors(name, row.parameters.length)) {
      const value = await run(vectors)
      const isLost = (row.largest?.(...vectors) ?? 0) > LARGEST && !Number.isFinite(value)
      // A subnormal number may be taken for 0, and a product that is one.
      const scale = Math.max(row.scale?.(...vectors) ?? 0, vectors[0]!.length * 2 ** -103)
      const off = unitsOff(value, row.meaning(...vectors), scale)
      if (!isLost && off > BOUND)
        expect.fail(
          `${name} of ${vectors.map((each) => each.slice(0, 9).join(' ')).join(' and ')}...` +
            ` is ${value}, not ${row.meaning(...vectors)}: ${off} units off`,
        )
    }
  })

  test('equal runs give equal numbers', async () => {
    const run = await compileReduction(operatorByName('sum') as ReductionOperator)
    const random = createRandom(rootKey(2))
    const vector = Float32Array.from({ length: 100_000 }, () => random.normal())
    expect(await run([vector])).toBe(await run([vector]))
  })

  test('a sum has the digits that adding in 32 bits would lose', async () => {
    const run = await compileReduction(operatorByName('sum') as ReductionOperator)
    const vector = new Float32Array(2 ** 17).fill(2 ** -24)
    vector[0] = 1
    expect(await run([vector])).toBe(1 + 2 ** -7)
  })
})

test('along an axis elements are accumulated as all are', () => {
  for (const row of operators)
    if (row.kind === 'reduction')
      expect(reductionOf(row)).toBe(reductionOf(operatorByName(row.callName ?? row.name)))
})

test('a spelling is no reduction', () => {
  expect(() => reductionOf(operatorByName('exp'))).toThrow(RangeError)
})

test('a workgroup whose size is no power of 2 is refused', () => {
  expect(() => partial('all', reductionOf(operatorByName('sum')), 48)).toThrow(RangeError)
})
