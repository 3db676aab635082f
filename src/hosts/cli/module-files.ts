import { readFileSync } from 'node:fs'
import { basename, join, relative, resolve, sep } from 'node:path'
import type { Artifact } from '../../emit/artifact.ts'
import { isLibraryName } from '../../language/imports.ts'
import { failure } from './failure.ts'
import type { World } from './world.ts'
import { pathOf, STDIN } from './sources.ts'
import { firstLine, writeFile } from './write.ts'

const COMPILED = 'Compiled by optc from '
const SHARED = 'Compiled by optc: what the modules beside this one share'
const STANDARD_INPUT = 'standard input'

/** The module with a first line that says what it was compiled from, which is printed. */
export function withOrigin({ path: name, text }: Artifact, path: string): string {
  const origin = isFile(path) ? basename(path) : nameOf(path)
  return `${commentOf(name)}${COMPILED}${printable(origin)}\n${text}`
}

/** A folder that modules are written to. */
export interface ModuleFolder {
  /**
   * Writes what the file `path` was compiled to, and says what was written where. Throws a failure, and writes nothing, where
   * that would take the place of what comes from another file or from nobody knows where; unless that is allowed.
   */
  readonly write: (path: string, artifacts: readonly Artifact[]) => readonly Written[]
}

interface Written {
  readonly from: string
  readonly to: string
}

interface ModuleFile {
  readonly location: string
  readonly shown: string
  /** The path of what it was compiled from. */
  readonly source: string
  readonly header: string
  readonly text: string
}

/** The folder `out`; with `force` whatever is there is overwritten, but never what was written a moment ago. */
export function openModuleFolder(out: string, force: boolean, world: World): ModuleFolder {
  const writtenFrom = new Map<string, string>()
  const folder = resolve(world.cwd, out)

  const originOf = (path: string): string =>
    isFile(path) ? relative(folder, resolve(world.cwd, path)).split(sep).join('/') : nameOf(path)
  const whatIs = (first: string): string => {
    const line = first.replace(/^(?:\/\/|#) /, '')
    if (line === SHARED) return 'is what modules compiled with --runtime import share'
    if (!line.startsWith(COMPILED)) return 'exists and was not written by optc'
    const origin = line.slice(COMPILED.length)
    const isPath = origin !== STANDARD_INPUT && !isLibraryName(origin)
    return `was compiled from ${isPath ? pathOf(resolve(folder, origin), world.cwd) : origin}`
  }
  const refuse = ({ location, shown, source, header, text }: ModuleFile): void => {
    const line = firstLine(location)
    if (line === undefined || force) return
    // Any program can come from standard input.
    if (line === header && (source !== STDIN || readFileSync(location, 'utf8') === text)) return
    throw failure(
      'failed',
      `${shown} ${whatIs(line)}`,
      'give another --out DIR, move it away, or overwrite it with --force',
    )
  }
  /** The file for an artifact; undefined for what is there already. */
  const fileOf = (
    { path: name, text: code, shared: isShared }: Artifact,
    path: string,
    taken: ReadonlyMap<string, string>,
  ): ModuleFile | undefined => {
    const shown = join(out, name)
    const source = isShared === true ? SHARED : path
    const other = taken.get(shown)
    if (source === SHARED && other === SHARED) return undefined
    if (other !== undefined)
      throw failure(
        'usage',
        `${inWords(other)} and ${inWords(source)} would both be written to ${shown}`,
        [other, source].includes(SHARED)
          ? 'give the file another name'
          : 'compile them into two folders',
      )
    const origin = source === SHARED ? SHARED : `${COMPILED}${printable(originOf(path))}`
    const header = `${commentOf(name)}${origin}`
    const text = `${header}\n${code}`
    return { location: resolve(folder, name), shown, source, header, text }
  }
  return {
    write: (path, artifacts) => {
      const taken = new Map(writtenFrom)
      const files = artifacts.flatMap((artifact) => {
        const file = fileOf(artifact, path, taken)
        if (file === undefined) return []
        refuse(file)
        taken.set(file.shown, file.source)
        return [file]
      })
      for (const { shown, source, location, text } of files) {
        writeFile(location, text, shown)
        writtenFrom.set(shown, source)
      }
      return files.map(({ shown, source }) => ({
        from: inWords(source),
        to: pathOf(shown, world.cwd),
      }))
    },
  }
}

/** What begins a line of comment in a file of that name. */
const commentOf = (name: string): string => (name.endsWith('.py') ? '# ' : '// ')

const inWords = (source: string): string => (source === SHARED ? 'what modules share' : source)

const isFile = (path: string): boolean => path !== STDIN && !isLibraryName(path)

const nameOf = (path: string): string => (path === STDIN ? STANDARD_INPUT : path)

/** The text in one line: a file may be called anything. */
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`,
  )
}
