import { splitsOf } from '../../image-splits.ts'
import { imageSize, type Images, type ImageShape } from '../../images.ts'
import { imageExamples } from '../../image-problem.ts'
import type { Part } from '../../image-files/image-listing.ts'
import { inMemory, type DataPlace, type PreparedData } from './data-kind.ts'
import { joinedRows } from './joined-rows.ts'

/** Labelled images in memory as data, those of the given parts and what is drawn from the training part. */
export function imageData(
  given: ReadonlyMap<Part, Images>,
  classes: number,
  place: DataPlace,
): PreparedData {
  const train = given.get('train')!
  const counts = new Map([...given].map(([part, { count }]) => [part, count] as const))
  const rows = joinedRows(counts, place, train.labels)
  const part = (name: Part): Images => {
    const own = given.get(name)
    return name !== 'train' && own !== undefined ? own : chosen(train, rows[name])
  }
  const images = splitsOf({
    ...{ train: part('train'), validation: part('validation'), test: part('test') },
    classes,
  })
  return preparedImages(
    { ...train, classes },
    place,
    inMemory((options) => imageExamples(images, options)),
  )
}

/** What is known of images by class before they are read. */
export function preparedImages(
  { height, width, channels, classes }: ImageShape & { readonly classes: number },
  { answers, refuse }: DataPlace,
  open: PreparedData['open'],
): PreparedData {
  if (answers !== 'class')
    refuse(['objective'], 'these images have classes, which "classification" tells apart')
  return {
    ends: { input: [height, width, channels], outputs: classes },
    examples: 'images',
    isChangeable: true,
    open,
  }
}

function chosen(images: Images, rows: readonly number[]): Images {
  const size = imageSize(images)
  const pixels = new Uint8Array(rows.length * size)
  for (const [position, row] of rows.entries())
    pixels.set(images.pixels.subarray(row * size, (row + 1) * size), position * size)
  return {
    ...images,
    count: rows.length,
    pixels,
    labels: Uint8Array.from(rows, (row) => images.labels[row]!),
  }
}
