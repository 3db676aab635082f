import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Block, Expression, Let, Parameter, State, Statement } from '../../syntax/ast.ts'
import { UPDATE } from '../builtins.ts'
import { expressionsOf, forEachExpression, forEachStatement } from '../expressions.ts'
import type { Local } from '../scope.ts'
import type { RuleContext } from './rule.ts'

/**
 * Every parameter and `let` is read, and every state reaches the update or the returned value. A `let` that only such a
 * state reads is not reported beside it.
 */
export function checkUnused(
  { path, report, tables }: RuleContext,
  parameters: readonly Parameter[],
  body: Expression | Block | readonly Statement[],
): void {
  const reads = new Map<Local | 'result', Set<Local>>()
  const readEver = new Set<Local>()
  const lets: Let[] = []
  const states: State[] = []
  let hasResult = false
  const readsOf = (reader: Local | 'result'): Set<Local> => {
    const known = reads.get(reader) ?? new Set()
    reads.set(reader, known)
    return known
  }
  const read = (reader: Local | 'result', expression: Expression): void =>
    forEachExpression(expression, (part) => {
      const resolution = part.kind === 'name' ? tables.names.get(part) : undefined
      if (resolution === undefined || !('declaration' in resolution)) return
      readsOf(reader).add(resolution.declaration)
      readEver.add(resolution.declaration)
    })
  if ('kind' in body && body.kind !== 'block') {
    hasResult = true
    read('result', body)
  } else {
    forEachStatement('kind' in body ? body.statements : body, (statement) => {
      if (statement.kind === 'let') lets.push(statement)
      if (statement.kind === 'state') states.push(statement)
      if (statement.kind === 'return' || isUpdate(statement)) hasResult = true
      const reader = readerOf(statement)
      for (const expression of expressionsOf(statement)) read(reader, expression)
    })
  }

  function readerOf(statement: Statement): Local | 'result' {
    if (statement.kind === 'let' || statement.kind === 'state') return statement
    return (statement.kind === 'assign' ? tables.assignments.get(statement) : undefined) ?? 'result'
  }

  const live = reachableFrom(reads)
  for (const declaration of lets) {
    const { name } = declaration
    if (readEver.has(declaration) || isPrivate(name.name)) continue
    report(
      diagnose('unused-variable', {
        path,
        span: name.span,
        message: `\`${name.name}\` is never used`,
        help: 'remove it',
        fix: { title: 'remove it', edits: [{ span: declaration.span, text: '' }] },
      }),
    )
  }
  // Without a result nothing is live, and the missing result has been reported.
  for (const state of hasResult ? states : []) {
    if (live.has(state) || isPrivate(state.name.name)) continue
    report(
      diagnose('unused-state', {
        path,
        span: state.name.span,
        message: `the state \`${state.name.name}\` has no effect on the result`,
        label: 'kept and changed for nothing',
        help: 'remove it, or use it',
      }),
    )
  }
  for (const parameter of parameters) {
    const { name, span } = parameter.name
    if (readEver.has(parameter) || isPrivate(name) || tables.implicitDefaults.has(parameter))
      continue
    report(
      diagnose('unused-parameter', {
        path,
        span,
        message: `the parameter \`${name}\` is never used`,
        help: `remove it, or call it \`_${name}\` if it is there on purpose`,
      }),
    )
  }
}

function isUpdate(statement: Statement): boolean {
  return statement.kind === 'assign' && statement.target.name === UPDATE
}

function isPrivate(name: string): boolean {
  return name.startsWith('_')
}

function reachableFrom(reads: ReadonlyMap<Local | 'result', ReadonlySet<Local>>): Set<Local> {
  const live = new Set<Local>()
  const pending = [...(reads.get('result') ?? [])]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (live.has(next)) continue
    live.add(next)
    pending.push(...(reads.get(next) ?? []))
  }
  return live
}
