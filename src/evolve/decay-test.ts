import type { ModuleLoader } from '../check/checked-module.ts'
import type { Space } from '../check/space.ts'
import { compileModule } from '../compile.ts'
import { evaluateFunction } from '../ir/evaluate.ts'
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
  readonly valuesOf: (expression: Expression) => readonly number[]
}

const STEPS = 100
const LEAST_DIFFERENCE = 1e-4

type Values = readonly number[]

/** Tests for decays and schedules built from the operands of `space` with operators of the table. */
export function createDecayTests(space: Space, loader: ModuleLoader): DecayTests {
  const operands = [...space.decay.operands, ...(space.schedule?.factor.operands ?? [])]
  const bases = operands.map((operand) => ({
    operand,
    values: compiledValues(space, operand, loader),
  }))

  const valuesOf = (expression: Expression): Values => {
    const base = bases.find(({ operand }) => equal(operand, expression))
    if (base !== undefined) return base.values
    switch (expression.kind) {
      case 'number':
        return Array<number>(STEPS).fill(expression.value)
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
    const columns = arguments_.map(valuesOf)
    return Array.from({ length: STEPS }, (_, t) =>
      operator.kind === 'elementwise'
        ? operator.meaning(...columns.map((column) => column[t]!))
        : NaN,
    )
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

/** The values of any expression over `t` and `T`, through the compiler; NaN where it is no schedule. */
function compiledValues(space: Space, expression: Expression, loader: ModuleLoader): Values {
  const declaration = build.functionDeclaration('schedule', 'drawn', [], expression)
  const module = build.module('decay.opt', [...space.imports, declaration])
  const drawn = compileModule(module, loader).value?.functions[0]
  return Array.from({ length: STEPS }, (_, t) =>
    drawn === undefined ? NaN : evaluateFunction(drawn, [], t, STEPS),
  )
}
