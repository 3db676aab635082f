import type { Artifact } from '../artifact.ts'
import { kebabCase } from '../names.ts'
import type { Runtime } from '../target.ts'
import type { Needs } from './builder.ts'
import { formatPython } from './format.ts'
import { textOf, type Lines } from './lines.ts'
import type { PythonPiece } from './piece.ts'

/** A module before it is text. */
export interface ModuleParts {
  /** The name of the file, without an ending. */
  readonly name: string
  /** What users import. */
  readonly exports: readonly string[]
  /** Classes and functions, in the order of a reader. */
  readonly definitions: readonly Lines[]
  readonly needs: Needs
}

/** The pieces that modules of a target may carry. */
export type Prelude = Readonly<Record<string, PythonPiece>>

/** The name of the module that modules with `--runtime import` share. */
export const RUNTIME_MODULE = 'optc_runtime'

const FUTURE = 'from __future__ import annotations'

/**
 * A module as a file, with `import` behind it the file that all such modules share. Classes and what they are made of come first,
 * then the module's own definitions, then functions that these call.
 */
export async function printModule(
  parts: ModuleParts,
  prelude: Prelude,
  runtime: Runtime,
): Promise<readonly Artifact[]> {
  const { name, exports, definitions, needs } = parts
  const path = `${kebabCase(name).replaceAll('-', '_')}.py`
  const own = definitions.map((lines) => textOf(lines))
  const all = `__all__ = [${[...exports]
    .sort(byKind)
    .map((each) => JSON.stringify(each))
    .join(', ')}]`
  if (runtime === 'import') {
    const shared = [...needs.prelude].sort()
    const imports = new Set([
      ...needs.imports,
      ...shared.map((each) => `from ${RUNTIME_MODULE} import ${each}`),
    ])
    const module = await fileOf(path, [`${importLines(imports)}\n\n${all}`, ...own])
    return shared.length === 0 ? [module] : [module, await runtimeModule(prelude)]
  }
  const pieces = piecesFor(needs.prelude, prelude)
  const imports = new Set([...needs.imports, ...pieces.flatMap(({ imports: own }) => own)])
  const isFunction = ({ text }: PythonPiece): boolean => /^(?:@.*\n)*def /.test(text)
  const early = pieces.filter((piece) => !isFunction(piece)).map(({ text }) => text)
  const late = pieces.filter(isFunction).map(({ text }) => text)
  return [await fileOf(path, [`${importLines(imports)}\n\n${all}`, ...early, ...own, ...late])]
}

const runtimes = new WeakMap<Prelude, Promise<Artifact>>()

function runtimeModule(prelude: Prelude): Promise<Artifact> {
  const known = runtimes.get(prelude)
  if (known !== undefined) return known
  const pieces = piecesFor(new Set(Object.keys(prelude)), prelude)
  const imports = new Set(pieces.flatMap(({ imports: own }) => own))
  const made = fileOf(`${RUNTIME_MODULE}.py`, [
    importLines(imports),
    ...pieces.map(({ text }) => text),
  ]).then((file): Artifact => ({ ...file, shared: true }))
  runtimes.set(prelude, made)
  return made
}

async function fileOf(path: string, [head = '', ...texts]: readonly string[]): Promise<Artifact> {
  return {
    path,
    text: await formatPython(`${[`${FUTURE}\n\n${head}`, ...texts].join('\n\n\n')}\n`),
  }
}

/** The needed pieces and those they use, each behind those. */
function piecesFor(needed: ReadonlySet<string>, prelude: Prelude): readonly PythonPiece[] {
  const found = new Set<string>()
  const open = new Set<string>()
  const visit = (name: string): void => {
    const piece = prelude[name]
    if (piece === undefined || found.has(name) || open.has(name)) return
    open.add(name)
    piece.uses.forEach(visit)
    found.add(name)
  }
  // The order is that of the prelude, whatever asks first.
  for (const name of Object.keys(prelude)) if (needed.has(name)) visit(name)
  return [...found].map((name) => prelude[name]!)
}

/** Statements that import: Python's own modules first, each module once. */
function importLines(imports: ReadonlySet<string>): string {
  const plain: string[] = []
  const from = new Map<string, string[]>()
  for (const line of imports) {
    const [, module, name] = /^from (\S+) import (\w+)$/.exec(line) ?? []
    if (module === undefined || name === undefined) plain.push(line)
    else from.set(module, [...(from.get(module) ?? []), name])
  }
  const lines = [
    ...plain.sort(),
    ...[...from]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([module, names]) => `from ${module} import ${names.sort(byKind).join(', ')}`),
  ]
  const rootOf = (line: string): string => line.split(/[ .]/)[1]!
  const isOwn = (line: string): boolean => STANDARD.has(rootOf(line))
  const isLocal = (line: string): boolean => rootOf(line) === RUNTIME_MODULE
  return [
    lines.filter(isOwn),
    lines.filter((line) => !isOwn(line) && !isLocal(line)),
    lines.filter(isLocal),
  ]
    .filter((each) => each.length > 0)
    .map((each) => each.join('\n'))
    .join('\n\n')
}

/** Modules that Python brings along. */
const STANDARD: ReadonlySet<string> = new Set(
  'collections contextlib dataclasses functools importlib math typing'.split(' '),
)

/** Constants, then classes, then functions, each by the alphabet and by the size of numbers in them. */
function byKind(a: string, b: string): number {
  const kind = (name: string): number =>
    /^[A-Z][A-Z\d_]+$/.test(name) ? 0 : /^[A-Z]/.test(name) ? 1 : 2
  const natural = (name: string): string =>
    name.replace(/\d+/g, (digits) => digits.padStart(8, '0'))
  const [first, second] = [natural(a), natural(b)]
  return kind(a) - kind(b) || (first < second ? -1 : first > second ? 1 : 0)
}
