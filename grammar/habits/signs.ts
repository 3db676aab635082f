import { NAMES } from '../../src/diagnostics/habits.ts'
import { endOf } from '../lex.ts'
import { ENDS_OPERAND } from '../token-sets.ts'
import * as token from '../tokens.ts'
import { expressionEnd, imageAt, spanFrom, textOf, touches, typeAt } from './reading.ts'
import type { Find, Habit, Reading } from './reading.ts'

const COMPOUND = /^([+\-*/^]|\*\*)=$/

/** Signs that need more than another sign in their place: `+=`, `++`, `.*`, `...`, a comment after `%`. */
export const findSigns: Find = (reading, index) => {
  if (typeAt(reading, index) !== token.Foreign) return undefined
  const image = imageAt(reading, index)
  const [, operator] = COMPOUND.exec(image) ?? []
  if (operator !== undefined) return findCompound(reading, index, operator.replace('**', '^'))
  switch (image) {
    case '.':
      return findPoint(reading, index)
    case '%':
      return findPercent(reading, index)
    case '++':
      return findIncrement(reading, index)
    case ';':
      return findSemicolon(reading, index)
    default:
      return undefined
  }
}

const isWeight = (name: string): boolean => name === 'w' || NAMES[name] === 'w'

/** `m += x` as `m = m + x`, and `w -= x` as the update. */
function findCompound(reading: Reading, index: number, operator: string): Habit | undefined {
  const target = imageAt(reading, index - 1)
  if (typeAt(reading, index - 1) !== token.Identifier) return undefined
  const sign = imageAt(reading, index)
  const end = expressionEnd(reading, index + 1)
  if (end <= index + 1) return undefined
  const value = textOf(reading, index + 1, end)
  if (isWeight(target) && operator === '-')
    return written(reading, index, `update = ${value}`, [
      { span: spanFrom(reading, index - 1, index + 1), text: 'update =' },
    ])
  const isPart = isSingle(reading, index + 1, end) || operator === '+'
  const after = endOf(reading.tokens[end - 1]!)
  const open = `= ${target} ${operator}`
  return {
    code: 'foreign-operator',
    span: spanFrom(reading, index, index + 1),
    message: `there is no \`${sign}\``,
    help: `write the whole assignment: \`${target} ${open} ${isPart ? value : `(${value})`}\``,
    edits: isPart
      ? [{ span: spanFrom(reading, index, index + 1), text: open }]
      : [
          {
            span: {
              start: reading.tokens[index]!.startOffset,
              end: reading.tokens[index + 1]!.startOffset,
            },
            text: `${open} (`,
          },
          { span: { start: after, end: after }, text: ')' },
        ],
    title: 'write the whole assignment',
  }
}

function written(reading: Reading, index: number, write: string, edits: Habit['edits']): Habit {
  return {
    code: 'foreign-operator',
    span: spanFrom(reading, index - 1, index + 1),
    message: `a step says what it subtracts from \`w\`: \`${write}\``,
    edits,
    title: `write \`${write}\``,
  }
}

/** Whether one operand stands there, which needs no parentheses. */
function isSingle(reading: Reading, start: number, end: number): boolean {
  const open = start + (typeAt(reading, start) === token.Identifier ? 1 : 0)
  return end - start === 1 || reading.partners.get(open) === end - 1
}

/** `.*` and its like, `f.(x)`, and `...` at the end of a line. */
function findPoint(reading: Reading, index: number): Habit | undefined {
  const span = spanFrom(reading, index, index + 1)
  const next = typeAt(reading, index + 1)
  if (imageAt(reading, index + 1) === '.' && imageAt(reading, index + 2) === '.') {
    const last = index + 3
    return {
      code: 'foreign-operator',
      span: spanFrom(reading, index, last),
      message: 'a line goes on after an operator without `...`',
      edits: [{ span: spanFrom(reading, index, last), text: '' }],
      title: 'remove `...`',
    }
  }
  const isCall = next === token.LeftParen && touches(reading, index)
  if (next === undefined || !touches(reading, index + 1)) return undefined
  if (!isCall && !token.operatorTokens.includes(next)) return undefined
  const sign = imageAt(reading, index + 1)
  return {
    code: 'foreign-operator',
    span,
    message: isCall
      ? 'functions work element by element without a point'
      : `\`.${sign}\` is written \`${sign}\` here: all operators work element by element`,
    edits: [{ span, text: '' }],
    title: 'remove `.`',
  }
}

