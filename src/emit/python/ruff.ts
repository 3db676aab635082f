/** ruff's formatter: the text of a module as it should be written. */
export type RuffFormat = typeof import('@wasm-fmt/ruff_fmt').format

/** Not written where it is imported: bundlers for browsers would follow it to files of Node's. */
const FOR_NODE = '@wasm-fmt/ruff_fmt/node'

/** Loads ruff from its package. The built package has a module in the place of this one, which brings ruff with it. */
export async function loadRuff(): Promise<RuffFormat> {
  if (typeof globalThis.process?.versions?.node === 'string')
    return ((await import(/* @vite-ignore */ FOR_NODE)) as { readonly format: RuffFormat }).format
  const { default: initialize, format } = await import('@wasm-fmt/ruff_fmt/web')
  await initialize()
  return format
}
