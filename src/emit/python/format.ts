type Formatter = typeof import('@wasm-fmt/ruff_fmt').format

/** Not written where it is imported: bundlers for browsers would follow it to files of Node's. */
const FOR_NODE = '@wasm-fmt/ruff_fmt/node'

let loaded: Promise<Formatter> | undefined

async function load(): Promise<Formatter> {
  if (typeof globalThis.process?.versions?.node === 'string') {
    const { format } = (await import(/* @vite-ignore */ FOR_NODE)) as { readonly format: Formatter }
    return format
  }
  const { default: initialize, format } = await import('@wasm-fmt/ruff_fmt/web')
  await initialize()
  return format
}

/** The text of a module, or of a part of it, as ruff writes it. */
export async function formatPython(text: string): Promise<string> {
  loaded ??= load()
  const format = await loaded
  return format(text, 'module.py', { indent_style: 'space', line_width: 88 })
}
