import { element, escapeText } from '../../draw/svg-element.ts'
import type { Part, Row } from './latex.ts'
import { atLeast, digits, fenced, identifier, LEVEL, row, sign, type Piece } from './markup.ts'

/** What the parameters of a formula stand for. */
export type Arguments = Readonly<Record<string, Piece>>

/** A formula of the operator table with pieces for its parameters, in brackets where the formula needs them. */
export function fillTemplate(parts: Row, arguments_: Arguments): Piece {
  const only = parts[0]
  if (parts.length === 1 && only?.kind === 'parameter') return arguments_[only.text]!
  const pieces: string[] = []
  parts.forEach((part, index) => {
    const before = parts[index - 1]
    if (part.kind === 'operator' && part.text === '·') {
      pieces.push(...productSign(parts, index, arguments_))
      return
    }
    const needed = neededLevel(parts, index)
    if (isFactor(before) && isFactor(part))
      pieces.push(...besides(before, part, isBracketed(part, needed, arguments_)))
    if (part.kind === 'operator' && !isOperand(before)) {
      pieces.push(sign(part.text, { form: 'prefix' }))
      return
    }
    pieces.push(drawPart(part, needed, arguments_))
  })
  return { markup: row(...pieces), level: levelOf(parts) }
}

const isOperand = (part: Part | undefined): part is Part =>
  part !== undefined && !['operator', 'relation', 'comma'].includes(part.kind)

/** Whether two of them side by side are a product (or a function and its argument). */
const isFactor = isOperand

/** Whether a part begins with a bracket. */
function isBracketed(part: Part, needed: number, arguments_: Arguments): boolean {
  return (
    part.kind === 'fence' ||
    (part.kind === 'script' && part.base.kind === 'fence') ||
    (part.kind === 'parameter' && arguments_[part.text]!.level < needed)
  )
}

/** What stands between two parts without a sign: nothing between a function and a bracket, otherwise the invisible one. */
function besides(before: Part, part: Part, isBracket: boolean): readonly string[] {
  if (isFunction(before))
    return [sign('\u2061'), ...(isBracket ? [] : [element('mspace', { width: '0.17em' })])]
  const base = before.kind === 'script' ? before.base : before
  return base.kind === 'letter' && part.kind === 'fence' ? [] : [sign('\u2062')]
}

/** A dot, or nothing after a plain number. */
function productSign(parts: Row, index: number, arguments_: Arguments): readonly string[] {
  const pieceAt = (part: Part | undefined): Piece | undefined =>
    part?.kind === 'parameter' ? arguments_[part.text] : undefined
  const [left, right] = [pieceAt(parts[index - 1]), pieceAt(parts[index + 1])]
  return left?.number === true && right !== undefined && right.digit !== true
    ? [sign('\u2062')]
    : [sign('·')]
}

/** Signs between and before conditions: how tight a formula with them is, and what stands on their sides must be. */
const CONDITIONS: Readonly<
  Record<string, { readonly own: number; readonly left: number; readonly right: number }>
> = {
  '∨': { own: LEVEL.disjunction, left: LEVEL.disjunction, right: LEVEL.conjunction },
  '∧': { own: LEVEL.conjunction, left: LEVEL.conjunction, right: LEVEL.complement },
  '¬': { own: LEVEL.complement, left: LEVEL.symbol, right: LEVEL.symbol },
}

/** How tight the argument at `index` must be to stand there without brackets. */
function neededLevel(parts: Row, index: number): number {
  const before = parts[index - 1]
  const after = parts[index + 1]
  const needs: number[] = [0]
  for (const [neighbour, isLeft] of [
    [before, true],
    [after, false],
  ] as const) {
    if (neighbour === undefined || neighbour.kind === 'comma') continue
    if (neighbour.kind === 'relation') needs.push(LEVEL.negative)
    else if (neighbour.kind !== 'operator')
      needs.push(isLeft && isFunction(neighbour) ? LEVEL.symbol : LEVEL.product)
    else if (CONDITIONS[neighbour.text] !== undefined)
      needs.push(CONDITIONS[neighbour.text]![isLeft ? 'right' : 'left'])
    else if (neighbour.text !== '+' && neighbour.text !== '−')
      // What stands right of a remainder's word is taken for all of the product.
      needs.push(LEVEL.product + (isLeft && neighbour.text !== '·' ? 1 : 0))
    else if (!isLeft) needs.push(LEVEL.negative)
    else needs.push(neighbour.text === '+' ? LEVEL.sum : LEVEL.term)
  }
  return Math.max(...needs)
}

const isFunction = (part: Part): boolean =>
  part.kind === 'function' || (part.kind === 'script' && part.base.kind === 'function')

function levelOf(parts: Row): number {
  const kinds = parts.map((part, index): number => {
    const before = parts[index - 1]
    if (part.kind === 'relation') return LEVEL.relation
    if (part.kind === 'operator') {
      const condition = CONDITIONS[part.text]
      if (condition !== undefined) return condition.own
      if (!isOperand(before)) return LEVEL.negative
      if (part.text === '·') return LEVEL.product
      // Nobody knows whether a remainder comes before a product.
      return part.text === '+' || part.text === '−' ? LEVEL.sum : LEVEL.negative
    }
    if (isFactor(before) && isFactor(part))
      return isFunction(before) ? applicationLevel(part) : LEVEL.product
    return ownLevel(part, parts.length)
  })
  return Math.min(...kinds)
}

/** A function with its argument in brackets is as good as a symbol, except below a power. */
function applicationLevel(part: Part): number {
  return part.kind === 'fence' ? LEVEL.power : LEVEL.application
}

function ownLevel(part: Part, count: number): number {
  if (part.kind === 'fraction') return LEVEL.fraction
  if (part.kind === 'script') return LEVEL.power
  if (part.kind === 'cases') return count > 1 ? LEVEL.relation : LEVEL.sum
  return LEVEL.symbol
}

function drawPart(part: Part, needed: number, arguments_: Arguments): string {
  const inner = (parts: Row): string => fillTemplate(parts, arguments_).markup
  switch (part.kind) {
    case 'parameter':
      return atLeast(needed, arguments_[part.text]!)
    case 'number':
      return digits(part.text)
    case 'letter':
    case 'function':
      return part.text === '∑' ? sign(part.text) : identifier(part.text)
    case 'operator':
    case 'relation':
      return sign(part.text)
    case 'comma':
      return sign(',')
    case 'words':
      return element('mtext', {}, escapeText(part.text))
    case 'fraction':
      return element('mfrac', {}, inner(part.over), inner(part.under))
    case 'root':
      return element('msqrt', {}, inner(part.inside))
    case 'fence':
      return fenced(inner(part.inside), part.open, part.close)
    case 'script':
      return drawScript(part, arguments_)
    case 'cases':
      return fenced(
        element(
          'mtable',
          {},
          ...part.lines.map((line) =>
            element('mtr', {}, ...line.map((cell) => element('mtd', {}, inner(cell)))),
          ),
        ),
        '{',
        '',
      )
  }
}

function drawScript(
  { base, above, below }: Extract<Part, { kind: 'script' }>,
  arguments_: Arguments,
): string {
  const bottom = drawPart(base, LEVEL.symbol, arguments_)
  const draw = (parts: Row): string => fillTemplate(parts, arguments_).markup
  if (above === undefined) return element('msub', {}, bottom, draw(below ?? []))
  return below === undefined
    ? element('msup', {}, bottom, draw(above))
    : element('msubsup', {}, bottom, draw(below), draw(above))
}
