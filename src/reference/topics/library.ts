import type { Source } from '../../diagnostics/source.ts'
import { parameterHead } from '../../language/editor/heads.ts'
import type { LibraryReader } from '../../language/imports.ts'
import { libraryNames } from '../../resolve/library-names.ts'
import { PRELUDE } from '../../resolve/link.ts'
import type { Declaration, Documentation, Module, Parameter } from '../../syntax/ast.ts'
import { parse } from '../../syntax/parse.ts'
import { printInline } from '../../syntax/print.ts'
import { brokenLines, code, fenced, joined, table } from '../markdown/write.ts'
import type { Topic } from '../topic.ts'

const PREFIX = 'std/'

/** A file of the library and what it declares; parsed when it is asked for, once. */
interface LibraryFile {
  readonly name: string
  readonly source: Source
  readonly declarations: readonly Declaration[]
}

/**
 * A topic for each of the `names`, files of the standard library, for each function of the prelude and for each that is imported from
 * another file. Throws an Error, also from its topics, for a file that is not there.
 */
export function libraryTopics(names: readonly string[], read: LibraryReader): readonly Topic[] {
  const files = new Map<string, LibraryFile>()
  const fileOf = (name: string): LibraryFile => {
    const known = files.get(name) ?? openFile(name, read)
    files.set(name, known)
    return known
  }
  const imported = Object.entries(libraryNames).filter(
    // A function with the name of its file is explained as the file.
    ([name, file]) => names.includes(file) && name !== shortName(file),
  )
  return [
    ...fileOf(PRELUDE).declarations.map(({ name }) => functionTopic(name.name, PRELUDE, fileOf)),
    ...imported.map(([name, file]) => functionTopic(name, file, fileOf)),
    ...names.map((name) => fileTopic(name, () => fileOf(name))),
  ]
}

function openFile(name: string, read: LibraryReader): LibraryFile {
  const source = read(name)
  if (source === undefined) throw new Error(`the standard library lacks ${name}`)
  return { name, source, declarations: declarationsOf(parse(source).value) }
}

const shortName = (name: string): string => name.slice(PREFIX.length)

function declarationsOf(module: Module): readonly Declaration[] {
  return module.items.filter(
    (item): item is Declaration =>
      item.kind === 'function' || item.kind === 'optimizer' || item.kind === 'space',
  )
}

function functionTopic(name: string, fileName: string, open: (name: string) => LibraryFile): Topic {
  const isPrelude = fileName === PRELUDE
  const declared = (): Declaration => {
    const found = open(fileName).declarations.find((item) => item.name.name === name)
    if (found === undefined) throw new Error(`${fileName} does not declare ${name}`)
    return found
  }
  return {
    name,
    group: isPrelude ? 'Library functions, without an import' : 'Library functions, by import',
    get summary() {
      return firstSentence(declared().documentation)
    },
    page: () =>
      joined(
        isPrelude ? undefined : fenced('text', `import { ${name} } from "${fileName}"`),
        declarationPage(declared(), open(fileName)),
      ),
  }
}

function fileTopic(name: string, open: () => LibraryFile): Topic {
  return {
    name,
    also: [shortName(name)],
    group: 'Library files',
    get summary() {
      const { declarations, source } = open()
      const main = declarations.find(
        (item) => item.kind === 'optimizer' || item.name.name === shortName(name),
      )
      return firstSentence(main?.documentation ?? leadingComment(source.text))
    },
    page: () => {
      const file = open()
      return joined(...file.declarations.map((declaration) => declarationPage(declaration, file)))
    },
  }
}

function declarationPage(declaration: Declaration, { name, source }: LibraryFile): string {
  const { documentation, span } = declaration
  return joined(
    documented(documentation),
    ...(declaration.kind === 'space' ? [] : parameterParts(declaration.parameters)),
    `In ${code(name)}:`,
    fenced(`opt,from=${name}`, source.text.slice(span.start, span.end).trim()),
  )
}

/** Parameters with an interval or a default as a table. */
function parameterParts(parameters: readonly Parameter[]): readonly string[] {
  const told = parameters.filter(
    ({ range, default: initial }) => range !== undefined || initial !== undefined,
  )
  if (told.length === 0) return []
  const rows = told.map((parameter) => [
    code(parameter.name.name),
    parameter.default === undefined ? '' : code(printInline(parameter.default)),
    parameter.range === undefined ? 'any number' : code(intervalOf(parameter)),
  ])
  return [table(['parameter', 'default', 'in'], rows)]
}

/** The interval as it is written behind `in`. */
function intervalOf(parameter: Parameter): string {
  return parameterHead({ ...parameter, default: undefined }).replace(/^\w+ in /, '')
}

/** The lines of a documentation comment as paragraphs: one that goes on from the one before is joined to it. */
function documented(lines: Documentation): string {
  const paragraphs: string[][] = [[]]
  for (const line of lines) {
    const rows = paragraphs.at(-1)!
    const previous = rows.at(-1)
    if (line === '') paragraphs.push([])
    else if (previous !== undefined && goesOn(previous, line))
      rows[rows.length - 1] = `${previous} ${line}`
    else rows.push(line)
  }
  return joined(...paragraphs.map(brokenLines))
}

/** Whether a line belongs to the one before: that one is no whole sentence, or a formula runs on. */
function goesOn(previous: string, line: string): boolean {
  const signs = previous.split('$').length - 1
  return signs % 2 === 1 || (/^[a-z(`]/.test(line) && !/[.:]$/.test(previous))
}

/** The lines of the comment a file begins with. */
function leadingComment(text: string): Documentation {
  const lines = text.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('//'))
  return lines.slice(0, end < 0 ? lines.length : end).map((line) => line.replace(/^\/\/+ ?/, ''))
}

function firstSentence(lines: Documentation): string {
  const end = lines.indexOf('')
  const paragraph = lines.slice(0, end < 0 ? lines.length : end).join(' ')
  return paragraph.split(/\.(?=\s|$)/, 1)[0]!
}
