const STYLE = { semi: false, singleQuote: true, printWidth: 100 } as const

/** The text of a module, or of a part of it, as Prettier writes it. */
export async function formatTypeScript(text: string): Promise<string> {
  const [{ format }, typescript, estree] = await Promise.all([
    import('prettier/standalone'),
    import('prettier/plugins/typescript'),
    import('prettier/plugins/estree'),
  ])
  const plugins = [typescript, estree.default]
  return format(text, { parser: 'typescript', plugins, ...STYLE })
}
