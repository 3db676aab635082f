import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rootKey } from '../../src/operators/random.ts'
import {
  imageChanges,
  reflected,
  writeChanged,
  type ImageChange,
} from '../../src/tasks/augmentation.ts'
import type { ImageShape } from '../../src/tasks/images.ts'
import type { Augmentation } from '../../src/tasks/protocol.ts'

const nothing: Augmentation = { pad: 0, flip: false, cutout: 0 }
const still: ImageChange = { top: 0, left: 0, mirrored: false, row: 0, column: 0 }

const shapes = fc.record({
  height: fc.integer({ min: 1, max: 9 }),
  width: fc.integer({ min: 1, max: 9 }),
  channels: fc.constantFrom(1, 3),
})
const augmentations = fc.record({
  pad: fc.integer({ min: 0, max: 5 }),
  flip: fc.boolean(),
  cutout: fc.integer({ min: 0, max: 6 }),
})
const draws = fc.record({
  seed: fc.nat(),
  step: fc.nat({ max: 2 ** 31 }),
  position: fc.nat({ max: 999 }),
})

const sizeOf = ({ height, width, channels }: ImageShape): number => height * width * channels

/** Bytes that are all different, up to 243 of them, and none the mean. */
const bytesOf = (shape: ImageShape): Uint8Array =>
  Uint8Array.from({ length: sizeOf(shape) }, (_, index) => index + 1)

/** What becomes of an image whose bytes are left as they are, beside others in both arrays. */
function changed(
  pixels: Uint8Array,
  shape: ImageShape,
  augmentation: Augmentation,
  change: ImageChange,
): number[] {
  const size = sizeOf(shape)
  const values = new Float32Array(size + 4).fill(-1)
  const scale = Float32Array.from({ length: 256 * shape.channels }, (_, index) => index % 256)
  writeChanged(
    { pixels: Uint8Array.from([255, ...pixels, 255]), start: 1, shape, scale },
    { values, start: 2 },
    augmentation,
    change,
  )
  expect([...values.slice(0, 2), ...values.slice(size + 2)]).toEqual([-1, -1, -1, -1])
  return [...values.slice(2, size + 2)]
}

/** The pixel of the image padded by reflection, found by walking from the border pixels inwards and outwards. */
function paddedIndex(position: number, extent: number): number {
  let at = 0
  let direction = position < 0 ? -1 : 1
  for (let walked = 0; walked < Math.abs(position); walked++) {
    if (at + direction < 0 || at + direction >= extent) direction = -direction
    if (extent > 1) at += direction
  }
  return at
}

