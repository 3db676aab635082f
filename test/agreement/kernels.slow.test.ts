import { beforeAll, describe, expect, test } from 'vitest'
import { print } from '../../src/syntax/print.ts'
import { compileText } from '../emit/compile-program.ts'
import { useBackend } from '../emit/tensor-backend.ts'
import { drawSomeRule, programOf, randomOf } from '../mutate/published.ts'
import { kernelFaults } from './kernel-faults.ts'
import { randomProgram } from './random-program.ts'

/** More with FUZZ=10000, as `npm run fuzz` sets it. */
const PROGRAMS = Number(process.env['FUZZ'] ?? 300)
const BLOCK = 25
const blocks = Array.from({ length: PROGRAMS / BLOCK }, (_, block) => block * BLOCK)

type Faults = ReturnType<typeof kernelFaults>

/** What is wrong among the programs of a block. */
async function faultsFrom(
  first: number,
  faultsOf: (number: number) => { readonly text: string; readonly faults: Faults },
): Promise<string> {
  const wrong: string[] = []
  for (let number = first; number < first + BLOCK; number++) {
    const { text, faults } = faultsOf(number)
    const found = await faults
    if (found.length > 0) wrong.push(`${text}\n${found.join('\n')}`)
  }
  return wrong.join('\n\n')
}

describe.each(['wasm', 'cpu'] as const)('on %s', (backend) => {
  beforeAll(() => useBackend(backend))

  test.each(blocks)('kernels of random programs from %i on', async (first) => {
    const wrong = await faultsFrom(first, (number) => {
      const text = randomProgram(number)
      return { text, faults: kernelFaults(`random ${number}`, compileText('rule.opt', text)) }
    })
    expect(wrong).toBe('')
  })

  test.each(blocks)('kernels of rules of the published space from %i on', async (first) => {
    const wrong = await faultsFrom(first, (number) => {
      const module = drawSomeRule(randomOf('kernels', number))
      const text = print(module)
      return { text, faults: kernelFaults(text, { programs: [programOf(module)], functions: [] }) }
    })
    expect(wrong).toBe('')
  })
})
