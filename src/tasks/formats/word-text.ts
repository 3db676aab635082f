import { join } from 'node:path'
import { dataFilePath, type DataResult } from '../data-file.ts'
import { damaged, readFormat } from './byte-reader.ts'
import { decodeText } from './csv.ts'
import { checkCounts, vocabularyOf, type NumberedText, type TextCounts } from './numbered-text.ts'

/** What stands for a word outside the vocabulary, and for the end of a line. */
export const UNKNOWN_WORD = '<unk>'
export const END_OF_LINE = '<eos>'

/** A text in three files. */
export interface WordSet {
  readonly name: string
  readonly summary: string
  /** Names, without the `.gz` they may end in. */
  readonly files: { readonly train: string; readonly validation: string; readonly test: string }
  /** The words of a line; what has white space around it when absent. */
  readonly wordsOf?: (line: string) => readonly string[]
  /** The size of the vocabulary: its last word is {@link UNKNOWN_WORD}, for all that are rarer; every word's when absent. */
  readonly most?: number
  /** How many words the parts and the vocabulary must have. */
  readonly counts?: TextCounts
  readonly remedy: string
}

/** The Penn Treebank as Mikolov prepared it. */
export const PENN_TREEBANK: WordSet = {
  name: 'ptb',
  summary: '929,589 + 73,760 + 82,430 words of the Wall Street Journal (Marcus et al., Mikolov)',
  files: { train: 'ptb.train.txt', validation: 'ptb.valid.txt', test: 'ptb.test.txt' },
  counts: { vocabulary: 10_000, train: 929_589, validation: 73_760, test: 82_430 },
  remedy:
    'take the three files from simple-examples/data of http://www.fit.vutbr.cz/~imikolov/rnnlm/simple-examples.tgz and give their folder with --data DIR',
}

/**
 * Reads the three files of `set` in a folder: its words, every line ended by {@link END_OF_LINE}. The vocabulary is that of the training
 * part; words that it lacks are {@link UNKNOWN_WORD}, and a problem where it lacks that too.
 */
export function readWordText(set: WordSet, directory: string): DataResult<NumberedText> {
  const { files, remedy, wordsOf, most, counts } = set
  const train = readWords(dataFilePath(directory, files.train), remedy, wordsOf)
  if (!train.ok) return train
  const vocabulary = vocabularyOf(
    train.value,
    most === undefined ? {} : { most, unknown: UNKNOWN_WORD },
  )
  const numbers = new Map(vocabulary.map((word, index) => [word, index]))
  const unknown = numbers.get(UNKNOWN_WORD)
  const encoded = (words: readonly string[]): Int32Array =>
    Int32Array.from(words, (word) => numbers.get(word) ?? unknown!)
  const encode = (part: 'validation' | 'test'): DataResult<Int32Array> => {
    const path = dataFilePath(directory, files[part])
    const words = readWords(path, remedy, wordsOf)
    if (!words.ok) return words
    const strange = words.value.find((word) => !numbers.has(word))
    if (strange === undefined || unknown !== undefined)
      return { ok: true, value: encoded(words.value) }
    const line = words.value
      .slice(0, words.value.indexOf(strange))
      .filter((word) => word === END_OF_LINE)
    return {
      ok: false,
      problem: {
        path,
        problem: `has ${JSON.stringify(strange)} in line ${line.length + 1}, which ${join(directory, files.train)} lacks`,
        expected: `words of the training part, or ${UNKNOWN_WORD} in it for others`,
        remedy,
      },
    }
  }
  const validation = encode('validation')
  if (!validation.ok) return validation
  const test = encode('test')
  if (!test.ok) return test
  const text: NumberedText = {
    vocabulary,
    train: encoded(train.value),
    validation: validation.value,
    test: test.value,
  }
  return checkCounts(set, 'words', counts, directory, text)
}

/** The words of one file and the ends of its lines. */
export function readWords(
  path: string,
  remedy: string,
  wordsOf: (line: string) => readonly string[] = wordsBetweenSpaces,
): DataResult<readonly string[]> {
  return readFormat(
    path,
    { expected: 'words with spaces between them, in UTF-8', remedy },
    (bytes) => {
      const lines = decodeText(bytes).split(/\r?\n/)
      if (lines.at(-1) === '') lines.pop()
      const words = lines.flatMap((line) => [...wordsOf(line), END_OF_LINE])
      return words.some((word) => word !== END_OF_LINE) ? words : damaged('holds no words')
    },
  )
}

const wordsBetweenSpaces = (line: string): readonly string[] => line.split(/\s+/).filter(Boolean)
