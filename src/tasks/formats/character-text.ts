import { dataFilePath, type DataResult } from '../data-file.ts'
import { damaged, readFormat } from './byte-reader.ts'
import { decodeText } from './csv.ts'
import { checkCounts, vocabularyOf, type NumberedText, type TextCounts } from './numbered-text.ts'

/** What stands for a character that the training part lacks. */
export const UNKNOWN_CHARACTER = '\ufffd'

/** A text in three files. */
export interface CharacterSet {
  readonly name: string
  /** Names, without the `.gz` they may end in. */
  readonly files: { readonly train: string; readonly validation: string; readonly test: string }
  /** How many characters the parts and the vocabulary must have. */
  readonly characters?: TextCounts
  readonly remedy: string
}

/**
 * Reads the three files of `set` in a folder, in UTF-8. The vocabulary is that of the training part, and at its end
 * {@link UNKNOWN_CHARACTER} for all others. Line breaks are one character each.
 */
export function readCharacterText(set: CharacterSet, directory: string): DataResult<NumberedText> {
  const { files, characters, remedy } = set
  const train = readCharacters(dataFilePath(directory, files.train), remedy)
  if (!train.ok) return train
  const validation = readCharacters(dataFilePath(directory, files.validation), remedy)
  if (!validation.ok) return validation
  const test = readCharacters(dataFilePath(directory, files.test), remedy)
  if (!test.ok) return test
  const vocabulary = vocabularyOf(train.value, { unknown: UNKNOWN_CHARACTER })
  const numbers = new Map(vocabulary.map((character, index) => [character, index]))
  const encoded = (part: readonly string[]): Int32Array =>
    Int32Array.from(part, (character) => numbers.get(character) ?? vocabulary.length - 1)
  return checkCounts(set, 'characters', characters, directory, {
    vocabulary,
    train: encoded(train.value),
    validation: encoded(validation.value),
    test: encoded(test.value),
  })
}

/** The characters of one file, code points of Unicode. */
export function readCharacters(path: string, remedy: string): DataResult<readonly string[]> {
  return readFormat(path, { expected: 'text in UTF-8', remedy }, (bytes) => {
    const characters = Array.from(decodeText(bytes).replaceAll('\r\n', '\n'))
    return characters.length > 0 ? characters : damaged('holds no characters')
  })
}
