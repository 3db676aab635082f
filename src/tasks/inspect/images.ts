import { join } from 'node:path'
import type { DataResult } from '../data-file.ts'
import { loadDecoder } from '../image-files/decode-image.ts'
import {
  countClasses,
  listImageFolder,
  PARTS,
  type ImageListing,
} from '../image-files/image-listing.ts'
import { IMAGE_DATA, isMarkedAs } from '../image-data.ts'
import { loadImages } from '../image-files/load-images.ts'
import { imageBytes, imageSize, type Images, type ImageShape } from '../images.ts'
import { mapResult, type DataDescription } from './description.ts'

/** A folder that is known to hold a data set with a name: of several that have the same marks, the one that fits. */
export async function describeKnownImages(path: string): Promise<DataResult<DataDescription>> {
  const results = IMAGE_DATA.filter((data) => isMarkedAs(data, path)).map((data) =>
    mapResult(data.read(path), (found) => ({ data, found })),
  )
  const result = results.find(({ ok }) => ok) ?? results[0]!
  if (!result.ok) return result
  const { data, found } = result.value
  if (found.kind === 'files') return describeListing(`images as in ${data.name}`, found.listing)
  const { train, validation, test } = found
  const parts = { train, ...(validation && { validation }), test }
  const names = Array.from({ length: data.classes }, (_, label) => String(label))
  return { ok: true, value: ofImages(`images and labels as in ${data.name}`, parts, names) }
}

export function ofImages(
  kind: string,
  parts: Readonly<Record<string, Images>>,
  names: readonly string[],
): DataDescription {
  const all = Object.values(parts)
  const counts = (label: number): readonly number[] =>
    all.map(({ labels }) => labels.filter((other) => other === label).length)
  const [first] = all
  return {
    kind,
    facts: first === undefined ? [] : [`images of ${describeShape(first)}`],
    parts: Object.fromEntries(Object.entries(parts).map(([name, { count }]) => [name, count])),
    classes: Object.fromEntries(names.map((name, label) => [name, counts(label)])),
    ...(first !== undefined && {
      samples: (count: number) =>
        Promise.resolve({ ok: true, value: someImages(first, count) } as const),
    }),
  }
}

const describeShape = ({ height, width, channels }: ImageShape): string =>
  `${height}x${width}x${channels}`

function someImages(images: Images, count: number): Images {
  const size = imageSize(images)
  const chosen = spread(images.count, count)
  const pixels = new Uint8Array(chosen.length * size)
  for (const [place, index] of chosen.entries()) pixels.set(imageBytes(images, index), place * size)
  const labels = Uint8Array.from(chosen, (index) => images.labels[index]!)
  return { ...images, count: chosen.length, pixels, labels }
}

/** Up to `count` positions of `total`, evenly spread. */
function spread(total: number, count: number): readonly number[] {
  const length = Math.min(total, count)
  return Array.from({ length }, (_, index) => Math.floor((index * total) / length))
}

export async function describeImage(path: string): Promise<DataResult<DataDescription>> {
  const decoder = await loadDecoder(path)
  if (!decoder.ok) return decoder
  return mapResult(await decoder.value.header(path), (header) => ({
    kind: `image (${header.format})`,
    facts: [describeShape(header)],
  }))
}

/** Side of a picture of an image whose files have their own sizes. */
const SAMPLE_SIDE = 64

/** A folder of image files, one folder a class. */
export async function describeImageFiles(path: string): Promise<DataResult<DataDescription>> {
  const listed = listImageFolder(path, 'put the images of each class in a folder of its own')
  return listed.ok ? describeListing('images by class', listed.value) : listed
}

async function describeListing(
  kind: string,
  listing: ImageListing,
): Promise<DataResult<DataDescription>> {
  const sizes = await sizesOf(listing)
  if (!sizes.ok) return sizes
  const kept = PARTS.filter((part) => listing[part].length > 0)
  const counts = kept.map((part) => countClasses(listing, part))
  const shape = { height: SAMPLE_SIDE, width: SAMPLE_SIDE, channels: 3 }
  return {
    ok: true,
    value: {
      kind,
      facts: [sizes.value],
      parts: Object.fromEntries(kept.map((part) => [part, listing[part].length])),
      classes: Object.fromEntries(
        listing.classes.map((name, label) => [name, counts.map((count) => count[label]!)]),
      ),
      samples: (count) => {
        const chosen = spread(listing.train.length, count).map((index) => listing.train[index]!)
        return loadImages({ ...listing, train: chosen }, 'train', shape)
      },
    },
  }
}

/** The range of sizes of the first image of each class. */
async function sizesOf(listing: ImageListing): Promise<DataResult<string>> {
  const firsts = listing.classes.flatMap(
    (_, label) => listing.train.find((image) => image.label === label) ?? [],
  )
  const decoder = await loadDecoder(listing.root)
  // Names and counts are worth telling without.
  if (!decoder.ok) return { ok: true, value: `images ${decoder.problem.problem}` }
  const shapes: ImageShape[] = []
  for (const { path } of firsts) {
    const header = await decoder.value.header(join(listing.root, path))
    if (!header.ok) return header
    shapes.push(header.value)
  }
  const range = (of: (shape: ImageShape) => number): string => {
    const values = shapes.map(of)
    const [low, high] = [Math.min(...values), Math.max(...values)]
    return low === high ? String(low) : `${low}-${high}`
  }
  const size = [
    range(({ height }) => height),
    range(({ width }) => width),
    range(({ channels }) => channels),
  ].join('x')
  return { ok: true, value: `images of ${size}, in the first of each class` }
}
