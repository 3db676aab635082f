import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scaleImages } from '../../src/tasks/area-scaling.ts'
import { imageSize, type ImagesInMemory } from '../../src/tasks/images.ts'

const side = fc.integer({ min: 1, max: 9 })
const images = fc
  .record({
    count: fc.integer({ min: 1, max: 2 }),
    height: side,
    width: side,
    channels: fc.constantFrom(1, 3),
  })
  .chain((shape) =>
    fc
      .uint8Array({
        minLength: shape.count * imageSize(shape),
        maxLength: shape.count * imageSize(shape),
      })
      .map((pixels): ImagesInMemory => ({ ...shape, pixels, labels: new Uint8Array(shape.count) })),
  )

/** The mean over what a pixel covers, by dividing both images into cells that fit into the pixels of either. */
function meanOf(of: ImagesInMemory, height: number, width: number, at: readonly number[]): number {
  const [image = 0, y = 0, x = 0, channel = 0] = at
  let sum = 0
  for (let row = y * of.height; row < (y + 1) * of.height; row++)
    for (let column = x * of.width; column < (x + 1) * of.width; column++) {
      const [from, to] = [Math.floor(row / height), Math.floor(column / width)]
      sum += of.pixels[((image * of.height + from) * of.width + to) * of.channels + channel]!
    }
  return sum / (of.height * of.width)
}

describe('images of another size', () => {
  it('have the mean of what each pixel covers, rounded', () => {
    fc.assert(
      fc.property(images, side, side, (of, height, width) => {
        const scaled = scaleImages(of, height, width)
        const { count, channels } = of
        expect(scaled).toMatchObject({ count, channels, height, width, labels: of.labels })
        let index = 0
        for (let image = 0; image < count; image++)
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++)
              for (let channel = 0; channel < channels; channel++) {
                const mean = meanOf(of, height, width, [image, y, x, channel])
                expect(Math.abs(scaled.pixels[index++]! - mean)).toBeLessThanOrEqual(0.5 + 1e-9)
              }
        expect(index).toBe(scaled.pixels.length)
      }),
      { numRuns: 60 },
    )
  })

  it('are themselves at their own size', () => {
    fc.assert(fc.property(images, (of) => scaleImages(of, of.height, of.width) === of))
  })
})
