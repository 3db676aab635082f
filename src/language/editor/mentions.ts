import type { Span } from '../../diagnostics/source.ts'
import type { Operator } from '../../operators/operator.ts'
import { operatorsCalled } from '../../operators/table.ts'
import type { Axis } from '../../operators/type.ts'
import { EVALUATE, UPDATE } from '../../resolve/builtins.ts'
import type { BuiltinName, Resolution } from '../../resolve/resolution.ts'
import type { ResolvedModule } from '../../resolve/resolved-module.ts'
import type { Local } from '../../resolve/scope.ts'
import type {
  Call,
  Declaration,
  Expression,
  FunctionDeclaration,
  Identifier,
  ImportName,
  Node,
} from '../../syntax/ast.ts'
import { axisArgument } from '../../syntax/axis-argument.ts'
import { visit } from '../../syntax/traverse.ts'

/** What a written name means, with the path of the module that declares it where one does. */
export type Entity =
  | { readonly kind: 'declaration'; readonly declaration: Declaration; readonly path: string }
  | { readonly kind: 'local'; readonly declaration: Local; readonly path: string }
  | { readonly kind: 'operator'; readonly name: string; readonly rows: readonly Operator[] }
  | { readonly kind: 'builtin'; readonly name: BuiltinName }
  | { readonly kind: 'constant'; readonly name: string; readonly value: number }
  | { readonly kind: 'result'; readonly name: string }
  | { readonly kind: 'axis'; readonly name: Axis }
  | { readonly kind: 'module'; readonly specifier: string }

/** A place of a text where a name stands that means something. */
export interface Mention {
  readonly span: Span
  readonly entity: Entity
  readonly role: 'declaration' | 'read' | 'write' | 'import'
  /** The expression that the name is, where it is one. */
  readonly expression?: Expression
  /** The import that gives the function the other name it has here. */
  readonly alias?: ImportName
}

/** Where an entity's name is declared: the same for every text of a program that means it. Undefined where nowhere. */
export function declaredAt(
  entity: Entity,
): { readonly path: string; readonly span: Span } | undefined {
  if (entity.kind !== 'declaration' && entity.kind !== 'local') return undefined
  return { path: entity.path, span: entity.declaration.name.span }
}

/** Whether both are declared at the same place, or mean the same without being declared. */
export function isSameEntity(a: Entity, b: Entity): boolean {
  const [first, second] = [declaredAt(a), declaredAt(b)]
  if (first !== undefined && second !== undefined)
    return (
      first.path === second.path &&
      first.span.start === second.span.start &&
      first.span.end === second.span.end
    )
  if (a.kind === 'module' || b.kind === 'module' || first !== undefined || second !== undefined)
    return a.kind === 'module' && b.kind === 'module' && a.specifier === b.specifier
  return a.kind === b.kind && 'name' in a && 'name' in b && a.name === b.name
}

/** Every name of a module that means something, in the order of the text. */
export function mentionsIn(resolved: ResolvedModule): readonly Mention[] {
  const found: Mention[] = []
  visit(resolved.module, {
    enter: (node) => {
      for (const mention of mentionsOf(resolved, node)) found.push(mention)
    },
  })
  return found.sort((a, b) => a.span.start - b.span.start)
}

/** The mention whose name the offset is in, or stands directly behind. */
export function mentionAt(mentions: readonly Mention[], offset: number): Mention | undefined {
  const touching = mentions.filter(
    ({ span }) => span.start <= offset && offset <= span.end && span.start < span.end,
  )
  return touching.find(({ span }) => offset < span.end) ?? touching[0]
}

function mentionsOf(resolved: ResolvedModule, node: Node): readonly Mention[] {
  const { tables, module } = resolved
  const { path } = module
  switch (node.kind) {
    case 'import':
      return [
        {
          span: node.from.span,
          entity: { kind: 'module', specifier: node.from.value },
          role: 'import',
        },
        ...node.names.flatMap((each) => importMentions(resolved, each)),
      ]
    case 'function':
    case 'optimizer':
    case 'space':
      return [named(node.name, { kind: 'declaration', declaration: node, path }, 'declaration')]
    case 'parameter':
    case 'let':
    case 'state':
      return [named(node.name, { kind: 'local', declaration: node, path }, 'declaration')]
    case 'assign': {
      const state = tables.assignments.get(node)
      const { name } = node.target
      if (state !== undefined)
        return [named(node.target, { kind: 'local', declaration: state, path }, 'write')]
      return name === UPDATE || name === EVALUATE
        ? [named(node.target, { kind: 'result', name }, 'write')]
        : []
    }
    case 'name': {
      const resolution = tables.names.get(node)
      if (resolution === undefined) return []
      const entity = entityOf(resolution, path)
      return [{ span: node.span, entity, role: 'read', expression: node }]
    }
    case 'call':
      return callMentions(resolved, node)
    default:
      return []
  }
}

const named = ({ span }: Identifier, entity: Entity, role: Mention['role']): Mention => ({
  span,
  entity,
  role,
})

function entityOf(resolution: Resolution, path: string): Entity {
  switch (resolution.kind) {
    case 'builtin':
    case 'constant':
      return resolution
    default:
      return { kind: 'local', declaration: resolution.declaration, path }
  }
}

function functionEntity(
  { tables, module }: ResolvedModule,
  declaration: FunctionDeclaration,
): Entity {
  return {
    kind: 'declaration',
    declaration,
    path: tables.homes.get(declaration) ?? module.path,
  }
}

function importMentions(resolved: ResolvedModule, node: ImportName): readonly Mention[] {
  const { name, alias } = node
  const declaration = resolved.scope.functions.get((alias ?? name).name)
  if (declaration === undefined || declaration.name.name !== name.name) return []
  const entity = functionEntity(resolved, declaration)
  const mention = named(name, entity, 'import')
  return alias === undefined
    ? [mention]
    : [mention, { ...named(alias, entity, 'import'), alias: node }]
}

function callMentions(resolved: ResolvedModule, call: Call): readonly Mention[] {
  const { callee } = call
  const declaration = resolved.scope.functions.get(callee.name)
  if (declaration === undefined) {
    const bound = resolved.tables.calls.get(call)
    const rows = bound?.kind === 'operator' ? [bound.operator] : operatorsCalled(callee.name)
    if (rows.length === 0) return []
    const entity: Entity = { kind: 'operator', name: callee.name, rows }
    const over = axisArgument(call).over
    return [
      { ...named(callee, entity, 'read'), expression: call },
      ...(over?.axis === undefined
        ? []
        : [
            {
              span: over.argument.value.span,
              entity: { kind: 'axis', name: over.axis } as const,
              role: 'read' as const,
            },
          ]),
    ]
  }
  const entity = functionEntity(resolved, declaration)
  const alias = aliasFor(resolved, callee.name)
  const mention: Mention = { ...named(callee, entity, 'read'), expression: call }
  return [
    alias === undefined ? mention : { ...mention, alias },
    ...call.arguments.flatMap(({ name }): readonly Mention[] => {
      const parameter = declaration.parameters.find((each) => each.name.name === name?.name)
      return name === undefined || parameter === undefined || !('path' in entity)
        ? []
        : [named(name, { kind: 'local', declaration: parameter, path: entity.path }, 'read')]
    }),
  ]
}

/** The import that gives a function the name it is called by here. */
function aliasFor({ module, scope }: ResolvedModule, name: string): ImportName | undefined {
  if (scope.functions.get(name)?.name.name === name) return undefined
  for (const item of module.items)
    if (item.kind === 'import')
      for (const each of item.names) if (each.alias?.name === name) return each
  return undefined
}
