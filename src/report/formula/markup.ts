import { element, escapeText } from '../../draw/svg-element.ts'

/** How tightly what is written holds together, from relations to single symbols. */
export const LEVEL = {
  disjunction: 2,
  conjunction: 3,
  complement: 4,
  relation: 5,
  negative: 8,
  sum: 10,
  term: 11,
  product: 20,
  application: 30,
  fraction: 40,
  power: 50,
  symbol: 100,
} as const

/** Presentation MathML, and what must be known to put it into something larger. */
export interface Piece {
  readonly markup: string
  readonly level: number
  /** Whether it begins with a digit: a product's sign may not be left out before it. */
  readonly digit?: boolean
  /** Whether it is a plain number: a product's sign may be left out after it. */
  readonly number?: boolean
}

/** An upright or, for single letters, slanted identifier. */
export function identifier(text: string): string {
  return element('mi', {}, escapeText(text))
}

/** An operator, sign or bracket. */
export function sign(text: string, attributes: Readonly<Record<string, string>> = {}): string {
  return element('mo', attributes, escapeText(text))
}

/** Some markup as one. */
export function row(...parts: readonly string[]): string {
  return parts.length === 1 ? parts[0]! : element('mrow', {}, ...parts)
}

/** What is higher than a line. */
const TALL = /<m(?:frac|table|sqrt)\b/

/** Markup between brackets that grow with it. */
export function fenced(markup: string, open = '(', close = ')'): string {
  // Where they need not grow they must not: browsers set brackets that may with blanks around them.
  const stretchy = String(TALL.test(markup))
  return element(
    'mrow',
    {},
    sign(open, { form: 'prefix', stretchy }),
    markup,
    ...(close === '' ? [] : [sign(close, { form: 'postfix', stretchy })]),
  )
}

/** The piece's markup, in brackets where it is looser than `level`. */
export function atLeast(level: number, piece: Piece): string {
  return piece.level >= level ? piece.markup : fenced(piece.markup)
}

/** Powers of ten from this size down, and from its inverse up, are written as such. */
const SMALL = 1e-3

/** A number as people write it: 12 digits at most, large and small ones with a power of ten. */
export function numberPiece(value: number): Piece {
  if (Number.isNaN(value)) return { markup: identifier('NaN'), level: LEVEL.symbol }
  if (value < 0 || Object.is(value, -0)) {
    const size = numberPiece(-value)
    return { markup: row(sign('−', { form: 'prefix' }), size.markup), level: LEVEL.negative }
  }
  if (value === Infinity) return { markup: identifier('∞'), level: LEVEL.symbol }
  if (value === Math.PI) return { markup: identifier('π'), level: LEVEL.symbol }
  if (value === Math.E) return { markup: identifier('e'), level: LEVEL.symbol }
  const rounded = Number(value.toPrecision(12))
  if (rounded === 0 || (rounded > SMALL && rounded < 1 / SMALL ** 2))
    return { markup: digits(String(rounded)), level: LEVEL.symbol, digit: true, number: true }
  const [mantissa = '', exponent = '0'] = rounded.toExponential().split('e')
  const power = element('msup', {}, digits('10'), numberPiece(Number(exponent)).markup)
  return mantissa === '1'
    ? { markup: power, level: LEVEL.power, digit: true, number: true }
    : {
        markup: row(digits(mantissa), sign('·'), power),
        level: LEVEL.product,
        digit: true,
        number: true,
      }
}

/** A number that is written already. */
export function digits(text: string): string {
  return element('mn', {}, escapeText(text))
}
