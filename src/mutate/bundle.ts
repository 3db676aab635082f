import type { ModuleLoader } from '../resolve/resolution.ts'
import type { FunctionDeclaration, Import, ImportName, Item, Module } from '../syntax/ast.ts'
import * as build from '../syntax/build.ts'
import { parse } from '../syntax/parse.ts'
import { transform } from '../syntax/traverse.ts'

/** What functions are called elsewhere, by the names they have in one file. */
import { localName } from './adopt.ts'

type Renaming = ReadonlyMap<string, string>

const LIBRARY = 'std/'

/**
 * The module with the functions of the files beside it that it imports, directly or through others, in the place of the
 * imports: a program that means the same wherever it stands. Imports of the library stay. The module must check.
 */
export function bundle(module: Module, loader: ModuleLoader): Module {
  const taken = new Set(module.items.flatMap(declaredNames))
  const imports: Item[] = []
  const functions: Item[] = []
  const known = new Map<string, Renaming>()
  const unused = (name: string): string => {
    let fresh = name
    for (let number = 2; taken.has(fresh); number++) fresh = `${name}${number}`
    taken.add(fresh)
    return fresh
  }

  const include = (from: string, importer: string): Renaming => {
    const source = loader(from, importer)
    if (source === undefined) return new Map()
    const before = known.get(source.path)
    if (before !== undefined) return before
    const names = new Map<string, string>()
    known.set(source.path, names)
    const { items } = parse(source).value
    for (const item of items) {
      if (item.kind === 'function') names.set(item.name.name, unused(item.name.name))
      if (item.kind !== 'import') continue
      if (isNeighbour(item)) {
        for (const [name, renamed] of importedNames(item, include(item.from.value, source.path)))
          names.set(name, renamed)
        continue
      }
      for (const name of item.names) names.set(localName(name), unused(localName(name)))
      imports.push({ ...item, names: item.names.map((name) => aliased(name, names)) })
    }
    for (const item of items) if (item.kind === 'function') functions.push(renamed(item, names))
    return names
  }

  const ownImports = module.items.filter(isImport)
  const others = module.items.filter((item) => item.kind !== 'import')
  const names = new Map(
    ownImports
      .filter(isNeighbour)
      .flatMap((item) => importedNames(item, include(item.from.value, module.path))),
  )
  return {
    ...module,
    items: [
      ...ownImports.filter((item) => !isNeighbour(item)),
      ...imports,
      ...functions,
      ...others.map((item) => called(item, names)),
    ],
  }
}

const isImport = (item: Item): item is Import => item.kind === 'import'

const isNeighbour = ({ from }: Import): boolean => !from.value.startsWith(LIBRARY)

function declaredNames(item: Item): readonly string[] {
  if (item.kind === 'import') return isNeighbour(item) ? [] : item.names.map(localName)
  return item.kind === 'function' || item.kind === 'optimizer' ? [item.name.name] : []
}

/** The names of an import in the file that has it, with what they are called in the bundle. */
function importedNames(item: Import, names: Renaming): readonly (readonly [string, string])[] {
  return item.names.map((each) => [localName(each), names.get(each.name.name) ?? localName(each)])
}

function aliased(name: ImportName, names: Renaming): ImportName {
  const local = names.get(localName(name)) ?? localName(name)
  return { ...name, alias: local === name.name.name ? undefined : build.identifier(local) }
}

function renamed(declaration: FunctionDeclaration, names: Renaming): FunctionDeclaration {
  const name = names.get(declaration.name.name)
  const changed = called(declaration, names)
  return name === undefined ? changed : { ...changed, name: build.identifier(name) }
}

function called<I extends Item>(item: I, names: Renaming): I {
  return transform(item, (node) => {
    const name = node.kind === 'call' ? names.get(node.callee.name) : undefined
    return name !== undefined && node.kind === 'call'
      ? { ...node, callee: build.identifier(name) }
      : node
  })
}
