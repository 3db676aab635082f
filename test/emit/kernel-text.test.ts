import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, expect, test } from 'vitest'
import * as tf from '@tensorflow/tfjs-core'
import { targets } from '../../src/emit/targets.ts'
import { library } from '../stdlib/library.ts'
import { loadOptimizer, loadPrograms } from '../../src/emit/ts/load.ts'
import { useBackend } from './tensor-backend.ts'
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

test.each(['cpu', 'wasm'] as const)(
  'a printed module steps on %s as what is trained with',
  async (backend) => {
    await useBackend(backend)
    for (const name of NAMES) {
      const { programs, functions } = library(name)
      const printed = await loadOptimizer(modules.get(name)!, tf)
      const [inMemory] = (await loadPrograms(programs, functions, tf, true)).optimizers.values()
      const [one, other] = [printed, inMemory!].map((Class) => {
        const w = tf.variable(
          tf.tensor([
            [0.5, -1, 2],
            [3, 0.25, -0.125],
          ]),
        )
        const optimizer = new Class({ totalSteps: 10 })
        for (let step = 1; step <= 4; step++)
          tf.tidy(() =>
            optimizer.applyGradients([{ name: w.name, tensor: tf.mul(step, tf.sin(w)) }]),
          )
        const found = [...w.dataSync()]
        w.dispose()
        optimizer.dispose()
        return found
      })
      expect(one, name).toEqual(other)
      expect(one![0], name).not.toBe(0.5)
    }
  },
)

test('modules with kernels type-check under the strictest settings', () => {
  const files = new Map([...modules].map(([name, text]) => [`${golden}${name}.ts`, text]))
  expect(typeProblems(files)).toEqual([])
})
