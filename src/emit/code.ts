/** An expression of a printed program, before it is text: what every target's spellings are made of. */
export type Code =
  | { readonly kind: 'name'; readonly name: string }
  /** Not negative: a minus sign is an operator. */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'call'; readonly callee: Code; readonly arguments: readonly Code[] }
  | { readonly kind: 'member'; readonly object: Code; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Code[] }
  /** An argument under its name. */
  | { readonly kind: 'keyword'; readonly name: string; readonly value: Code }
  | { readonly kind: 'item'; readonly object: Code; readonly key: Code }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Code }
  | {
      readonly kind: 'binary'
      readonly operator: string
      readonly left: Code
      readonly right: Code
    }
  | {
      readonly kind: 'conditional'
      readonly condition: Code
      readonly then: Code
      readonly otherwise: Code
    }

/** How a language writes its operators. */
export interface Notation {
  /** How tightly each operator between two operands binds; higher is tighter. */
  readonly binary: Readonly<Record<string, number>>
  /** Operators that group to the right; all others group to the left. */
  readonly groupsRight: ReadonlySet<string>
  /** Operators that do not stand beside another of their own kind without parentheses. */
  readonly groupsNeither: ReadonlySet<string>
  /** How tightly each operator before its operand binds. */
  readonly unary: Readonly<Record<string, number>>
  /** Operators whose left operand may not begin with an operator before it, such as JavaScript's `**`. */
  readonly noUnaryLeft: ReadonlySet<string>
  /** Operators that may not stand unbracketed among the operands of another, though they bind tighter. */
  readonly notAmong: Readonly<Record<string, readonly string[]>>
  readonly conditional: number
  /** The text of a choice, from texts of its parts that need no parentheses. */
  readonly choose: (condition: string, then: string, otherwise: string) => string
}

/** The operators of JavaScript and TypeScript, as far as emitted code has them. */
export const javascript: Notation = {
  binary: {
    '??': 2,
    '||': 3,
    '&&': 4,
    '===': 8,
    '!==': 8,
    '<': 9,
    '<=': 9,
    '>': 9,
    '>=': 9,
    '+': 11,
    '-': 11,
    '*': 12,
    '/': 12,
    '%': 12,
    '**': 13,
  },
  groupsRight: new Set(['**']),
  groupsNeither: new Set(),
  unary: { '-': 14, '!': 14 },
  noUnaryLeft: new Set(['**']),
  notAmong: { '??': ['||', '&&'] },
  conditional: 1,
  choose: (condition, then, otherwise) => `${condition} ? ${then} : ${otherwise}`,
}

const ATOM = Infinity

/** The text of an expression, with no more parentheses than it needs. */
export function printCode(code: Code, notation: Notation = javascript): string {
  return print(code, notation, 0)
}

/** Whether the expression is one name, number, call or the like, which no operator tears apart. */
export function isAtom(code: Code): boolean {
  return code.kind !== 'unary' && code.kind !== 'binary' && code.kind !== 'conditional'
}

/** The text, in parentheses where it binds weaker than `above`. */
function print(code: Code, notation: Notation, above: number): string {
  const text = printAs(code, notation)
  return bindingOf(code, notation) < above ? `(${text})` : text
}

function bindingOf(code: Code, { binary, unary, conditional }: Notation): number {
  switch (code.kind) {
    case 'unary':
      return unary[code.operator]!
    case 'binary':
      return binary[code.operator]!
    case 'conditional':
      return conditional
    default:
      return ATOM
  }
}

function printAs(code: Code, notation: Notation): string {
  const list = (items: readonly Code[]): string =>
    items.map((item) => print(item, notation, 0)).join(', ')
  switch (code.kind) {
    case 'name':
      return code.name
    case 'number':
      return code.text
    case 'call':
      return `${print(code.callee, notation, ATOM)}(${list(code.arguments)})`
    case 'member':
      // A point behind digits is a decimal point.
      return code.object.kind === 'number'
        ? `(${code.object.text}).${code.name}`
        : `${print(code.object, notation, ATOM)}.${code.name}`
    case 'list':
      return `[${list(code.items)}]`
    case 'keyword':
      return `${code.name}=${print(code.value, notation, 0)}`
    case 'item':
      return `${print(code.object, notation, ATOM)}[${print(code.key, notation, 0)}]`
    case 'unary':
      return `${code.operator}${print(code.operand, notation, notation.unary[code.operator]! + 1)}`
    case 'binary': {
      const { operator, left, right } = code
      const own = notation.binary[operator]!
      const groupsRight = notation.groupsRight.has(operator)
      const side = (operand: Code, groups: boolean): string => {
        const isBarred =
          operand.kind === 'binary' &&
          notation.notAmong[operator]?.includes(operand.operator) === true
        return print(operand, notation, isBarred ? ATOM : groups ? own : own + 1)
      }
      const needsAtom = notation.noUnaryLeft.has(operator) && left.kind === 'unary'
      const first = needsAtom
        ? print(left, notation, ATOM)
        : side(left, !groupsRight && !notation.groupsNeither.has(operator))
      return `${first} ${operator} ${side(right, groupsRight)}`
    }
    case 'conditional':
      return notation.choose(
        print(code.condition, notation, notation.conditional + 1),
        print(code.then, notation, notation.conditional + 1),
        print(code.otherwise, notation, notation.conditional),
      )
  }
}

/** A name, or members of one: `g`, `this.seed`, `tf.add`. */
export function name(...path: readonly [string, ...string[]]): Code {
  const [first, ...members] = path
  return members.reduce<Code>((object, member) => ({ kind: 'member', object, name: member }), {
    kind: 'name',
    name: first,
  })
}

/** A call of a function by its name. */
export function call(callee: Code | string, ...arguments_: readonly Code[]): Code {
  return {
    kind: 'call',
    callee: typeof callee === 'string' ? name(callee) : callee,
    arguments: arguments_,
  }
}

/** An operator between two operands. */
export function binary(operator: string, left: Code, right: Code): Code {
  return { kind: 'binary', operator, left, right }
}

/** An operator before its operand. */
export function unary(operator: string, operand: Code): Code {
  return { kind: 'unary', operator, operand }
}

/** `then` where the condition holds, else `otherwise`. */
export function conditional(condition: Code, then: Code, otherwise: Code): Code {
  return { kind: 'conditional', condition, then, otherwise }
}

/** An argument under its name. */
export function keyword(called: string, value: Code): Code {
  return { kind: 'keyword', name: called, value }
}

/** What stands under a key, or at a place. */
export function item(object: Code, key: Code): Code {
  return { kind: 'item', object, key }
}

/** A member of what an expression gives. */
export function member(object: Code, called: string): Code {
  return { kind: 'member', object, name: called }
}

/** A list of expressions. */
export function list(...items: readonly Code[]): Code {
  return { kind: 'list', items }
}

/** A number by its digits, as the language writes them; a negative one is the negation of its size. */
export function number(value: number, text = String(Math.abs(value))): Code {
  const size: Code = { kind: 'number', text }
  return value < 0 || Object.is(value, -0) ? unary('-', size) : size
}
