import { beforeAll, describe, expect, test } from 'vitest'
import { compileText } from '../emit/compile-program.ts'
import { tensorBackends, useBackend } from '../emit/tensor-backend.ts'
import { library } from '../stdlib/library.ts'
import { kernelFaults } from './kernel-faults.ts'
import { KERNEL_RULES } from './kernel-rules.ts'
import { kernelTests } from './kernel-tests.ts'

for (const backend of ['wasm', 'cpu'] as const) kernelTests(backend, { random: 60, published: 0 })

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
