import { LATEX, LATEX_MARKS, LETTERS } from '../../src/diagnostics/habits.ts'
import { operatorCallNames } from '../../src/operators/table.ts'
import * as token from '../tokens.ts'
import { imageAt, isForeign, padded, spanFrom, textOf, touches, typeAt } from './reading.ts'
import type { Find, Reading } from './reading.ts'

const GREEK: ReadonlySet<string> = new Set(Object.values(LETTERS))
const OPERATORS: ReadonlySet<string> = new Set(operatorCallNames)

/** A command of LaTeX: what is written for it, and the place after it. */
interface Command {
  readonly write: string
  readonly end: number
}

/** `\beta`, `\sqrt{v}`, `\frac{a}{b}`, `\hat{m}`. */
export const findLatex: Find = (reading, index) => {
  if (imageAt(reading, index) !== '\\' || !touches(reading, index + 1)) return undefined
  const command = readCommand(reading, index + 1)
  if (command === undefined) return undefined
  const { write, end } = command
  const span = spanFrom(reading, index, end)
  const text = OPERATORS.has(write) ? write : padded(reading, span, write)
  return {
    code: 'foreign-notation',
    span,
    message:
      write === ''
        ? `\`${textOf(reading, index, end)}\` is not needed here`
        : `\`${textOf(reading, index, end)}\` is written \`${write}\` here`,
    edits: [{ span, text }],
    title: write === '' ? 'remove it' : `replace it with \`${write}\``,
  }
}

function readCommand(reading: Reading, name: number): Command | undefined {
  const word = imageAt(reading, name)
  const end = name + 1
  if (word === 'frac' || word === 'dfrac' || word === 'tfrac') return readFraction(reading, end)
  const [first, ...indices] = word.split('_')
  if (GREEK.has(first!)) return { write: [first, ...indices].join(''), end }
  const group = groupAt(reading, end)
  if (Object.hasOwn(LATEX_MARKS, word) && group !== undefined && /^\w+$/.test(group.write))
    return { write: group.write + LATEX_MARKS[word]!, end: group.end }
  const meant = Object.hasOwn(LATEX, word) ? LATEX[word]! : word
  if (Object.hasOwn(LATEX, word) && !OPERATORS.has(meant)) return { write: meant, end }
  if (!OPERATORS.has(meant)) return undefined
  return group === undefined
    ? { write: meant, end }
    : { write: `${meant}(${group.write})`, end: group.end }
}

function readFraction(reading: Reading, start: number): Command | undefined {
  const over = groupAt(reading, start)
  const under = over === undefined ? undefined : groupAt(reading, over.end)
  if (over === undefined || under === undefined) return undefined
  return { write: `(${over.write}) / (${under.write})`, end: under.end }
}

/** What stands in braces at `start`. */
function groupAt(reading: Reading, start: number): Command | undefined {
  const close = typeAt(reading, start) === token.LeftBrace ? reading.partners.get(start) : undefined
  if (close === undefined || isForeign(reading, start + 1, close)) return undefined
  return { write: textOf(reading, start + 1, close), end: close + 1 }
}
