import { describe, expect, it } from 'vitest'
import { imageSize, type ImagesInMemory } from '../../src/tasks/images.ts'
import { pixelScale, splitImages } from '../../src/tasks/image-splits.ts'

/** Images of 1x2 pixels with these channels, one byte after the other. */
function imagesOf(channels: number, bytes: readonly number[]): ImagesInMemory {
  const count = bytes.length / (2 * channels)
  return {
    count,
    height: 1,
    width: 2,
    channels,
    pixels: Uint8Array.from(bytes),
    labels: Uint8Array.from({ length: count }, (_, index) => index),
  }
}

const dataOf = (train: ImagesInMemory) => ({ train, test: train, classes: 10 })

describe('splitImages', () => {
  const train = imagesOf(3, [
    ...[0, 10, 7, 2, 10, 7],
    ...[4, 30, 7, 6, 30, 7],
    ...[200, 201, 202, 203, 204, 205],
  ])
  const splits = splitImages(dataOf(train), 1)

  it('splits the last images off', () => {
    expect([splits.train.count, splits.validation.count, splits.test.count]).toEqual([2, 1, 3])
    expect([...splits.train.pixels.subarray(0)]).toEqual([...train.pixels.slice(0, 12)])
    expect([...splits.validation.pixels.subarray(0)]).toEqual([200, 201, 202, 203, 204, 205])
    expect([...splits.validation.labels]).toEqual([2])
    expect(imageSize(splits.train)).toBe(6)
  })

  it('measures each channel of the training part', () => {
    expect(splits.means).toEqual([3, 20, 7])
    expect(splits.deviations[0]).toBeCloseTo(Math.sqrt(5), 12)
    expect(splits.deviations[1]).toBeCloseTo(10, 12)
    // A channel that is constant is not divided by 0.
    expect(splits.deviations[2]).toBe(1)
  })

  it('scales each channel to mean 0 and deviation 1', () => {
    const scale = pixelScale(splits)
    expect(scale).toHaveLength(3 * 256)
    for (const channel of [0, 1, 2]) {
      const values = [...splits.train.pixels.subarray(0)]
        .filter((_, index) => index % 3 === channel)
        .map((byte) => scale[256 * channel + byte]!)
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const variance = values.reduce((sum, value) => sum + value * value, 0) / values.length
      expect(mean).toBeCloseTo(0, 6)
      expect(variance).toBeCloseTo(channel === 2 ? 0 : 1, 6)
    }
  })

  it('leaves at least one image to train on', () => {
    expect(() => splitImages(dataOf(train), 3)).toThrow(RangeError)
  })
})
