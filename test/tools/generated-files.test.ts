import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generatedFiles } from '../../src/tools/generated-files.ts'
import { REFERENCE, referenceFiles } from '../../src/tools/reference-files.ts'

const root = join(import.meta.dirname, '../..')
const reference = referenceFiles()

test.each([...generatedFiles(root), ...reference])('$path is what it is made from', (file) => {
  expect(readFileSync(join(root, file.path), 'utf8') === file.text, 'run `npm run generate`').toBe(
    true,
  )
})

test('the folder of the reference holds nothing else', () => {
  const found = readdirSync(join(root, REFERENCE), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  expect(found.sort()).toEqual(reference.map(({ path }) => join(root, path)).sort())
})
