import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder of its own with `files`, gone after the test. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'optc-task-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** A module whose run is `run`, the body of `start`, on line 3; `x` is a variable of three numbers. */
export const moduleOf = (run: string, fields = ''): string => `export default {
  steps: 20, ${fields} start({ tf, seed, random, batchSize, width }) { const x = tf.variable(tf.tensor1d([1, 2, 3]), true, 'x')
${run}
  },
}
`
