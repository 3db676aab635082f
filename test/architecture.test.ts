import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { catalog } from '../src/diagnostics/catalog.ts'
import { laws } from '../src/ir/laws.ts'
import { operators } from '../src/operators/table.ts'
import { OTHER_MEANINGS } from './other-meanings.ts'

const root = join(import.meta.dirname, '..')

/** The TypeScript files below a folder of the repository, as paths from the root. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name).split(sep).join('/'))
    .filter((name) => name.endsWith('.ts'))
    .sort()
}

interface Code {
  readonly path: string
  readonly text: string
  readonly tree: ts.SourceFile
}

const read = (path: string): Code => {
  const text = readFileSync(join(root, path), 'utf8')
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true) }
}

const product = [...filesBelow('src'), ...filesBelow('grammar')].map(read)
const tests = [...filesBelow('test'), ...filesBelow('examples')]
  .filter((path) => !/\/golden\//.test(path))
  .map(read)

function visit(node: ts.Node, enter: (node: ts.Node) => void): void {
  enter(node)
  node.forEachChild((child) => visit(child, enter))
}

interface Import {
  readonly specifier: string
  /** Gone when the program runs. */
  readonly isType: boolean
}

function importsOf({ tree }: Code): Import[] {
  const found: Import[] = []
  visit(tree, (node) => {
    const isStatic = ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
    const isDynamic =
      ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
    const target = isStatic ? node.moduleSpecifier : isDynamic ? node.arguments[0] : undefined
    if (target === undefined || !ts.isStringLiteralLike(target)) return
    const isType = ts.isImportDeclaration(node)
      ? node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : ts.isExportDeclaration(node) && node.isTypeOnly
    found.push({ specifier: target.text, isType })
  })
  return found
}

/** The folder a file belongs to; `compile` for the pipeline. */
function folderOf(path: string): string {
  const [top, second] = path.split('/')
  return top === 'src' ? second!.replace(/\.ts$/, '') : top!
}

const inside = product.flatMap((code) =>
  importsOf(code).flatMap(({ specifier }) =>
    specifier.startsWith('.')
      ? [
          {
            from: code.path,
            to: relative(root, join(root, dirname(code.path), specifier))
              .split(sep)
              .join('/'),
          },
        ]
      : [],
  ),
)

/** What each folder may import. */
const LAYERS: Readonly<Record<string, readonly string[]>> = (() => {
  const base = ['diagnostics', 'operators', 'grammar', 'syntax', 'resolve', 'ir', 'check', 'plan']
  const below = (folder: string): string[] => base.slice(0, base.indexOf(folder))
  const upper = [...base, 'compile']
  return {
    ...Object.fromEntries(base.map((folder) => [folder, below(folder)])),
    compile: [...base, 'mutate'],
    draw: base,
    wasm: [],
    emit: [...base, 'wasm'],
    mutate: base,
    language: [...upper, 'draw', 'emit'],
    runtime: [...upper, 'emit', 'wasm'],
    tasks: [...upper, 'emit', 'language', 'runtime'],
    evolve: [...upper, 'emit', 'language', 'mutate', 'runtime', 'tasks'],
    study: [...upper, 'draw', 'language', 'mutate', 'tasks', 'evolve'],
    report: [...upper, 'draw', 'emit', 'language', 'mutate', 'tasks', 'evolve', 'study'],
    reference: [...upper, 'emit', 'language', 'evolve', 'report'],
    hosts: [
      ...upper,
      ...['draw', 'emit', 'language', 'mutate', 'runtime', 'tasks', 'evolve', 'study', 'report'],
      'reference',
      'library',
    ],
    tools: ['grammar', 'reference', 'hosts'],
    library: [
      ...upper,
      ...['draw', 'emit', 'language', 'mutate', 'runtime', 'tasks', 'evolve', 'reference'],
    ],
    index: [...upper, 'draw', 'emit', 'language', 'mutate', 'library'],
  }
})()

describe('layers', () => {
  test('every folder has its place', () => {
    expect([...new Set(product.map(({ path }) => folderOf(path)))].sort()).toEqual(
      Object.keys(LAYERS).sort(),
    )
  })

  test('files import only from their own folder and the layers below', () => {
    const wrong = inside.filter(({ from, to }) => {
      const [importer, imported] = [folderOf(from), folderOf(to)]
      return importer !== imported && LAYERS[importer]?.includes(imported) !== true
    })
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([])
  })

  test('no folder needs itself', () => {
    const edges = new Map<string, Set<string>>()
    for (const { from, to } of inside) {
      const [importer, imported] = [folderOf(from), folderOf(to)]
      if (importer !== imported)
        edges.set(importer, (edges.get(importer) ?? new Set()).add(imported))
    }
    const needs = (folder: string, seen: Set<string>): Set<string> => {
      for (const next of edges.get(folder) ?? []) if (!seen.has(next)) needs(next, seen.add(next))
      return seen
    }
    expect([...edges.keys()].filter((folder) => needs(folder, new Set()).has(folder))).toEqual([])
  })
})

