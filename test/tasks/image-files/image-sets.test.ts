import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  IMAGE_SETS,
  listImageSet,
  type ImageSet,
} from '../../../src/tasks/image-files/image-sets.ts'
import { IMAGE_DATA, isMarkedAs } from '../../../src/tasks/image-data.ts'
import type { ImageListing, Part } from '../../../src/tasks/image-files/image-listing.ts'
import {
  MEDMNIST_SETS,
  readMedMnist,
  readMedMnistSet,
} from '../../../src/tasks/formats/medmnist.ts'
import { fileOf, fixture, fixturePath, folderOf, problemOf, valueOf } from '../formats/files.ts'

/** The row of a data set, for a small copy of it. */
function smallSet(
  name: string,
  classes: number,
  counts: readonly [number, number, number],
): ImageSet {
  const [train, validation, test] = counts
  const row = IMAGE_SETS.find((set) => set.name === name)!
  return { ...row, classes, counts: { train, validation, test } }
}

const contents = ({ classes, ...listing }: ImageListing, part: Part): readonly string[] =>
  listing[part].map(({ path, label }) => `${path}: ${classes[label]}`)

const picturesOf = (...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, 'picture']))

function flowers(changes: Readonly<Record<string, Uint8Array>> = {}): string {
  return folderOf({
    'imagelabels.mat': fixture('imagelabels.mat'),
    'setid.mat': fixture('setid.mat'),
    ...picturesOf(...[1, 2, 3, 4, 5].map((number) => `jpg/image_0000${number}.jpg`)),
    ...changes,
  })
}

describe('Flowers102', () => {
  const small = smallSet('flowers102', 3, [2, 1, 2])
  it('has its labels and parts in MAT-files', () => {
    const listing = valueOf(listImageSet(small, flowers(), 1))
    expect(contents(listing, 'train')).toEqual(['jpg/image_00002.jpg: 1', 'jpg/image_00005.jpg: 2'])
    expect(contents(listing, 'validation')).toEqual(['jpg/image_00003.jpg: 3'])
    expect(contents(listing, 'test')).toEqual(['jpg/image_00001.jpg: 2', 'jpg/image_00004.jpg: 1'])
  })

  it('of other counts, with an image missing, or other files is refused', () => {
    const whole = IMAGE_SETS.find(({ name }) => name === 'flowers102')!
    expect(problemOf(listImageSet(whole, flowers(), 1))).toMatchObject({
      problem: 'holds 2 + 1 + 2 images of 3 classes',
      expected: '1020 + 1020 + 6149 images of 102 classes (train, validation, test) for flowers102',
    })
    const swapped = { 'setid.mat': fixture('imagelabels.mat') }
    expect(problemOf(listImageSet(small, flowers(swapped), 1)).problem).toBe(
      'has no numbers called trnid',
    )
    const incomplete = folderOf({
      'imagelabels.mat': fixture('imagelabels.mat'),
      'setid.mat': fixture('setid.mat'),
      ...picturesOf('jpg/image_00002.jpg'),
    })
    const { path, problem } = problemOf(listImageSet(small, incomplete, 1))
    expect([path, problem]).toEqual([join(incomplete, 'jpg/image_00005.jpg'), 'does not exist'])
  })
})

