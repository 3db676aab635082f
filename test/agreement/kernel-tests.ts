import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { print } from '../../src/syntax/print.ts'
import { compileText } from '../emit/compile-program.ts'
import { useBackend } from '../emit/tensor-backend.ts'
import { drawSomeRule, programOf, randomOf } from '../mutate/published.ts'
import { library } from '../stdlib/library.ts'
import { kernelFaults } from './kernel-faults.ts'
import { KERNEL_RULES, kernelFiles, shapesFor } from './kernel-rules.ts'
import { randomProgram } from './random-program.ts'
import { startTally } from './tally.ts'

const BLOCK = 20

/** The first number of each block of programs. */
const blocks = (count: number): readonly number[] =>
  Array.from({ length: count / BLOCK }, (_, block) => block * BLOCK)

/** How many programs that are drawn are compared: multiples of 20. */
interface Drawn {
  readonly random: number
  readonly published: number
}

/**
 * The tests of a backend that say that kernels give the numbers of the evaluator; `column`: where it is recorded how near. Then
 * programs that are drawn are enough where nothing is recorded: the other tests have the files and rules.
 */
export function kernelTests(
  backend: 'wasm' | 'cpu',
  { random, published }: Drawn,
  column?: string,
): void {
  const tally = column === undefined ? undefined : startTally(column)
  const faultsOf = (
    name: string,
    graphs: Parameters<typeof kernelFaults>[1],
    shapes?: readonly number[][],
  ): Promise<string[]> => kernelFaults(name, graphs, shapes, 'cpu', tally)

  /** What is wrong among the programs of a block. */
  const faultsFrom = async (
    first: number,
    make: (number: number) => readonly [text: string, faults: Promise<readonly string[]>],
  ): Promise<string> => {
    const wrong: string[] = []
    for (let number = first; number < first + BLOCK; number++) {
      const [text, faults] = make(number)
      const found = await faults
      if (found.length > 0) wrong.push(`${text}\n${found.join('\n')}`)
    }
    return wrong.join('\n\n')
  }

  describe(`on ${backend} kernels give the numbers of the evaluator`, () => {
    beforeAll(() => useBackend(backend))
    afterAll(() => tally?.record())

    const isWhole = column === undefined || tally !== undefined
    test.each(isWhole ? kernelFiles : [])('std/%s', async (name) => {
      expect(await faultsOf(`std/${name}`, library(name), shapesFor(name))).toEqual([])
    })

    test.each(isWhole ? KERNEL_RULES : [])('%s', async (text) => {
      expect(await faultsOf(text, compileText('rule.opt', text))).toEqual([])
    })

    test.each(blocks(random))('random programs from %i on', async (first) => {
      const wrong = await faultsFrom(first, (number) => {
        const text = randomProgram(number)
        return [text, faultsOf(`random ${number}`, compileText('rule.opt', text))]
      })
      expect(wrong).toBe('')
    })

    test.each(blocks(published))('rules of the published space from %i on', async (first) => {
      const wrong = await faultsFrom(first, (number) => {
        const module = drawSomeRule(randomOf('kernels', number))
        const text = print(module)
        return [text, faultsOf(text, { programs: [programOf(module)], functions: [] })]
      })
      expect(wrong).toBe('')
    })
  })
}
