import type { DataResult } from '../data-file.ts'
import type { Images } from '../images.ts'
import { loadDecoder } from './decode-image.ts'

/** Images beside each other in one row of a sheet. */
const COLUMNS = 5
/** Shortest side that an image is shown with, in whole multiples of its pixels. */
const SHOWN_SIDE = 64

/** Writes images as one PNG, in rows of five, small ones enlarged. Needs the decoder of images. */
export async function writeSampleSheet(path: string, images: Images): Promise<DataResult<string>> {
  const decoder = await loadDecoder(path)
  if (!decoder.ok) return decoder
  const { height, width, channels, count } = images
  const pixels = images.pixels.subarray(0)
  const factor = Math.max(1, Math.ceil(SHOWN_SIDE / Math.min(height, width)))
  const rows = Math.ceil(count / COLUMNS)
  const shape = {
    height: rows * height * factor,
    width: Math.min(count, COLUMNS) * width * factor,
    channels,
  }
  const sheet = new Uint8Array(shape.height * shape.width * channels)
  for (let y = 0, position = 0; y < shape.height; y++)
    for (let x = 0; x < shape.width; x++) {
      const column = Math.floor(x / (width * factor))
      const image = Math.floor(y / (height * factor)) * COLUMNS + column
      const row = Math.floor(y / factor) % height
      const from = ((image * height + row) * width + (Math.floor(x / factor) % width)) * channels
      for (let channel = 0; channel < channels; channel++)
        sheet[position++] = image < count ? pixels[from + channel]! : 0
    }
  await decoder.value.writePng(path, shape, sheet)
  return { ok: true, value: path }
}