describe('augmentation', () => {
  it('of nothing is the identity', () => {
    fc.assert(
      fc.property(shapes, draws, (shape, { seed, step, position }) => {
        const pixels = bytesOf(shape)
        const change = imageChanges(nothing, shape, rootKey(seed))(step, position)
        expect(changed(pixels, shape, nothing, change)).toEqual([...pixels])
      }),
    )
  })

  it('mirrors back what it mirrored', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const pixels = bytesOf(shape)
        const flip = { ...nothing, flip: true }
        const mirrored = { ...still, mirrored: true }
        const once = changed(pixels, shape, flip, mirrored)
        expect(changed(Uint8Array.from(once), shape, flip, mirrored)).toEqual([...pixels])
        if (shape.width > 1) expect(once).not.toEqual([...pixels])
        // Channels and rows stay where they are.
        expect(once.slice(0, shape.channels)).toEqual([
          ...pixels.slice((shape.width - 1) * shape.channels, shape.width * shape.channels),
        ])
      }),
    )
  })

  it('reflects as a walk that turns at the borders', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -40, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        (position, extent) => {
          expect(reflected(position, extent)).toBe(paddedIndex(position, extent))
        },
      ),
    )
  })

  it('crops a window of the padded image', () => {
    fc.assert(
      fc.property(shapes, augmentations, draws, (shape, { pad }, { seed, step, position }) => {
        const { height, width, channels } = shape
        const crop = { ...nothing, pad }
        const change = imageChanges(crop, shape, rootKey(seed))(step, position)
        expect(change.top).toBeLessThanOrEqual(2 * pad)
        expect(change.left).toBeLessThanOrEqual(2 * pad)
        const pixels = bytesOf(shape)
        const window = Array.from({ length: sizeOf(shape) }, (_, index) => {
          const y = Math.floor(index / (width * channels))
          const x = Math.floor(index / channels) % width
          const row = paddedIndex(y + change.top - pad, height)
          const column = paddedIndex(x + change.left - pad, width)
          return pixels[(row * width + column) * channels + (index % channels)]
        })
        expect(changed(pixels, shape, crop, change)).toEqual(window)
      }),
    )
  })

  it('cuts a square about its centre, no larger than its side squared, from every channel', () => {
    fc.assert(
      fc.property(shapes, augmentations, draws, (shape, augmentation, draw) => {
        const { cutout } = augmentation
        const change = imageChanges(
          augmentation,
          shape,
          rootKey(draw.seed),
        )(draw.step, draw.position)
        const values = changed(bytesOf(shape), shape, augmentation, change)
        const cut = values.flatMap((value, index) => (value === 0 ? [index] : []))
        expect(cut.length).toBeLessThanOrEqual(cutout * cutout * shape.channels)
        const centre = (change.row * shape.width + change.column) * shape.channels
        if (cutout > 0) expect(cut).toContain(centre)
        const pixels = new Set(cut.map((index) => Math.floor(index / shape.channels)))
        expect(cut).toHaveLength(pixels.size * shape.channels)
        const rows = new Set([...pixels].map((pixel) => Math.floor(pixel / shape.width)))
        const columns = new Set([...pixels].map((pixel) => pixel % shape.width))
        expect(pixels.size).toBe(rows.size * columns.size)
      }),
    )
  })

  it('depends on key, step and position alone', () => {
    const shape = { height: 14, width: 14, channels: 1 }
    const augmentation = { pad: 4, flip: true, cutout: 8 }
    const list = (seed: number, order: readonly number[]): ImageChange[] => {
      const draw = imageChanges(augmentation, shape, rootKey(seed))
      const all = order.map((index) => draw(Math.floor(index / 8), index % 8))
      return order.map((_, index) => all[order.indexOf(index)]!)
    }
    const forwards = Array.from({ length: 64 }, (_, index) => index)
    expect(list(1, forwards.toReversed())).toEqual(list(1, forwards))
    expect(list(2, forwards)).not.toEqual(list(1, forwards))
    expect(new Set(list(1, forwards).map((change) => JSON.stringify(change))).size).toBeGreaterThan(
      60,
    )
  })

  it('draws windows, mirrors and centres evenly', () => {
    const shape = { height: 5, width: 7, channels: 1 }
    const draw = imageChanges({ pad: 2, flip: true, cutout: 2 }, shape, rootKey(7))
    const count = 20000
    const changes = Array.from({ length: count }, (_, index) =>
      draw(Math.floor(index / 100), index % 100),
    )
    const even = (kinds: number, kindOf: (change: ImageChange) => number): void => {
      const found = new Array<number>(kinds).fill(0)
      for (const change of changes) found[kindOf(change)]! += 1
      const expected = count / kinds
      const chiSquare = found.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
      // Four standard deviations above the mean.
      expect(chiSquare).toBeLessThan(kinds - 1 + 4 * Math.sqrt(2 * (kinds - 1)))
    }
    even(25, ({ top, left }) => 5 * top + left)
    even(2, ({ mirrored }) => Number(mirrored))
    even(35, ({ row, column }) => 7 * row + column)
    // Together, so that none follows from another.
    even(50, ({ top, left, mirrored }) => 2 * (5 * top + left) + Number(mirrored))
    even(25, ({ top, row }) => 5 * top + row)
  })
})
