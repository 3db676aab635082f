import { childKey, threefry, type Key } from '../operators/random.ts'
import type { ImageShape } from './images.ts'
import type { Augmentation } from './protocol.ts'

/** What is done to one image. */
export interface ImageChange {
  /** Where in the padded image the window begins, each from 0 to twice the padding. */
  readonly top: number
  readonly left: number
  readonly mirrored: boolean
  /** Centre of the square that is set to the mean. */
  readonly row: number
  readonly column: number
}

/** The draws of a run with key `key`: a change is a function of key, step and position in the batch alone. */
export function imageChanges(
  { pad }: Augmentation,
  { height, width }: ImageShape,
  key: Key,
): (step: number, position: number) => ImageChange {
  const own = childKey(key, 'augmentation')
  const places = 2 * pad + 1
  return (step, position) => {
    const [window, mirror] = threefry(own, step, 2 * position)
    const [row, column] = threefry(own, step, 2 * position + 1)
    const place = below(places * places, window)
    return {
      top: Math.floor(place / places),
      left: place % places,
      mirrored: mirror >>> 31 === 1,
      row: below(height, row),
      column: below(width, column),
    }
  }
}

/** A 32-bit word as an integer in [0, bound). */
const below = (bound: number, word: number): number => Math.floor((word * bound) / 2 ** 32)

/** An image among others, and what the bytes of each channel are scaled to, [channels, 256]. */
export interface ImageSource {
  readonly pixels: Uint8Array
  readonly start: number
  readonly shape: ImageShape
  readonly scale: Float32Array
}

/**
 * Writes a changed image to `target`, scaled: a window of the image padded by reflection about its border pixels, mirrored,
 * and zero, which is the mean of scaled pixels, in the square.
 */
export function writeChanged(
  { pixels, start, shape, scale }: ImageSource,
  target: { readonly values: Float32Array; readonly start: number },
  { pad, flip, cutout }: Augmentation,
  change: ImageChange,
): void {
  const { height, width, channels } = shape
  const { values } = target
  const mirrored = flip && change.mirrored
  const [hiddenTop, hiddenBottom] = square(change.row, cutout)
  const [hiddenLeft, hiddenRight] = square(change.column, cutout)
  const columns = Array.from({ length: width }, (_, x) =>
    reflected((mirrored ? width - 1 - x : x) + change.left - pad, width),
  )
  let position = target.start
  for (let y = 0; y < height; y++) {
    const row = start + reflected(y + change.top - pad, height) * width * channels
    const isHiddenRow = y >= hiddenTop && y < hiddenBottom
    for (let x = 0; x < width; x++) {
      const isHidden = isHiddenRow && x >= hiddenLeft && x < hiddenRight
      const pixel = row + columns[x]! * channels
      for (let channel = 0; channel < channels; channel++)
        values[position++] = isHidden ? 0 : scale[channel * 256 + pixels[pixel + channel]!]!
    }
  }
}

/** First position of a square's side about its centre, and the one behind its last. */
function square(centre: number, side: number): readonly [number, number] {
  const first = centre - Math.floor(side / 2)
  return [first, first + side]
}

/** The position from 0 to extent - 1 that `position` is the mirror image of, the outermost ones not repeated. */
export function reflected(position: number, extent: number): number {
  const period = 2 * Math.max(1, extent - 1)
  const within = ((position % period) + period) % period
  return Math.min(within, period - within) % extent
}