describe('only the hosts touch the world', () => {
  const pure = product.filter(
    ({ path }) => !['hosts', 'runtime', 'tasks', 'tools'].includes(folderOf(path)),
  )
  const WORLD = [
    'process',
    'console',
    'window',
    'document',
    'fetch',
    'Buffer',
    'setTimeout',
    'performance',
  ]

  test('nothing else imports modules of Node', () => {
    const builtin = new Set(builtinModules)
    const wrong = pure.flatMap((code) =>
      importsOf(code)
        .filter(({ specifier }) => specifier.startsWith('node:') || builtin.has(specifier))
        .map(({ specifier }) => `${code.path} imports ${specifier}`),
    )
    expect(wrong).toEqual([])
  })

  test('nothing else reads the clock, draws random numbers or speaks to its surroundings', () => {
    const wrong: string[] = []
    for (const { path, tree } of pure) {
      visit(tree, (node) => {
        if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
          const { text } = node.expression
          if (WORLD.includes(text) && !isDeclared(tree, text))
            wrong.push(`${path} uses ${node.getText()}`)
          if (['Math.random', 'Date.now'].includes(node.getText()))
            wrong.push(`${path} uses ${node.getText()}`)
        }
        if (
          ts.isCallExpression(node) &&
          ts.isIdentifier(node.expression) &&
          WORLD.includes(node.expression.text)
        )
          wrong.push(`${path} calls ${node.expression.text}`)
      })
    }
    expect(wrong).toEqual([])
  })

  test('random numbers come from seeds everywhere', () => {
    expect(
      product
        .filter(({ text }) => /Math\.random|crypto\.getRandom/.test(text))
        .map(({ path }) => path),
    ).toEqual([])
  })
})

/** Whether the file itself declares a name. */
function isDeclared(tree: ts.SourceFile, name: string): boolean {
  let found = false
  visit(tree, (node) => {
    if (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node))
      found ||= ts.isIdentifier(node.name) && node.name.text === name
  })
  return found
}

describe('operators', () => {
  /** Folders that know no operators: axes may be called `log` there, and a layer of a network `dropout`. */
  const FOREIGN = ['operators', 'draw', 'runtime', 'tasks']

  // What is counted for a parameter has the name of a word that is used for any number of steps.
  const named = operators.filter((row) => row.kind !== 'shape' || row.restsOn !== 'updates')
  const names = new Set(named.flatMap(({ name, callName }) => [name, callName ?? name]))
  /** How a target writes each of them. */
  const SPELLINGS = /^src\/emit\/[\w/]+\/spellings\.ts$/
  /** What other languages write for them. */
  const HABITS = 'src/diagnostics/habits.ts'
  const outside = product.filter(
    ({ path }) => !FOREIGN.includes(folderOf(path)) && !SPELLINGS.test(path) && path !== HABITS,
  )

  test('are named nowhere outside their table and the spellings of targets', () => {
    const wrong: string[] = []
    for (const { path, tree } of outside) {
      visit(tree, (node) => {
        if (!ts.isStringLiteralLike(node) || !names.has(node.text)) return
        if (ts.isLiteralTypeNode(node.parent) || OTHER_MEANINGS[path]?.includes(node.text) === true)
          return
        const { line } = tree.getLineAndCharacterOfPosition(node.getStart())
        wrong.push(`${path}:${line + 1} says '${node.text}'`)
      })
    }
    expect(wrong).toEqual([])
  })

  test('are told by their symbols nowhere outside their table', () => {
    const wrong: string[] = []
    for (const { path, tree } of outside) {
      visit(tree, (node) => {
        if (!ts.isBinaryExpression(node) || !ts.isStringLiteralLike(node.right)) return
        if (/\bsymbol$/.test(node.left.getText())) wrong.push(`${path} asks for ${node.right.text}`)
      })
    }
    expect(wrong).toEqual([])
  })

  test('in laws are there', () => {
    const called = laws.flatMap(({ from, to }) =>
      [...`${from} ${to}`.matchAll(/(\w+)\(/g)].map(([, name]) => name!),
    )
    expect(called.filter((name) => !names.has(name))).toEqual([])
  })
})

test('every diagnostic has the rendering of its example', () => {
  const rendered = readdirSync(join(root, 'test', 'diagnostics'))
    .filter((name) => name.endsWith('.txt'))
    .map((name) => name.slice(0, -'.txt'.length))
  expect(rendered.sort()).toEqual(Object.keys(catalog).sort())
})

describe('functions', () => {
  const MOST_LINES = 80
  /** Those that are still longer: a list that only gets shorter. */
  const LONG: readonly string[] = [
    'src/resolve/link.ts: loadImport',
    'src/resolve/resolve.ts: resolve',
    'src/resolve/rules/unused.ts: checkUnused',
    'src/hosts/cli/evolving/search-tally.ts: createTally',
    'src/hosts/cli/evolving/worker-process.ts: startWorker',
    'src/emit/ts/text/compiler.ts: structureOf',
    'src/mutate/parts.ts: partsOf',
    'src/plan/run/execute.ts: createExecutor',
    'src/plan/run/host.ts: createHostTable',
  ]

  test('fit a screen or two', () => {
    expect(product.flatMap(longFunctions).sort()).toEqual([...LONG].sort())
  })

  test('that are too long are seen, the outermost of them once', () => {
    const lines = 'value\n'.repeat(MOST_LINES)
    const code = (text: string): Code => ({
      path: 'a.ts',
      text,
      tree: ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest, true),
    })
    expect(longFunctions(code(`function f() {\n${lines}}`))).toEqual(['a.ts: f'])
    expect(longFunctions(code(`const f = () => {\n${lines}}`))).toEqual(['a.ts: f'])
    expect(longFunctions(code(`function f() { return () => {\n${lines}} }`))).toEqual(['a.ts: f'])
    expect(longFunctions(code(`${lines}function f() {}`))).toEqual([])
  })

  /** The functions that are too long; those inside another such function are left out. */
  function longFunctions({ path, tree }: Code): readonly string[] {
    const found: string[] = []
    const look = (node: ts.Node): void => {
      const first = tree.getLineAndCharacterOfPosition(node.getStart()).line
      const last = tree.getLineAndCharacterOfPosition(node.end).line
      if (ts.isFunctionLike(node) && last - first + 1 > MOST_LINES)
        found.push(`${path}: ${nameOf(node)}`)
      else node.forEachChild(look)
    }
    look(tree)
    return found
  }

  function nameOf(node: ts.SignatureDeclaration): string {
    const name = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined)
    return name?.getText() ?? 'without a name'
  }
})

