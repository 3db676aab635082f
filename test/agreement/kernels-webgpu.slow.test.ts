import { beforeAll, describe, expect, test } from 'vitest'
import { compileText } from '../emit/compile-program.ts'
import { tensorBackends, useBackend } from '../emit/tensor-backend.ts'
import { library } from '../stdlib/library.ts'
import { kernelFaults } from './kernel-faults.ts'
import { KERNEL_RULES, kernelFiles } from './kernel-rules.ts'
import { randomProgram } from './random-program.ts'

const RANDOM_PROGRAMS = Array.from({ length: 20 }, (_, number) => number)

/** One of a hundred normal numbers is a unit off on WebGPU, which test/emit/kernels/wgsl/random.test.ts holds. */
const drawsNormal = (text: string): boolean => text.includes('normal()')

/** What is solved is read back at once, which WebGPU in Node cannot. */
const LEFT_OUT = ['shampoo', 'soap', 'sgld']
const files = kernelFiles.filter((name) => !LEFT_OUT.includes(name))
const rules = KERNEL_RULES.filter((text) => !drawsNormal(text))
console.log(`not tested on webgpu: std/${LEFT_OUT.join(', std/')}, rules with normal()`)

describe.skipIf(!(await tensorBackends()).includes('webgpu'))('on webgpu', () => {
  beforeAll(() => useBackend('webgpu'))

  test.each(files)('std/%s', async (name) => {
    expect(await kernelFaults(`std/${name}`, library(name), undefined, 'webgpu')).toEqual([])
  })

  test.each(rules)('%s', async (text) => {
    const compiled = compileText('rule.opt', text)
    expect(await kernelFaults(text, compiled, undefined, 'webgpu')).toEqual([])
  })

  test.each(RANDOM_PROGRAMS)('random program %i', async (number) => {
    const text = randomProgram(number)
    const compiled = compileText('rule.opt', text)
    expect(await kernelFaults(`random ${number}`, compiled, undefined, 'webgpu')).toEqual([])
  })
})
