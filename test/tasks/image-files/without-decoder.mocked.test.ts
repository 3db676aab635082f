import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { listImageFolder } from '../../../src/tasks/image-files/image-listing.ts'
import { loadImages } from '../../../src/tasks/image-files/load-images.ts'
import { inspectData } from '../../../src/tasks/inspect/inspect-data.ts'
import { folderOf, problemOf, valueOf } from '../formats/files.ts'

vi.mock('sharp', () => {
  throw new Error('Cannot find package sharp')
})

it('images are listed without what decodes them, which is asked for where they are loaded', async () => {
  const folder = folderOf({ 'all/cat/1.png': 'x', 'all/dog/1.png': 'x' })
  const root = join(folder, 'all')
  const shape = { height: 2, width: 2, channels: 3 }
  const found = problemOf(await loadImages(valueOf(listImageFolder(root, '')), 'train', shape))
  expect(found).toMatchObject({ path: root, remedy: 'npm install sharp' })
  expect(found.problem).toMatch(/^cannot be decoded: the package sharp is not installed/)
  const description = valueOf(await inspectData(root))
  expect(description.classes).toEqual({ cat: [1], dog: [1] })
  expect(description.facts).toEqual([`images ${found.problem}`])
})
