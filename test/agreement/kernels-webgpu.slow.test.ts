import { beforeAll, describe, expect, test } from 'vitest'
import { compileText } from '../emit/compile-program.ts'
import { tensorBackends, useBackend } from '../emit/tensor-backend.ts'
import { library } from '../stdlib/library.ts'
import { kernelFaults } from './kernel-faults.ts'
import { KERNEL_RULES, kernelFiles, shapesFor } from './kernel-rules.ts'
import { randomProgram } from './random-program.ts'

const RANDOM_PROGRAMS = 20

describe.skipIf(!(await tensorBackends()).includes('webgpu'))('on webgpu', () => {
  beforeAll(() => useBackend('webgpu'))

  test.each(kernelFiles)('std/%s', async (name) => {
    const shapes = shapesFor(name)
    expect(await kernelFaults(`std/${name}`, library(name), shapes, 'webgpu')).toEqual([])
  })

  test.each(KERNEL_RULES)('%s', async (text) => {
    const compiled = compileText('rule.opt', text)
    expect(await kernelFaults(text, compiled, undefined, 'webgpu')).toEqual([])
  })

  test.each(Array.from({ length: RANDOM_PROGRAMS }, (_, number) => number))(
    'random program %i',
    async (number) => {
      const text = randomProgram(number)
      const compiled = compileText('rule.opt', text)
      expect(await kernelFaults(`random ${number}`, compiled, undefined, 'webgpu')).toEqual([])
    },
  )
})
