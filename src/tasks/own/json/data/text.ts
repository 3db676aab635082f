import { z } from 'zod'
import { readCharacters, UNKNOWN_CHARACTER } from '../../../formats/character-text.ts'
import { vocabularyOf, type NumberedText } from '../../../formats/numbered-text.ts'
import { readWords, UNKNOWN_WORD } from '../../../formats/word-text.ts'
import { PARTS, type Part } from '../../../image-files/image-listing.ts'
import { windowExamples } from '../../../text-problem.ts'
import {
  givenParts,
  inMemory,
  ofPart,
  parted,
  text as name,
  type DataKind,
  type Parted,
} from '../data-kind.ts'

export interface TextSpec {
  readonly kind: 'text'
  readonly file: Parted<string>
  /** What is numbered: `characters` when absent. */
  readonly unit?: 'characters' | 'words'
  /** How many of them an example has. */
  readonly window: number
  /** The most frequent ones that have a number of their own; all of the training part when absent. */
  readonly most?: number
}

const remedy = 'write it in UTF-8'

/** Parts that are no files of their own are the end of the training text, the test part last: a text is not shuffled. */
export const text: DataKind<TextSpec> = {
  summary: 'a text in UTF-8, in windows of characters or words whose next ones are told',
  gives: ['next'],
  schema: z.strictObject({
    kind: z.literal('text'),
    file: parted(name, 'the name of a file'),
    unit: z.enum(['characters', 'words']).exactOptional(),
    window: z.int().min(1),
    most: z.int().min(2).exactOptional(),
  }),
  example: { kind: 'text', file: 'book.txt', window: 32 },
  prepare: ({ file, unit = 'characters', window, most = Infinity }, place) => {
    const given = givenParts([file])
    const read = unit === 'words' ? readWords : readCharacters
    const own = new Map<Part, readonly string[]>()
    for (const part of given) {
      const { value, field } = ofPart(file, part, ['data', 'file'])!
      own.set(part, place.valueOf(read(place.file(value, field), remedy)))
    }
    const { train, ...rest } = split(own.get('train')!, place.shares(given))
    const parts: Parts = {
      train,
      validation: own.get('validation') ?? rest.validation,
      test: own.get('test') ?? rest.test,
    }
    const short = PARTS.find((part) => parts[part].length <= window)
    if (short !== undefined)
      place.refuse(
        ['data', 'window'],
        `the ${short} part has ${parts[short].length} ${unit}, and an example is ${window} and the next one`,
      )
    const numbered = numberedText(parts, unit === 'words' ? UNKNOWN_WORD : UNKNOWN_CHARACTER, most)
    const sets = windowExamples(numbered, window)
    return {
      ends: { input: sets.input, outputs: sets.outputs },
      examples: 'windows',
      isChangeable: false,
      open: inMemory(() => sets),
    }
  },
}

type Parts = Readonly<Record<Part, readonly string[]>>

function split(
  tokens: readonly string[],
  { validation, test }: { readonly validation: number; readonly test: number },
): Record<Part, readonly string[]> {
  const testFrom = Math.round(tokens.length * (1 - test))
  const validationFrom = Math.round(tokens.length * (1 - test - validation))
  return {
    train: tokens.slice(0, validationFrom),
    validation: tokens.slice(validationFrom, testFrom),
    test: tokens.slice(testFrom),
  }
}

function numberedText(parts: Parts, unknown: string, most: number): NumberedText {
  const vocabulary = vocabularyOf(parts.train, { most, unknown })
  const numbers = new Map(vocabulary.map((token, index) => [token, index]))
  const encoded = (part: Part): Int32Array =>
    Int32Array.from(parts[part], (token) => numbers.get(token) ?? vocabulary.length - 1)
  return {
    vocabulary,
    train: encoded('train'),
    validation: encoded('validation'),
    test: encoded('test'),
  }
}
