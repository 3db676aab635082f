import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { compile, type Compiled } from '../../src/compile.ts'
import type { ModuleLoader } from '../../src/resolve/resolution.ts'
import type { Source } from '../../src/diagnostics/source.ts'
import type { Program, ScheduleFunction } from '../../src/ir/graph.ts'

const ROOT = join(import.meta.dirname, '../..')

/** The text of a file of the repository, by its path from the root or as `std/name`; a library file is called that. */
export function source(path: string): Source {
  const file = path.startsWith('std/') ? `stdlib/${path.slice('std/'.length)}.opt` : path
  return { path, text: readFileSync(join(ROOT, file), 'utf8') }
}

/** The names of the files with ending `.opt` in a folder of the repository, without the ending, sorted. */
export function optFiles(folder: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith('.opt'))
    .map((file) => file.slice(0, -'.opt'.length))
    .sort()
}

export const loader: ModuleLoader = (specifier, from) => {
  try {
    return source(
      specifier.startsWith('std/') ? specifier : normalize(join(dirname(from), specifier)),
    )
  } catch {
    return undefined
  }
}

function compileSource(file: Source): Compiled {
  const { value, diagnostics } = compile(file, loader)
  if (value === undefined)
    throw new Error(diagnostics.map(({ message }) => `${file.path}: ${message}`).join('\n'))
  return value
}

/** Compiles a file of the repository. Throws when it has errors. */
export function compileFile(path: string): Compiled {
  return compileSource(source(path))
}

/** The optimizer that is all of a program, called `name`. Throws when it has errors. */
export function compileText(name: string, text: string): Program {
  const [program] = compileSource({ path: `${name}.opt`, text }).programs
  if (program === undefined) throw new Error(`${name} holds no optimizer`)
  return program
}

const compiled = new Map<string, Compiled>()

/** A file of the library, compiled once. */
export function library(name: string): Compiled {
  const known = compiled.get(name) ?? compileFile(`std/${name}`)
  compiled.set(name, known)
  return known
}

/** The optimizer of a file of the library. */
export function optimizer(name: string): Program {
  const [program] = library(name).programs
  if (program === undefined) throw new Error(`std/${name} holds no optimizer`)
  return program
}

/** A schedule or decay that a file of the library declares. */
export function scheduleOf(file: string, name: string): ScheduleFunction {
  const found = library(file).functions.find((candidate) => candidate.name === name)
  if (found === undefined) throw new Error(`std/${file} has no schedule ${name}`)
  return found
}

/** Files that other files import from; they hold no optimizer and no schedule of their own name. */
export const MODULES: readonly string[] = [
  'modern',
  'prelude',
  'published',
  'schedule_free',
  'schedules',
  'trust',
  'wrappers',
]

/** The names of the library's files that hold an optimizer. */
export const optimizerNames: readonly string[] = optFiles('stdlib').filter(
  (name) => !MODULES.includes(name) && !/^lr\d$/.test(name),
)

/** The names of the library's files that something can be compiled of. */
export const libraryFiles: readonly string[] = optFiles('stdlib').filter((name) => {
  const { programs, functions } = library(name)
  return programs.length + functions.length > 0
})
