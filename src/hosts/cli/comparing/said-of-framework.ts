import type { Layout } from '../../../operators/layout.ts'
import type { Documentation } from '../../../syntax/ast.ts'

/** A framework with optimizers of its own: what documentation calls it, and on which axis it has outputs. */
export interface FrameworkRow {
  readonly title: string
  readonly layout: Layout
}

/** Frameworks by the targets that write for them. */
export const FRAMEWORKS = {
  pytorch: { title: 'PyTorch', layout: 'outputs-first' },
  optax: { title: 'Optax', layout: 'outputs-last' },
  keras: { title: 'Keras', layout: 'outputs-last' },
} as const satisfies Readonly<Record<string, FrameworkRow>>

/** One of {@link FRAMEWORKS}. */
export type Framework = keyof typeof FRAMEWORKS

/** All of them. */
export const frameworkNames = Object.keys(FRAMEWORKS) as readonly Framework[]

/** What documentation says of a framework's own optimizer. */
export interface SaidOfFramework {
  readonly text: string
  /** How the optimizer is made, where there is one: its name, and what makes it this rule: `Adam(amsgrad=True)`. */
  readonly optimizer?: { readonly name: string; readonly flags: readonly string[] }
}

const TITLES = Object.values(FRAMEWORKS).map(({ title }) => title)
const LIST = `(?:${TITLES.join('|')})(?:(?:,| and) (?:${TITLES.join('|')}))*`
/** Where something is said of one or several. */
const BEGINNING = new RegExp(`(?:^|(?<=[.;] ))(?=${LIST} (?:\`|has |have ))`)
/** Where a part that begins so ends: at the next sentence about something else. */
const OTHER = /(?<=\.) (?=(?:Defaults|Source|Paper|Otherwise|The paper|[a-z]\w+ `))/

/** What a rule's documentation says of the framework; undefined where it does not mention it. */
export function saidOfFramework(
  documentation: Documentation,
  framework: Framework,
): SaidOfFramework | undefined {
  const { title } = FRAMEWORKS[framework]
  const subjects = new RegExp(`^${LIST}(?= (?:\`|has |have ))`)
  const own = documentation
    .join('\n')
    .split(/\n\s*\n/)
    .flatMap((paragraph) => paragraph.replace(/\s+/g, ' ').split(BEGINNING))
    .map((part) => part.split(OTHER)[0]!.trim().replace(/;$/, '.'))
    .filter((part) => subjects.exec(part)?.[0].includes(title) === true)
  if (own.length === 0) return undefined
  const made = own.map((part) => /^\w+ `([\w.]+)(?:\(([^)]*)\))?`/.exec(part)).find(Boolean)
  const flags = made?.[2]?.split(', ').flatMap((each) => /^(\w+)=True$/.exec(each)?.[1] ?? [])
  return {
    text: own.join(' '),
    ...(made && { optimizer: { name: made[1]!, flags: flags ?? [] } }),
  }
}
