import { join } from 'node:path'
import { dataFilePath, type DataResult } from '../data-file.ts'
import { damaged, readFormat } from './byte-reader.ts'
import { decodeText } from './csv.ts'

/** What stands for a word outside the vocabulary, and for the end of a line. */
export const UNKNOWN_WORD = '<unk>'
export const END_OF_LINE = '<eos>'

/** A text in words, in three parts, as numbers of words in one vocabulary. */
export interface WordText {
  /** The words of the training part, the most frequent first, equally frequent ones in order of their characters. */
  readonly vocabulary: readonly string[]
  readonly train: Int32Array
  readonly validation: Int32Array
  readonly test: Int32Array
}

/** The files of the Penn Treebank as Mikolov prepared them (2010), without the `.gz` they may end in. */
export const PTB_FILES = {
  train: 'ptb.train.txt',
  validation: 'ptb.valid.txt',
  test: 'ptb.test.txt',
} as const

/**
 * Reads the three files of a folder: words with spaces between them, every line ended by {@link END_OF_LINE}. The vocabulary
 * is that of the training part; words that it lacks are {@link UNKNOWN_WORD}, and a problem where it lacks that too.
 */
export function readPennTreebank(directory: string, remedy: string): DataResult<WordText> {
  const train = readWords(dataFilePath(directory, PTB_FILES.train), remedy)
  if (!train.ok) return train
  const vocabulary = vocabularyOf(train.value)
  const numbers = new Map(vocabulary.map((word, index) => [word, index]))
  const encode = (part: 'validation' | 'test'): DataResult<Int32Array> => {
    const path = dataFilePath(directory, PTB_FILES[part])
    const words = readWords(path, remedy)
    if (!words.ok) return words
    const unknown = numbers.get(UNKNOWN_WORD)
    const strange = words.value.find((word) => !numbers.has(word))
    if (strange === undefined || unknown !== undefined)
      return {
        ok: true,
        value: Int32Array.from(words.value, (word) => numbers.get(word) ?? unknown!),
      }
    const line = words.value
      .slice(0, words.value.indexOf(strange))
      .filter((word) => word === END_OF_LINE)
    return {
      ok: false,
      problem: {
        path,
        problem: `has ${JSON.stringify(strange)} in line ${line.length + 1}, which ${join(directory, PTB_FILES.train)} lacks`,
        expected: `words of the training part, or ${UNKNOWN_WORD} in it for others`,
        remedy,
      },
    }
  }
  const validation = encode('validation')
  if (!validation.ok) return validation
  const test = encode('test')
  if (!test.ok) return test
  return {
    ok: true,
    value: {
      vocabulary,
      train: Int32Array.from(train.value, (word) => numbers.get(word)!),
      validation: validation.value,
      test: test.value,
    },
  }
}

function readWords(path: string, remedy: string): DataResult<readonly string[]> {
  return readFormat(
    path,
    { expected: 'words with spaces between them, in UTF-8', remedy },
    (bytes) => {
      const lines = decodeText(bytes).split(/\r?\n/)
      if (lines.at(-1) === '') lines.pop()
      const words = lines.flatMap((line) => [...line.split(/\s+/).filter(Boolean), END_OF_LINE])
      return words.some((word) => word !== END_OF_LINE) ? words : damaged('holds no words')
    },
  )
}

function vocabularyOf(words: readonly string[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([word]) => word)
}
