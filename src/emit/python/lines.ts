/** Lines of Python: what stands one step further in is a list of its own. */
export type Lines = readonly (string | Lines)[]

const INDENT = '    '

/** The text of lines. A line may hold several, all as far in. */
export function textOf(lines: Lines, depth = 0): string {
  const before = INDENT.repeat(depth)
  return lines
    .map((line) =>
      typeof line === 'string' ? line.replace(/^(?=.)/gm, before) : textOf(line, depth + 1),
    )
    .filter((text) => text !== '')
    .join('\n')
}

/** Whether a text of Python names something that is no member and no text. */
export const isNamed = (called: string, text: string): boolean =>
  new RegExp(`(?<![\\w."])${called}(?![\\w"])`).test(text)
