import type { Extension } from '@codemirror/state'
import { EditorView } from '@codemirror/view'

/**
 * Puts what is typed over a selection of several lines into the text itself. Left to the browser, it would be put into the page first,
 * with style attributes, which the page's policy forbids, and which the console would tell of.
 */
export const typingOverLines: Extension = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { state } = view
    const { from, to } = state.selection.main
    const { data, inputType, isComposing } = event
    const isOverLines = state.doc.lineAt(from).number < state.doc.lineAt(to).number
    if (inputType !== 'insertText' || data === null || isComposing || !isOverLines) return false
    const insert = () =>
      state.update(state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true })
    const isHandled = state
      .facet(EditorView.inputHandler)
      .some((handle) => handle(view, from, to, data, insert))
    if (!isHandled) view.dispatch(insert())
    event.preventDefault()
    return true
  },
})
