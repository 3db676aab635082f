import { beforeAll, describe, expect, test } from 'vitest'
import { compileText } from '../emit/compile-program.ts'
import { useBackend } from '../emit/tensor-backend.ts'
import { describeDisagreement, disagreements } from './agree.ts'
import { agreementTests, subject, type Subject } from './agreement-tests.ts'
import { streams } from './gradients.ts'

for (const backend of ['cpu', 'wasm'] as const)
  agreementTests(backend, { published: 40, random: 200, matrices: 75 }, `ts-${backend}`)

describe('what does not agree is seen', () => {
  beforeAll(() => useBackend('cpu'))

  test.each([
    ['the sign of zero', 'g', 'g + 0', /^minus zero.*, step 0: w\[\d\] is -0 instead of 0$/],
    ['a few units', 'exp(g)', 'exp(g) * (1 + 1e-6)', /^zeros.*: w\[\d\] is -0.00100000/],
    ['one of many steps', 'g', 'where(t < 3, g, w)', /^huge.*, step 3: w/],
    ['a state', 'heavy_ball(g)', 'heavy_ball(g, 0.8)', /^subnormal.*, step 1: velocity/],
  ])('%s', async (_, value, other, wanted) => {
    const optimizerOf = async (text: string): Promise<Subject['optimizers'][number]> => {
      const { optimizers } = await subject(text, () => compileText('rule.opt', text))
      return optimizers[0]!
    }
    const { program } = await optimizerOf(`update = lr * ${value}`)
    const { Class } = await optimizerOf(`update = lr * ${other}`)
    const found = await disagreements(program, Class, streams(value))
    expect(found.map(describeDisagreement)).toContainEqual(expect.stringMatching(wanted))
  })
})
