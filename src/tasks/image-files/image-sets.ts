import { join } from 'node:path'
import type { DataResult } from '../data-file.ts'
import type { ImageShape } from '../images.ts'
import {
  listImageFolder,
  PARTS,
  splitListing,
  type ImageListing,
  type Part,
  type Split,
} from './image-listing.ts'
import {
  CARS_FILE,
  CARS_KIT,
  FLOWERS_FILES,
  listCars,
  listFlowers,
  listTinyImageNet,
  TINY_FILES,
} from './labelled-sets.ts'

/** A data set of image files: one row of {@link IMAGE_SETS}. */
export interface ImageSet {
  readonly name: string
  readonly summary: string
  readonly classes: number
  /** How many images the files hold, before any split. */
  readonly counts: Readonly<Record<Part, number>>
  /** What its images are decoded to where nothing else is asked for. */
  readonly shape: ImageShape
  /** Lists of names: a folder that has all of one is known by it. */
  readonly marks: readonly (readonly string[])[]
  /** How many of the images that train, of each class its share, validate; 0 where the files or the split say which. */
  readonly validation: number
  /** How it is split where its files do not say. */
  readonly split?: Split
  readonly list: (directory: string, remedy: string) => DataResult<ImageListing>
  /** Where to get it. */
  readonly remedy: string
}

/** Square images in colour. */
const colour = (side: number): ImageShape => ({ height: side, width: side, channels: 3 })

const giveFolder = 'and give its folder with --data DIR'

/** The data sets of image files whose layout is known. Others are folders of images by class. */
export const IMAGE_SETS: readonly ImageSet[] = [
  {
    name: 'tiny-imagenet-200',
    summary: '100,000 + 10,000 photographs of 200 classes at 64x64 (Stanford CS231n)',
    classes: 200,
    counts: { train: 100_000, validation: 0, test: 10_000 },
    shape: colour(64),
    validation: 10_000,
    marks: [[TINY_FILES.classes, TINY_FILES.labels]],
    list: listTinyImageNet,
    remedy: `unpack tiny-imagenet-200.zip from http://cs231n.stanford.edu/tiny-imagenet-200.zip ${giveFolder}`,
  },
  {
    name: 'flowers102',
    summary: '1,020 + 1,020 + 6,149 photographs of 102 kinds of flowers (Nilsback and Zisserman)',
    classes: 102,
    counts: { train: 1020, validation: 1020, test: 6149 },
    shape: colour(224),
    validation: 0,
    marks: [[FLOWERS_FILES.labels, FLOWERS_FILES.parts]],
    list: listFlowers,
    remedy: `take 102flowers.tgz, imagelabels.mat and setid.mat from https://www.robots.ox.ac.uk/~vgg/data/flowers/102/, unpack the first beside the others ${giveFolder}`,
  },
  {
    name: 'cars196',
    summary: '8,144 + 8,041 photographs of 196 kinds of cars (Krause et al.)',
    classes: 196,
    counts: { train: 8144, validation: 0, test: 8041 },
    shape: colour(224),
    validation: 814,
    marks: [[CARS_FILE], Object.values(CARS_KIT)],
    list: listCars,
    remedy: `take Stanford Cars, either car_ims.tgz unpacked beside cars_annos.mat, or cars_train, cars_test and devkit side by side, cars_test_annos_withlabels.mat in devkit, ${giveFolder}`,
  },
  {
    name: 'caltech101',
    summary: '8,677 pictures of 101 kinds of objects, 30 of each kind to train on (Fei-Fei et al.)',
    classes: 101,
    counts: { train: 8677, validation: 0, test: 0 },
    shape: colour(224),
    validation: 303,
    marks: [['101_ObjectCategories']],
    split: { train: 30 },
    list: (directory, remedy) =>
      listImageFolder(join(directory, '101_ObjectCategories'), remedy, ['BACKGROUND_Google']),
    remedy: `unpack caltech-101.zip from https://data.caltech.edu/records/mzrjq-6wc02 and 101_ObjectCategories.tar.gz inside it ${giveFolder}`,
  },
  {
    name: 'eurosat',
    summary:
      '27,000 pictures of the ground from Sentinel-2, 10 uses of land at 64x64 (Helber et al.)',
    classes: 10,
    counts: { train: 27_000, validation: 0, test: 0 },
    shape: colour(64),
    validation: 0,
    marks: [['2750']],
    split: { validation: 0.1, test: 0.1 },
    list: (directory, remedy) => listImageFolder(join(directory, '2750'), remedy),
    remedy: `unpack EuroSAT.zip from https://zenodo.org/records/7711810 ${giveFolder}, the one that holds 2750`,
  },
]

/** The images of a data set, counted, and split by `seed` where its files do not say. A wrong count is a problem. */
export function listImageSet(
  set: ImageSet,
  directory: string,
  seed: number,
): DataResult<ImageListing> {
  const listed = set.list(directory, set.remedy)
  if (!listed.ok) return listed
  const listing = listed.value
  const describe = (classes: number, counts: readonly number[]): string =>
    `${counts.join(' + ')} images of ${classes} classes`
  const found = describe(
    listing.classes.length,
    PARTS.map((part) => listing[part].length),
  )
  const expected = describe(
    set.classes,
    PARTS.map((part) => set.counts[part]),
  )
  if (found !== expected)
    return {
      ok: false,
      problem: {
        path: listing.root,
        problem: `holds ${found}`,
        expected: `${expected} (${PARTS.join(', ')}) for ${set.name}`,
        remedy: set.remedy,
      },
    }
  return {
    ok: true,
    value: set.split === undefined ? listing : splitListing(listing, set.split, seed),
  }
}
