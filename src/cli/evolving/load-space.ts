import { readSpace, type Space } from '../../check/space.ts'
import type { Source } from '../../diagnostics/source.ts'
import { parse } from '../../syntax/parse.ts'
import { failure } from '../failure.ts'
import type { Sources } from '../sources.ts'

/** Where the space called `name` is declared: a file of std/spaces, or a path. */
export function spacePath(name: string): string {
  return name.endsWith('.opt') ? name : `std/spaces/${name}`
}

/** The space called `name`. Throws a failure when there is none. */
export function loadSpace(name: string, sources: Sources): Space {
  return spaceOf(sources.read(spacePath(name)))
}

/** The space that a file declares. Throws a failure when there is none or it cannot be used. */
export function spaceOf(source: Source): Space {
  const { path } = source
  const module = parse(source).value
  const declaration = module.items.find((item) => item.kind === 'space')
  if (declaration === undefined) throw failure('failed', `${path} declares no space`)
  const { value, diagnostics } = readSpace(module, declaration)
  if (value === undefined)
    throw failure(
      'failed',
      `${path}: ${diagnostics[0]?.message}`,
      `\`optc check ${path}\` shows where`,
    )
  return value
}
