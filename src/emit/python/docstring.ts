/** Columns of a line of Python, as formatters have it. */
export const WIDTH = 88

/** An argument, attribute or error of a docstring, as Google's style has it. */
export interface DocumentedName {
  readonly name: string
  readonly text: string
}

/** What a docstring says. */
export interface Docstring {
  /** Paragraphs and lists, as lines. */
  readonly lines: readonly string[]
  /** Formulas, one a line. */
  readonly formulas?: readonly string[]
  /** What stands above and below formulas in Markdown; in reStructuredText they are further in. */
  readonly fence?: string
  readonly sections?: readonly {
    readonly title: string
    readonly names: readonly DocumentedName[]
    /** A list of what has no names. */
    readonly items?: readonly string[]
  }[]
}

/** The docstring as lines of one text. Depth: how far in it will stand. */
export function docstring(
  { lines, formulas = [], fence, sections = [] }: Docstring,
  depth: number,
): string {
  const width = WIDTH - 4 * depth
  const body = [
    ...lines.flatMap((line) => wrap(line, width)),
    ...(formulas.length > 0
      ? [
          ...(lines.length > 0 ? [''] : []),
          ...(fence === undefined
            ? ['::', '', ...indented(formulas)]
            : [fence, ...formulas, fence]),
        ]
      : []),
    ...sections.flatMap(({ title, names, items = [] }) =>
      names.length + items.length === 0
        ? []
        : [
            '',
            `${title}:`,
            ...names.flatMap(({ name, text }) => hanging(`${name}: ${text}`, width)),
            ...items.flatMap((text) => hanging(`- ${text}`, width)),
          ],
    ),
  ]
  const first = formulas.length > 0 && lines.length === 0 ? body.slice(0) : body
  const text = escape(first.join('\n'))
  const isRaw = text.includes('\\')
  const open = isRaw ? 'r"""' : '"""'
  const isShort = !text.includes('\n') && text.length + 6 + (isRaw ? 1 : 0) <= width
  return isShort ? `${open}${text}"""` : `${open}${text}\n"""`
}

/** A text that cannot end the string it stands in. */
function escape(text: string): string {
  return text.replaceAll('"""', "'''").replace(/\\$/gm, '\\ ').replace(/"$/, '" ').trimStart()
}

const indented = (lines: readonly string[]): readonly string[] =>
  lines.map((line) => (line === '' ? '' : `    ${line}`))

/** A line, and what is left of it further in. */
function hanging(line: string, width: number): readonly string[] {
  const [first = '', ...rest] = wrap(line, width - 4)
  const more = rest.length === 0 ? [] : wrap(rest.join(' '), width - 8)
  return [`    ${first}`, ...more.map((each) => `        ${each}`)]
}

/** A line cut between words so that each part fits; what has no blanks stays whole. */
export function wrap(line: string, width: number): readonly string[] {
  if (line.length <= width) return [line]
  const parts: string[] = []
  let part = ''
  for (const word of line.split(' ')) {
    const longer = part === '' ? word : `${part} ${word}`
    if (longer.length > width && part !== '') {
      parts.push(part)
      part = word
    } else part = longer
  }
  return [...parts, part]
}
