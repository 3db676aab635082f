// The second part of `npm run generate`: what is made from modules that the first part writes. Run from the root of the repository.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { REFERENCE, referenceFiles } from './reference-files.ts'

const root = process.cwd()
const files = referenceFiles()
rmSync(join(root, REFERENCE), { recursive: true, force: true })
for (const { path, text } of files) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
