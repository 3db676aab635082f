import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Assign, Expression, Block, FunctionRole, State, Statement } from '../../syntax/ast.ts'
import { branchesOf, forEachStatement } from '../expressions.ts'
import type { RuleContext } from './rule.ts'

/** States are assigned, and assigned at most once on every way through the statements. */
export function checkStates(
  context: RuleContext,
  body: Expression | Block | readonly Statement[],
  role: FunctionRole | 'optimizer',
): void {
  if ('kind' in body && body.kind !== 'block') return
  if (role === 'schedule' || role === 'decay') return
  const statements = 'kind' in body ? body.statements : body
  const { path, report, tables } = context
  const states: State[] = []
  const assigned = new Set<State>()
  forEachStatement(statements, (statement) => {
    if (statement.kind === 'assign') {
      const state = tables.assignments.get(statement)
      if (state !== undefined) assigned.add(state)
    }
    if (statement.kind !== 'state') return
    states.push(statement)
  })
  followAssignments(context, statements, new Map())
  for (const state of states) {
    // A state that starts as the weights and stays so remembers where the run started.
    if (assigned.has(state) || (state.value.kind === 'name' && state.value.name === 'w')) continue
    const { name, span } = state.name
    report(
      diagnose('state-never-assigned', {
        path,
        span,
        message: `the state \`${name}\` never changes`,
        label: 'keeps its first value',
        help: `assign it with \`${name} = ...\`, or declare it with \`let\``,
        fix: {
          title: 'declare it with `let`',
          edits: [{ span: { start: state.span.start, end: span.start }, text: 'let ' }],
        },
      }),
    )
  }
}

type Assigned = Map<State, Assign>

function followAssignments(
  context: RuleContext,
  statements: readonly Statement[],
  before: Assigned,
): Assigned {
  const { path, report, tables } = context
  const current: Assigned = new Map(before)
  for (const statement of statements) {
    if (statement.kind === 'if') {
      for (const branch of branchesOf(statement).map(({ statements: inner }) =>
        followAssignments(context, inner, current),
      )) {
        for (const [state, assignment] of branch) current.set(state, assignment)
      }
    }
    if (statement.kind !== 'assign') continue
    const state = tables.assignments.get(statement)
    if (state === undefined) continue
    const first = current.get(state)
    if (first !== undefined) {
      report(
        diagnose('state-assigned-twice', {
          path,
          span: statement.target.span,
          message: `\`${state.name.name}\` is assigned twice in one step`,
          label: 'assigned again',
          help: 'name the value in between with `let`',
          related: [{ path, span: first.target.span, label: 'first assigned here' }],
        }),
      )
    }
    current.set(state, statement)
  }
  return current
}
