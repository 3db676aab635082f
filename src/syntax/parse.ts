import type { CstNode } from 'chevrotain'
import type { CommentToken } from '../../grammar/lex.ts'
import { readConcreteSyntax } from '../../grammar/read.ts'
import type { Diagnostic, Outcome } from '../diagnostics/diagnostic.ts'
import type { Source } from '../diagnostics/source.ts'
import type { Documentation, Item, Module } from './ast.ts'
import { readComments, type Comments } from './comments.ts'
import { reportError } from './errors.ts'
import { readFunction, readImport, readOptimizer, readSpace } from './read-declaration.ts'
import { readStatement } from './read-statement.ts'
import { visit } from './traverse.ts'
import { createReport, nodeOf, nodesOf, spanOfNode, type Reader } from './reader.ts'
import { reportStrays, type Stray } from './strays.ts'

/** The longest text that is read, in UTF-16 units. */
export const maximumFileLength = 256 * 1024
/** The most diagnostics that one file gets for its syntax. */
export const maximumDiagnostics = 100

/** A module, and the comments of its text that are not documentation. */
export interface Parsed extends Outcome<Module> {
  readonly comments: readonly CommentToken[]
  /** Where the documentation of the file starts, if it has any. */
  readonly documentationStart: number | undefined
}

/** The module a text writes. Any text gives one; what cannot be read is reported, and missing from it or `missing` in it. */
export function parse(source: Source): Outcome<Module> {
  const { value, diagnostics } = parseWithComments(source)
  return { value, diagnostics }
}

/** Like `parse`, with the comments the formatter puts back. */
export function parseWithComments(source: Source): Parsed {
  const { path, text } = source
  if (text.length > maximumFileLength) return tooLarge(source)
  const { root, tokens, comments: written, errors, diagnostics: found } = readConcreteSyntax(source)
  const diagnostics: Diagnostic[] = [...found]
  const comments = readComments(text, written)
  const strays: Stray[] = []
  const reader: Reader = {
    path,
    text,
    report: createReport(path, diagnostics),
    stray: (node, statement) => strays.push({ node, statement }),
    documentation: comments.above,
  }
  const items = nodesOf(root, 'item')
    .map((node) => readItem(reader, node))
    .filter((item) => item !== undefined)
  const {
    documentation,
    start: documentationStart,
    items: documented,
  } = documentModule(items, comments, text.length)
  reportReturns(reader, items)
  for (const error of errors) reportError(reader, source, error)
  reportStrays(reader, strays, tokens, diagnostics)
  return {
    value: {
      kind: 'module',
      path,
      documentation,
      items: documented,
      span: { start: 0, end: text.length },
    },
    diagnostics: limitDiagnostics(
      path,
      diagnostics.sort((a, b) => a.span.start - b.span.start),
    ),
    comments: comments.rest(),
    documentationStart,
  }
}

/** Reports every `return` that is not in a function. */
function reportReturns(reader: Reader, items: readonly Item[]): void {
  for (const item of items) {
    if (item.kind === 'function') continue
    visit(item, {
      enter: (node) => {
        if (node.kind !== 'return') return
        const span = { start: node.span.start, end: node.span.start + 'return'.length }
        reader.report('misplaced-return', span, '`return` stands only in functions', {
          label: 'not in a function',
          help: 'an optimizer gives its step with `update = expression`',
          fix: {
            title: 'replace it with `update =`',
            edits: [{ span, text: 'update =' }],
          },
        })
      },
    })
  }
}

/** A module with nothing in it, for a text that is not read at all. */
function tooLarge({ path, text }: Source): Parsed {
  const diagnostics: Diagnostic[] = []
  createReport(path, diagnostics)(
    'file-too-large',
    { start: 0, end: 0 },
    `the file has ${text.length} characters, and ${maximumFileLength} is the most that is read`,
  )
  return {
    value: {
      kind: 'module',
      path,
      documentation: [],
      items: [],
      span: { start: 0, end: text.length },
    },
    diagnostics,
    comments: [],
    documentationStart: undefined,
  }
}

/** The first of many diagnostics, and one that says that there are more. */
function limitDiagnostics(path: string, sorted: readonly Diagnostic[]): readonly Diagnostic[] {
  if (sorted.length <= maximumDiagnostics) return sorted
  const first = sorted.slice(0, maximumDiagnostics)
  createReport(path, first)(
    'too-many-errors',
    sorted[maximumDiagnostics]!.span,
    'this file has more problems with its syntax, which are not shown',
  )
  return first
}

function readItem(reader: Reader, node: CstNode): Item | undefined {
  const statement = nodeOf(node, 'statement')
  if (statement !== undefined) return readStatement(reader, statement)
  const optimizer = nodeOf(node, 'optimizer')
  if (optimizer !== undefined) return readOptimizer(reader, optimizer)
  const declared = nodeOf(node, 'function')
  if (declared !== undefined) return readFunction(reader, declared)
  const imported = nodeOf(node, 'import')
  if (imported !== undefined) return readImport(reader, imported)
  const space = nodeOf(node, 'space')
  if (space !== undefined) return readSpace(reader, space)
  for (const each of nodesOf(node, 'stray')) reader.stray(each, spanOfNode(each, 0).start)
  return undefined
}

/**
 * A documentation comment above the first item belongs to the file when an empty line separates them, or when the first
 * item is a statement: then it documents the optimizer that the file is.
 */
function documentModule(
  items: readonly Item[],
  comments: Comments,
  end: number,
): {
  readonly documentation: Documentation
  readonly start: number | undefined
  readonly items: readonly Item[]
} {
  const [first, ...others] = items
  const { lines, start } = comments.before(first?.span.start ?? end)
  if (
    first === undefined ||
    lines.length > 0 ||
    !(first.kind === 'let' || first.kind === 'state' || first.kind === 'assign')
  )
    return { documentation: lines, start, items }
  return {
    documentation: first.documentation,
    start: first.documentation.length > 0 ? first.span.start : undefined,
    items: [{ ...first, documentation: [] }, ...others],
  }
}
