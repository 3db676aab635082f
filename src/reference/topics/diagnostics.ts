import { compile } from '../../compile.ts'
import { targetCatalog } from '../../diagnostics/catalog/target.ts'
import type { CatalogEntry, Diagnostic } from '../../diagnostics/diagnostic.ts'
import { pages } from '../../diagnostics/pages.ts'
import { renderPretty } from '../../diagnostics/render-pretty.ts'
import type { Source } from '../../diagnostics/source.ts'
import { unsupportedBy } from '../../emit/unsupported.ts'
import { isLibraryName, type LibraryReader } from '../../language/imports.ts'
import type { ModuleLoader } from '../../resolve/resolution.ts'
import { fenced, joined } from '../markdown/write.ts'
import type { Topic } from '../topic.ts'

/** How much of an example is shown. */
const LONGEST_EXAMPLE = 16
const LONGEST_LINE = 96
const MOST_FILES = 2
const MOST_DIAGNOSTICS = 2
const MAIN = 'main.opt'

type Files = Readonly<Record<string, string>>

/** A topic for each diagnostic code. */
export function diagnosticTopics(read: LibraryReader): readonly Topic[] {
  return Object.entries(pages).map(([name, entry]) => ({
    name,
    group: 'Diagnostics',
    summary: entry.title,
    page: () => page(name, entry, read),
  }))
}

function page(code: string, entry: CatalogEntry, read: LibraryReader): string {
  const { severity, title, explanation, wrong, right, files = {}, rightFiles } = entry
  return joined(
    `${severity}: ${title}`,
    explanation,
    'Wrong:',
    code in targetCatalog
      ? fenced('opt', wrong.trimEnd())
      : showProgram(wrong, files, `,error=${code}`),
    ...reported(code, wrong, files, read),
    'Right:',
    showProgram(right, rightFiles ?? files),
  )
}

/** A program and the files it is with. One that is shown whole and stands alone says what it is checked to give. */
function showProgram(text: string, files: Files, expected = ''): string {
  const others = Object.entries(files)
  const shown = others
    .slice(0, MOST_FILES)
    .flatMap(([path, other]) => [`with ${path}:`, fenced(PART, excerpt(other))])
  const rest = others.length - shown.length / 2
  const main = excerpt(text)
  const isWhole = others.length === 0 && main === text.trimEnd() && isText(text)
  return joined(
    fenced(isWhole ? `opt${expected}` : PART, main),
    ...shown,
    rest > 0 ? `and ${rest} more files` : undefined,
  )
}

/** What is no program by itself. */
const PART = 'opt,part'

/** Whether it reads back as the same bytes: one that is not UTF-8 is shown with a sign for what cannot be read. */
function isText(text: string): boolean {
  return !text.includes('\uFFFD')
}

function excerpt(text: string): string {
  const lines = text.trimEnd().split('\n')
  const cut = lines
    .slice(0, LONGEST_EXAMPLE)
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE - 1)}…` : line))
  if (lines.length > cut.length) cut.push(`… ${lines.length - cut.length} more lines`)
  return cut.join('\n')
}

/** A target that has nothing but arithmetic on elements. */
const PLAIN = { name: 'plain', supports: [] }

function diagnosticsOf(source: Source, loader: ModuleLoader): readonly Diagnostic[] {
  const { value, diagnostics } = compile(source, loader)
  return value === undefined ? diagnostics : [...diagnostics, ...unsupportedBy(PLAIN, value)]
}

/** What optc says about the wrong program. */
function reported(
  code: string,
  wrong: string,
  files: Files,
  read: LibraryReader,
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
  const diagnostics = diagnosticsOf({ path: MAIN, text: wrong }, loader).filter(
    (found) => found.code === code,
  )
  if (diagnostics.length === 0) return []
  const rendered = renderPretty(diagnostics.slice(0, MOST_DIAGNOSTICS), {
    sourceOf,
    columns: LONGEST_LINE,
  })
  return ['Reported as:', fenced('text', rendered.trimEnd())]
}
