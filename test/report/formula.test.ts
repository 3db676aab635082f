import { describe, expect, test } from 'vitest'
import { createGraph } from '../../src/ir/build.ts'
import type { GraphNode } from '../../src/ir/graph.ts'
import { specialize } from '../../src/plan/choice.ts'
import { finite } from '../../src/operators/interval.ts'
import type { ElementwiseOperator } from '../../src/operators/operator.ts'
import type { Random } from '../../src/operators/random.ts'
import { operators } from '../../src/operators/table.ts'
import { expressionPiece } from '../../src/report/formula/expression.ts'
import { readLatex } from '../../src/report/formula/latex.ts'
import { ruleFormula } from '../../src/report/formula/rule-formula.ts'
import { createSymbols } from '../../src/report/formula/symbols.ts'
import { drawSomeRule, programOf, randomOf } from '../mutate/published.ts'
import { drawSome, spaceOf } from '../mutate/space.ts'
import { compileText, optimizer, optimizerNames } from '../stdlib/library.ts'
import { readMarkup, textOf } from './markup.ts'
import { valueOf } from './read-formula.ts'

const elementwise = operators.filter(
  (operator): operator is ElementwiseOperator => operator.kind === 'elementwise',
)
const numeric = elementwise.filter((operator) => operator.boolean !== true)
const conditions = elementwise.filter((operator) => operator.boolean === true)

const LETTERS = ['x', 'y', 'z'] as const
const values = { x: 0.7, y: -1.3, z: 2.2 } as const
const symbols = createSymbols([...LETTERS])
const naming = (): undefined => undefined

/** A graph and its value in 64-bit arithmetic. */
interface Drawn {
  readonly node: GraphNode
  readonly value: number
  /** Whether formulas, which know no guards against overflow, can be computed as they stand. */
  readonly isTame: boolean
}

const LARGEST = 30
const isTame = (value: number): boolean => Math.abs(value) <= LARGEST

const graph = createGraph()

function leaf(random: Random): Drawn {
  if (random.chance(0.3)) {
    const value = random.pick([2, 0.5, -3, 1e-7, -2.5e-4, Math.PI, 12])
    return { node: graph.constant(value), value, isTame: true }
  }
  const name = random.pick(LETTERS)
  return {
    node: graph.parameter(undefined, name, finite),
    value: values[name],
    isTame: true,
  }
}

function apply(operator: ElementwiseOperator, operands: readonly Drawn[]): Drawn {
  const value = operator.meaning(...operands.map((operand) => operand.value))
  return {
    node: graph.apply(
      operator,
      operands.map(({ node }) => node),
    ),
    value,
    isTame: isTame(value) && operands.every((operand) => operand.isTame),
  }
}

function draw(random: Random, depth: number, operator = random.pick(numeric)): Drawn {
  const operands = operator.parameters.map(({ boolean }): Drawn => {
    if (boolean === true) return draw(random, Math.min(depth, 1), random.pick(conditions))
    return depth <= 1 || random.chance(0.2) ? leaf(random) : draw(random, depth - 1)
  })
  return apply(operator, operands)
}

/** What is wrong with reading a formula back; undefined when nothing is. */
function fault({ node, value }: Drawn): string | undefined {
  const { markup } = expressionPiece(node, symbols, naming)
  const read = valueOf(readMarkup(`<math>${markup}</math>`), values)
  return Math.abs(read - value) <= 1e-6 * Math.max(1e-6, Math.abs(value))
    ? undefined
    : `${read} is not ${value}: ${markup}`
}

describe('a formula read as a person does, by what is seen, has the value of the program', () => {
  test.each(numeric.map((operator) => [operator.name, operator] as const))(
    '%s',
    (name, operator) => {
      let checked = 0
      for (let round = 0; round < 40; round++) {
        const drawn = draw(randomOf(name, round), 1, operator)
        if (!drawn.isTame) continue
        checked += 1
        expect(fault(drawn)).toBeUndefined()
      }
      expect(checked).toBeGreaterThan(10)
    },
  )

  test('any operator in any place of any other', () => {
    let checked = 0
    for (const outer of numeric) {
      for (const inner of numeric) {
        outer.parameters.forEach(({ boolean }, place) => {
          if (boolean === true) return
          const random = randomOf(outer.name, inner.name, place)
          const operands = outer.parameters.map((parameter, index) =>
            parameter.boolean === true
              ? draw(random, 1, random.pick(conditions))
              : index === place
                ? draw(random, 1, inner)
                : leaf(random),
          )
          const drawn = apply(outer, operands)
          if (!drawn.isTame) return
          checked += 1
          expect(fault(drawn), `${inner.name} in ${outer.name}`).toBeUndefined()
        })
      }
    }
    expect(checked).toBeGreaterThan(1000)
  })

  test('deep ones', () => {
    let checked = 0
    for (let number = 0; number < 1500; number++) {
      const drawn = draw(randomOf('deep', number), 4)
      if (!drawn.isTame) continue
      checked += 1
      expect(fault(drawn)).toBeUndefined()
    }
    expect(checked).toBeGreaterThan(500)
  })
})

