import { beforeAll, describe, expect, test } from 'vitest'
import { compileText } from '../emit/compile-program.ts'
import { tensorBackends, useBackend } from '../emit/tensor-backend.ts'
import { library } from '../stdlib/library.ts'
import { kernelFaults } from './kernel-faults.ts'
import { KERNEL_RULES, kernelFiles, shapesFor } from './kernel-rules.ts'
import { randomProgram } from './random-program.ts'

const RANDOM_PROGRAMS = 60

describe.each(['wasm', 'cpu'] as const)(
  'on %s kernels give the numbers of the evaluator',
  (backend) => {
    beforeAll(() => useBackend(backend))

    test.each(kernelFiles)('std/%s', async (name) => {
      expect(await kernelFaults(`std/${name}`, library(name), shapesFor(name))).toEqual([])
    })

    test.each(KERNEL_RULES)('%s', async (text) => {
      expect(await kernelFaults(text, compileText('rule.opt', text))).toEqual([])
    })

    test('random programs', async () => {
      const wrong: string[] = []
      for (let number = 0; number < RANDOM_PROGRAMS; number++) {
        const text = randomProgram(number)
        const found = await kernelFaults(`random ${number}`, compileText('rule.opt', text))
        if (found.length > 0) wrong.push(`${text}\n${found.join('\n')}`)
      }
      expect(wrong.join('\n\n')).toBe('')
    })
  },
)

/** A few of what kernels-webgpu.slow.test.ts compares. */
describe.skipIf(!(await tensorBackends()).includes('webgpu'))('on webgpu', () => {
  beforeAll(() => useBackend('webgpu'))

  test.each(['adam', 'lion', 'opt10'])('std/%s', async (name) => {
    expect(await kernelFaults(`std/${name}`, library(name), undefined, 'webgpu')).toEqual([])
  })

  test.each(KERNEL_RULES.slice(0, 5))('%s', async (text) => {
    const compiled = compileText('rule.opt', text)
    expect(await kernelFaults(text, compiled, undefined, 'webgpu')).toEqual([])
  })
})
