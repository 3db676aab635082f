import { operators } from '../operators/table.ts'
import type {
  Assign,
  Expression,
  Import,
  Let,
  Module,
  OptimizerDeclaration,
  Parameter,
} from '../syntax/ast.ts'
import { equal } from '../syntax/traverse.ts'

/** Trees up to this size are compiled quickly: far below what the checker allows. */
const MOST_EXPRESSIONS = 400

const drawing = new Set(
  operators.filter(({ kind }) => kind === 'random').map(({ name, callName }) => callName ?? name),
)

/** A rule that may be compiled quickly: `let`s and an update. */
export interface Rule {
  readonly lets: readonly Let[]
  readonly update: Expression
  /** Names of the lets that the update depends on. */
  readonly active: ReadonlySet<string>
  /** Whether draws of lets that nothing uses count when the draws of the others are numbered. */
  readonly needsAll: boolean
}

/** The rule of a module made like the pattern; undefined for any other. */
export function readRule(
  module: Module,
  path: string,
  imports: readonly Import[],
  parameters: readonly Parameter[],
): Rule | undefined {
  const { items } = module
  const optimizer = items.at(-1)
  if (items.length !== imports.length + 1 || optimizer?.kind !== 'optimizer') return undefined
  for (const [index, item] of imports.entries()) {
    if (!equal(items[index]!, item)) return undefined
    // Other files are found from where the module stands.
    if (module.path !== path && !item.from.value.startsWith('std/')) return undefined
  }
  if (!hasParameters(optimizer, parameters)) return undefined
  const { statements } = optimizer.body
  const last = statements.at(-1)
  if (last?.kind !== 'assign' || last.target.name !== 'update') return undefined
  const lets: Let[] = []
  for (const statement of statements) {
    if (statement.kind === 'let') lets.push(statement)
    else if (statement !== last) return undefined
  }
  return findActive(lets, last)
}

function hasParameters(
  { parameters }: OptimizerDeclaration,
  wanted: readonly Parameter[],
): boolean {
  return (
    parameters.length === wanted.length &&
    parameters.every((parameter, index) => equal(parameter, wanted[index]!))
  )
}

/** Walks from the update up through the lets; undefined when the rule is too large. */
function findActive(lets: readonly Let[], update: Assign): Rule | undefined {
  const active = new Set<string>()
  let size = 0
  let draws = false
  const collect = (expression: Expression, names: Set<string> | undefined): void => {
    size += 1
    if (size > MOST_EXPRESSIONS) return
    switch (expression.kind) {
      case 'name':
        names?.add(expression.name)
        return
      case 'unary':
        collect(expression.operand, names)
        return
      case 'binary':
        collect(expression.left, names)
        collect(expression.right, names)
        return
      case 'call':
        draws ||= drawing.has(expression.callee.name)
        for (const argument of expression.arguments) collect(argument.value, names)
        return
      case 'number':
      case 'missing':
    }
  }
  collect(update.value, active)
  let activeDraws = draws
  let inactiveDraws = false
  const seen = new Set<string>()
  for (let index = lets.length - 1; index >= 0; index--) {
    const { name, value } = lets[index]!
    if (seen.has(name.name)) return undefined
    seen.add(name.name)
    const isActive = active.has(name.name)
    draws = false
    collect(value, isActive ? active : undefined)
    if (isActive) activeDraws ||= draws
    else inactiveDraws ||= draws
  }
  if (size > MOST_EXPRESSIONS) return undefined
  return { lets, update: update.value, active, needsAll: activeDraws && inactiveDraws }
}
