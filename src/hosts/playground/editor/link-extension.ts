import { syntaxTree } from '@codemirror/language'
import { RangeSetBuilder, StateEffect, StateField, type Extension } from '@codemirror/state'
import { Decoration, EditorView, ViewPlugin, type DecorationSet } from '@codemirror/view'
import { linkKey } from '../panes/link-key.ts'
import type { Links } from '../panes/pane.ts'

const NAME = /[\p{L}_$][\p{L}\p{N}_$]*/gu

interface Linking {
  /** Keys of all names that mean something. */
  readonly known: ReadonlySet<string>
  /** Those that are lit up. */
  readonly shown: ReadonlySet<string>
}

const setKnown = StateEffect.define<ReadonlySet<string>>()
const setShown = StateEffect.define<ReadonlySet<string>>()

const linking = StateField.define<Linking>({
  create: () => ({ known: new Set(), shown: new Set() }),
  update: (value, { effects }) => {
    let next = value
    for (const effect of effects) {
      if (effect.is(setKnown)) next = { ...next, known: effect.value }
      if (effect.is(setShown)) next = { ...next, shown: effect.value }
    }
    return next
  },
})

/** Tells a view the names of the program. */
export function tellNames(view: EditorView, names: readonly string[]): void {
  view.dispatch({ effects: setKnown.of(new Set(names.map(linkKey))) })
}

/** The key of the name at a place; undefined where there is none that the program has. */
function keyAt(view: EditorView, position: number): string | undefined {
  const line = view.state.doc.lineAt(position)
  for (const match of line.text.matchAll(NAME)) {
    const start = line.from + match.index
    if (position < start || position > start + match[0].length) continue
    const key = linkKey(match[0])
    return view.state.field(linking).known.has(key) ? key : undefined
  }
  return undefined
}

const isComment = (view: EditorView, position: number): boolean =>
  /comment/i.test(syntaxTree(view.state).resolveInner(position, 1).name)

const mark = Decoration.mark({ class: 'cm-linked' })

/** The names that are lit up, in the part of the text that is shown. */
function decorate(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  const { shown } = view.state.field(linking)
  if (shown.size > 0)
    for (const { from, to } of view.visibleRanges)
      for (const match of view.state.sliceDoc(from, to).matchAll(NAME)) {
        const start = from + match.index
        if (shown.has(linkKey(match[0])) && !isComment(view, start))
          builder.add(start, start + match[0].length, mark)
      }
  return builder.finish()
}

const painter = ViewPlugin.define(
  (view) => ({
    decorations: decorate(view),
    update(update) {
      const { startState, state } = update
      const isOther = startState.field(linking).shown !== state.field(linking).shown
      if (update.docChanged || update.viewportChanged || isOther)
        this.decorations = decorate(update.view)
    },
  }),
  { decorations: ({ decorations }) => decorations },
)

/** Lights up the name under the pointer or the cursor, and all of its key in every other view of the same links. */
export function linked(links: Links, signal: AbortSignal): Extension {
  const show = (key: string | undefined): void =>
    links.show(new Set(key === undefined ? [] : [key]))
  const listening = ViewPlugin.define((view) => {
    links.onShow((keys) => view.dispatch({ effects: setShown.of(keys) }), signal)
    return {}
  })
  return [
    linking,
    painter,
    listening,
    EditorView.domEventHandlers({
      mousemove: ({ clientX: x, clientY: y }, view) => {
        const position = view.posAtCoords({ x, y })
        show(position === null ? undefined : keyAt(view, position))
      },
      mouseleave: () => show(undefined),
    }),
    EditorView.updateListener.of(({ view, selectionSet, docChanged }) => {
      if (!selectionSet || docChanged || !view.hasFocus) return
      const key = keyAt(view, view.state.selection.main.head)
      // A view cannot be changed while it tells of a change.
      queueMicrotask(() => show(key))
    }),
  ]
}
