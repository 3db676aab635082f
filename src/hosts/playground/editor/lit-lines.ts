import { StateEffect, StateField, type Extension } from '@codemirror/state'
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view'

const light = StateEffect.define<readonly number[]>()

const mark = Decoration.line({ class: 'cm-lit' })

/** Lines that are lit up until others are. */
export const litLines: Extension = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (lit, { changes, effects, state }) => {
    const effect = effects.find((each) => each.is(light))
    if (effect === undefined) return lit.map(changes)
    const lines = (effect.value as readonly number[]).map((line) => state.doc.line(line))
    return Decoration.set(lines.map(({ from }) => mark.range(from)))
  },
  provide: (field) => EditorView.decorations.from(field),
})

/** Lights up lines by their numbers, which count from 1 and rise, and shows the first where none is in sight. */
export function lightUp(view: EditorView, lines: readonly number[]): void {
  view.dispatch({ effects: light.of(lines) })
  const [first] = lines
  if (first === undefined) return
  const { scrollTop, clientHeight } = view.scrollDOM
  const isInSight = lines.some((line) => {
    const { top, bottom } = view.lineBlockAt(view.state.doc.line(line).from)
    return top >= scrollTop && bottom <= scrollTop + clientHeight
  })
  if (isInSight) return
  const { from } = view.state.doc.line(first)
  view.dispatch({ effects: EditorView.scrollIntoView(from, { y: 'center' }) })
}