describe('Cars196', () => {
  const small = smallSet('cars196', 3, [2, 0, 1])
  const cars = (annotations: string): string =>
    folderOf({
      'set/cars_annos.mat': fixture(annotations),
      'secret.jpg': 'not part of it',
      ...picturesOf(...[1, 2, 3].map((number) => `set/car_ims/${number}.jpg`)),
    })
  it('has its paths, labels, parts and names in one MAT-file', () => {
    const listing = valueOf(listImageSet(small, join(cars('cars_annos.mat'), 'set'), 1))
    expect(contents(listing, 'train')).toEqual(['car_ims/1.jpg: Audi R8', 'car_ims/3.jpg: BMW M3'])
    expect(contents(listing, 'test')).toEqual(['car_ims/2.jpg: Rolls-Royce Phantom Sedan'])
  })

  it('has them in three MAT-files of its development kit', () => {
    const kit = (files: Readonly<Record<string, string>>): string =>
      folderOf({
        ...Object.fromEntries(
          Object.entries(files).map(([name, file]) => [`devkit/${name}.mat`, fixture(file)]),
        ),
        ...picturesOf('cars_train/00001.jpg', 'cars_train/00002.jpg', 'cars_test/00001.jpg'),
      })
    const whole = {
      cars_meta: 'cars_meta.mat',
      cars_train_annos: 'cars_train_annos.mat',
      cars_test_annos_withlabels: 'cars_test_annos_withlabels.mat',
    }
    const listing = valueOf(listImageSet(small, kit(whole), 1))
    expect(contents(listing, 'train')).toEqual([
      'cars_train/00001.jpg: BMW M3',
      'cars_train/00002.jpg: Audi R8',
    ])
    expect(contents(listing, 'test')).toEqual(['cars_test/00001.jpg: Rolls-Royce Phantom Sedan'])
    // The file without labels, and one of another layout.
    const unlabelled = kit({ ...whole, cars_test_annos_withlabels: 'cars_test_annos.mat' })
    expect(problemOf(listImageSet(small, unlabelled, 1))).toMatchObject({
      path: join(unlabelled, 'devkit/cars_test_annos_withlabels.mat'),
      problem: 'has no annotations',
      expected: 'a struct array annotations with fname, class',
    })
    const swapped = kit({ ...whole, cars_meta: 'setid.mat' })
    expect(problemOf(listImageSet(small, swapped, 1)).problem).toBe('has no class_names')
  })

  it('whose paths lead outside, or whose labels are none, is refused', () => {
    const outside = problemOf(listImageSet(small, join(cars('cars_outside.mat'), 'set'), 1))
    expect(outside.problem).toMatch(/is not inside .*set/)
    const label = problemOf(listImageSet(small, join(cars('cars_label.mat'), 'set'), 1))
    expect(label.problem).toBe('has label 4 at position 0')
  })

  it('whose image is a link that leads outside is refused', () => {
    const folder = folderOf({
      'cars_annos.mat': fixture('cars_annos.mat'),
      ...picturesOf('car_ims/1.jpg', 'car_ims/3.jpg'),
    })
    symlinkSync(fileOf('picture'), join(folder, 'car_ims/2.jpg'))
    expect(problemOf(listImageSet(small, folder, 1)).problem).toMatch(
      /is a link that leads outside/,
    )
  })
})

describe('TinyImageNet-200', () => {
  const small = smallSet('tiny-imagenet-200', 2, [3, 0, 2])
  const tiny = (
    annotations = 'val_0.JPEG\tn02\t0\t0\t9\t9\nval_1.JPEG\tn01\t0\t0\t9\t9\n',
  ): string =>
    folderOf({
      'wnids.txt': 'n02\nn01\n',
      'words.txt': 'n01\ttench, Tinca tinca\nn02\tgoldfish\nn03\tshark\n',
      'val/val_annotations.txt': annotations,
      'train/n01/n01_boxes.txt': '',
      ...picturesOf(
        'train/n01/images/n01_0.JPEG',
        'train/n02/images/n02_0.JPEG',
        'train/n02/images/n02_1.JPEG',
        'val/images/val_0.JPEG',
        'val/images/val_1.JPEG',
        'test/images/test_0.JPEG',
      ),
    })
  it('has its classes in the order of its list, and tests on the images whose labels are known', () => {
    const listing = valueOf(listImageSet(small, tiny(), 1))
    expect(listing.classes).toEqual(['goldfish', 'tench'])
    expect(contents(listing, 'train')).toEqual([
      'train/n02/images/n02_0.JPEG: goldfish',
      'train/n02/images/n02_1.JPEG: goldfish',
      'train/n01/images/n01_0.JPEG: tench',
    ])
    expect(contents(listing, 'test')).toEqual([
      'val/images/val_0.JPEG: goldfish',
      'val/images/val_1.JPEG: tench',
    ])
  })

  it('with an unknown class or a path that climbs is refused with the line', () => {
    expect(
      problemOf(listImageSet(small, tiny('val_0.JPEG\tn02\nval_1.JPEG\tn09\n'), 1)).problem,
    ).toBe('has the class "n09" in line 2')
    expect(problemOf(listImageSet(small, tiny('../../wnids.txt\tn01\n'), 1)).problem).toMatch(
      /is not inside/,
    )
  })
})

