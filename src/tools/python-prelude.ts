import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GeneratedFile } from './generated-files.ts'

interface PythonPiece {
  readonly name: string
  readonly text: string
  readonly words: ReadonlySet<string>
  /** The lines that import what the file imports under a name, by that name. */
  readonly imports: ReadonlyMap<string, string>
}

/**
 * The preludes of targets in Python: `below` holds a folder `prelude`, whose files stand in the order of their names among those of
 * the folders `parts`, which several preludes have; modules may also use what `shared` holds.
 */
export function pythonPrelude(
  root: string,
  below: string,
  shared?: string,
  parts: readonly string[] = [],
): GeneratedFile {
  const pieces = piecesOf(root, below, parts)
  const others = shared === undefined ? [] : piecesOf(root, shared)
  const names = pieces.map(({ name }) => name)
  const known = [...names, ...others.map(({ name }) => name)]
  const entries = pieces.map(({ name, text, words, imports }) => {
    const uses = known.filter((other) => other !== name && words.has(other))
    const lines = [...imports].flatMap(([used, line]) => (words.has(used) ? [line] : []))
    return `  ${name}: ${JSON.stringify({ text, uses, imports: lines })},`
  })
  const text = [
    '// Written from the files of prelude by `npm run generate`.',
    `import type { PythonPiece } from '${shared === undefined ? './piece.ts' : '../python/piece.ts'}'`,
    '',
    '/** The name of a piece of the prelude. */',
    'export type PreludeName =',
    ...names.map((name) => `  | '${name}'`),
    '',
    '/** What emitted modules carry as it is: each piece by its name. */',
    'export const preludeSources: Readonly<Record<PreludeName, PythonPiece>> = {',
    ...entries,
    '}',
    '',
  ].join('\n')
  return { path: `${below}/prelude-sources.ts`, text }
}

function piecesOf(
  root: string,
  below: string,
  parts: readonly string[] = [],
): readonly PythonPiece[] {
  return [join(below, 'prelude'), ...parts]
    .flatMap((folder) => readdirSync(join(root, folder)).map((file) => ({ folder, file })))
    .filter(({ file }) => file.endsWith('.py'))
    .sort((a, b) => (a.file < b.file ? -1 : 1))
    .flatMap(({ folder, file }) => piecesIn(readFileSync(join(root, folder, file), 'utf8')))
}

/** The definitions at the left margin of a file that a formatter wrote. */
function piecesIn(source: string): readonly PythonPiece[] {
  // Two blank lines stand before every function and class, one or none between constants and imports.
  const blocks = source
    .split(/\n{2,}(?=[^\s#"])/)
    .flatMap((block) => (DEFINITION.test(block) ? [block] : block.split(/\n(?=[A-Za-z])/)))
  const imports = new Map<string, string>()
  for (const block of blocks) for (const [name, line] of importsIn(block)) imports.set(name, line)
  return blocks.flatMap((block): PythonPiece[] => {
    const name = DEFINITION.exec(block)?.[1] ?? CONSTANT.exec(block)?.[1]
    if (name === undefined) return []
    // Neither documentation nor the names of methods call anything.
    const code = block.replace(/"""[^]*?"""|#.*|^ +def \w+/gm, '')
    const words = new Set(code.match(/(?<![.\w])[A-Za-z_]\w*/g))
    return [{ name, text: block.trimEnd(), words, imports }]
  })
}

const DEFINITION = /^(?:@[^\n]*\n)*(?:def|class) (\w+)/
const CONSTANT = /^([A-Za-z]\w*)(?:: [^=\n]+)? = /

/** What a statement imports under which name, each as a statement of its own. */
function importsIn(block: string): readonly (readonly [name: string, line: string])[] {
  const plain = /^import ([\w.]+)(?: as (\w+))?$/m.exec(block)
  if (plain !== null) return [[plain[2] ?? plain[1]!.split('.')[0]!, block.trim()]]
  const from = /^from ([\w.]+) import \(?([^)]+)\)?/.exec(block)
  if (from === null || block.startsWith('from __future__') || from[1]!.startsWith('.')) return []
  return from[2]!
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => [name, `from ${from[1]} import ${name}`] as const)
}
