import {
  CHARACTERS,
  LETTERS,
  LOWERED,
  MARKS,
  NAMES,
  PREFIX_FUNCTIONS,
  RAISED,
} from '../../src/diagnostics/habits.ts'
import { endOf, spanOf } from '../lex.ts'
import * as token from '../tokens.ts'
import {
  imageAt,
  padded,
  spanFrom,
  textOf,
  typeAt,
  type Find,
  type Habit,
  type Reading,
} from './reading.ts'

const NAME = '[A-Za-z_][A-Za-z0-9_]*'
const POWER = new RegExp(`^(?:${NAME})?(?:\\^-?[0-9a-z]+)?$`)

/** Characters that no keyboard has, and what is typed in their place. */
export const findCharacters: Find = (reading, index) => {
  if (typeAt(reading, index) !== token.Unknown) return undefined
  const image = imageAt(reading, index)
  if (image === '“' || image === '”' || image === '„') return findQuotes(reading, index)
  if (Object.hasOwn(PREFIX_FUNCTIONS, image)) return findPrefix(reading, index)
  const isGradient = image === '∇' && typeAt(reading, index + 1) === token.Identifier
  const span = spanFrom(reading, index, index + (isGradient ? 2 : 1))
  if (Object.hasOwn(CHARACTERS, image)) {
    const typed = CHARACTERS[image]!
    return typedAs(span, image, padded(reading, span, typed), typed)
  }
  const spelled = spell(reading, index)
  if (spelled === undefined) return undefined
  const all = reading.tokens.filter((each) => each.image === image)
  return {
    ...typedAs(span, image, spelled, spelled),
    edits: all.map((each) => ({ span: spanOf(each), text: spelled })),
    title: all.length === 1 ? `replace it with \`${spelled}\`` : `write \`${spelled}\` everywhere`,
  }
}

function typedAs(span: Habit['span'], image: string, text: string, typed: string): Habit {
  return {
    code: 'unknown-character',
    span,
    message: `\`${image}\` is typed \`${typed}\` here`,
    edits: [{ span, text }],
    title: `replace it with \`${typed}\``,
  }
}

/** A text between curved quotes, up to the closing one of its line. */
function findQuotes(reading: Reading, index: number): Habit | undefined {
  const { text, tokens } = reading
  const start = tokens[index]!.startOffset
  const [whole] = /^[“”„][^“”„"\n\r]*[“”"]/.exec(text.slice(start, start + 1000)) ?? []
  if (whole === undefined) return undefined
  const span = { start, end: start + whole.length }
  const typed = `"${whole.slice(1, -1)}"`
  return {
    ...typedAs(span, whole, typed, typed),
    message: 'quotes are typed `"` here',
  }
}

/** `√v`. */
function findPrefix(reading: Reading, index: number): Habit | undefined {
  const image = imageAt(reading, index)
  const name = PREFIX_FUNCTIONS[image]!
  const next = typeAt(reading, index + 1)
  const sign = spanFrom(reading, index, index + 1)
  const isGroup = next === token.LeftParen
  const isCall =
    next === token.Identifier && typeAt(reading, index + 2) === token.LeftParen
      ? reading.partners.get(index + 2)
      : undefined
  if (!isGroup && next !== token.Identifier && next !== token.NumberToken) return undefined
  const end = isGroup
    ? (reading.partners.get(index + 1) ?? index + 1) + 1
    : (isCall ?? index + 1) + 1
  const inside = textOf(reading, index + 1, end)
  const written = isGroup ? name + inside : `${name}(${inside})`
  const after = endOf(reading.tokens[end - 1]!)
  return {
    ...typedAs(spanFrom(reading, index, end), textOf(reading, index, end), written, written),
    edits: isGroup
      ? [{ span: sign, text: name }]
      : [
          { span: sign, text: `${name}(` },
          { span: { start: after, end: after }, text: ')' },
        ],
  }
}

/** How a name with letters of other alphabets, marks, and raised and lowered digits is typed, where all are known. */
function spell(reading: Reading, index: number): string | undefined {
  const image = imageAt(reading, index)
  let name = ''
  let power = ''
  for (const letter of image.normalize('NFD')) {
    if (Object.hasOwn(RAISED, letter)) power += RAISED[letter]!
    else if (power !== '') return undefined
    else name += LETTERS[letter] ?? MARKS[letter] ?? LOWERED[letter] ?? letter
  }
  const meant = isFree(reading, index, name) ? NAMES[name]! : name
  const spelled = power === '' ? meant : `${meant}^${power}`
  return spelled !== '' && POWER.test(spelled) ? spelled : undefined
}

/** Whether the name stands for one that is always there, and nothing of that name is declared. */
function isFree({ tokens }: Reading, index: number, name: string): boolean {
  if (!Object.hasOwn(NAMES, name)) return false
  const { image } = tokens[index]!
  return !tokens.some(
    (each, place) =>
      (each.image === image &&
        (tokens[place + 1]?.tokenType === token.Equals ||
          tokens[place + 1]?.tokenType === token.In)) ||
      each.image === name,
  )
}