describe('data sets in folders by class', () => {
  it('Caltech101 leaves the background out, and trains on thirty of each kind', () => {
    const names = ['Faces', 'ant'].flatMap((kind, index) =>
      Array.from({ length: 31 + index }, (_, i) => `101_ObjectCategories/${kind}/image_${i}.jpg`),
    )
    const folder = folderOf(picturesOf(...names, '101_ObjectCategories/BACKGROUND_Google/1.jpg'))
    const listing = valueOf(listImageSet(smallSet('caltech101', 2, [63, 0, 0]), folder, 1))
    expect(listing.classes).toEqual(['Faces', 'ant'])
    expect([listing.train.length, listing.test.length]).toEqual([60, 3])
  })

  it('EuroSAT is split by a seed', () => {
    const names = ['Forest', 'River'].flatMap((kind) =>
      Array.from({ length: 10 }, (_, index) => `2750/${kind}/${kind}_${index}.jpg`),
    )
    const small = smallSet('eurosat', 2, [20, 0, 0])
    const folder = folderOf(picturesOf(...names))
    const listing = valueOf(listImageSet(small, folder, 1))
    expect([listing.train.length, listing.validation.length, listing.test.length]).toEqual([
      16, 2, 2,
    ])
    expect(valueOf(listImageSet(small, folder, 1))).toEqual(listing)
  })

  it('are told apart by what is in them', () => {
    const known = (folder: string): readonly string[] =>
      IMAGE_DATA.filter((data) => isMarkedAs(data, folder)).map(({ name }) => name)
    expect(known(flowers())).toEqual(['flowers102'])
    expect(known(folderOf(picturesOf('2750/a/1.jpg')))).toEqual(['eurosat'])
    expect(known(folderOf({ 'pathmnist.npz': '' }))).toEqual(['pathmnist'])
    expect(known(folderOf(picturesOf('a/1.jpg')))).toEqual([])
  })
})

describe('MedMNIST', () => {
  it('has its parts in one archive', () => {
    const read = valueOf(readMedMnist(fixturePath('medmnist.npz'), ''))
    expect([read.train.count, read.validation.count, read.test.count]).toEqual([4, 2, 3])
    expect([...read.train.labels]).toEqual([0, 1, 2, 0])
    expect(read.train).toMatchObject({ height: 3, width: 3, channels: 3 })
    expect(read.classes).toBe(3)
  })

  it('is counted where it has a name', () => {
    const folder = folderOf({ 'bloodmnist.npz': fixture('medmnist.npz') })
    const blood = MEDMNIST_SETS.find(({ name }) => name === 'bloodmnist')!
    expect(problemOf(readMedMnistSet(blood, folder))).toMatchObject({
      problem: 'holds 4 + 2 + 3 images of 3x3x3 in 3 classes',
      expected: '11959 + 1712 + 3421 images of 28x28x3 in 8 classes for bloodmnist',
    })
    const counts = { train: 4, validation: 2, test: 3 }
    const shape = { height: 3, width: 3, channels: 3 }
    expect(valueOf(readMedMnistSet({ ...blood, shape, classes: 3, counts }, folder)).classes).toBe(
      3,
    )
  })

  it('without some array, or damaged, is refused', () => {
    expect(problemOf(readMedMnist(fixturePath('stored.npz'), '')).problem).toBe(
      'has no train_images',
    )
    expect(
      problemOf(readMedMnist(fileOf(fixture('medmnist.npz').subarray(9)), '')).problem,
    ).toMatch(/is damaged at byte \d+/)
  })
})
