// Writes the declarations of what package.json exports: `npm run declarations`, or `node declarations.js FOLDER` for another
// place than dist/types. Those that nothing exported needs are left out. The types are checked by `npm run typecheck`, not here.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'

const [folder = 'dist/types'] = process.argv.slice(2)
const ENTRIES = [
  'src/index.ts',
  'src/library/data.ts',
  'src/library/runtime.ts',
  'src/library/search.ts',
  'src/library/wasm-training.ts',
  'src/syntax/prettier-plugin.ts',
]
const root = import.meta.dirname

const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root)
const program = ts.createProgram(
  ENTRIES.map((entry) => join(root, entry)),
  { ...options, noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: root },
)
/** Texts by paths from the root, without an ending. */
const written = new Map()
const { diagnostics } = program.emit(undefined, (path, text) => {
  written.set(
    ts.sys
      .resolvePath(path)
      .slice(root.length + 1)
      .replace(/\.d\.ts$/, ''),
    text,
  )
})
if (diagnostics.length > 0) {
  const host = {
    getCurrentDirectory: () => root,
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  }
  process.stderr.write(ts.formatDiagnostics(diagnostics, host))
  process.exit(1)
}

/** Imports of one's own, which end in `.ts` in the sources and would be looked for under that name. */
const RELATIVE = /((?:from|import)\s*\(?\s*['"])(\.{1,2}\/[^'"]+)\.ts(?=['"])/g

rmSync(folder, { recursive: true, force: true })
const needed = new Set(ENTRIES.map((entry) => entry.replace(/\.ts$/, '')))
for (const name of needed) {
  const text = written.get(name)
  const target = join(folder, `${name}.d.ts`)
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, text.replace(RELATIVE, '$1$2.js'))
  for (const [, , path] of text.matchAll(RELATIVE)) needed.add(join(dirname(name), path))
}
