import type { Span } from '../diagnostics/source.ts'
import type { Expression, FunctionRole, Item, Parameter, Statement } from '../syntax/ast.ts'
import { visit } from '../syntax/traverse.ts'
import { resolveBody } from './names.ts'
import { createTables, type ResolvedModule } from './resolved-module.ts'
import { findLocal, visibleNames, type Local } from './scope.ts'

/** What stands around an offset of a module. */
export interface Surroundings {
  readonly role: FunctionRole | 'optimizer'
  readonly parameters: readonly Parameter[]
  readonly body: Expression | readonly Statement[]
  /** From where to where its body goes. */
  readonly span: Span
}

/** The optimizer or function whose body the offset is in; undefined between declarations. */
export function surroundingsAt(
  { optimizers, functions, module }: ResolvedModule,
  offset: number,
): Surroundings | undefined {
  const holds = ({ start, end }: Span): boolean => start <= offset && offset <= end
  for (const { role, parameters, body, span, parentheses } of functions) {
    const inside = { start: parentheses.end, end: span.end }
    if (holds(inside))
      return {
        role,
        parameters,
        body: body.kind === 'block' ? body.statements : body,
        span: inside,
      }
  }
  for (const { declaration, parameters, statements } of optimizers) {
    const span = declaration === undefined ? module.span : declaration.body.span
    const isOther = declaration === undefined && module.items.some((item) => declares(item, offset))
    if (holds(span) && !isOther) return { role: 'optimizer', parameters, body: statements, span }
  }
  return undefined
}

/** Whether the offset is inside an item that is no statement. */
function declares({ kind, span }: Item, offset: number): boolean {
  const isStatement = kind === 'let' || kind === 'state' || kind === 'assign' || kind === 'if'
  return !isStatement && kind !== 'return' && span.start < offset && offset < span.end
}

/** What can be used as a value at an offset: by name, the closest first, with its declaration where the body has one. */
export function visibleAt(
  resolved: ResolvedModule,
  { role, parameters, body }: Surroundings,
  offset: number,
): ReadonlyMap<string, Local | undefined> {
  const withGradient = role === 'fn' || role === 'optimizer'
  let visible: ReadonlyMap<string, Local | undefined> = new Map([
    ...parameters.map((parameter) => [parameter.name.name, parameter] as const),
    ...visibleNames(NOTHING, withGradient).map((name) => [name, undefined] as const),
  ])
  const seen = new Set<object>()
  const around = blocksAround(body, offset)
  resolveBody(
    {
      module: resolved.scope,
      role,
      tables: { ...createTables(), homes: resolved.tables.homes },
      report: () => undefined,
      usedFunctions: new Set(),
      look: (scope, block, below) => {
        if (seen.has(block) || !around.has(block)) return
        if (below !== undefined && below.span.end < offset) return
        seen.add(block)
        visible = new Map(
          visibleNames(scope, withGradient).map((name) => [name, findLocal(scope, name)] as const),
        )
      },
    },
    parameters,
    body,
  )
  return visible
}

const NOTHING = { blocks: [], eventually: new Map(), assigned: new Map() }

/** The lists of statements that the offset is among, the body's own first. */
function blocksAround(body: Surroundings['body'], offset: number): ReadonlySet<object> {
  const around = new Set<object>([body])
  for (const each of 'kind' in body ? [] : body)
    visit(each, {
      enter: (node) => {
        const { start, end } = node.span
        if (node.kind === 'block' && start < offset && offset < end) around.add(node.statements)
      },
    })
  return around
}
