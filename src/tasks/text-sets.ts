import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { dataFilePath, type DataResult } from './data-file.ts'
import { readCharacterText, type CharacterSet } from './formats/character-text.ts'
import type { NumberedText } from './formats/numbered-text.ts'
import { PENN_TREEBANK, readWordText, type WordSet } from './formats/word-text.ts'
import { packageRoot } from './package-root.ts'

/** Where a text comes from: one row of {@link TEXT_SETS}. */
export interface TextSet extends WordSet, CharacterSet {
  /** Folders searched when none is given, best first. */
  readonly directories: () => readonly string[]
}

/** What a text is read as. */
export type TextUnit = 'words' | 'characters'

const mobyDick: TextSet = {
  name: 'moby-dick',
  summary:
    'chapters 1 to 60 of Moby-Dick (Melville, 1851), 48 of them to train on; carried with optc',
  files: {
    train: 'moby-dick.train.txt',
    validation: 'moby-dick.valid.txt',
    test: 'moby-dick.test.txt',
  },
  wordsOf: (line) => line.toLowerCase().match(/[a-z0-9]+(?:'[a-z]+)*|--|[^\sa-z0-9]/g) ?? [],
  most: 2000,
  counts: { vocabulary: 2000, train: 101_540, validation: 6752, test: 18_686 },
  characters: { vocabulary: 80, train: 472_283, validation: 32_508, test: 88_215 },
  remedy: 'optc carries these files; install it again to get them back',
  directories: () => [join(packageRoot(), 'src/tasks/data/moby-dick')],
}

/** The texts there are. */
export const TEXT_SETS: readonly TextSet[] = [
  mobyDick,
  { ...PENN_TREEBANK, directories: () => ['/usr/share/datasets/ptb'] },
]

/** The row of {@link TEXT_SETS} with that name. */
export function findTextSet(name: string): TextSet | undefined {
  return TEXT_SETS.find((set) => set.name === name)
}

/** The first folder that holds the training part of `set`: `directory` alone when given, else the usual places. */
export function locateText(set: TextSet, directory?: string): DataResult<string> {
  const places = directory === undefined ? set.directories() : [directory]
  const found = places.find((place) => existsSync(dataFilePath(place, set.files.train)))
  if (found !== undefined) return { ok: true, value: found }
  return {
    ok: false,
    problem: {
      path: places.join(' or '),
      problem: `holds no ${set.files.train} (.gz)`,
      expected: `the text ${set.name}: ${Object.values(set.files).join(', ')}, each plain or .gz`,
      remedy: set.remedy,
    },
  }
}

/** Reads the text `set` from `directory`, or from where it usually is; checks the counts of its parts. */
export function loadText(
  set: TextSet,
  unit: TextUnit,
  directory?: string,
): DataResult<NumberedText> {
  const place = locateText(set, directory)
  if (!place.ok) return place
  return unit === 'words' ? readWordText(set, place.value) : readCharacterText(set, place.value)
}

/** How many words or characters the vocabulary of `set` has, before it is read; undefined where nobody knows. */
export const vocabularySize = (set: TextSet, unit: TextUnit): number | undefined =>
  (unit === 'words' ? set.counts : set.characters)?.vocabulary
