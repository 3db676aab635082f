import { stat } from 'node:fs/promises'
import type SharpModule from 'sharp'
import type { DataResult } from '../data-file.ts'
import { imageSize, type ImageShape } from '../images.ts'
import { IMAGE_ENDINGS } from './image-listing.ts'

type Sharp = typeof SharpModule

/** Longest side of an image that is decoded: what its header says is looked at first. */
const LONGEST_SIDE = 16_384
/** Most pixels of an image that is decoded: 64 Mi, 256 MB in memory. */
const MOST_PIXELS = 2 ** 26
/** Largest file that is decoded. */
const MOST_BYTES = 2 ** 28
/** Formats that are decoded, whatever a file is called: none that draws, or reads other files. */
const FORMATS: readonly string[] = ['jpeg', 'png', 'webp', 'gif', 'tiff']

/** What an image's header says. */
export interface ImageHeader extends ImageShape {
  /** `jpeg`. */
  readonly format: string
}

/** Reads images: by `sharp`, which packages need not have installed. */
export interface ImageDecoder {
  /** What the header says; a problem where it asks for more than is ever decoded. */
  readonly header: (path: string) => Promise<DataResult<ImageHeader>>
  /** The bytes of an image, scaled and cropped about its centre to `shape`; transparent pixels are on black. */
  readonly decode: (path: string, shape: ImageShape) => Promise<DataResult<Uint8Array>>
  /** Writes an image of 1 or 3 channels as PNG. */
  readonly writePng: (path: string, shape: ImageShape, pixels: Uint8Array) => Promise<void>
}

const EXPECTED = `an image (${FORMATS.join(', ')}) of at most ${LONGEST_SIDE} pixels a side and ${MOST_PIXELS} in all`
const REMEDY = 'replace the file, or take it away'

/** The decoder, or a problem where `sharp` is not installed or has no build for this machine. `path`: what needs it. */
export async function loadDecoder(path: string): Promise<DataResult<ImageDecoder>> {
  try {
    return { ok: true, value: createDecoder((await import('sharp')).default) }
  } catch {
    return {
      ok: false,
      problem: {
        path,
        problem: `cannot be decoded: the package sharp is not installed, or not for ${process.platform}-${process.arch}`,
        expected: `the package that decodes images (${IMAGE_ENDINGS.join(', ')})`,
        remedy: 'npm install sharp',
      },
    }
  }
}

function createDecoder(sharp: Sharp): ImageDecoder {
  const fail = <T>(path: string, problem: string): DataResult<T> => ({
    ok: false,
    problem: { path, problem, expected: EXPECTED, remedy: REMEDY },
  })
  const header: ImageDecoder['header'] = async (path) => {
    try {
      const { size } = await stat(path)
      if (size > MOST_BYTES) return fail(path, `has ${size} bytes`)
      const found = await sharp(path, { limitInputPixels: false }).metadata()
      const { width, height, channels, format } = found
      if (!FORMATS.includes(format)) return fail(path, `is of format ${format}`)
      if (Math.max(width, height) > LONGEST_SIDE || width * height > MOST_PIXELS)
        return fail(path, `has ${width}x${height} pixels`)
      return { ok: true, value: { width, height, channels, format } }
    } catch (error) {
      return fail(path, `is no image that can be read: ${reasonOf(error)}`)
    }
  }
  return {
    header,
    decode: async (path, shape) => {
      const found = await header(path)
      if (!found.ok) return found
      try {
        const pixels = await sharp(path, { limitInputPixels: MOST_PIXELS, failOn: 'warning' })
          .flatten({ background: 'black' })
          .resize(shape.width, shape.height, { fit: 'cover' })
          .toColourspace(shape.channels === 1 ? 'b-w' : 'srgb')
          .raw({ depth: 'uchar' })
          .toBuffer()
        if (pixels.length !== imageSize(shape))
          return fail(path, `gives ${pixels.length} bytes, not ${imageSize(shape)}`)
        return { ok: true, value: pixels }
      } catch (error) {
        return fail(path, `is damaged or cut short: ${reasonOf(error)}`)
      }
    },
    writePng: async (path, { width, height, channels }, pixels) => {
      if (channels !== 1 && channels !== 3) throw new RangeError(`${channels} channels`)
      await sharp(pixels, { raw: { width, height, channels } }).png().toFile(path)
    },
  }
}

/** The first line of what a library says. */
function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0]!
}
