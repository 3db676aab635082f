import { z } from 'zod'
import { decodeListing } from '../../../data-set-images.ts'
import {
  digestOf,
  listImageFolder,
  PARTS,
  splitListing,
} from '../../../image-files/image-listing.ts'
import { isMarkedAs, ofImageSet } from '../../../image-data.ts'
import { IMAGE_SETS, listImageSet } from '../../../image-files/image-sets.ts'
import { imageExamples } from '../../../image-problem.ts'
import { text, type DataKind } from '../data-kind.ts'
import { preparedImages } from '../image-parts.ts'
import { imageExtents } from './cifar.ts'

export interface ImagesSpec {
  readonly kind: 'images'
  readonly folder: string
  /** Height, width and channels that images are scaled to. */
  readonly size: readonly [number, number, number]
}

export const images: DataKind<ImagesSpec> = {
  summary:
    'a folder of images for each class, or such folders below train, val and test; a known data set by its files',
  schema: z.strictObject({ kind: z.literal('images'), folder: text, size: imageExtents }),
  example: { kind: 'images', folder: 'photographs', size: [32, 32, 3] },
  prepare: ({ folder, size: [height, width, channels] }, place) => {
    const root = place.folder(folder, ['data', 'folder'])
    const set = IMAGE_SETS.find((each) => isMarkedAs(ofImageSet(each), root))
    const listed = place.valueOf(
      set === undefined
        ? listImageFolder(root, 'put the images of each class in a folder of its own')
        : listImageSet(set, root, place.seed),
    )
    const given = PARTS.filter((part) => listed[part].length > 0)
    const listing = splitListing(listed, place.shares(given), place.seed)
    const empty = PARTS.find((part) => listing[part].length === 0)
    if (empty !== undefined)
      place.refuse(
        ['split'],
        `of ${listed.train.length} images of ${listed.classes.length} classes none is in the ${empty} part`,
      )
    place.digested(folder, digestOf(PARTS.flatMap((part) => listing[part])))
    const shape = { height, width, channels }
    return preparedImages({ ...shape, classes: listing.classes.length }, place, async (options) => {
      const decoded = await decodeListing(listing, shape, options)
      if (!decoded.ok) return decoded
      return { ok: true, value: (run) => imageExamples(decoded.value, run) }
    })
  },
}
