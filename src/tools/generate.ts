// `npm run generate`: writes what is made from other files. Run from the root of the repository.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generatedFiles } from './generated-files.ts'

const root = process.cwd()
for (const { path, text } of generatedFiles(root)) writeFileSync(join(root, path), text)
