import { describe, expect, test } from 'vitest'
import { laws, type Law } from '../../src/ir/laws.ts'
import { contains } from '../../src/operators/interval.ts'
import { childKey, createRandom, rootKey, type Random } from '../../src/operators/random.ts'
import { findOperator, operatorByName } from '../../src/operators/table.ts'
import type { Operator } from '../../src/operators/operator.ts'
import type { Expression } from '../../src/syntax/ast.ts'
import { parseExpression } from '../../src/syntax/parse-expression.ts'
import { visit } from '../../src/syntax/traverse.ts'
import { corners, drawNumber } from '../operators/points.ts'

const SAMPLES = 400
const LARGEST_ROUNDING = 1e-6

/** A number, and whether it lives on the host: in 64 bits until it meets a tensor. */
interface Value {
  readonly value: number
  readonly host: boolean
}

type Variables = ReadonlyMap<string, Value>

function apply(operator: Operator, arguments_: readonly Value[]): Value {
  if (operator.kind !== 'elementwise') throw new Error(`${operator.name} in a law`)
  const host = arguments_.every((argument) => argument.host)
  const values = arguments_.map(({ value }) => (host ? value : Math.fround(value)))
  const result = operator.meaning(...values)
  return { value: host ? result : Math.fround(result), host }
}

function evaluate(expression: Expression, variables: Variables): Value {
  switch (expression.kind) {
    case 'number':
      return { value: expression.value, host: true }
    case 'name':
      return variables.get(expression.name)!
    case 'unary':
      return apply(operatorByName(expression.operator), [evaluate(expression.operand, variables)])
    case 'binary':
      return apply(operatorByName(expression.operator), [
        evaluate(expression.left, variables),
        evaluate(expression.right, variables),
      ])
    case 'call':
      return apply(
        findOperator(expression.callee.name, expression.arguments.length)!,
        expression.arguments.map(({ value }) => evaluate(value, variables)),
      )
    case 'missing':
      throw new Error('a law with a hole')
  }
}

function read(text: string): Expression {
  const { value, diagnostics } = parseExpression({ path: 'law', text })
  expect(diagnostics).toEqual([])
  return value
}

function variablesOf(expression: Expression): string[] {
  const names = new Set<string>()
  visit(expression, { enter: (node) => void (node.kind === 'name' && names.add(node.name)) })
  return [...names]
}

/** Corner points half of the time; where sides agree up to rounding, sizes that neither overflow nor vanish. */
function draw(law: Law, name: string, random: Random): number {
  if (law.rounds === true) return Math.fround(random.normal() * 2 ** (random.uniform() * 16 - 8))
  for (;;) {
    const drawn = random.chance(0.5) ? random.pick(corners) : drawNumber(random)
    const limits = law.given?.[name]
    const isSigned = Object.is(drawn, -0) && law.unsigned?.includes(name) === true
    if (!isSigned && (limits === undefined || contains(limits, drawn))) return drawn
  }
}

function agree(law: Law, left: number, right: number): boolean {
  if (Object.is(left, right)) return true
  return law.rounds === true && Math.abs(left - right) <= LARGEST_ROUNDING * Math.abs(left)
}

describe.each(laws.map((law) => [`${law.from} = ${law.to}`, law] as const))('%s', (_, law) => {
  const from = read(law.from)
  const to = read(law.to)
  const names = variablesOf(from)

  test('has every variable of its right side, its limits and its hosts on its left side', () => {
    expect(names).toEqual(expect.arrayContaining(variablesOf(to)))
    expect(names).toEqual(expect.arrayContaining(Object.keys(law.given ?? {})))
    expect(names).toEqual(expect.arrayContaining([...(law.host ?? [])]))
  })

  test.each(law.host === undefined ? [false, true] : [false])('holds (on the host: %s)', (host) => {
    const random = createRandom(childKey(rootKey(1), law.from))
    for (let sample = 0; sample < SAMPLES; sample++) {
      const variables = new Map(
        names.map((name): [string, Value] => [
          name,
          { value: draw(law, name, random), host: host || (law.host?.includes(name) ?? false) },
        ]),
      )
      const left = evaluate(from, variables).value
      const right = evaluate(to, variables).value
      // What one side leaves on the host meets a tensor in 32 bits in the end.
      const same = agree(law, Math.fround(left), Math.fround(right))
      expect(same, `${JSON.stringify([...variables])}: ${left} and ${right}`).toBe(true)
    }
  })
})
