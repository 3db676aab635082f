import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import {
  countClasses,
  listImageFolder,
  splitListing,
} from '../../../src/tasks/image-files/image-listing.ts'
import { loadImages } from '../../../src/tasks/image-files/load-images.ts'
import { folderOf, valueOf } from '../formats/files.ts'

/** Scans in folders by class, for machines that have them; nothing that the package carries or needs. */
const ARCHIVE = join(import.meta.dirname, '../../../../shared/data/images/mednist-part.tar.xz')
const present = existsSync(ARCHIVE)

it.skipIf(!present)(
  `4,200 scans of six kinds are read, split and kept${present ? '' : ` (skipped: no ${ARCHIVE})`}`,
  async () => {
    const folder = folderOf()
    execFileSync('tar', ['xJf', ARCHIVE, '-C', folder])
    const listing = valueOf(listImageFolder(join(folder, 'resized'), ''))
    expect(listing.classes).toHaveLength(6)
    expect(countClasses(listing, 'train')).toEqual(new Array<number>(6).fill(700))
    const split = splitListing(listing, { validation: 0.1, test: 0.2 }, 1)
    expect(countClasses(split, 'test')).toEqual(new Array<number>(6).fill(140))
    const shape = { height: 64, width: 64, channels: 1 }
    const cache = join(folder, 'cache')
    const decoded = valueOf(await loadImages(split, 'test', shape, { cache }))
    expect(decoded.count).toBe(840)
    const means = listing.classes.map((_, label) => {
      const own = [...decoded.labels.keys()].filter((index) => decoded.labels[index] === label)
      const sums = own.map((index) =>
        decoded.pixels.subarray(index * 4096, (index + 1) * 4096).reduce((a, b) => a + b, 0),
      )
      return sums.reduce((a, b) => a + b, 0) / (own.length * 4096)
    })
    // Every kind has its own brightness, and none is black or white.
    for (const mean of means) expect(mean > 10 && mean < 200).toBe(true)
    expect(valueOf(await loadImages(split, 'test', shape, { cache }))).toEqual(decoded)
  },
)
