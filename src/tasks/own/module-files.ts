import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, extname, relative, resolve, sep } from 'node:path'
import type { ts } from 'ts-morph'
import type { TaskFile } from '../open-task.ts'
import { taskError } from './task-error.ts'

/** A module and what it imports by relative paths. */
export interface ModuleFiles {
  readonly files: readonly TaskFile[]
  /** Absolute paths of all of them. */
  readonly paths: readonly string[]
  /** Where the default export stands: `12:1`. */
  readonly exported: string | undefined
  /** Where something is imported as `specifier`: `mine.mjs:3:20`. */
  readonly importOf: (specifier: string) => string | undefined
}

const CODE = ['.mjs', '.js', '.cjs', '.mts', '.ts', '.cts']
/** What may be left out where `require` names a file. */
const LEFT_OUT = ['', '.js', '.cjs', '.json', '/index.js']

/**
 * Reads the module at `path`, an absolute one, and all that it imports by relative paths; `show` is how people know a path.
 * Rejects with a TaskError for a syntax error, with its line, and for what cannot be found.
 */
export async function readModuleFiles(
  path: string,
  show: (path: string) => string,
): Promise<ModuleFiles> {
  // It takes a third of a second, and is loaded with rules that are compiled.
  const { ts } = await import('ts-morph')
  const folder = dirname(path)
  const texts = new Map<string, string>()
  const imports: { readonly specifier: string; readonly at: string }[] = []
  const waiting = [path]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (texts.has(next)) continue
    const text = readText(next, show)
    texts.set(next, text)
    if (!CODE.includes(extname(next))) continue
    const at = (offset: number): string => `${show(next!)}:${placeOf(text, offset)}`
    refuseSyntaxErrors(ts, next, text, at)
    for (const { fileName: specifier, pos } of ts.preProcessFile(text, true, true).importedFiles) {
      imports.push({ specifier, at: at(pos) })
      if (!/^\.{1,2}\//.test(specifier)) continue
      const wanted = resolve(dirname(next), specifier.replace(/[?#].*$/, ''))
      const found = LEFT_OUT.map((end) => wanted + end).find(isFile)
      if (found === undefined) throw taskError(`${at(pos)}: there is no file ${specifier}`)
      waiting.push(found)
    }
  }
  const paths = [...texts.keys()].sort()
  return {
    paths,
    files: paths.map((each) => fileOf(nameFrom(folder, each), texts.get(each)!)),
    exported: placeOfDefault(ts, path, texts.get(path)!),
    importOf: (specifier) => imports.find((each) => each.specifier === specifier)?.at,
  }
}

/** What else a task reads, as files named from the folder of its module. Throws a TaskError for one that is not there. */
export function readDataFiles(
  path: string,
  names: readonly string[],
  show: (path: string) => string,
): readonly TaskFile[] {
  const folder = dirname(path)
  return names.map((name) => {
    const wanted = resolve(folder, name)
    if (!isFile(wanted)) throw taskError(`${show(path)}: files: there is no file ${name}`)
    return fileOf(nameFrom(folder, wanted), readFileSync(wanted))
  })
}

/** Files by their absolute paths, named from `folder`. */
export function taskFilesOf(folder: string, paths: readonly string[]): readonly TaskFile[] {
  return paths.map((path) => fileOf(nameFrom(folder, path), readFileSync(path)))
}

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile()

/** What a task rests on, under the name that people know it by. */
export function fileOf(path: string, content: string | Uint8Array): TaskFile {
  return { path, digest: createHash('sha256').update(content).digest('hex') }
}

const nameFrom = (folder: string, path: string): string =>
  relative(folder, path).split(sep).join('/')

function readText(path: string, show: (path: string) => string): string {
  if (!existsSync(path)) throw taskError(`there is no file ${show(path)}`)
  if (!isFile(path)) throw taskError(`${show(path)} is no file`)
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw taskError(`${show(path)} cannot be read: ${String(error)}`)
  }
}

/** `LINE:COLUMN`, both from 1. */
function placeOf(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n')
  return `${lines.length}:${lines.at(-1)!.length + 1}`
}

function refuseSyntaxErrors(
  compiler: typeof ts,
  path: string,
  text: string,
  at: (offset: number) => string,
): void {
  const { diagnostics = [] } = compiler.transpileModule(text, {
    fileName: path,
    reportDiagnostics: true,
    compilerOptions: {
      allowJs: true,
      target: compiler.ScriptTarget.ESNext,
      module: compiler.ModuleKind.ESNext,
    },
  })
  const [first] = diagnostics
  if (first === undefined) return
  const message = compiler.flattenDiagnosticMessageText(first.messageText, ' ')
  throw taskError(`${at(first.start ?? 0)}: syntax error: ${message}`)
}

function placeOfDefault(compiler: typeof ts, path: string, text: string): string | undefined {
  const file = compiler.createSourceFile(path, text, compiler.ScriptTarget.ESNext)
  const statement = file.statements.find((each) => compiler.isExportAssignment(each))
  return statement && placeOf(text, statement.getStart(file))
}
