import { imageSize, type ImagesInMemory } from './images.ts'

/** Parts of the pixels of one side that a pixel of another length covers, as whole numbers. */
interface Cover {
  readonly first: number
  readonly weights: readonly number[]
}

/** What each of `to` pixels covers of `from`: of a length of `from` each, a pixel of the source having that of `to`. */
function coversOf(from: number, to: number): readonly Cover[] {
  return Array.from({ length: to }, (_, pixel) => {
    const [start, end] = [pixel * from, (pixel + 1) * from]
    const first = Math.floor(start / to)
    const last = Math.ceil(end / to)
    const weights = Array.from(
      { length: last - first },
      (_, index) => Math.min(end, (first + index + 1) * to) - Math.max(start, (first + index) * to),
    )
    return { first, weights }
  })
}

/**
 * Images of another height and width: each pixel is the mean of what it covers, rounded. Worked out in whole numbers, so that all
 * machines have the same.
 */
export function scaleImages(images: ImagesInMemory, height: number, width: number): ImagesInMemory {
  if (height === images.height && width === images.width) return images
  const { count, channels } = images
  const [rows, columns] = [coversOf(images.height, height), coversOf(images.width, width)]
  const area = images.height * images.width
  const pixels = new Uint8Array(count * height * width * channels)
  let to = 0
  for (let image = 0; image < count; image++) {
    const start = image * imageSize(images)
    for (const row of rows)
      for (const column of columns)
        for (let channel = 0; channel < channels; channel++) {
          let sum = 0
          for (let y = 0; y < row.weights.length; y++) {
            const line =
              start + ((row.first + y) * images.width + column.first) * channels + channel
            for (let x = 0; x < column.weights.length; x++)
              sum += row.weights[y]! * column.weights[x]! * images.pixels[line + x * channels]!
          }
          // Half of the area makes it rounding, upwards where it is in the middle.
          pixels[to++] = Math.floor((2 * sum + area) / (2 * area))
        }
  }
  return { ...images, height, width, pixels }
}