test('every formula of the operator table can be read', () => {
  for (const { formula, parameters } of operators)
    expect(
      readLatex(
        formula,
        parameters.map(({ name }) => name),
      ).length,
    ).toBeGreaterThan(0)
})

test.each(['\\frac{a}', '{a', '(a', '\\begin{cases} a', 'a}', 'a ? b', '|a'])(
  'LaTeX that the table does not use is refused: %s',
  (latex) => {
    expect(() => readLatex(latex, ['a', 'b'])).toThrow(RangeError)
  },
)

describe('symbols', () => {
  const markup = createSymbols(
    ['lr', 'beta', 'v_hat', 'average_3', 'new_m', 'warmup'],
    ['published_lr', 'a13'],
  )
  test.each([
    ['lr', 'η'],
    ['beta', 'β'],
    ['v_hat', 'v^'],
    ['average_3', 'm'],
    ['new_m', 'm′'],
    ['warmup', 'warmup'],
    ['published_lr', 'η'],
    ['a13', 'a13'],
  ])('%s', (name, shown) => {
    expect(textOf(readMarkup(markup.markup(name)))).toBe(shown)
  })

  test('are not shared by two names', () => {
    const both = createSymbols(['lr', 'eta', 'm', 'average'])
    const shown = ['lr', 'eta', 'm', 'average'].map((name) => textOf(readMarkup(both.markup(name))))
    expect(new Set(shown).size).toBe(4)
  })
})

describe('rules', () => {
  const lineText = (line: { readonly left: string; readonly right: string }): string =>
    [line.left, line.right].map((side) => textOf(readMarkup(side))).join(' ')

  test.each(optimizerNames)('%s is typeset whole', (name) => {
    const program = optimizer(name)
    const { lines } = ruleFormula(program, specialize(program))
    expect(lines.filter(({ kind }) => kind === 'update').length).toBeGreaterThan(0)
    for (const line of lines) expect(lineText(line)).not.toMatch(/undefined|NaN/)
  })

  test('reductions say which axis is gone', () => {
    const shownFor = (text: string): string => {
      const program = compileText('rule', `update = lr * g * ${text}`)
      const { lines } = ruleFormula(program, specialize(program))
      return lineText(lines.at(-1)!)
    }
    const calls = ['sum(w)', 'mean(w)', 'norm(w)', 'max_abs(w)', 'dot(g, w)']
    const shown = calls.flatMap((call) => [
      shownFor(call),
      ...['inputs', 'outputs'].map((axis) => {
        const line = shownFor(call.replace(')', `, over = ${axis})`))
        expect(line, call).toContain(axis)
        return line
      }),
    ])
    expect(new Set(shown).size).toBe(shown.length)
  })

  test('random ones of the modern space are typeset', () => {
    const modern = spaceOf('modern')
    for (let number = 0; number < 30; number++) {
      const program = programOf(drawSome(modern, randomOf('typeset modern', number)))
      for (const line of ruleFormula(program, specialize(program)).lines)
        expect(lineText(line)).not.toMatch(/undefined|NaN/)
    }
  })

  test('random ones are, with every function they call', () => {
    for (let number = 0; number < 60; number++) {
      const program = programOf(drawSomeRule(randomOf('typeset', number)))
      const { lines, functions } = ruleFormula(program, specialize(program))
      expect(lines.at(-1)!.kind).toBe('update')
      expect(new Set(functions.map(({ name }) => name)).size).toBe(functions.length)
      for (const line of functions.flatMap((each) => each.lines))
        expect(lineText(line)).toMatch(/=/)
    }
  })

  test('Adam is what everybody knows', async () => {
    const program = optimizer('adam')
    const { lines, symbols: legend } = ruleFormula(program, specialize(program))
    await expect(
      `${[...lines.map(lineText), ...legend.map(({ name, symbol }) => `${textOf(readMarkup(symbol))}: ${name}`)].join('\n')}\n`,
    ).toMatchFileSnapshot('golden/adam.txt')
  })
})
