import type { Space } from './space/space.ts'
import { negationOperator } from '../operators/table.ts'
import type { Import, ImportName, Item, Module, Statement } from '../syntax/ast.ts'
import * as build from '../syntax/build.ts'
import { transform, visit } from '../syntax/traverse.ts'

const isStatement = (item: Item): item is Statement =>
  ['let', 'state', 'assign', 'if', 'return'].includes(item.kind)

/**
 * A module that a search can mutate: a file's statements become an optimizer with the hyperparameter `lr`, of several
 * optimizers the first is kept, and what the space draws can be found, unless the module has something else under such a
 * name.
 */
export function adopt(space: Space, module: Module): Module {
  const statements = module.items.filter(isStatement)
  const others = withFirstOptimizer(module.items.filter((item) => !isStatement(item)))
  const optimizer =
    statements.length === 0
      ? []
      : [
          build.optimizer(
            'Candidate',
            [
              build.parameter('lr', {
                range: build.range(build.number(0), build.name('inf'), {
                  lowOpen: true,
                  highOpen: true,
                }),
                default: build.number(0.001),
              }),
            ],
            statements,
            module.documentation,
          ),
        ]
  const taken = new Set(others.flatMap(namesOf))
  const missing = space.imports.flatMap((each): Import[] => {
    const names = each.names.filter((name) => !taken.has(localName(name)))
    return names.length === 0 ? [] : [{ ...each, names }]
  })
  return { ...module, documentation: [], items: [...missing, ...others, ...optimizer] }
}

/** The module once for each of its optimizers, without the others; itself where there is one or none. */
export function eachOptimizer(module: Module): readonly Module[] {
  const optimizers = module.items.filter((item) => item.kind === 'optimizer')
  return optimizers.length < 2
    ? [module]
    : optimizers.map((own) => ({
        ...module,
        items: module.items.filter((item) => item.kind !== 'optimizer' || item === own),
      }))
}

function withFirstOptimizer(items: readonly Item[]): readonly Item[] {
  const first = items.find((item) => item.kind === 'optimizer')
  return items.filter((item) => item.kind !== 'optimizer' || item === first)
}

/** What an imported name is called in the file that imports it. */
export const localName = (name: ImportName): string => (name.alias ?? name.name).name

function namesOf(item: Item): readonly string[] {
  if (item.kind === 'import') return item.names.map(localName)
  return item.kind === 'function' || item.kind === 'optimizer' || item.kind === 'space'
    ? [item.name.name]
    : []
}

/**
 * The module for people: imports, functions and lets that its first optimizer does not use are left out, as are further
 * optimizers, and the optimizer gets a name.
 */
export function tidy(module: Module, name: string, documentation: readonly string[]): Module {
  const items = withFirstOptimizer(module.items).map((item): Item => {
    if (item.kind !== 'optimizer') return item
    const statements = withoutUnused(item.body.statements)
    return {
      ...item,
      name: build.identifier(name),
      documentation,
      body: { ...item.body, statements },
    }
  })
  const optimizers = items.filter((item) => item.kind === 'optimizer')
  const used = usedNames(optimizers)
  const functions = items.filter((item) => item.kind === 'function')
  for (let size = -1; size !== used.size;) {
    size = used.size
    for (const item of functions)
      if (used.has(item.name.name)) for (const inner of usedNames([item])) used.add(inner)
  }
  const kept = items.flatMap((item): Item[] => {
    if (item.kind === 'function') return used.has(item.name.name) ? [item] : []
    if (item.kind !== 'import') return [item]
    const names = item.names.filter((each) => used.has(localName(each)))
    return names.length === 0 ? [] : [{ ...item, names }]
  })
  return { ...module, items: kept }
}

function withoutUnused(statements: readonly Statement[]): readonly Statement[] {
  const used = new Set<string>()
  return [...statements]
    .reverse()
    .filter((statement) => {
      if (statement.kind === 'let' && !used.has(statement.name.name)) return false
      for (const name of usedNames([statement])) used.add(name)
      return true
    })
    .reverse()
}

function usedNames(items: readonly (Item | Statement)[]): Set<string> {
  const names = new Set<string>()
  for (const item of items) {
    visit(item, {
      enter: (node) => {
        if (node.kind === 'name') names.add(node.name)
        if (node.kind === 'call') names.add(node.callee.name)
      },
    })
  }
  return names
}

/** The module with its update negated, in every branch: for rules that only work with the other sign. */
export function negateUpdate(module: Module): Module {
  return transform(module, (node) =>
    node.kind === 'assign' && node.target.name === 'update'
      ? { ...node, value: build.unary(negationOperator.name, node.value) }
      : node,
  )
}
