import { defaultKeymap } from '@codemirror/commands'
import { bracketMatching, foldGutter } from '@codemirror/language'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension } from '@codemirror/state'
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view'
import { shadowOf } from '../page/element.ts'
import { changedLines } from '../panes/changed-lines.ts'
import { linkKey } from '../panes/link-key.ts'
import { lightUp, litLines } from './lit-lines.ts'
import { editorLook } from './theme.ts'

/** A view of a text in some language, to be read, searched and folded. */
export function createOutputView(
  host: HTMLElement,
  label: string,
  ...more: readonly Extension[]
): EditorView {
  return new EditorView({
    parent: shadowOf(host),
    state: EditorState.create({
      extensions: [
        lineNumbers(),
        foldGutter(),
        drawSelection(),
        bracketMatching(),
        highlightSelectionMatches(),
        search({ top: true }),
        keymap.of([...defaultKeymap, ...searchKeymap]),
        EditorState.readOnly.of(true),
        EditorView.contentAttributes.of({
          tabindex: '0',
          'aria-label': label,
          'aria-readonly': 'true',
        }),
        litLines,
        editorLook,
        more,
      ],
    }),
  })
}

/** Scrolls to where a definition begins: the first line at the margin that has its name. */
export function showDefinition(view: EditorView, name: string | undefined): void {
  if (name === undefined) return
  const key = linkKey(name)
  const { doc } = view.state
  for (let number = 1; number <= doc.lines; number++) {
    const { text, from } = doc.line(number)
    if (!/^[a-z]/i.test(text)) continue
    if (!(text.match(/[\p{L}\p{N}_]+/gu) ?? []).some((word) => linkKey(word) === key)) continue
    view.dispatch({ effects: EditorView.scrollIntoView(from, { y: 'start', yMargin: 8 }) })
    return
  }
}

/**
 * Puts a text in the place of another, changing what differs alone; gives the number of lines that are lit up, none where the text is
 * no other state of the one before.
 */
export function showText(view: EditorView, text: string, isEdit: boolean): number {
  const before = view.state.doc.toString()
  if (before === text) return 0
  let start = 0
  while (start < before.length && before[start] === text[start]) start += 1
  let end = 0
  const most = Math.min(before.length, text.length) - start
  while (end < most && before[before.length - 1 - end] === text[text.length - 1 - end]) end += 1
  view.dispatch({
    changes: { from: start, to: before.length - end, insert: text.slice(start, text.length - end) },
  })
  const lines = isEdit ? changedLines(before, text) : []
  lightUp(view, lines)
  return lines.length
}
