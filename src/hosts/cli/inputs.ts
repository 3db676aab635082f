import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { nearest } from '../../diagnostics/suggest.ts'
import { failure } from './failure.ts'
import type { World } from './world.ts'
import { libraryNames } from './package.ts'
import { pathOf, reasonOf, STDIN, type Sources } from './sources.ts'

const GLOB = /[*?[\]{}]/
const SKIPPED = new Set(['node_modules', 'bower_components'])

/**
 * The files that PATH arguments name, each once, as `Sources` calls them: files, folders (every `.opt` file below), globs,
 * `std/NAME` and `-`. Without arguments every `.opt` file below the current folder. Throws a usage failure for a path that
 * names nothing.
 */
export async function findInputs(
  operands: readonly string[],
  world: World,
  sources: Sources,
): Promise<readonly string[]> {
  const found = new Set<string>()
  if (operands.length === 0) {
    for (const path of filesBelow(world.cwd, world)) found.add(path)
    if (found.size === 0)
      throw failure(
        'usage',
        'there is no .opt file in this folder or below it',
        'name a file, `std/adam` for one of the library, or `-` for standard input; `optc init` starts a project',
      )
  }
  for (const operand of operands)
    for (const path of await expand(operand, world, sources)) found.add(path)
  return [...found]
}

/** The one file that a PATH argument names, for commands that take one. */
export async function findInput(operand: string, world: World, sources: Sources): Promise<string> {
  const found = await expand(operand, world, sources)
  if (found.length !== 1)
    throw failure('usage', `${operand} stands for ${found.length} files`, 'name one of them')
  return found[0]!
}

async function expand(operand: string, world: World, sources: Sources): Promise<readonly string[]> {
  if (operand === '-') {
    if (sources.sourceOf(STDIN) === undefined) {
      sources.provideStdin(await world.readStdin())
      sources.read(STDIN)
    }
    return [STDIN]
  }
  if (operand === '') throw failure('usage', 'a path is empty', 'use `.` for the current folder')
  const location = resolve(world.cwd, operand)
  const isLibrary = /^std(\/[\w-]*)?$/.test(operand)
  if (isLibrary && operand.length > 'std/'.length) return [findInLibrary(operand, world)]
  const kind = kindOf(location, operand)
  if (kind === 'file') return [pathOf(operand, world.cwd)]
  if (kind === 'folder') {
    const files = filesBelow(location, world)
    if (files.length === 0)
      throw failure('usage', `there is no .opt file in ${operand} or below it`)
    return files
  }
  if (isLibrary) return libraryNames()
  if (GLOB.test(operand)) {
    const { glob } = await import('tinyglobby')
    const pattern = operand.replaceAll('\\', '/')
    const files = await glob(pattern, {
      cwd: world.cwd,
      ignore: ['**/node_modules/**'],
      expandDirectories: false,
    })
    if (files.length === 0) throw failure('usage', `no file matches ${operand}`)
    return files.map((file) => pathOf(file, world.cwd)).sort()
  }
  throw failure('usage', `there is no file ${operand}`, suggestPath(operand, location))
}

function findInLibrary(name: string, world: World): string {
  const names = libraryNames()
  if (names.includes(name)) return name
  const meant = nearest(name, names)
  const help = existsSync(resolve(world.cwd, name))
    ? `for the file of your own write \`./${name}\``
    : meant === undefined
      ? '`optc explain` lists what there is'
      : `did you mean \`${meant}\`?`
  throw failure('usage', `the standard library has no ${name}`, help)
}

function kindOf(location: string, operand: string): 'file' | 'folder' | undefined {
  try {
    return statSync(location).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      (error.code === 'ENOENT' || error.code === 'ENOTDIR')
    )
      return undefined
    throw failure('failed', `cannot read ${operand}: ${reasonOf(error)}`)
  }
}

function suggestPath(operand: string, location: string): string | undefined {
  if (existsSync(`${location}.opt`)) return `did you mean \`${operand}.opt\`?`
  const library = `std/${basename(operand).replace(/\.opt$/, '')}`
  if (libraryNames().includes(library))
    return `did you mean \`${library}\`, of the standard library?`
  try {
    const programs = readdirSync(dirname(location)).filter((name) => name.endsWith('.opt'))
    // Without the ending, which would make short names alike.
    const near = nearest(
      basename(location, '.opt'),
      programs.map((name) => basename(name, '.opt')),
    )
    return near === undefined
      ? undefined
      : `did you mean \`${join(dirname(operand), `${near}.opt`)}\`?`
  } catch {
    return `there is no folder \`${dirname(operand)}\` either`
  }
}

/** Every `.opt` file below a folder, sorted; hidden folders, those of packages and links to folders are passed over. */
function filesBelow(folder: string, world: World): readonly string[] {
  const files: string[] = []
  const visit = (current: string): void => {
    let entries
    try {
      entries = readdirSync(current, { withFileTypes: true })
    } catch (error) {
      throw failure(
        'failed',
        `cannot read the folder ${pathOf(current, world.cwd)}: ${reasonOf(error)}`,
      )
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const entry of entries) {
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name) && !entry.name.startsWith('.'))
          visit(join(current, entry.name))
      } else if (entry.name.endsWith('.opt'))
        files.push(pathOf(join(current, entry.name), world.cwd))
    }
  }
  visit(folder)
  return files
}
