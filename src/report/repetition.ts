import { findProtocol } from '../tasks/protocol.ts'
import { scaledProtocol } from '../tasks/protocol-scale.ts'
import { configuredText, type Run } from './run.ts'

/** A file that the command of a run needs. */
export interface RunFile {
  readonly name: string
  readonly what: string
  readonly text: string
}

/** How a run is repeated. */
export interface Repetition {
  readonly command: string
  /** Files to be put where the command is called, under these names. */
  readonly files: readonly RunFile[]
  /** Whether one of the files was somewhere else, which the journal's first line tells. */
  readonly isMoved: boolean
}

/** The command that repeats a run, with the rules, the protocol and the space that are in files of their own. */
export function repetitionOf(run: Run): Repetition {
  const taken = new Set<string>()
  const rules = givenRules(run).map(({ path, text }): RunFile => ({
    name: fileName(path, '.opt', taken),
    what: 'a rule it was given',
    text,
  }))
  const protocol = protocolFile(run, taken)
  const space = spaceFile(run, taken)
  const options = Object.entries({
    ...run.configuration,
    // Its runs are in the file as short as they were made.
    ...(protocol && { protocol: protocol.name, scale: undefined }),
    ...(space && { space: space.name }),
  }).flatMap(([name, value]) => optionOf(name, value))
  return {
    command: ['optc evolve', ...rules.map(({ name }) => quoted(name)), ...options].join(' \\\n  '),
    files: [...rules, ...(protocol ? [protocol] : []), ...(space ? [space] : [])],
    isMoved:
      givenRules(run).some(({ path }, index) => path !== rules[index]!.name) ||
      (space !== undefined && space.name !== configuredText(run, 'space')),
  }
}

/** Settings that are the contents of files. */
export const FILE_TEXTS: ReadonlySet<string> = new Set(['given', 'spaceText', 'judging'])

function givenRules({ configuration: { given } }: Run): readonly {
  readonly path: string
  readonly text: string
}[] {
  if (!Array.isArray(given)) return []
  return given.flatMap((rule: { path?: unknown; text?: unknown }, index) =>
    typeof rule.text === 'string'
      ? [{ path: typeof rule.path === 'string' ? rule.path : `given-${index}`, text: rule.text }]
      : [],
  )
}

/** The protocol, unless it is the preset that its name stands for, as long as it was made, field by field in one order. */
function protocolFile(run: Run, taken: Set<string>): RunFile | undefined {
  const { judging, scale } = run.configuration
  const name = configuredText(run, 'protocol')
  const preset = findProtocol(name)
  const known = preset && scaledProtocol(preset, typeof scale === 'number' ? scale : 1)
  if (judging === undefined || JSON.stringify(judging) === JSON.stringify(known)) return undefined
  return {
    name: fileName(name, '.json', taken),
    what: 'its protocol',
    text: JSON.stringify(judging, null, 2),
  }
}

function spaceFile(run: Run, taken: Set<string>): RunFile | undefined {
  const { spaceText } = run.configuration
  const name = configuredText(run, 'space')
  return name.endsWith('.opt') && typeof spaceText === 'string'
    ? { name: fileName(name, '.opt', taken), what: 'its search space', text: spaceText }
    : undefined
}

/** The last part of a path, made different from those that are taken. */
function fileName(path: string, extension: string, taken: Set<string>): string {
  const stem = (path.split(/[\\/]/).at(-1) ?? '').replace(new RegExp(`\\${extension}$`), '')
  let name = `${stem}${extension}`
  for (let number = 2; taken.has(name); number++) name = `${stem}-${number}${extension}`
  taken.add(name)
  return name
}

/** The command line: every setting of one word as the option it was. */
function optionOf(name: string, value: unknown): readonly string[] {
  if (FILE_TEXTS.has(name)) return []
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
