import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { checkIntegrity } from '../../src/evolve/integrity.ts'
import { mutate } from '../../src/mutate/mutate.ts'
import { ruleLines } from '../../src/mutate/notation-file.ts'
import { readNotation } from '../../src/mutate/notation-read.ts'
import type { Random } from '../../src/operators/random.ts'
import type { Module } from '../../src/syntax/ast.ts'
import { programOf as programOfText } from '../ir/program.ts'
import { drawSomeRule, programOf, published, randomOf, tests } from '../mutate/published.ts'
import { optimizer, optimizerNames } from '../stdlib/library.ts'
import { referenceIntegrity } from './reference-integrity.ts'

/** The verdict of the reference, to the bit. */
function expectSame(module: Module, name: string): void {
  const program = programOf(module)
  expect(checkIntegrity(program), name).toEqual(referenceIntegrity(program))
}

function mutant(module: Module, count: number, random: Random): Module {
  let current = module
  for (let done = 0; done < count;) {
    const mutated = mutate(published, current, random, tests)
    if (!('module' in mutated)) continue
    current = mutated.module
    done += 1
  }
  return current
}

describe('the check gives what the reference gives, to the bit', () => {
  test.each(optimizerNames)('std/%s', (name) => {
    expect(checkIntegrity(optimizer(name))).toEqual(referenceIntegrity(optimizer(name)))
  })

  test('on rules of the published log', () => {
    const lines = ruleLines(
      readFileSync(new URL('../../src/study/data/published-rules.tsv', import.meta.url), 'utf8'),
    )
    // Every rule takes half a minute: run it with EVERY=1 after changing how rules are compiled or run.
    const every = Number(process.env['EVERY'] ?? 4)
    for (let index = 0; index < lines.length; index += every) {
      const { text } = lines[index]!
      const read = readNotation(published, text)
      if ('error' in read) throw new Error(text)
      expectSame(read.module, text)
    }
  })

  test('on drawn rules and their mutants', () => {
    for (let number = 0; number < 150; number++) {
      const random = randomOf('integrity', number)
      expectSame(mutant(drawSomeRule(random), number % 3, random), `rule ${number}`)
    }
  })

  test.each([
    ['a number per step', 'update = lr'],
    ['states on the host', 'update = lr * corrected_ema(2, 0.9) * g'],
    ['a state on the host that follows the learning rate', 'update = ema(lr, 0.5) * g'],
    ['a state that holds another one', 'update = lr * (g + previous(previous(g)))'],
    ['a state that starts at the weights', 'state slow = w\nslow = w\nupdate = lr * g + w - slow'],
    ['one number per parameter', 'state m = 1\nm = 0.9 * m + norm(g)\nupdate = lr * g / m'],
    ['a choice by element', 'update = where(g > 1, lr * g, lr * sign(g))'],
    ['a choice by step', 'update = where(t < 3, lr * g, 0.5 * lr * g)'],
    ['three arguments', 'update = lr * clip(g, -w, 1)'],
    ['a fact about the shape', 'update = lr * g * (rank(w) + 1)'],
    [
      'a fact about the shape with a sum',
      'let s = rank(w) * (t + 1) / sqrt(t + 1)\nupdate = lr * g / s',
    ],
    ['draws', 'update = lr * (dropout(g, 0.5) + dropout(1, 0.1) * g)'],
    ['cubes', 'update = lr * 1e-3 * g^3 + lr * w^3 * 1e-20'],
    ['numbers that overflow', 'update = lr * exp(exp(g^3)) * g'],
  ])('on %s', (_, text) => {
    expect(checkIntegrity(programOfText(text))).toEqual(referenceIntegrity(programOfText(text)))
  })

  test('on a rule with an `if`', () => {
    const program = programOfText(
      'if rank(w) > 1 {\n  update = lr\n} else {\n  update = lr * running_max(g)\n}\n',
    )
    expect(checkIntegrity(program)).toEqual(referenceIntegrity(program))
  })
})
