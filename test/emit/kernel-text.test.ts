import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import { targets } from '../../src/emit/targets.ts'
import { library } from '../stdlib/library.ts'
import { typeProblems } from './type-problems.ts'

/** One for each way in which a step is divided: elements alone, axes, matrices, totals, random numbers, functions. */
const NAMES = ['adam', 'adafactor', 'muon', 'prodigy', 'sgld', 'opt10']

const golden = fileURLToPath(new URL('./golden-kernels/', import.meta.url))

const modules = new Map<string, string>()

beforeAll(async () => {
  for (const name of NAMES) {
    const { programs, functions } = library(name)
    const [module] = await targets.kernels.print(programs, functions, { name })
    modules.set(name, module!.text)
  }
})

/** The steps of a module and its kernels, without what is no text to read. */
function shown(text: string): string {
  const step = /\n {6}return \(\{[^]*?\n {4}\}\)\n/.exec(text)?.[0] ?? ''
  const kernels = text.match(/^const \w+ = createKernel\(\{[^]*?^\}\)$/gm) ?? []
  return [step, ...kernels].join('\n').replace(/'AGFzbQ[^']*'/g, "'...'")
}

test.each(['adam', 'adafactor', 'prodigy', 'sgld'])('the kernels of std/%s', (name) => {
  const file = `${golden}${name}.ts.txt`
  const text = shown(modules.get(name)!)
  if (process.env['UPDATE'] === '1') writeFileSync(file, text)
  expect(text).toBe(readFileSync(file, 'utf8'))
  expect(text.length).toBeGreaterThan(500)
})

test('modules with kernels type-check under the strictest settings', () => {
  const files = new Map([...modules].map(([name, text]) => [`${golden}${name}.ts`, text]))
  expect(typeProblems(files)).toEqual([])
})
