import { findOperator, operatorByName } from '../../src/operators/table.ts'
import { textOf, type MarkupElement, type MarkupNode } from './markup.ts'

/** A value of a formula, or what a symbol in it means. */
type Token =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'sign'; readonly text: string }
  | { readonly kind: 'power'; readonly base: readonly Token[]; readonly exponent: number }

type Function = (...values: readonly number[]) => number

const meaningOf = (name: string): Function => {
  const operator = operatorByName(name)
  if (operator.kind !== 'elementwise') throw new Error(`${name} is no function of numbers`)
  return operator.meaning
}

/** What mathematics means by the names that formulas use. */
const FUNCTIONS: Readonly<Record<string, Function>> = {
  ln: Math.log,
  tanh: Math.tanh,
  arctan: Math.atan,
  arcsinh: Math.asinh,
  sin: Math.sin,
  cos: Math.cos,
  min: Math.min,
  max: Math.max,
  sign: Math.sign,
  σ: (x) => 1 / (1 + Math.exp(-x)),
  erf: meaningOf('erf'),
  erfc: meaningOf('erfc'),
  I1: (x) => meaningOf('bessel_i1e')(x) * Math.exp(Math.abs(x)),
  clip: (...values) => {
    const operator = findOperator('clip', values.length)
    return operator?.kind === 'elementwise' ? operator.meaning(...values) : NaN
  },
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '|': '|', '⌊': '⌋', '⌈': '⌉' }

/**
 * The value of a formula as a person reads it: only what is seen counts, so `mrow` groups nothing. `symbols`: values by
 * their letters.
 */
export function valueOf(formula: MarkupElement, symbols: Readonly<Record<string, number>>): number {
  return readTokens(formula.children.flatMap((child) => tokensOf(child, symbols)))
}

function tokensOf(node: MarkupNode, symbols: Readonly<Record<string, number>>): readonly Token[] {
  if (!('name' in node)) throw new Error(`text ${node.text} outside of tokens`)
  const inner = (child: MarkupNode | undefined): readonly Token[] =>
    child === undefined ? [] : tokensOf(child, symbols)
  const value = (child: MarkupNode | undefined): number => readTokens(inner(child))
  const text = textOf(node)
  switch (node.name) {
    case 'mrow':
    case 'math':
      return node.children.flatMap(inner)
    case 'mspace':
      return []
    case 'mn':
      return [{ kind: 'value', value: Number(text) }]
    case 'mo':
      return [{ kind: 'sign', text: node.attributes.get('form') === 'postfix' ? `${text}>` : text }]
    case 'mi': {
      const known = { e: Math.E, π: Math.PI, '∞': Infinity, ...symbols }[text]
      return [
        known === undefined ? { kind: 'function', name: text } : { kind: 'value', value: known },
      ]
    }
    case 'msub':
      return [{ kind: 'function', name: text }]
    case 'mfrac':
      return [{ kind: 'value', value: value(node.children[0]) / value(node.children[1]) }]
    case 'msqrt':
      return [{ kind: 'value', value: Math.sqrt(readTokens(node.children.flatMap(inner))) }]
    case 'msup':
      return [{ kind: 'power', base: inner(node.children[0]), exponent: value(node.children[1]) }]
    case 'mtable': {
      const [first, second] = node.children as readonly MarkupElement[]
      const cells = first!.children as readonly MarkupElement[]
      const holds = readTokens(cells[1]!.children.flatMap(inner)) !== 0
      const chosen = holds ? cells[0]! : (second!.children[0] as MarkupElement)
      return [{ kind: 'value', value: readTokens(chosen.children.flatMap(inner)) }]
    }
    default:
      throw new Error(`no value of ${node.name}`)
  }
}

function readTokens(tokens: readonly Token[]): number {
  let next = 0
  const isSign = (...texts: readonly string[]): boolean => {
    const token = tokens[next]
    return token?.kind === 'sign' && texts.includes(token.text)
  }
  const take = (text: string): void => {
    if (!isSign(text)) throw new Error(`${text} is missing in ${JSON.stringify(tokens)}`)
    next += 1
  }
  const condition = (): number => {
    let value = conjunction()
    while (isSign('∨')) {
      next += 1
      value = Math.max(conjunction(), value)
    }
    return value
  }
  const conjunction = (): number => {
    let value = complement()
    while (isSign('∧')) {
      next += 1
      value = Math.min(complement(), value)
    }
    return value
  }
  const complement = (): number => {
    if (!isSign('¬')) return relation()
    next += 1
    // Nobody knows how far the sign reaches.
    if (!isSign('(')) throw new Error('the complement of more than it shows')
    return 1 - group()[0]!
  }
  const relation = (): number => {
    const left = sum()
    const token = tokens[next]
    if (token?.kind !== 'sign' || !/^[<>≤≥=≠]$/.test(token.text)) return left
    next += 1
    const right = sum()
    const holds = {
      '<': left < right,
      '>': left > right,
      '≤': left <= right,
      '≥': left >= right,
      '=': left === right,
      '≠': left !== right,
    }[token.text]
    return holds === true ? 1 : 0
  }
  const sum = (): number => {
    let value = isSign('−') ? ((next += 1), -product()) : product()
    while (isSign('+', '−')) {
      const factor = isSign('+') ? 1 : -1
      next += 1
      if (isSign('−')) throw new Error('two signs side by side')
      value += factor * product()
    }
    return value
  }
  const product = (): number => {
    let value = factor()
    while (isSign('·', '\u2062', 'mod')) {
      const isRest = isSign('mod')
      next += 1
      const right = factor()
      value = isRest ? meaningOf('mod')(value, right) : value * right
    }
    return value
  }
  const group = (): readonly number[] => {
    const token = tokens[next]
    if (token?.kind !== 'sign') throw new Error('no group')
    next += 1
    const values = [condition()]
    while (isSign(',')) {
      next += 1
      values.push(condition())
    }
    take(`${CLOSING[token.text]}>`)
    if (token.text === '|') return [Math.abs(values[0]!)]
    return token.text === '⌊' ? [Math.floor(values[0]!)] : values
  }
  const factor = (): number => {
    const token = tokens[next]
    if (token === undefined) throw new Error(`an operand is missing in ${JSON.stringify(tokens)}`)
    if (token.kind === 'sign') {
      if (token.text === '{') {
        next += 1
        return factor()
      }
      return group()[0]!
    }
    next += 1
    if (token.kind === 'value') return token.value
    if (token.kind === 'power') {
      if (token.base.length > 1 && !isBracketed(token.base))
        throw new Error('a power of more than it shows')
      return readTokens(token.base) ** token.exponent
    }
    const apply = FUNCTIONS[token.name]
    if (apply === undefined) throw new Error(`${token.name} means nothing`)
    if (isSign('\u2061')) next += 1
    const argument = tokens[next]
    // The power of a function's brackets is the power of its value.
    if (argument?.kind === 'power' && isBracketed(argument.base)) {
      next += 1
      return apply(readTokens(argument.base)) ** argument.exponent
    }
    return isSign('(') ? apply(...group()) : apply(factor())
  }
  const value = condition()
  if (next < tokens.length)
    throw new Error(`more than a value: ${JSON.stringify(tokens.slice(next))}`)
  return value
}

function isBracketed(tokens: readonly Token[]): boolean {
  const [first] = tokens
  return first?.kind === 'sign' && CLOSING[first.text] !== undefined
}
