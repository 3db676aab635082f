import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ebnf } from '../../grammar/generate/ebnf.ts'
import { railroad } from '../../grammar/generate/railroad.ts'
import { textMateGrammar } from '../../grammar/generate/textmate.ts'

/** A file made from others: `path` from the root of the repository, with forward slashes. */
export interface GeneratedFile {
  readonly path: string
  readonly text: string
}

/** What `npm run generate` writes, made from the sources below the folder `root`. Throws when a source cannot be read. */
export function generatedFiles(root: string): readonly GeneratedFile[] {
  return [
    { path: 'grammar/grammar.ebnf', text: ebnf() },
    { path: 'grammar/railroad.html', text: railroad() },
    { path: 'grammar/opt.tmLanguage.json', text: textMateGrammar() },
    { path: 'src/emit/ts-prelude-sources.ts', text: preludeModule(root) },
    { path: 'src/library/standard-library.ts', text: standardLibraryModule(root) },
  ]
}

/** The functions of the prelude's files as texts: what the emitter pastes. */
function preludeModule(root: string): string {
  const folder = join(root, 'src/emit/ts-prelude')
  const entries = readdirSync(folder)
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split(/\n(?=\/\*\*)/))
    .flatMap((piece) => {
      const name = /^export function (\w+)/m.exec(piece)?.[1]
      return name === undefined
        ? []
        : [`  ${name}: ${JSON.stringify(piece.trim().replace(/^export /m, ''))},`]
    })
  return recordModule(
    '// Written from the files of ts-prelude by `npm run generate`.',
    '/** The prelude of emitted TypeScript: each function by its name. */',
    'preludeSources',
    entries,
  )
}

/** The files of stdlib/ as texts: where there is no disk, imports of the library are found here. */
function standardLibraryModule(root: string): string {
  const folder = join(root, 'stdlib')
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.opt'))
    .sort()
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8')
      return `  'std/${file.slice(0, -'.opt'.length)}': ${JSON.stringify(text)},`
    })
  return recordModule(
    '// Written from the files of stdlib/ by `npm run generate`.',
    '/** The standard library: the text of each file by the name it is imported under, `std/NAME`. */',
    'standardLibrary',
    entries,
  )
}

function recordModule(
  origin: string,
  documentation: string,
  name: string,
  entries: readonly string[],
): string {
  const declaration = `export const ${name}: Readonly<Record<string, string>> = {`
  return [origin, '', documentation, declaration, ...entries, '}', ''].join('\n')
}
