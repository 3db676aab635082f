import { negationOperator } from '../operators/table.ts'
import type { Span } from '../diagnostics/source.ts'
import type {
  Argument,
  Assign,
  Binary,
  Block,
  Call,
  Documentation,
  Expression,
  FunctionDeclaration,
  FunctionRole,
  Identifier,
  If,
  Import,
  Item,
  Let,
  Module,
  Name,
  NumberLiteral,
  OptimizerDeclaration,
  Parameter,
  Range,
  Return,
  State,
  Statement,
  Unary,
} from './ast.ts'

/** The span of nodes that no text has: mutants and imported rules. */
export const nowhere: Span = { start: 0, end: 0 }

const span = nowhere

/** A written name. */
export function identifier(name: string): Identifier {
  return { kind: 'identifier', name, span }
}

/** A use of a name. */
export function name(text: string): Name {
  return { kind: 'name', name: text, span }
}

/**
 * An expression for a number, which the language has no negative literals for: `-2` is the negation of 2. Infinities are
 * the constant `inf`. Throws a RangeError for NaN, which no program can write.
 */
export function number(value: number): Expression {
  if (Number.isNaN(value)) throw new RangeError('NaN has no literal')
  if (value < 0 || Object.is(value, -0)) return unary(negationOperator.name, number(-value))
  if (value === Infinity) return name('inf')
  return literal(value)
}

function literal(value: number): NumberLiteral {
  return { kind: 'number', value, text: String(value).replace('e+', 'e'), span }
}

/** A prefix operator, by the name of its row. */
export function unary(operator: string, operand: Expression): Unary {
  return { kind: 'unary', operator, operand, span }
}

/** An infix operator, by the name of its row. */
export function binary(operator: string, left: Expression, right: Expression): Binary {
  return { kind: 'binary', operator, left, right, span }
}

/** A call with arguments by position, or by name where a pair is given. */
export function call(
  callee: string,
  ...values: readonly (Expression | readonly [name: string, value: Expression])[]
): Call {
  return {
    kind: 'call',
    callee: identifier(callee),
    arguments: values.map((each): Argument => {
      if ('kind' in each) return { kind: 'argument', name: undefined, value: each, span }
      const [named, value] = each
      return { kind: 'argument', name: identifier(named), value, span }
    }),
    span,
  }
}

/** `let name = value`. */
export function letStatement(
  named: string,
  value: Expression,
  documentation: Documentation = [],
): Let {
  return { kind: 'let', documentation, name: identifier(named), value, span }
}

/** `state name = value`. */
export function stateStatement(
  named: string,
  value: Expression,
  documentation: Documentation = [],
): State {
  return { kind: 'state', documentation, name: identifier(named), value, span }
}

/** `target = value`. */
export function assign(
  target: string,
  value: Expression,
  documentation: Documentation = [],
): Assign {
  return { kind: 'assign', documentation, target: identifier(target), value, span }
}

/** `return value`. */
export function returnStatement(value: Expression): Return {
  return { kind: 'return', value, span }
}

/** `if condition { then } else { otherwise }`. */
export function ifStatement(condition: Expression, then: Block, otherwise?: Block | If): If {
  return { kind: 'if', condition, then, otherwise, span }
}

/** `{ statements }`. */
export function block(...statements: readonly Statement[]): Block {
  return { kind: 'block', statements, span }
}

/** `[low, high]`, with a round bracket at an open end. */
export function range(
  low: Expression,
  high: Expression,
  {
    lowOpen = false,
    highOpen = false,
  }: { readonly lowOpen?: boolean; readonly highOpen?: boolean } = {},
): Range {
  return { kind: 'range', low, high, lowOpen, highOpen, span }
}

/** `name in range = default`. */
export function parameter(
  named: string,
  more: {
    readonly range?: Range
    readonly default?: Expression
    readonly documentation?: Documentation
  } = {},
): Parameter {
  return {
    kind: 'parameter',
    documentation: more.documentation ?? [],
    name: identifier(named),
    range: more.range,
    default: more.default,
    span,
  }
}

/** `optimizer name(parameters) { statements }`. */
export function optimizer(
  named: string,
  parameters: readonly Parameter[],
  statements: readonly Statement[],
  documentation: Documentation = [],
): OptimizerDeclaration {
  return {
    kind: 'optimizer',
    documentation,
    name: identifier(named),
    parameters,
    body: block(...statements),
    span,
  }
}

/** `fn`, `schedule` or `decay` with a name, parameters and a body. */
export function functionDeclaration(
  role: FunctionRole,
  named: string,
  parameters: readonly Parameter[],
  body: Expression | Block,
  documentation: Documentation = [],
): FunctionDeclaration {
  return {
    kind: 'function',
    role,
    documentation,
    name: identifier(named),
    parameters,
    parentheses: span,
    body,
    span,
  }
}

/** `import { names } from "from"`; a pair is a name and its alias. */
export function importItem(
  from: string,
  ...names: readonly (string | readonly [name: string, alias: string])[]
): Import {
  return {
    kind: 'import',
    names: names.map((each) => {
      const [written, alias] = typeof each === 'string' ? [each, undefined] : each
      return {
        kind: 'import-name',
        name: identifier(written),
        alias: alias === undefined ? undefined : identifier(alias),
        span,
      }
    }),
    from: { kind: 'string', value: from, span },
    span,
  }
}

/** A file with the given items. */
export function module(
  path: string,
  items: readonly Item[],
  documentation: Documentation = [],
): Module {
  return { kind: 'module', path, documentation, items, span }
}
