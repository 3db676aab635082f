/** Size of one image: rows of pixels, the channels of a pixel side by side. */
export interface ImageShape {
  readonly height: number
  readonly width: number
  /** 1 for grey images, 3 for red, green and blue. */
  readonly channels: number
}

/** A set of labelled images, one byte for each channel of a pixel. */
export interface Images extends ImageShape {
  readonly count: number
  /** `count * height * width * channels` bytes. */
  readonly pixels: Uint8Array
  /** `count` class numbers. */
  readonly labels: Uint8Array
}

/** The images that a data set must hold, and how to get it when it does not. */
export interface ExpectedImages extends ImageShape {
  /** Name of the data set. */
  readonly name: string
  readonly classes: number
  readonly remedy: string
}

/** Bytes of one image. */
export function imageSize({ height, width, channels }: ImageShape): number {
  return height * width * channels
}
