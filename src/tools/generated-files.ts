import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { ebnf } from '../../grammar/generate/ebnf.ts'
import { railroad } from '../../grammar/generate/railroad.ts'
import { textMateGrammar } from '../../grammar/generate/textmate.ts'
import { pythonPrelude } from './python-prelude.ts'

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
    { path: 'src/emit/ts/prelude-sources.ts', text: preludeModule(root) },
    pythonPrelude(root, 'src/emit/python'),
    ...['keras', 'optax', 'pytorch'].map((target) =>
      pythonPrelude(root, `src/emit/${target}`, 'src/emit/python', ['src/emit/python/quantile']),
    ),
    { path: 'src/resolve/library-names.ts', text: libraryNamesModule(root) },
    { path: 'src/library/standard-library.ts', text: standardLibraryModule(root) },
    { path: 'src/reference/chapter-texts.ts', text: chaptersModule(chapterTexts(root)) },
  ]
}

/** What emitted modules carry: the prelude, and what means the same in the evaluator and in them. */
const PRELUDE = [
  'src/emit/ts/prelude',
  'src/operators/linear-algebra',
  'src/operators/special/bessel-i1e.ts',
  'src/operators/special/erf.ts',
  'src/operators/special/polynomial.ts',
]

/** The exported declarations of the prelude's files: what the emitter pastes, and what it has to paste beside each. */
function preludeModule(root: string): string {
  const files = PRELUDE.flatMap((below) =>
    below.endsWith('.ts')
      ? [join(root, below)]
      : readdirSync(join(root, below))
          .sort()
          .map((file) => join(root, below, file)),
  )
  const pieces = files.flatMap((file) => exportedPieces(file, readFileSync(file, 'utf8')))
  const names = pieces.map(({ name }) => name)
  const entries = pieces.map(({ name, text, used, mentioned, isType }) => {
    const fields = [
      `text: ${JSON.stringify(text)}`,
      `uses: [${names
        .filter((other) => other !== name && used.has(other))
        .map((other) => `'${other}'`)
        .join(', ')}]`,
      `usesTensors: ${mentioned.has('tf')}`,
      ...(isType ? ['isType: true'] : []),
    ]
    return [`  ${name}: {`, ...fields.map((field) => `    ${field},`), '  },'].join('\n')
  })
  return [
    '// Written from the files of prelude by `npm run generate`.',
    '',
    '/** The name of a piece of the prelude. */',
    'export type PreludeName =',
    ...names.map((name) => `  | '${name}'`),
    '',
    '/** A function or type of the prelude: its text, the others it uses, and whether it needs tfjs. */',
    'export interface PreludePiece {',
    '  readonly text: string',
    '  readonly uses: readonly PreludeName[]',
    '  readonly usesTensors: boolean',
    '  readonly isType?: true',
    '}',
    '',
    '/** The prelude of emitted TypeScript: each piece by its name. */',
    'export const preludeSources: Readonly<Record<PreludeName, PreludePiece>> = {',
    ...entries,
    '}',
    '',
  ].join('\n')
}

interface SourcePiece {
  readonly name: string
  /** With its documentation, without the word that exports it. */
  readonly text: string
  /** What it calls or has as a type, by a plain name. */
  readonly used: ReadonlySet<string>
  /** All identifiers in it. */
  readonly mentioned: ReadonlySet<string>
  readonly isType: boolean
}

function exportedPieces(file: string, source: string): SourcePiece[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true)
  return tree.statements.flatMap((declaration) => {
    const isType = ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration)
    if (!isType && !ts.isFunctionDeclaration(declaration)) return []
    const word = declaration.modifiers?.find(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    if (word === undefined || declaration.name === undefined) return []
    const used = new Set<string>()
    const mentioned = new Set<string>()
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node)) mentioned.add(node.text)
      const target = ts.isCallExpression(node)
        ? node.expression
        : ts.isTypeReferenceNode(node)
          ? node.typeName
          : undefined
      if (target !== undefined && ts.isIdentifier(target)) used.add(target.text)
      node.forEachChild(visit)
    }
    visit(declaration)
    const documentation = source.slice(declaration.getStart(tree, true), word.getStart())
    const text = `${documentation}${source.slice(word.end, declaration.end).trimStart()}`
    return [{ name: declaration.name.text, text, used, mentioned, isType }]
  })
}

/** Where each function of the standard library is declared that needs an import. */
function libraryNamesModule(root: string): string {
  const folder = join(root, 'stdlib')
  const entries = readdirSync(folder)
    .filter((file) => file.endsWith('.opt') && file !== 'prelude.opt')
    .sort()
    .flatMap((file) => {
      const text = readFileSync(join(folder, file), 'utf8')
      return [...text.matchAll(/^(?:fn|schedule|decay) (\w+)/gm)].map(
        ([, name]) => `  ${name!}: 'std/${file.slice(0, -'.opt'.length)}',`,
      )
    })
  return [
    '// Written from the files of stdlib/ by `npm run generate`.',
    '',
    '/** The file of the standard library that each function is imported from, by its name. */',
    'export const libraryNames: Readonly<Record<string, string>> = {',
    ...entries,
    '}',
    '',
  ].join('\n')
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
  return [
    '// Written from the files of stdlib/ by `npm run generate`.',
    '',
    '/** The standard library: the text of each file by the name it is imported under, `std/NAME`. */',
    'export const standardLibrary: Readonly<Record<string, string>> = {',
    ...entries,
    '}',
    '',
  ].join('\n')
}

/** The chapters of the reference by their names, in the order they are read in. */
function chapterTexts(root: string): Readonly<Record<string, string>> {
  const folder = join(root, 'src/reference/chapters')
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((file) => [
        file.replace(/^\d+-(.*)\.md$/, '$1'),
        readFileSync(join(folder, file), 'utf8'),
      ]),
  )
}

function chaptersModule(texts: Readonly<Record<string, string>>): string {
  return [
    '// Written from the files of src/reference/chapters by `npm run generate`.',
    '',
    '/** The chapters of the reference in Markdown, by their names, in the order they are read in. */',
    'export const chapterTexts: Readonly<Record<string, string>> = {',
    ...Object.entries(texts).map(([name, text]) => `  ${name}: ${JSON.stringify(text)},`),
    '}',
    '',
  ].join('\n')
}
