import { preludeSources, type PreludeName, type PreludePiece } from './prelude-sources.ts'

/** Names of the pieces of the prelude. */
export const preludeNames = Object.keys(preludeSources) as readonly PreludeName[]

/** The needed pieces by their names, and those they use, each after the ones that use it. */
export function preludePieces(
  needed: ReadonlySet<PreludeName>,
): ReadonlyMap<PreludeName, PreludePiece> {
  const found = new Map<PreludeName, PreludePiece>()
  const visit = (name: PreludeName): void => {
    if (found.has(name)) return
    found.set(name, preludeSources[name])
    preludeSources[name].uses.forEach(visit)
  }
  needed.forEach(visit)
  return found
}
