import { describe, expect, it } from 'vitest'
import { readMat, type MatValue } from '../../../src/tasks/formats/mat.ts'
import { readNpy } from '../../../src/tasks/formats/npy.ts'
import { readNpz } from '../../../src/tasks/formats/npz.ts'
import type { NumberArray } from '../../../src/tasks/formats/number-array.ts'
import { encodeSafetensors, readSafetensors } from '../../../src/tasks/formats/safetensors.ts'
import { fileOf, fixture, fixturePath, valueOf } from './files.ts'

interface Expected {
  readonly type: string
  readonly shape: readonly number[]
  readonly values: readonly (number | boolean | string)[]
}

/** What NumPy says is in the files that make-arrays.py wrote. */
const EXPECTED = JSON.parse(fixture('arrays.json').toString()) as Readonly<
  Record<string, Readonly<Record<string, Expected>>>
>

const SPECIAL: Readonly<Record<string, number>> = { inf: Infinity, nan: NaN }

function expectArray(found: NumberArray | undefined, { type, shape, values }: Expected): void {
  expect(found?.type).toBe(type)
  expect(found?.shape).toEqual(shape)
  expect([...(found?.values ?? [])]).toEqual(
    values.map((value) => (typeof value === 'string' ? SPECIAL[value] : Number(value))),
  )
}

const READERS: Readonly<Record<string, (path: string) => ReadonlyMap<string, NumberArray>>> = {
  npy: (path) => new Map([['', valueOf(readNpy(path))]]),
  npz: (path) => valueOf(readNpz(path)),
  safetensors: (path) => valueOf(readSafetensors(path)).tensors,
  mat: (path) =>
    new Map(
      [...valueOf(readMat(path))].flatMap(([name, value]) =>
        value.kind === 'numbers' ? [[name, value] as const] : [],
      ),
    ),
}

describe('arrays as Python wrote them', () => {
  it.each(Object.keys(EXPECTED))('%s', (name) => {
    const read = READERS[name.split('.').at(-1)!]!(fixturePath(name))
    const expected = EXPECTED[name]!
    expect([...read.keys()].filter((key) => key !== 'empty').sort()).toEqual(
      Object.keys(expected).sort(),
    )
    for (const [key, array] of Object.entries(expected)) expectArray(read.get(key), array)
  })

  it('are there in every type, either byte order, and both orders of axes', () => {
    expect(Object.keys(EXPECTED).filter((name) => /^\w\d-/.test(name))).toHaveLength(42)
  })

  it('come out of an archive by the names that are asked for', () => {
    const read = valueOf(readNpz(fixturePath('deflated.npz'), ['labels', 'nothing']))
    expect([...read.keys()]).toEqual(['labels'])
  })
})

describe('a MAT-file', () => {
  it.each(['plain.mat', 'compressed.mat'])('%s gives cells, structs and text', (name) => {
    const read = valueOf(readMat(fixturePath(name)))
    const text = (...rows: readonly string[]): MatValue => ({ kind: 'text', rows })
    expect(read.get('class_names')).toEqual({
      kind: 'cell',
      shape: [1, 3],
      values: ['Audi R8', 'BMW M3', 'Rolls-Royce Phantom Sedan'].map((word) => text(word)),
    })
    const annotations = read.get('annotations')!
    if (annotations.kind !== 'struct') throw new Error('no struct')
    expect(annotations.shape).toEqual([1, 2])
    expect([...annotations.fields.keys()]).toEqual(['relative_im_path', 'class', 'test'])
    expect(annotations.fields.get('relative_im_path')).toEqual([
      text('car_ims/000001.jpg'),
      text('car_ims/000002.jpg'),
    ])
    expect(annotations.fields.get('class')).toMatchObject([
      { kind: 'numbers', type: 'uint8', values: Uint8Array.of(1) },
      { kind: 'numbers', type: 'uint8', values: Uint8Array.of(3) },
    ])
    expect(read.get('rows')).toEqual(text('one', 'two'))
    expect(read.get('empty')).toMatchObject({ kind: 'numbers', shape: [0, 0] })
    expect(read.get('sparse')).toEqual({ kind: 'other', what: 'sparse matrix' })
    expect(read.get('complex')).toEqual({ kind: 'other', what: 'complex numbers' })
  })
})

describe('safetensors', () => {
  it('have metadata', () => {
    const { metadata } = valueOf(readSafetensors(fixturePath('tensors.safetensors')))
    expect([...metadata].sort()).toEqual([
      ['format', 'np'],
      ['made by', 'the tests'],
    ])
  })

  it('are written as they are read, halves as 32-bit floats', () => {
    const before = valueOf(readSafetensors(fixturePath('tensors.safetensors')))
    const bytes = Buffer.concat(encodeSafetensors(before))
    const after = valueOf(readSafetensors(fileOf(bytes)))
    expect(new Map([...after.metadata].sort())).toEqual(new Map([...before.metadata].sort()))
    expect([...after.tensors.keys()].sort()).toEqual([...before.tensors.keys()].sort())
    for (const [name, tensor] of before.tensors)
      expect(after.tensors.get(name)).toEqual(
        tensor.type === 'float16' ? { ...tensor, type: 'float32' } : tensor,
      )
  })

  it('are aligned: their bytes begin at a multiple of 8, those with the widest elements first', () => {
    const bytes = Buffer.concat(
      encodeSafetensors({
        metadata: new Map(),
        tensors: new Map([
          ['bytes', { type: 'uint8', shape: [3], values: Uint8Array.of(1, 2, 3) }],
          ['b', { type: 'float64', shape: [1], values: Float64Array.of(4) }],
          ['a', { type: 'float64', shape: [], values: Float64Array.of(5) }],
        ]),
      }),
    )
    const length = Number(bytes.readBigUInt64LE())
    expect(length % 8).toBe(0)
    expect(JSON.parse(bytes.toString('utf8', 8, 8 + length))).toEqual({
      a: { dtype: 'F64', shape: [], data_offsets: [0, 8] },
      b: { dtype: 'F64', shape: [1], data_offsets: [8, 16] },
      bytes: { dtype: 'U8', shape: [3], data_offsets: [16, 19] },
    })
  })

  it('with other numbers of values than their shape are not written', () => {
    const tensors = new Map([
      ['a', { type: 'uint8', shape: [2, 2], values: new Uint8Array(3) } as const],
    ])
    expect(() => encodeSafetensors({ metadata: new Map(), tensors })).toThrow(
      /a has 3 values for \[2, 2\]/,
    )
  })
})
