import type { Context } from '../context.ts'
import { details, escapeText, paragraph, table, tag, type Cell, type Section } from '../html.ts'
import { highlightProgram } from '../highlight.ts'
import type { Run } from '../run.ts'

/** Everything the run depended on, and the command that repeats it. */
export function configurationSection({ run }: Context): Section {
  const given = givenRules(run)
  const rows = Object.entries(run.configuration)
    .filter(([name]) => !TEXTS.has(name))
    .map(([name, value]): readonly Cell[] => [
      { markup: tag('code', {}, escapeText(name)) },
      { markup: tag('code', {}, escapeText(valueOf(value))) },
    ])
  return {
    id: 'configuration',
    title: 'To repeat it',
    body: [
      paragraph(
        `With optc ${run.version} and the same data this command gives the same journal, byte for byte, with any number of workers${isTimed(run) ? ', as far as the time that it is given reaches' : ''}.`,
      ),
      tag('pre', { class: 'code' }, tag('code', {}, escapeText(commandOf(run)))),
      table([{ title: 'Setting' }, { title: 'Value' }], rows),
      ...given.map((text, index) =>
        details(`${givenName(index)}, a rule it was given`, highlightProgram(text)),
      ),
    ].join('\n'),
  }
}

/** Settings that are the contents of files: too long for a table. */
const TEXTS = new Set(['given', 'spaceText', 'judging'])

/** Whether the run was to end after some time, which gets further on a faster machine. */
function isTimed({ configuration: { budget } }: Run): boolean {
  return typeof budget === 'object' && budget !== null && 'minutes' in budget
}

function givenRules(run: Run): readonly string[] {
  const { given } = run.configuration
  return Array.isArray(given) ? given.flatMap((rule: { text?: string }) => rule.text ?? []) : []
}

const givenName = (index: number): string => `given-${index}.opt`

function valueOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** The command line: every setting of one word as the option it was. */
function commandOf(run: Run): string {
  const options = Object.entries(run.configuration).flatMap(([name, value]) =>
    optionOf(name, value),
  )
  return ['optc evolve', ...givenRules(run).map((_, index) => givenName(index)), ...options].join(
    ' \\\n  ',
  )
}

function optionOf(name: string, value: unknown): readonly string[] {
  if (TEXTS.has(name)) return []
  const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  if (typeof value === 'boolean') return value ? [option] : []
  if (typeof value === 'string' || typeof value === 'number') return [`${option} ${quoted(value)}`]
  if (Array.isArray(value))
    return value.length === 0 ? [] : [`${option} ${quoted(value.join(','))}`]
  if (typeof value !== 'object' || value === null) return []
  if ('kind' in value) {
    const { kind, ...others } = value
    return [
      `${option} ${quoted(String(kind))}`,
      ...Object.entries(others).flatMap(([key, setting]) => optionOf(key, setting)),
    ]
  }
  if ('minutes' in value) return [`${option} ${quoted(`${String(value.minutes)}m`)}`]
  return 'steps' in value ? [`${option} ${quoted(`${String(value.steps)}steps`)}`] : []
}

/** A word of a command line as a shell reads it back. */
function quoted(value: string | number): string {
  const text = String(value)
  return /^[\w./:,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
