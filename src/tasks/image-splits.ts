import type { DataSet } from './data-set.ts'
import { imageSize, type Images, type ImagesInMemory } from './images.ts'

/** The three parts of an image data set, and the scaling its training part gives. */
export interface ImageSplits {
  readonly train: Images
  readonly validation: Images
  readonly test: Images
  readonly classes: number
  /** Mean and standard deviation of the training part's pixels in each channel, of 255. */
  readonly means: readonly number[]
  readonly deviations: readonly number[]
}

/** Splits the last `validationCount` images off the training file. Throws a RangeError when no training image is left. */
export function splitImages(
  { train, test, classes }: Pick<DataSet, 'train' | 'test'> & { readonly classes: number },
  validationCount: number,
): ImageSplits {
  const trainCount = train.count - validationCount
  if (trainCount <= 0)
    throw new RangeError(`${train.count} images leave none beside ${validationCount}`)
  return splitsOf({
    train: part(train, 0, trainCount),
    validation: part(train, trainCount, train.count),
    test,
    classes,
  })
}

/** Parts with the scaling that the training part gives. */
export function splitsOf(
  parts: Pick<ImageSplits, 'train' | 'validation' | 'test' | 'classes'>,
): ImageSplits {
  const channels = moments(parts.train)
  return {
    ...parts,
    means: channels.map(({ mean }) => mean),
    deviations: channels.map(({ deviation }) => deviation),
  }
}

/** Bytes read at a time, about. */
const CHUNK = 12 * 2 ** 18

/** Mean and deviation of each channel. Sums of whole numbers, which are exact however they are read. */
function moments({
  pixels,
  channels,
}: Images): readonly { readonly mean: number; readonly deviation: number }[] {
  const sums = new Float64Array(channels)
  const squares = new Float64Array(channels)
  const chunk = CHUNK - (CHUNK % channels)
  for (let start = 0; start < pixels.length; start += chunk) {
    const bytes = pixels.subarray(start, Math.min(pixels.length, start + chunk))
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0
      let square = 0
      for (let index = channel; index < bytes.length; index += channels) {
        const pixel = bytes[index]!
        sum += pixel
        square += pixel * pixel
      }
      sums[channel]! += sum
      squares[channel]! += square
    }
  }
  const count = pixels.length / channels
  return Array.from(sums, (sum, channel) => {
    const mean = sum / count
    return { mean, deviation: Math.sqrt(squares[channel]! / count - mean * mean) || 1 }
  })
}

function part(images: ImagesInMemory, from: number, to: number): ImagesInMemory {
  const size = imageSize(images)
  return {
    ...images,
    count: to - from,
    pixels: images.pixels.subarray(from * size, to * size),
    labels: images.labels.subarray(from, to),
  }
}

/** What each byte of a channel is scaled to, [channels, 256]: mean 0 and deviation 1 over the training part. */
export function pixelScale({ means, deviations }: ImageSplits): Float32Array {
  return Float32Array.from({ length: means.length * 256 }, (_, index) => {
    const channel = Math.floor(index / 256)
    return ((index % 256) - means[channel]!) / deviations[channel]!
  })
}
