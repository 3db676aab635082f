import { EditorState } from '@codemirror/state'
import { EditorView, keymap, lineNumbers } from '@codemirror/view'
import { defaultKeymap } from '@codemirror/commands'
import { shadowOf } from '../page/element.ts'
import { optLanguage } from './opt-language.ts'
import { editorLook } from './theme.ts'

/** A program to read, not to change. */
export function createViewer(host: HTMLElement, text: string, label: string): EditorView {
  return new EditorView({
    parent: shadowOf(host),
    state: EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        EditorState.readOnly.of(true),
        EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': label }),
        keymap.of(defaultKeymap),
        optLanguage,
        editorLook,
      ],
    }),
  })
}
