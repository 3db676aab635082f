import { check } from '../../../check/check.ts'
import type { ModuleLoader } from '../../../resolve/resolution.ts'
import { readSpace, type Space } from '../../../mutate/space/space.ts'
import { analyze } from '../../../compile.ts'
import type { Diagnostic } from '../../../diagnostics/diagnostic.ts'
import { createPlaces } from '../../../diagnostics/render-place.ts'
import type { Source } from '../../../diagnostics/source.ts'
import { failure } from '../failure.ts'
import { spaceNames } from '../package.ts'
import { shellWord } from '../shell-word.ts'
import type { Sources } from '../sources.ts'
import { trialRule } from './trial-rule.ts'

/** Where the space called `name` is declared: a file of std/spaces, or a path. */
export function spacePath(name: string): string {
  return name.endsWith('.opt') ? name : `${SPACES}${name.replace(SPACES, '')}`
}

const SPACES = 'std/spaces/'

/** The space called `name`. Throws a failure when there is none, and as `spaceOf` does. */
export function loadSpace(name: string, sources: Sources): Space {
  const path = spacePath(name)
  if (path.startsWith(SPACES) && !spaceNames().includes(path.slice(SPACES.length)))
    throw failure(
      'usage',
      `there is no space ${name}`,
      `there is ${spaceNames().join(', ')}, or give an .opt file`,
    )
  const source = sources.read(path)
  refuseErrors(sources.problemsOf(path), source)
  return spaceOf(source, sources.loader)
}

/**
 * The space that a file declares. Throws a failure that says what and where when it declares none or the file has
 * errors, or a part of it that no rule can have.
 */
export function spaceOf(source: Source, loader: ModuleLoader): Space {
  const { value, diagnostics } = analyze(source, loader)
  refuseErrors(diagnostics, source)
  const { module } = value
  const [declaration] = value.spaces
  const space = declaration && readSpace(module, declaration).value
  if (space === undefined) throw failure('failed', `${source.path} declares no space`)
  if (value.spaces.length > 1)
    throw failure(
      'failed',
      `${source.path} declares ${value.spaces.length} spaces`,
      'a search has one: put each into a file of its own',
    )
  refuseErrors(
    check(trialRule(space), loader).diagnostics.map((each) => ({ ...each, path: source.path })),
    source,
    `rules of the space ${space.name} would not check`,
  )
  return space
}

function refuseErrors(
  diagnostics: readonly Diagnostic[],
  source: Source,
  help = `\`optc check ${shellWord(source.path)}\` shows all that is wrong`,
): void {
  const problem = firstError(diagnostics, source)
  if (problem !== undefined) throw failure('failed', problem, help)
}

/** The first error with its place in the file; undefined when there is none. */
export function firstError(diagnostics: readonly Diagnostic[], source: Source): string | undefined {
  const first = diagnostics.find(({ severity }) => severity === 'error')
  if (first === undefined) return undefined
  const childPositionOf = createPlaces((path) => (path === source.path ? source : undefined))
  const { line, column } = childPositionOf(first.path, first.span).start
  const place = first.path === source.path ? `${first.path}:${line}:${column}` : first.path
  return `${place}: ${first.message}`
}
