import { elementCount, encodeElements } from '../../../src/tasks/formats/number-array.ts'
import { encodeSafetensors } from '../../../src/tasks/formats/safetensors.ts'
import { folderOf } from '../formats/files.ts'

/** What a test writes for a task in JSON. */
export interface JsonTask extends Readonly<Record<string, unknown>> {
  readonly data: Readonly<Record<string, unknown>>
}

/** A folder with `mine.json`, which says `task`, and the files of its data. */
export function jsonFolder(
  task: object | string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): string {
  const text = typeof task === 'string' ? task : JSON.stringify(task, undefined, 2)
  return folderOf({ 'mine.json': text, ...files })
}

/** A perceptron, told apart from its answers by little noise. */
export const SMALL = { network: 'perceptron', hidden: [8] } as const

type Type = 'uint8' | 'float32' | 'int32'

/** A `.npy` file. */
export function npyOf(type: Type, shape: readonly number[], values: readonly number[]): Uint8Array {
  const descr = { uint8: '|u1', float32: '<f4', int32: '<i4' }[type]
  const extents = shape.map((extent) => `${extent},`).join(' ')
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${extents}), }\n`
  const start = Buffer.from(`\x93NUMPY\x01\0\0\0${header}`, 'latin1')
  start.writeUInt16LE(header.length, 8)
  return Buffer.concat([start, encodeElements(Float64Array.from(values), type)])
}

/** An IDX file of unsigned bytes. */
export function idxOf(shape: readonly number[], values: readonly number[]): Uint8Array {
  const header = Buffer.alloc(4 + 4 * shape.length)
  header.writeUInt32BE(0x0800 + shape.length)
  for (const [axis, extent] of shape.entries()) header.writeUInt32BE(extent, 4 + 4 * axis)
  return Buffer.concat([header, Uint8Array.from(values)])
}

/** A file of tensors. */
export function safetensorsOf(
  tensors: Readonly<Record<string, readonly [Type, readonly number[], readonly number[]]>>,
): Uint8Array {
  return Buffer.concat([
    ...encodeSafetensors({
      metadata: new Map(),
      tensors: new Map(
        Object.entries(tensors).map(([name, [type, shape, values]]) => [
          name,
          { type, shape, values: Float32Array.from(values) },
        ]),
      ),
    }),
  ])
}

/** Numbers that follow from their place: `count` examples of `shape`, those of odd number the larger ones. */
export function stripes(count: number, shape: readonly number[]): number[] {
  const size = elementCount(shape)
  return Array.from({ length: count * size }, (_, index) => {
    const example = Math.floor(index / size)
    return (example % 2) * 100 + ((index * 31) % 50)
  })
}

/** 0 and 1 in turns. */
export const turns = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => index % 2)

/** A table of flowers, a row in eight without a colour. */
export const FLOWERS = [
  'length,colour,species',
  ...Array.from({ length: 80 }, (_, row) => {
    const colour = row % 8 === 3 ? '' : ['blue', 'white', 'red'][row % 3]
    return `${(row % 2) * 3 + ((row * 7) % 10) / 10},${colour},${row % 2 === 0 ? 'iris' : 'rose'}`
  }),
  '',
].join('\n')
