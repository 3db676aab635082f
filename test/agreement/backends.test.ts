import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadPrograms } from '../../src/emit/ts/load.ts'
import { compileText } from '../emit/compile-program.ts'
import { tensorBackends, useBackend } from '../emit/tensor-backend.ts'
import { library } from '../stdlib/library.ts'
import { describeDisagreement, disagreements } from './agree.ts'
import { streams } from './gradients.ts'

/** A few of what agreement-tests.ts compares: SwiftShader takes minutes for all. */
const SAMPLE = ['adam', 'lion', 'novograd', 'opt6', 'opt10', 'sgd']

/** What tfjs on WebGPU is told apart by: zeros of both signs, a norm of subnormal numbers, functions of little promise. */
const TEXTS = [
  'update = 1 / clip(g, w, 0)',
  'update = norm(g) * w',
  'update = log(abs(g)) + exp(w) * tanh(g)',
  'update = dropout(g, 0.5) + normal()',
]

describe.each(await tensorBackends(['webgpu', 'tensorflow']))(
  'on %s, the class gives the numbers of the evaluator',
  (backend) => {
    beforeAll(() => useBackend(backend))

    const subjects = [
      ...SAMPLE.map((name) => [name, () => library(name)] as const),
      ...TEXTS.map((text) => [text, () => compileText('rule.opt', text)] as const),
    ]
    test.each(subjects)('%s', async (name, compile) => {
      const { programs, functions } = compile()
      const { optimizers } = await loadPrograms(programs, functions, tf)
      for (const [index, Class] of [...optimizers.values()].entries()) {
        const found = await disagreements(programs[index]!, Class, streams(name), backend)
        expect(found.slice(0, 3).map(describeDisagreement).join('\n')).toBe('')
      }
    })

    test.each([
      ['a few units', 'sqrt(abs(g))', 'sqrt(abs(g)) * (1 + 1e-6)'],
      ['the sign of zero', 'g', 'g + 0'],
    ])('%s: is seen', async (_, value, other) => {
      const optimizerOf = async (text: string) => {
        const { programs, functions } = compileText('rule.opt', text)
        const { optimizers } = await loadPrograms(programs, functions, tf)
        return { program: programs[0]!, Class: [...optimizers.values()][0]! }
      }
      const { program } = await optimizerOf(`update = ${value}`)
      const { Class } = await optimizerOf(`update = ${other}`)
      const found = await disagreements(program, Class, streams('units'), backend)
      expect(found.length).toBeGreaterThan(0)
    })
  },
)
