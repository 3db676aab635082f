/** The text of a module, or of a part of it, as ruff writes it. */
export async function formatPython(text: string): Promise<string> {
  const { format } = await import('@wasm-fmt/ruff_fmt')
  return format(text, 'module.py', { indent_style: 'space', line_width: 88 })
}
