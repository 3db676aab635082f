/**
 * Readers of data, as `import 'optc-lang/data'` offers them: each checks what it reads, reads nothing outside the folder that is given,
 * and says which file is wrong, at which byte or line. For Node.
 */
export type { DataProblem, DataResult, OpenOptions } from '../tasks/data-file.ts'
export { inspectData } from '../tasks/inspect/inspect-data.ts'
export type { DataDescription } from '../tasks/inspect/description.ts'
export { readNpy } from '../tasks/formats/npy.ts'
export { readNpz } from '../tasks/formats/npz.ts'
export type { NumberArray } from '../tasks/formats/number-array.ts'
export { readMat, type MatValue } from '../tasks/formats/mat.ts'
export {
  encodeSafetensors,
  readSafetensors,
  type Safetensors,
} from '../tasks/formats/safetensors.ts'
export { readTable, readTables, type Column, type Table } from '../tasks/formats/csv.ts'
export { readWords } from '../tasks/formats/word-text.ts'
export { readIdx } from '../tasks/idx.ts'
export type { IdxArray } from '../tasks/idx-array.ts'
export {
  findImageData,
  IMAGE_DATA,
  loadImageData,
  type ImageData,
  type ImageOptions,
} from '../tasks/image-data.ts'
export {
  listImageFolder,
  splitListing,
  type ImageListing,
  type ListedImage,
  type Split,
} from '../tasks/image-files/image-listing.ts'
export { loadImages, type LoadOptions } from '../tasks/image-files/load-images.ts'
export type { ImageSplits } from '../tasks/image-splits.ts'
export { imageBytes, type Images, type ImageShape } from '../tasks/images.ts'
