import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it, onTestFinished } from 'vitest'
import { train } from '../../examples/train-with-tfjs/train.ts'

const root = join(import.meta.dirname, '../..')
const example = join(root, 'examples/train-with-tfjs')

beforeAll(async () => {
  tf.enableProdMode()
  await tf.setBackend('cpu')
})

/** What `npx` of the repository would run, without asking the registry. */
const PROGRAMS: Readonly<Record<string, string>> = {
  optc: join(root, 'dist/optc.cjs'),
  tsc: join(root, 'node_modules/typescript/bin/tsc'),
}

/** Runs a line of the example's comment in a folder; resolves to what it prints. */
async function follow(line: string, folder: string): Promise<string> {
  const [program, ...words] = line.split(' ')
  const [called, ...rest] = program === 'npx' ? [PROGRAMS[words[0]!]!, ...words.slice(1)] : words
  return (await promisify(execFile)(process.execPath, [called!, ...rest], { cwd: folder })).stdout
}

it('runs as its comment says, with the class that is kept beside it', async () => {
  const lines = [
    ...readFileSync(join(example, 'train.ts'), 'utf8').matchAll(/^\/\/ {3}(\S.*)$/gm),
  ].map(([, line]) => line!)
  expect(lines).toHaveLength(3)
  // Inside the repository, where the packages it imports are found.
  mkdirSync(join(root, '.cache'), { recursive: true })
  const copy = mkdtempSync(join(root, '.cache/examples-'))
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }))
  cpSync(join(root, 'examples'), copy, { recursive: true })
  const folder = join(copy, 'train-with-tfjs')
  let printed = ''
  for (const line of lines) printed = await follow(line, folder)
  await expect(readFileSync(join(folder, 'cautious-adam.ts'), 'utf8')).toMatchFileSnapshot(
    join(example, 'cautious-adam.ts'),
  )
  expect(printed.match(/^epoch \d+: loss \S+$/gm)).toHaveLength(6)
}, 60_000)

it('the example learns the spirals and leaks nothing', async () => {
  const before = tf.memory().numTensors
  const losses = await train(60)
  expect(tf.memory().numTensors).toBe(before)
  expect(losses[0]).toBeGreaterThan(0.5)
  expect(losses.at(-1)).toBeLessThan(0.1)
})
