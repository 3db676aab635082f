import type { RuffFormat } from './ruff.ts'

let loaded: Promise<RuffFormat> | undefined

/** The text of a module, or of a part of it, as ruff writes it. */
export async function formatPython(text: string): Promise<string> {
  loaded ??= import('./ruff.ts').then(({ loadRuff }) => loadRuff())
  const format = await loaded
  return format(text, 'module.py', { indent_style: 'space', line_width: 88 })
}