describe('files', () => {
  const MOST_LINES = 400
  /** Files that hold one long thing, or that the compiler writes. */
  const LONG: readonly string[] = [
    'grammar/parser.ts',
    'src/diagnostics/habits.ts',
    'src/emit/ts/prelude-sources.ts',
    'test/emit/drop-in.slow.test.ts',
    'examples/train-with-tfjs/cautious-adam.ts',
  ]

  test('are short', () => {
    const long = [...product, ...tests].filter(
      ({ path, text }) => text.split('\n').length > MOST_LINES && !LONG.includes(path),
    )
    expect(long.map(({ path, text }) => `${path}: ${text.split('\n').length}`)).toEqual([])
  })

  test('leave nothing to do', () => {
    const word = new RegExp(['TO', 'DO|FIX', 'ME|X', 'XX'].join(''))
    expect(
      [...product, ...tests].filter(({ text }) => word.test(text)).map(({ path }) => path),
    ).toEqual([])
  })

  /** Loops that are generated keep to the places of arrays: under strict settings every other type may be undefined there. */
  const LOOPS = 'src/emit/ts/prelude/kernel.ts'

  test('do not go around the types', () => {
    const wrong = [...product, ...tests].flatMap(({ path, text, tree }) => {
      const found: string[] = []
      visit(tree, (node) => {
        if (node.kind === ts.SyntaxKind.AnyKeyword && path !== LOOPS) found.push(`${path} uses any`)
      })
      const comment = new RegExp(`@ts-${'ignore'}|@ts-${'expect-error'}|@ts-${'nocheck'}`)
      return comment.test(text) ? [...found, `${path} silences the compiler`] : found
    })
    expect(wrong).toEqual([])
  })

  test('do not name the machine they were written on', () => {
    const place = new RegExp(['/wo', 'rk/|/ro', 'ot/|/ho', 'me/'].join(''))
    expect(
      [...product, ...tests].filter(({ text }) => place.test(text)).map(({ path }) => path),
    ).toEqual([])
  })

  test('have names of lower-case words', () => {
    const wrong = product
      .map(({ path }) => path)
      .filter(
        (path) => !/^[a-z0-9./-]+$/.test(path) || /(utils?|helpers?|common|manager)\b/.test(path),
      )
    expect(wrong).toEqual([])
  })

  test('are named like tests only where they are tests', () => {
    const paths = product.map(({ path }) => path)
    expect(paths.filter((path) => /[/.-](test|spec)s?\.ts$/.test(path))).toEqual([])
  })

  test('declare no classes but the one that Chevrotain asks for', () => {
    const wrong = product.filter(({ path, tree }) => {
      let found = false
      visit(tree, (node) => void (found ||= ts.isClassLike(node)))
      return found && path !== 'grammar/parser.ts'
    })
    expect(wrong.map(({ path }) => path)).toEqual([])
  })
})
