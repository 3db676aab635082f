/** Lines of the source that are longer than this were broken there to fit. */
const BROKEN = 84

/** Documentation of a program in reStructuredText, which Python's docstrings are in: a line for each paragraph or formula. */
export function restructured(lines: readonly string[]): readonly string[] {
  return joinBroken(lines).map((line) =>
    line
      .split(/(\$[^$]+\$)/)
      .map((part) =>
        /^\$[^$]+\$$/.test(part)
          ? `:math:\`${part.slice(1, -1)}\``
          : part.replace(/`([^`]+)`/g, '``$1``'),
      )
      .join(''),
  )
}

/** A line to whose end the first word of the next would not have fitted goes on there. */
export function joinBroken(lines: readonly string[]): readonly string[] {
  const joined: string[] = []
  let last = ''
  for (const line of lines) {
    const [word = ''] = line.split(' ', 1)
    if (line !== '' && last.length + 1 + word.length > BROKEN)
      joined.push(`${joined.pop()} ${line}`)
    else joined.push(line)
    last = line
  }
  return joined
}
