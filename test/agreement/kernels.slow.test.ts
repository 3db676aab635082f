import { beforeAll, expect, test } from 'vitest'
import { print } from '../../src/syntax/print.ts'
import { compileText } from '../emit/compile-program.ts'
import { useBackend } from '../emit/tensor-backend.ts'
import { drawSomeRule, programOf, randomOf } from '../mutate/published.ts'
import { kernelFaults } from './kernel-faults.ts'
import { randomProgram } from './random-program.ts'

const PROGRAMS = 300
const BLOCK = 25
const blocks = Array.from({ length: PROGRAMS / BLOCK }, (_, block) => block * BLOCK)

beforeAll(() => useBackend('wasm'))

type Faults = ReturnType<typeof kernelFaults>

/** What is wrong among the programs of a block, and how many of them have kernels. */
async function faultsFrom(
  first: number,
  faultsOf: (number: number) => { readonly text: string; readonly faults: Faults },
): Promise<{ readonly wrong: string; readonly supported: number }> {
  const wrong: string[] = []
  let supported = 0
  for (let number = first; number < first + BLOCK; number++) {
    const { text, faults } = faultsOf(number)
    const found = await faults
    if (found !== undefined) supported += 1
    if (found !== undefined && found.length > 0) wrong.push(`${text}\n${found.join('\n')}`)
  }
  return { wrong: wrong.join('\n\n'), supported }
}

test.each(blocks)('kernels of random programs from %i on', async (first) => {
  const { wrong, supported } = await faultsFrom(first, (number) => {
    const text = randomProgram(number)
    return { text, faults: kernelFaults(`random ${number}`, compileText('rule.opt', text)) }
  })
  expect(wrong).toBe('')
  expect(supported).toBeGreaterThan(0)
})

test.each(blocks)('kernels of rules of the published space from %i on', async (first) => {
  const { wrong, supported } = await faultsFrom(first, (number) => {
    const module = drawSomeRule(randomOf('kernels', number))
    const text = print(module)
    return { text, faults: kernelFaults(text, { programs: [programOf(module)], functions: [] }) }
  })
  expect(wrong).toBe('')
  expect(supported).toBeGreaterThan(0)
})
