/** Size of one image: rows of pixels, the channels of a pixel side by side. */
export interface ImageShape {
  readonly height: number
  readonly width: number
  /** 1 for grey images, 3 for red, green and blue. */
  readonly channels: number
}

/** The bytes of images: in memory, as an array is, or in a file that is read as they are asked for. */
export interface Pixels {
  /** How many bytes there are. */
  readonly length: number
  /** The bytes from `start` up to `end`, not to be changed. */
  subarray(start: number, end?: number): Uint8Array
}

/** A set of labelled images, one byte for each channel of a pixel. */
export interface Images extends ImageShape {
  readonly count: number
  /** `count * height * width * channels` bytes. */
  readonly pixels: Pixels
  /** `count` class numbers. */
  readonly labels: Uint8Array
}

/** Images whose bytes are in memory. */
export interface ImagesInMemory extends Images {
  readonly pixels: Uint8Array
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

/** The bytes of image number `index`: a view of them where they are in memory. */
export function imageBytes(images: Images, index: number): Uint8Array {
  const size = imageSize(images)
  return images.pixels.subarray(index * size, (index + 1) * size)
}
