import type { ModuleLoader } from '../resolve/resolution.ts'
import type { Space } from '../mutate/space/space.ts'
import { compileQuietly } from '../compile.ts'
import { evaluateFunction } from '../ir/schedule.ts'
import { findOperator, operatorByName } from '../operators/table.ts'
import type { Operator } from '../operators/operator.ts'
import type { Expression } from '../syntax/ast.ts'
import * as build from '../syntax/build.ts'
import { equal } from '../syntax/traverse.ts'

/** What the search asks about decays, as arXiv 2404.06679 does: on the 100 steps of a run of 100. */
export interface DecayTests {
  /** Whether the values stay between 0 and 1. */
  readonly isDecay: (decay: Expression) => boolean
  /** Whether the two differ by more than 1e-4 in the euclidean norm of their values. */
  readonly differ: (a: Expression, b: Expression) => boolean
  /** The values on those steps; NaN where the expression has none. */
  readonly valuesOf: (expression: Expression) => Float64Array
}

const STEPS = 100
const LEAST_DIFFERENCE = 1e-4

type Values = Float64Array

/** Values kept before all are forgotten: decays a search draws are short, and so many of them come again. */
const MOST_KEPT = 5000

/** Tests for decays and schedules built from the operands of `space` with operators of the table. */
export function createDecayTests(space: Space, loader: ModuleLoader): DecayTests {
  const operands = [...space.decay.operands, ...(space.schedule?.factor.operands ?? [])]
  const known = new Map<string, Values>()

  const valuesOf = (expression: Expression): Values => {
    const key = keyOf(expression)
    const found = known.get(key)
    if (found !== undefined) return found
    if (known.size >= MOST_KEPT) known.clear()
    const values = evaluate(expression)
    known.set(key, values)
    return values
  }
  const evaluate = (expression: Expression): Values => {
    if (operands.some((operand) => equal(operand, expression)))
      return compiledValues(space, expression, loader)
    switch (expression.kind) {
      case 'number':
        return new Float64Array(STEPS).fill(expression.value)
      case 'unary':
        return apply(operatorByName(expression.operator), [expression.operand])
      case 'binary':
        return apply(operatorByName(expression.operator), [expression.left, expression.right])
      case 'call': {
        const arguments_ = expression.arguments.map(({ value }) => value)
        const operator = findOperator(expression.callee.name, arguments_.length)
        return operator === undefined
          ? compiledValues(space, expression, loader)
          : apply(operator, arguments_)
      }
      default:
        return compiledValues(space, expression, loader)
    }
  }
  const apply = (operator: Operator, arguments_: readonly Expression[]): Values => {
    const values = new Float64Array(STEPS).fill(NaN)
    if (operator.kind !== 'elementwise') return values
    const { meaning } = operator
    const [a, b, ...rest] = arguments_.map(valuesOf)
    for (let t = 0; t < STEPS; t++) {
      values[t] =
        b === undefined ? meaning(a![t]!) : meaning(a![t]!, b[t]!, ...rest.map((each) => each[t]!))
    }
    return values
  }

  return {
    valuesOf,
    isDecay: (decay) => valuesOf(decay).every((value) => value >= 0 && value <= 1),
    differ: (a, b) => {
      const before = valuesOf(a)
      return Math.hypot(...valuesOf(b).map((value, t) => value - before[t]!)) > LEAST_DIFFERENCE
    },
  }
}

/** A text that is the same for expressions that say the same. */
function keyOf(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value)
    case 'name':
      return expression.name
    case 'unary':
      return `${expression.operator}(${keyOf(expression.operand)})`
    case 'binary':
      return `(${keyOf(expression.left)} ${expression.operator} ${keyOf(expression.right)})`
    case 'call': {
      const arguments_ = expression.arguments.map(({ name, value }) =>
        name === undefined ? keyOf(value) : `${name.name} = ${keyOf(value)}`,
      )
      return `${expression.callee.name}(${arguments_.join(', ')})`
    }
    case 'missing':
      return '?'
  }
}

/** The values of any expression over `t` and `T`, through the compiler; NaN where it is no schedule. */
function compiledValues(space: Space, expression: Expression, loader: ModuleLoader): Values {
  const declaration = build.functionDeclaration(
    'schedule',
    'drawn',
    [build.parameter('t')],
    expression,
  )
  const module = build.module('decay.opt', [...space.imports, declaration])
  const drawn = compileQuietly(module, loader)?.functions[0]
  return Float64Array.from({ length: STEPS }, (_, t) =>
    drawn === undefined ? NaN : evaluateFunction(drawn, [], t, STEPS),
  )
}
