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
  const optimizer = items.find((item) => item.kind === 'optimizer')
  const documentation =
    optimizer?.kind === 'optimizer' ? optimizer.documentation.join(' ') : headOf(text)
  return {
    name,
    holds: count > 1 ? `${first}s` : first,
    summary: firstSentence(documentation),
    text,
  }
}

/** The comment that a file begins with. */
function headOf(text: string): string {
  const lines = text.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('//'))
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .map((line) => line.replace(/^\/\/\/? ?/, ''))
    .join(' ')
}

function firstSentence(text: string): string {
  const [sentence = ''] = /^.*?[.!?](?=\s|$)/s.exec(text.trim()) ?? [text.trim()]
  return sentence
}
