import type { Artifact } from '../../artifact.ts'

const STYLE = { semi: false, singleQuote: true, printWidth: 100 } as const

/** The artifacts as Prettier writes them. */
export async function formatTypeScript(artifacts: readonly Artifact[]): Promise<Artifact[]> {
  const [{ format }, typescript, estree] = await Promise.all([
    import('prettier/standalone'),
    import('prettier/plugins/typescript'),
    import('prettier/plugins/estree'),
  ])
  const plugins = [typescript, estree.default]
  return Promise.all(
    artifacts.map(async ({ path, text }) => ({
      path,
      text: await format(text, { parser: 'typescript', plugins, ...STYLE }),
    })),
  )
}
