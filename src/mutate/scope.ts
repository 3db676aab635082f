import type {
  Block,
  Expression,
  FunctionDeclaration,
  If,
  Module,
  Node,
  OptimizerDeclaration,
  Statement,
} from '../syntax/ast.ts'
import { children, visit } from '../syntax/traverse.ts'
import { isExpression } from './template.ts'

/** Where an expression stands: the blocks around it, the outermost first; none in a function that is one expression. */
export type BlockPath = readonly Block[]

/** A value that a name stands for at some place. */
export interface Binding {
  readonly name: string
  readonly value: Expression
  readonly place: BlockPath
}

/** What the names and calls of a module's optimizer stand for. */
export interface Scope {
  readonly module: Module
  readonly optimizer: OptimizerDeclaration
  /** The `let` of that name around the place, or all assignments to the state of that name; none for anything else. */
  readonly resolve: (name: string, place: BlockPath) => readonly Binding[]
  /** What a call of one of the module's own `fn`s gives; none for other calls. */
  readonly resultsOf: (callee: string) => readonly Omit<Binding, 'name'>[]
}

/** The scope of a module's first optimizer; undefined when it has none. */
export function readScope(module: Module): Scope | undefined {
  const optimizer = module.items.find((item) => item.kind === 'optimizer')
  if (optimizer === undefined) return undefined
  const functions = new Map(
    module.items
      .filter((item): item is FunctionDeclaration => item.kind === 'function' && item.role === 'fn')
      .map((item) => [item.name.name, item]),
  )
  return {
    module,
    optimizer,
    resolve: (name, place) => {
      for (let depth = place.length; depth > 0; depth--) {
        for (const statement of place[depth - 1]!.statements) {
          if (statement.kind === 'let' && statement.name.name === name)
            return [{ name, value: statement.value, place: place.slice(0, depth) }]
          if (statement.kind === 'state' && statement.name.name === name)
            return assignments(place[0]!, name)
        }
      }
      return []
    },
    resultsOf: (callee) => {
      const body = functions.get(callee)?.body
      if (body === undefined) return []
      if (body.kind !== 'block') return [{ value: body, place: [] }]
      return statementsWithin([body]).flatMap(({ statement, place }) =>
        statement.kind === 'return' ? [{ value: statement.value, place }] : [],
      )
    },
  }
}

function assignments(block: Block, name: string): readonly Binding[] {
  return statementsWithin([block]).flatMap(({ statement, place }) =>
    statement.kind === 'assign' && statement.target.name === name
      ? [{ name, value: statement.value, place }]
      : [],
  )
}

/** The statements of the innermost block of a place and of the blocks inside it, in the order of the text. */
export function statementsWithin(
  place: BlockPath,
): readonly { readonly statement: Statement; readonly place: BlockPath }[] {
  const inside = (branch: Block | If): ReturnType<typeof statementsWithin> =>
    branch.kind === 'block'
      ? statementsWithin([...place, branch])
      : [branch.then, ...(branch.otherwise === undefined ? [] : [branch.otherwise])].flatMap(inside)
  return place
    .at(-1)!
    .statements.flatMap((statement) =>
      statement.kind === 'if' ? inside(statement) : [{ statement, place }],
    )
}

/** An expression that an optimizer reads, and where it stands. */
export interface Use {
  readonly expression: Expression
  readonly place: BlockPath
}

/**
 * Calls `enter` with each expression that values of an optimizer depend on, once, a value before what it is made of: through
 * names, states and the module's own functions. Goes no further where `enter` says false.
 */
export function walkUses(
  scope: Scope,
  roots: readonly Use[],
  enter: (expression: Expression, place: BlockPath) => boolean,
): void {
  const seen = new Set<Expression>()
  const walk = (expression: Expression, place: BlockPath): void => {
    if (seen.has(expression)) return
    seen.add(expression)
    if (expression.kind === 'name') {
      for (const binding of scope.resolve(expression.name, place))
        walk(binding.value, binding.place)
    }
    if (!enter(expression, place)) return
    for (const child of children(expression)) {
      if (child.kind === 'argument') walk(child.value, place)
      else if (isExpression(child)) walk(child, place)
    }
    if (expression.kind === 'call')
      for (const result of scope.resultsOf(expression.callee.name)) walk(result.value, result.place)
  }
  for (const { expression, place } of roots) walk(expression, place)
}

/** The names of the lets that stand before an expression, in its block or around it. */
export function namesBefore(place: BlockPath, expression: Expression): readonly string[] {
  return place.flatMap(({ statements }) => {
    const owner = statements.findIndex((statement) => containsNode(statement, expression))
    return statements
      .slice(0, owner)
      .flatMap((statement) => (statement.kind === 'let' ? [statement.name.name] : []))
  })
}

/** Whether a program's statements have no order but the one its lets need: no states and no branches. */
export function isUnordered({ body }: OptimizerDeclaration): boolean {
  return body.statements.every(({ kind }) => kind === 'let' || kind === 'assign')
}

function containsNode(tree: Node, wanted: Node): boolean {
  let found = false
  visit(tree, { enter: (node) => void (found ||= node === wanted) })
  return found
}
