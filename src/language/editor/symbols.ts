import type { Span } from '../../diagnostics/source.ts'
import type { Item, Parameter, SpaceGroup, Statement } from '../../syntax/ast.ts'
import type { Analysis } from './analysis.ts'
import { parameterHead } from './heads.ts'
import type { Workspace } from './workspace.ts'

/** What a declaration is called and where it is: its name, and all of it. */
export interface DeclaredSymbol {
  readonly name: string
  readonly detail: string
  readonly kind:
    'optimizer' | 'function' | 'schedule' | 'space' | 'parameter' | 'state' | 'value' | 'entry'
  readonly span: Span
  readonly nameSpan: Span
  readonly children: readonly DeclaredSymbol[]
}

/** What a file declares, in the order of the text; what stands inside of a declaration below it. */
export function symbolsOf({ module }: Analysis): readonly DeclaredSymbol[] {
  return module.items.flatMap(symbolOf)
}

function symbolOf(item: Item): readonly DeclaredSymbol[] {
  switch (item.kind) {
    case 'optimizer':
    case 'function': {
      const { name, parameters, body, span } = item
      const statements = body.kind === 'block' ? body.statements : []
      const isFunction = item.kind === 'function'
      return [
        {
          name: name.name,
          detail: isFunction ? item.role : item.kind,
          kind: !isFunction ? 'optimizer' : item.role === 'fn' ? 'function' : 'schedule',
          span,
          nameSpan: name.span,
          children: [...parameters.map(parameterSymbol), ...statements.flatMap(statementSymbols)],
        },
      ]
    }
    case 'space':
      return [
        {
          name: item.name.name,
          detail: item.kind,
          kind: 'space',
          span: item.span,
          nameSpan: item.name.span,
          children: entrySymbols(item.body),
        },
      ]
    case 'import':
      return []
    default:
      return statementSymbols(item)
  }
}

function parameterSymbol(parameter: Parameter): DeclaredSymbol {
  return {
    name: parameter.name.name,
    detail: parameterHead(parameter),
    kind: 'parameter',
    span: parameter.span,
    nameSpan: parameter.name.span,
    children: [],
  }
}

function statementSymbols(statement: Statement): readonly DeclaredSymbol[] {
  switch (statement.kind) {
    case 'let':
    case 'state':
      return [
        {
          name: statement.name.name,
          detail: statement.kind,
          kind: statement.kind === 'let' ? 'value' : 'state',
          span: statement.span,
          nameSpan: statement.name.span,
          children: [],
        },
      ]
    case 'if': {
      const { then, otherwise } = statement
      const others =
        otherwise === undefined
          ? []
          : otherwise.kind === 'if'
            ? statementSymbols(otherwise)
            : otherwise.statements.flatMap(statementSymbols)
      return [...then.statements.flatMap(statementSymbols), ...others]
    }
    default:
      return []
  }
}

function entrySymbols({ entries }: SpaceGroup): readonly DeclaredSymbol[] {
  return entries.map(({ name, value, span }) => ({
    name: name.name,
    detail: '',
    kind: 'entry',
    span,
    nameSpan: name.span,
    children: value.kind === 'space-group' ? entrySymbols(value) : [],
  }))
}

/** A declaration with the file it is in. */
export interface WorkspaceSymbol {
  readonly path: string
  readonly symbol: DeclaredSymbol
}

/** The declarations of the workspace and the library whose names hold the letters of `query` in their order. */
export function workspaceSymbols(workspace: Workspace, query: string): readonly WorkspaceSymbol[] {
  const library = workspace.libraryNames.flatMap((name) => workspace.library(name) ?? [])
  const own = [...workspace.modules()]
  const paths = new Set(own.map(({ source }) => source.path))
  const others = library.filter(({ source }) => !paths.has(source.path))
  return [...own, ...others].flatMap((analysis) =>
    symbolsOf(analysis)
      .filter(({ name, kind }) => isTop(kind) && holdsInOrder(name, query))
      .map((symbol) => ({ path: analysis.source.path, symbol })),
  )
}

const isTop = (kind: DeclaredSymbol['kind']): boolean =>
  kind === 'optimizer' || kind === 'function' || kind === 'schedule' || kind === 'space'

function holdsInOrder(name: string, query: string): boolean {
  let from = 0
  for (const letter of query.toLowerCase()) {
    const place = name.toLowerCase().indexOf(letter, from)
    if (place < 0) return false
    from = place + 1
  }
  return true
}
