import { javascript } from '@codemirror/lang-javascript'
import { python } from '@codemirror/lang-python'
import type { Extension } from '@codemirror/state'
import type { Runtime, Target } from '../../../emit/target.ts'
import { targets, type TargetName } from '../../../emit/targets.ts'
import type { CompiledText, CompileQuestion } from '../answers/compiled.ts'
import { linked, tellNames } from '../editor/link-extension.ts'
import { createOutputView, showDefinition, showText } from '../editor/output-view.ts'
import { element } from '../page/element.ts'
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
  const view = createOutputView(
    codeHost,
    `Compiled to ${target}`,
    LANGUAGES[extension]?.() ?? [],
    linked(context.links, gone.signal),
  )
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
    const count = showText(view, module.text, !isOther)
    if (isOther) showDefinition(view, source.definition?.name)
    shownName = fileName
    tellNames(view, source.names)
    const changes = count === 0 ? '' : `, ${count} changed by the last edit`
    const more = others.map(({ path }) => `; beside it ${path}`).join('')
    context.status(`${module.path}: ${view.state.doc.lines} lines${changes}${more}`)
  }
  whole.addEventListener('change', () => {
    context.state.set(whole.checked ? 'paste' : undefined)
    shownName = undefined
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
