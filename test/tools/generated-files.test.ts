import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generatedFiles } from '../../src/tools/generated-files.ts'

const root = join(import.meta.dirname, '../..')

test.each(generatedFiles(root))('$path is what it is made from', ({ path, text }) => {
  expect(readFileSync(join(root, path), 'utf8') === text, 'run `npm run generate`').toBe(true)
})
