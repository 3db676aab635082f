import { StreamLanguage } from '@codemirror/language'
import { stretchesOf, type Stretch } from '../../../report/highlight.ts'

/** What each kind of stretch is called by highlighters. */
const NAMES: Readonly<Record<string, string>> = {
  keyword: 'keyword',
  numeral: 'number',
  string: 'string',
  comment: 'comment',
  operator: 'operator',
  call: 'variableName.function',
}

interface LineState {
  rest: readonly Stretch[]
}

/** The language by its own tokens. No token goes on from one line to the next, so that each line is read alone. */
export const optLanguage = StreamLanguage.define<LineState>({
  name: 'opt',
  startState: () => ({ rest: [] }),
  copyState: ({ rest }) => ({ rest }),
  token: (stream, state) => {
    if (stream.sol()) state.rest = stretchesOf(stream.string)
    const [first, ...rest] = state.rest
    if (first === undefined) {
      stream.skipToEnd()
      return null
    }
    state.rest = rest
    stream.pos += first.text.length
    return first.kind === undefined ? null : (NAMES[first.kind] ?? null)
  },
  languageData: {
    commentTokens: { line: '//' },
    closeBrackets: { brackets: ['(', '[', '{', '"'] },
  },
})
