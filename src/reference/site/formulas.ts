import type { MarkdownIt } from 'markdown-it'
import temml from 'temml'

/** The reader, which also knows formulas in LaTeX between dollar signs; they become tokens `math_inline`. */
export function withFormulas(reader: MarkdownIt): MarkdownIt {
  // Before backslashes and stress are looked for: LaTeX is full of both.
  reader.inline.ruler.before('escape', 'math_inline', (state, silent) => {
    if (state.src[state.pos] !== '$') return false
    const end = state.src.indexOf('$', state.pos + 1)
    if (end <= state.pos + 1 || end > state.posMax) return false
    if (!silent) state.push('math_inline', 'math', 0).content = state.src.slice(state.pos + 1, end)
    state.pos = end + 1
    return true
  })
  return reader
}

/** A formula as MathML without styles of its own, which a strict policy would drop. Throws an Error for what is no LaTeX. */
export function formulaMarkup(latex: string, isDisplay: boolean): string {
  return temml
    .renderToString(latex, { displayMode: isDisplay, throwOnError: true })
    .replace(/ style="[^"]*"/g, '')
}
