import { readSpace, type Space } from '../mutate/space/space.ts'
import { parse } from '../syntax/parse.ts'
import { librarySource } from './sources.ts'

/** The search space of the standard library with that name, `published`, `joint` or `modern`; undefined when there is none. */
export function spaceOf(name: string): Space | undefined {
  const source = librarySource(`std/spaces/${name}`)
  if (source === undefined) return undefined
  const { value: module } = parse(source)
  const declaration = module.items.find((item) => item.kind === 'space')
  return declaration === undefined ? undefined : readSpace(module, declaration).value
}
