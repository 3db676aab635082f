import { libraryFiles } from '../../../language/imports.ts'
import { standardLibrary } from '../../../library/standard-library.ts'
import { parse } from '../../../syntax/parse.ts'

export interface GalleryQuestion {
  readonly kind: 'gallery'
}

/** A file of the standard library. */
export interface GalleryEntry {
  /** What it is imported under, `std/NAME`. */
  readonly name: string
  /** What it declares, as words: `optimizer`, `schedules`, `functions`. */
  readonly holds: string
  /** What it says of itself first. */
  readonly summary: string
  readonly text: string
}

/** Every file of the standard library but its search spaces; those that hold optimizers first. */
export function galleryEntries(): readonly GalleryEntry[] {
  const entries = libraryFiles(Object.keys(standardLibrary)).map(entryOf)
  const isOptimizer = ({ holds }: GalleryEntry): boolean => holds.startsWith('optimizer')
  return [...entries.filter(isOptimizer), ...entries.filter((entry) => !isOptimizer(entry))]
}

function entryOf(name: string): GalleryEntry {
  const text = standardLibrary[name]!
  const { items } = parse({ path: name, text }).value
  const roles = items.flatMap((item) =>
    item.kind === 'optimizer'
      ? ['optimizer']
      : item.kind === 'function'
        ? [item.role === 'fn' ? 'function' : item.role]
        : [],
  )
  const [first = 'function'] = [...new Set(roles)].sort(
    (a, b) => Number(b === 'optimizer') - Number(a === 'optimizer'),
  )
  const count = roles.filter((role) => role === first).length
  const declared = items.flatMap((item) =>
    item.kind === 'optimizer' || item.kind === 'function' ? [item] : [],
  )
  const optimizer = declared.find(({ kind }) => kind === 'optimizer')
  const lines = optimizer?.documentation ?? headOf(text) ?? declared[0]?.documentation ?? []
  const documentation = lines.join(' ')
  return {
    name,
    holds: count > 1 ? `${first}s` : first,
    summary: firstSentence(documentation),
    text,
  }
}

/** The lines of the comment that a file begins with. */
function headOf(text: string): readonly string[] | undefined {
  const lines = text.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('//'))
  return end <= 0 ? undefined : lines.slice(0, end).map((line) => line.replace(/^\/\/\/? ?/, ''))
}

function firstSentence(text: string): string {
  const [sentence = ''] = /^.*?[.!?](?=\s|$)/s.exec(text.trim()) ?? [text.trim()]
  return sentence
}
