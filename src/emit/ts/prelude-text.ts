import { preludeSources, type PreludeFunction, type PreludeName } from './prelude-sources.ts'

/** Names of the functions of the prelude. */
export const preludeNames = Object.keys(preludeSources) as readonly PreludeName[]

/** The needed functions by their names, and those they call, each after the ones that call it. */
export function preludeFunctions(
  needed: ReadonlySet<PreludeName>,
): ReadonlyMap<PreludeName, PreludeFunction> {
  const found = new Map<PreludeName, PreludeFunction>()
  const visit = (name: PreludeName): void => {
    if (found.has(name)) return
    found.set(name, preludeSources[name])
    preludeSources[name].calls.forEach(visit)
  }
  needed.forEach(visit)
  return found
}