/** A comment of MATLAB and LaTeX, at the start of a line and behind a semicolon. */
function findPercent(reading: Reading, index: number): Habit | undefined {
  const before = typeAt(reading, index - 1)
  const isComment =
    before === undefined || before === token.LineBreak || imageAt(reading, index - 1) === ';'
  if (!isComment) return undefined
  const { text, tokens } = reading
  const start = tokens[index]!.startOffset
  const line = /^[^\n\r]*/.exec(text.slice(start))![0]
  return {
    code: 'foreign-comment',
    span: { start, end: start + line.length },
    message: 'a comment starts with `//`',
    edits: [{ span: { start, end: start + line.length }, text: `//${line.slice(1)}` }],
    title: 'replace `%` with `//`',
  }
}

/** A semicolon with a comment of another language behind it: one habit, since they come together. */
function findSemicolon(reading: Reading, index: number): Habit | undefined {
  if (imageAt(reading, index + 1) !== '%') return undefined
  const comment = findPercent(reading, index + 1)!
  return {
    ...comment,
    code: 'unexpected-semicolon',
    span: spanFrom(reading, index, index + 1),
    message: 'statements end with the line, not with a semicolon, and a comment starts with `//`',
    edits: [{ span: spanFrom(reading, index, index + 1), text: '' }, ...comment.edits],
    title: 'write it with `//`',
  }
}

/** `m++` as a statement. */
function findIncrement(reading: Reading, index: number): Habit | undefined {
  const after = typeAt(reading, index + 1)
  const target = imageAt(reading, index - 1)
  const ends = after === undefined || after === token.LineBreak || after === token.RightBrace
  if (typeAt(reading, index - 1) !== token.Identifier || !ends) return undefined
  const write = `${target} = ${target} + 1`
  return {
    code: 'foreign-operator',
    span: spanFrom(reading, index, index + 1),
    message: 'there is no `++`',
    help: `assign the new value: \`${write}\``,
    edits: [{ span: spanFrom(reading, index, index + 1), text: ` = ${target} + 1` }],
    title: `write \`${write}\``,
  }
}

/** MATLAB's sign of a transpose, which starts a text here. */
export const findTranspose: Find = (reading, index) => {
  const isText = typeAt(reading, index) === token.StringToken && touches(reading, index)
  const before = typeAt(reading, index - 1)
  if (!isText || !imageAt(reading, index).startsWith("'") || imageAt(reading, index).length > 1)
    return undefined
  if (before === undefined || !ENDS_OPERAND.has(before)) return undefined
  return {
    code: 'unexpected-text',
    span: spanFrom(reading, index, index + 1),
    message: "`'` is no transpose here",
    help: 'a matrix is transposed by `transpose(x)`; `optc explain matrices` tells more',
    edits: [{ span: spanFrom(reading, index, index + 1), text: '' }],
  }
}

/** A decimal comma outside of brackets. */
export const findDecimalComma: Find = (reading, index) => {
  if (typeAt(reading, index) !== token.NumberToken || typeAt(reading, index + 1) !== token.Comma)
    return undefined
  const isNumber =
    typeAt(reading, index + 2) === token.NumberToken &&
    touches(reading, index + 1) &&
    touches(reading, index + 2)
  if (!isNumber || !/^\d+$/.test(imageAt(reading, index))) return undefined
  for (let place = index - 1; place >= 0; place--) {
    const type = typeAt(reading, place)!
    if (type === token.LineBreak || type === token.Equals) break
    if (type === token.LeftParen || type === token.LeftBracket) return undefined
    if (type === token.RightParen) place = reading.partners.get(place) ?? place
  }
  const span = spanFrom(reading, index, index + 3)
  const number = `${imageAt(reading, index)}.${imageAt(reading, index + 2)}`
  return {
    code: 'bad-number',
    span,
    message: `\`${textOf(reading, index, index + 3)}\` is not a number`,
    help: `a decimal point is written: \`${number}\``,
    edits: [{ span, text: number }],
    title: `replace it with \`${number}\``,
  }
}
