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

/** A text in three files. */
export interface WordSet {
  readonly name: string
  readonly summary: string
  /** Names, without the `.gz` they may end in. */
  readonly files: { readonly train: string; readonly validation: string; readonly test: string }
  /** How many words the parts and the vocabulary must have. */
  readonly counts?: { readonly [Name in keyof WordText]: number }
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
 * Reads the three files of `set` in a folder: words with spaces between them, every line ended by {@link END_OF_LINE}. The
 * vocabulary is that of the training part; words that it lacks are {@link UNKNOWN_WORD}, and a problem where it lacks that too.
 */
export function readWordText(set: WordSet, directory: string): DataResult<WordText> {
  const { files, remedy } = set
  const train = readWords(dataFilePath(directory, files.train), remedy)
  if (!train.ok) return train
  const vocabulary = vocabularyOf(train.value)
  const numbers = new Map(vocabulary.map((word, index) => [word, index]))
  const encode = (part: 'validation' | 'test'): DataResult<Int32Array> => {
    const path = dataFilePath(directory, files[part])
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
  const text: WordText = {
    vocabulary,
    train: Int32Array.from(train.value, (word) => numbers.get(word)!),
    validation: validation.value,
    test: test.value,
  }
  return checkCounts(set, directory, text)
}

function checkCounts(
  { name, counts, remedy }: WordSet,
  directory: string,
  text: WordText,
): DataResult<WordText> {
  const parts = ['vocabulary', 'train', 'validation', 'test'] as const
  const wrong = parts.find((part) => counts !== undefined && text[part].length !== counts[part])
  if (counts === undefined || wrong === undefined) return { ok: true, value: text }
  return {
    ok: false,
    problem: {
      path: directory,
      problem: `has ${text[wrong].length} words in its ${wrong}`,
      expected: `${counts[wrong]} for ${name}`,
      remedy,
    },
  }
}

/** The words of one file and the ends of its lines. */
export function readWords(path: string, remedy: string): DataResult<readonly string[]> {
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
