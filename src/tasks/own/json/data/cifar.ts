import { z } from 'zod'
import { readCifarFiles } from '../../../cifar-files.ts'
import { givenParts, ofPart, parted, text, type DataKind, type Parted } from '../data-kind.ts'
import { imageData } from '../image-parts.ts'

export interface CifarSpec {
  readonly kind: 'cifar'
  readonly files: Parted<string | readonly string[]>
  readonly classes: number
  /** Bytes of a record before its image, the last of them the class; 1 when absent. */
  readonly labelBytes?: number
  /** Height, width and channels; 32, 32 and 3 when absent. */
  readonly size?: readonly [number, number, number]
}

const MOST_CLASSES = 256
const extent = z.int().min(1).max(4096)

export const imageExtents = z.tuple([extent, extent, z.union([z.literal(1), z.literal(3)])], {
  error: 'expected [HEIGHT, WIDTH, CHANNELS], with 1 or 3 channels',
})

export const cifar: DataKind<CifarSpec> = {
  summary:
    'records as the binary version of CIFAR has them: classes, then the reds, greens and blues of an image',
  schema: z.strictObject({
    kind: z.literal('cifar'),
    files: parted(
      z.union([text, z.array(text).min(1).readonly()]),
      'the path of a file or a list of them',
    ),
    classes: z.int().min(2).max(MOST_CLASSES),
    labelBytes: z.int().min(1).max(8).exactOptional(),
    size: imageExtents.exactOptional(),
  }),
  example: {
    kind: 'cifar',
    files: { train: ['data_batch_1.bin', 'data_batch_2.bin'], test: 'test_batch.bin' },
    classes: 10,
  },
  prepare: (spec, place) => {
    const { files, classes, labelBytes = 1, size: [height, width, channels] = [32, 32, 3] } = spec
    const expected = {
      ...{ name: 'the task', classes, height, width, channels },
      remedy: 'say `classes`, `labelBytes` and `size` as the files have them',
    }
    const given = givenParts([files]).map((part) => {
      const { value, field } = ofPart(files, part, ['data', 'files'])!
      const paths = [value]
        .flat()
        .map((path, index) => place.file(path, Array.isArray(value) ? [...field, index] : field))
      return [part, place.valueOf(readCifarFiles(paths, labelBytes, expected))] as const
    })
    return imageData(new Map(given), classes, place)
  },
}
