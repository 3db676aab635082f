import type { ModuleLoader } from '../../resolve/resolution.ts'
import { analyze } from '../../compile.ts'
import type { CatalogEntry } from '../../diagnostics/diagnostic.ts'
import { pages } from '../../diagnostics/pages.ts'
import { renderPretty } from '../../diagnostics/render-pretty.ts'
import type { Source } from '../../diagnostics/source.ts'
import { isLibraryName, type LibraryReader } from '../imports.ts'
import { indent, wrap, type Topic } from './topic.ts'

/** How much of an example is shown. */
const LONGEST_EXAMPLE = 16
const MOST_FILES = 2
const MOST_DIAGNOSTICS = 2
const MAIN = 'main.opt'

/** A topic for each diagnostic code. */
export function diagnosticTopics(read: LibraryReader): readonly Topic[] {
  return Object.entries(pages).map(([name, entry]) => ({
    name,
    group: 'Diagnostics',
    summary: entry.title,
    page: (columns) => page(name, entry, read, columns),
  }))
}

function page(code: string, entry: CatalogEntry, read: LibraryReader, columns: number): string {
  const { severity, title, explanation, wrong, right, files = {}, rightFiles } = entry
  return [
    `${severity}: ${title}`,
    wrap(explanation, columns),
    ...['Wrong:', showProgram(wrong, files, columns)],
    ...reported(code, wrong, files, read, columns),
    ...['Right:', showProgram(right, rightFiles ?? files, columns)],
  ].join('\n\n')
}

function showProgram(
  text: string,
  files: Readonly<Record<string, string>>,
  columns: number,
): string {
  const others = Object.entries(files)
  const shown = others
    .slice(0, MOST_FILES)
    .map(([path, other]) => `with ${path}:\n\n${excerpt(other, columns)}`)
  const rest = others.length - shown.length
  return [excerpt(text, columns), ...shown, ...(rest > 0 ? [`and ${rest} more files`] : [])].join(
    '\n\n',
  )
}

function excerpt(text: string, columns: number): string {
  const lines = text.trimEnd().split('\n')
  const cut = lines
    .slice(0, LONGEST_EXAMPLE)
    .map((line) => (line.length > columns - 4 ? `${line.slice(0, columns - 5)}…` : line))
  if (lines.length > cut.length) cut.push(`… ${lines.length - cut.length} more lines`)
  return indent(cut.join('\n'))
}

/** What optc says about the wrong program. */
function reported(
  code: string,
  wrong: string,
  files: Readonly<Record<string, string>>,
  read: LibraryReader,
  columns: number,
): readonly string[] {
  const texts = new Map([
    [MAIN, wrong],
    ...Object.entries(files).map(([path, text]) => [path.replace('./', ''), text] as const),
  ])
  const library = (name: string): Source | undefined =>
    isLibraryName(name) ? read(name) : undefined
  const sourceOf = (path: string): Source | undefined => {
    const text = texts.get(path)
    return text === undefined ? library(path) : { path, text }
  }
  const loader: ModuleLoader = (specifier) => sourceOf(specifier.replace('./', ''))
  const diagnostics = analyze({ path: MAIN, text: wrong }, loader).diagnostics.filter(
    (found) => found.code === code,
  )
  if (diagnostics.length === 0) return []
  return [
    'Reported as:',
    indent(
      renderPretty(diagnostics.slice(0, MOST_DIAGNOSTICS), {
        sourceOf,
        columns: columns - 4,
      }).trimEnd(),
    ),
  ]
}
