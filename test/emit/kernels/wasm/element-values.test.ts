import '../../../wasm/relaxed-simd.ts'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Program } from '../../../../src/ir/graph.ts'
import { createRandom, rootKey } from '../../../../src/operators/random.ts'
import { compileText } from '../../compile-program.ts'
import { corners, drawNumber } from '../../../operators/points.ts'
import { randomProgram } from '../../../agreement/random-program.ts'
import { expectSteps, SHAPE } from './expect-steps.ts'
import { encodings } from './expected.ts'
import { passProgram, type PassProgram } from './program-kernel.ts'

const library = new URL('../../../../stdlib/', import.meta.url)

const found = readdirSync(library)
  .filter((file) => file.endsWith('.opt'))
  .flatMap((file) => compileText(file, readFileSync(new URL(file, library), 'utf8')).programs)
  .flatMap((program): [string, Program, PassProgram][] => {
    const pass = passProgram(program, SHAPE)
    return pass === undefined ? [] : [[program.name, program, pass]]
  })

test('most rules of the library take one pass', () => {
  expect(found.length).toBeGreaterThanOrEqual(51)
})

describe.each(encodings)('steps in one pass, %o', (encoding) => {
  test.each(found)('%s', (_, program, pass) => {
    const random = createRandom(rootKey(3))
    expectSteps(program, pass, encoding, () => random.normal() * 10 ** (random.integer(5) - 3))
  })
})

describe('programs of exact operators alone', () => {
  const programs = Array.from({ length: 150 }, (_, index) => 2 * index).flatMap((number) => {
    const { programs: made } = compileText('random.opt', randomProgram(number))
    return made.flatMap((program) => {
      const pass = passProgram(program, SHAPE)
      return pass === undefined ? [] : [{ number, program, pass }]
    })
  })

  test('some of which take one pass', () => {
    expect(programs.length).toBeGreaterThan(50)
  })

  test.each(encodings)('agree with the evaluator wherever numbers end, %o', (encoding) => {
    for (const { number, program, pass } of programs) {
      const random = createRandom(rootKey(number))
      expectSteps(program, pass, encoding, () =>
        random.chance(0.2) ? random.pick(corners) : drawNumber(random),
      )
    }
  })
})
