import { PRELUDE } from '../../resolve/link.ts'
import type { Source } from '../../diagnostics/source.ts'
import type { Declaration, Documentation, Module } from '../../syntax/ast.ts'
import { parse } from '../../syntax/parse.ts'
import type { LibraryReader } from '../imports.ts'
import { HIDDEN, indent, wrap, type Topic } from './topic.ts'

/**
 * A topic for each of the `names`, files of the standard library, and for each function of the prelude. Throws an Error, also
 * from its topics, for a file that is not there.
 */
export function libraryTopics(names: readonly string[], read: LibraryReader): readonly Topic[] {
  const sourceOf = (name: string): Source => {
    const source = read(name)
    if (source === undefined) throw new Error(`the standard library lacks ${name}`)
    return source
  }
  const files = names.flatMap((name) => {
    const topic = fileTopic(name, () => sourceOf(name))
    return [topic, { ...topic, name: name.slice('std/'.length), group: HIDDEN }]
  })
  const prelude = sourceOf(PRELUDE)
  return [
    ...declarationsOf(parse(prelude).value).map((declaration) =>
      functionTopic(declaration, prelude),
    ),
    ...files,
  ]
}

function declarationsOf(module: Module): readonly Declaration[] {
  return module.items.filter(
    (item): item is Declaration =>
      item.kind === 'function' || item.kind === 'optimizer' || item.kind === 'space',
  )
}

function functionTopic(declaration: Declaration, prelude: Source): Topic {
  return {
    name: declaration.name.name,
    group: 'Library functions, in every program without an import',
    summary: firstSentence(declaration.documentation),
    page: (columns) => declarationPage(declaration, prelude, columns),
  }
}

function fileTopic(name: string, source: () => Source): Topic {
  // Parsed when asked for, once.
  let module: Module | undefined
  const read = (): Module => (module ??= parse(source()).value)
  const declared = (): readonly Declaration[] => declarationsOf(read())
  return {
    name,
    group: 'Library files',
    get summary() {
      const file = name.slice('std/'.length)
      const main = declared().find((item) => item.kind === 'optimizer' || item.name.name === file)
      return firstSentence(main?.documentation ?? leadingComment(source().text))
    },
    page: (columns) => {
      const pages = declared().map((declaration) => declarationPage(declaration, source(), columns))
      return pages.length > 0 ? pages.join('\n\n') : source().text.trimEnd()
    },
  }
}

function declarationPage(
  declaration: Declaration,
  { path, text }: Source,
  columns: number,
): string {
  const written = text.slice(declaration.span.start, declaration.span.end).trim()
  return [wrap(reflow(declaration.documentation), columns), `In ${path}:`, indent(written)].join(
    '\n\n',
  )
}

/** Lines of a documentation comment as paragraphs: a line that goes on from the one before is joined to it. */
function reflow(lines: Documentation): string {
  const rows: string[] = []
  for (const line of lines) {
    const previous = rows.at(-1)
    const goesOn =
      previous !== undefined && previous !== '' && /^[a-z(`]/.test(line) && !/[.:]$/.test(previous)
    if (goesOn) rows[rows.length - 1] = `${previous} ${line}`
    else rows.push(line)
  }
  return rows.join('\n')
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
