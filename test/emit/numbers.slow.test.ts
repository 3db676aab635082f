import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile } from '../../src/compile.ts'
import { numberText } from '../../src/emit/ts/expression.ts'
import { functionFormula } from '../../src/emit/formula.ts'
import { printTypeScript } from '../../src/emit/ts/print.ts'
import { evaluateFunction } from '../../src/ir/schedule.ts'
import type { ScheduleFunction } from '../../src/ir/graph.ts'
import { library, optimizerNames } from '../stdlib/library.ts'

/** Numbers with few decimals, what is left of 1, thirds and the like, and any others; of both signs. */
const decimal = fc.integer({ min: 1, max: 99_999 }).map((digits) => digits / 100_000)
const size = fc.oneof(
  decimal,
  decimal.map((value) => 1 - value),
  fc
    .tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 2, max: 100 }))
    .map(([a, b]) => a / b),
  fc.double({ noNaN: true, min: 0 }),
)
const anyNumber = fc.tuple(size, fc.boolean()).map(([value, less]) => (less ? -value : value))

function scheduleOf(body: string): ScheduleFunction {
  const { value, diagnostics } = compile(
    { path: 's.opt', text: `schedule s(t) = ${body}` },
    () => undefined,
  )
  if (value === undefined) throw new Error(`${body}: ${diagnostics[0]?.message}`)
  return value.functions[0]!
}

describe('numbers as they are written', () => {
  it('are what they stand for, to the last bit', () => {
    fc.assert(
      fc.property(anyNumber, (value) => {
        expect(new Function(`return ${numberText(value).text}`)()).toBe(value)
      }),
    )
  })

  it.each([
    [1 - 0.9, '1 - 0.9'],
    [0.9 - 1, '0.9 - 1'],
    [1 / 3, '1 / 3'],
    [-2 / 3, '-2 / 3'],
    [0.1, '0.1'],
    [0.1234567890123, '0.1234567890123'],
  ])('%d is %s', (value, text) => {
    expect(numberText(value).text).toBe(text)
  })

  it('stand in formulas so that the formula computes what it describes', () => {
    const operator = fc.constantFrom('+', '-', '*', '/', '^')
    fc.assert(
      fc.property(decimal, operator, operator, fc.boolean(), (number, first, second, isTurned) => {
        const constant = `(1 - ${number})`
        const inner = isTurned ? `(${constant} ${first} (t + 2))` : `((t + 2) ${first} ${constant})`
        const written = scheduleOf(`${constant} ${second} ${inner}`)
        const read = scheduleOf(functionFormula(written))
        for (const t of [0, 3])
          expect(evaluateFunction(read, [], t, 9)).toBe(evaluateFunction(written, [], t, 9))
      }),
    )
  })

  it.each(optimizerNames)(
    'are short in the formula of std/%s, and the same in its code',
    async (name) => {
      const { programs, functions } = library(name)
      const [artifact] = await printTypeScript(programs, functions, { name })
      const [, comment, code] = /^ \* ```\n([^]*?)^ \* ```\n([^]*)/m.exec(artifact!.text)!
      const decimals = comment!.match(/\d+\.\d+/g) ?? []
      expect(decimals.filter((text) => text.length > 8)).toEqual([])
      expect(decimals.filter((text) => !code!.includes(text))).toEqual([])
    },
  )
})
