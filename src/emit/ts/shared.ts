import { preludeSources, type PreludeName, type PreludePiece } from './prelude-sources.ts'
import { preludeNames, preludePieces } from './prelude-text.ts'
import type { Description } from './text/description.ts'

/** What a module uses of what all of them share. */
export interface SharedNeeds {
  readonly prelude: ReadonlySet<PreludeName>
  readonly hasClasses: boolean
}

/** The name of the module that `importShared` imports from, without an ending. */
export const RUNTIME_MODULE = 'optc-runtime'

/** Every name that modules share, also those that one does not use: no other name may be one of them. */
export const sharedNames: readonly string[] = preludeNames

const TENSORS: Description = { kind: 'import', namespace: 'tf', from: '@tensorflow/tfjs-core' }

/** `own` with the text of what it shares with others around it: a module that needs nothing but tfjs-core. */
export function pasteShared(own: readonly Description[], needs: SharedNeeds): Description[] {
  const prelude = [...preludePieces(needs.prelude)]
  const usesTensors = needs.hasClasses || prelude.some(([, { usesTensors }]) => usesTensors)
  return [...(usesTensors ? [TENSORS] : []), ...own, ...prelude.map(describePiece)]
}

/** `own` with imports of what it shares with others from the module `RUNTIME_MODULE` beside it. */
export function importShared(own: readonly Description[], needs: SharedNeeds): Description[] {
  const names = [...needs.prelude]
    .sort()
    .map((name) => ({ name, isType: preludeSources[name].isType === true }))
  return [
    ...(needs.hasClasses ? [TENSORS] : []),
    // Compilers and bundlers find the .ts file by the name of what becomes of it, and so does what runs that.
    ...(names.length > 0
      ? [{ kind: 'named import', names, from: `./${RUNTIME_MODULE}.js` } as const]
      : []),
    ...own,
  ]
}

/** The module `RUNTIME_MODULE`: all that modules can share. */
export function describeRuntime(): Description[] {
  const prelude = [...preludePieces(new Set(preludeNames))]
  return [
    TENSORS,
    ...prelude.map(describePiece),
    {
      kind: 'text',
      text: `export { ${prelude.map(([name, { isType }]) => (isType ? `type ${name}` : name)).join(', ')} }`,
    },
  ]
}

function describePiece([name, { text, isType }]: [PreludeName, PreludePiece]): Description {
  return { kind: 'prelude', name, text, isType: isType === true }
}
