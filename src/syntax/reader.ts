import type { CstNode } from 'chevrotain'
import { endOf } from '../../grammar/lex.ts'
import type { IToken } from '../../grammar/tokens.ts'
import type { Code } from '../diagnostics/catalog.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/source.ts'
import type { Documentation, Identifier, Missing } from './ast.ts'

/** What reading a concrete tree needs besides the tree. */
export interface Reader {
  readonly path: string
  readonly text: string
  readonly report: (
    code: Code,
    span: Span,
    message: string,
    more?: Pick<Diagnostic, 'label' | 'help' | 'fix' | 'notes'>,
  ) => void
  /** Notes what stands where something should have ended; `statement` is the offset where its statement starts. */
  readonly stray: (node: CstNode, statement: number) => void
  /** The documentation comment directly above the line that the offset is on. */
  readonly documentation: (start: number) => Documentation
}

/** A reader whose reports go to `diagnostics`. */
export function createReport(path: string, diagnostics: Diagnostic[]): Reader['report'] {
  return (code, span, message, more = {}) => {
    const { label, help, fix, notes } = more
    diagnostics.push(
      diagnose(code, {
        path,
        span,
        message,
        ...(label !== undefined && { label }),
        ...(help !== undefined && { help }),
        ...(fix !== undefined && { fix }),
        ...(notes !== undefined && { notes }),
      }),
    )
  }
}

/** The child nodes of a rule, in order. */
export function nodesOf(node: CstNode, rule: string): readonly CstNode[] {
  return (node.children[rule] ?? []) as readonly CstNode[]
}

/** The first child node of a rule. */
export function nodeOf(node: CstNode | undefined, rule: string): CstNode | undefined {
  return node?.children[rule]?.[0] as CstNode | undefined
}

/** The first child token of a type. */
export function tokenOf(node: CstNode | undefined, type: string): IToken | undefined {
  return node?.children[type]?.[0] as IToken | undefined
}

/** The child tokens of a type, in order. */
export function tokensOf(node: CstNode, type: string): readonly IToken[] {
  return (node.children[type] ?? []) as readonly IToken[]
}

/** From the first to the last character of a node's tokens; `fallback` where it has none. */
export function spanOfNode(node: CstNode | undefined, fallback: number): Span {
  const start = node?.location?.startOffset
  const end = node?.location?.endOffset
  if (start === undefined || end === undefined || Number.isNaN(start) || Number.isNaN(end))
    return { start: fallback, end: fallback }
  return { start, end: end + 1 }
}

/** The name a token writes. */
export function identifierOf(token: IToken): Identifier {
  return {
    kind: 'identifier',
    name: token.image,
    span: { start: token.startOffset, end: endOf(token) },
  }
}

/** Stands for an expression nobody could read. */
export function missingAt(offset: number): Missing {
  return { kind: 'missing', span: { start: offset, end: offset } }
}
