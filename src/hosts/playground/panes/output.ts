import { javascript } from '@codemirror/lang-javascript'
import { python } from '@codemirror/lang-python'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { defaultKeymap } from '@codemirror/commands'
import { bracketMatching, foldGutter } from '@codemirror/language'
import { EditorState, type Extension } from '@codemirror/state'
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view'
import type { Runtime, Target } from '../../../emit/target.ts'
import { targets, type TargetName } from '../../../emit/targets.ts'
import type { CompiledText, CompileQuestion } from '../answers/compiled.ts'
import { linked, tellNames } from '../editor/link-extension.ts'
import { lightUp, litLines } from '../editor/lit-lines.ts'
import { editorLook } from '../editor/theme.ts'
import { element, shadowOf } from '../page/element.ts'
import { changedLines } from './changed-lines.ts'
import { linkKey } from './link-key.ts'
import type { MountedPane, Pane, PaneContext, ShownSource } from './pane.ts'

/** How files with an ending are read. */
const LANGUAGES: Readonly<Record<Target['extension'], () => Extension>> = {
  ts: () => javascript({ typescript: true }),
  py: python,
}

/** A pane for each target: what the program is compiled to. */
export const outputPanes: readonly Pane[] = Object.values(targets).map(
  ({ name, extension }): Pane => ({
    id: `output-${name}`,
    title: name,
    area: 'output',
    mount: (host, context) => mountOutput(host, context, name, extension),
  }),
)

function mountOutput(
  host: HTMLElement,
  context: PaneContext,
  target: TargetName,
  extension: Target['extension'],
): MountedPane {
  const gone = new AbortController()
  const caller = context.callerOf<CompileQuestion, CompiledText>('compile')
  const whole = element('input', { type: 'checkbox' })
  whole.checked = context.state.get() === 'paste'
  const codeHost = element('div', { class: 'code-host' })
  const copy = element('button', { type: 'button' }, 'Copy')
  host.append(
    element(
      'div',
      { class: 'pane-tools' },
      element('label', {}, whole, 'with everything that it needs'),
      copy,
    ),
    codeHost,
  )
  const view = new EditorView({
    parent: shadowOf(codeHost),
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
        EditorView.contentAttributes.of({ 'aria-label': `Compiled to ${target}` }),
        LANGUAGES[extension]?.() ?? [],
        litLines,
        linked(context.links, gone.signal),
        editorLook,
      ],
    }),
  })
  let last: ShownSource | undefined
  /** The file that the shown text was made of. */
  let shownName: string | undefined
  const update = async (source: ShownSource, signal: AbortSignal): Promise<void> => {
    last = source
    const { text, fileName } = source
    const runtime: Runtime = whole.checked ? 'paste' : 'import'
    const isOther = fileName !== shownName
    if (isOther) context.status('compiling …')
    const question: CompileQuestion = { kind: 'compile', text, fileName, target, runtime }
    const answer = await caller.ask(question, signal)
    const isOld = answer.kind === 'none'
    codeHost.classList.toggle('old', isOld)
    if (answer.kind === 'none') return context.status(`${answer.reason}; nothing new is compiled`)
    const [module, ...others] = answer.files
    if (module === undefined) return
    const count = show(view, module.text, !isOther)
    if (isOther) showDefinition(view, source.definition?.name)
    shownName = fileName
    tellNames(view, source.names)
    const changes = count === 0 ? '' : `, ${count} changed by the last edit`
    const more = others.map(({ path }) => `; beside it ${path}`).join('')
    context.status(`${module.path}: ${view.state.doc.lines} lines${changes}${more}`)
  }
  whole.addEventListener('change', () => {
    context.state.set(whole.checked ? 'paste' : undefined)
    if (last !== undefined) void update(last, gone.signal)
  })
  copy.addEventListener('click', () => {
    void navigator.clipboard
      .writeText(view.state.doc.toString())
      .then(() => context.status('copied'))
      .catch(() => context.status('the browser does not let it be copied'))
  })
  return {
    update,
    dispose: () => {
      gone.abort()
      view.destroy()
    },
  }
}

/** Scrolls to where a definition begins: the first line at the margin that has its name. */
function showDefinition(view: EditorView, name: string | undefined): void {
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
function show(view: EditorView, text: string, isEdit: boolean): number {
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
