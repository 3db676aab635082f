import type { EditorView } from '@codemirror/view'
import type { GalleryEntry, GalleryQuestion } from '../answers/gallery.ts'
import type { Outline, OutlineQuestion } from '../answers/outline.ts'
import { createCaller, isAbort, type Caller } from '../calls/caller.ts'
import { actionsAt } from '../editor/code-actions.ts'
import { createEditor, type Editor } from '../editor/editor.ts'
import { tellNames } from '../editor/link-extension.ts'
import { createViewer } from '../editor/viewer.ts'
import { createLinks } from '../panes/links.ts'
import { panes } from '../panes/panes.ts'
import type { PagePart, PageState } from '../state/state.ts'
import { createStore } from '../state/store.ts'
import { openActions } from './actions-menu.ts'
import { createArea, type Area } from './area.ts'
import { connectBar, showFileName, showPart } from './bar.ts'
import { createContexts } from './contexts.ts'
import { openDialog } from './dialog.ts'
import { byId, element } from './element.ts'
import { openGallery } from './gallery.ts'
import { notify } from './message.ts'
import { showProblems } from './problem-list.ts'
import { createRefresh } from './refresh.ts'
import type { Themes } from './theme.ts'

/** What the worker of the language is asked beside what its server is asked. */
type LanguageCaller = Caller<OutlineQuestion | GalleryQuestion, Outline | readonly GalleryEntry[]>

/** Fills the page with a state, and keeps the address with it. */
export function openPage(initial: PageState, themes: Themes): void {
  const store = createStore(initial)
  const links = createLinks()
  const language = startWorker('language')
  const asked: LanguageCaller = createCaller(() => language)
  const areas: Area[] = []
  const refresh = createRefresh(
    async (text, signal) => {
      const { fileName } = store.get()
      return (await asked.ask({ kind: 'outline', text, fileName }, signal)) as Outline
    },
    () => store.get().fileName,
    (source) => {
      tellNames(editor.view, source.names)
      for (const area of areas) area.update(source)
    },
  )
  const editor: Editor = createEditor({
    host: byId('editor'),
    text: initial.text,
    worker: language,
    links,
    onText: (text) => {
      store.change({ text })
      refresh.text(text)
    },
    onCursor: refresh.cursor,
    onProblems: (problems) =>
      showProblems(byId('problems'), problems, (anchor) => {
        editor.view.dispatch({ selection: { anchor }, scrollIntoView: true })
        editor.view.focus()
      }),
    onActions: () => void act(editor),
    showFile: (name) => showLibraryFile(asked, name),
  })
  const contextOf = createContexts({
    store,
    themes,
    startWorker,
    links,
    replaceSource: (text) => editor.replace(text),
  })
  const areaOf = (area: 'output' | 'view', label: string): Area =>
    createArea({
      host: byId(`area-${area}`),
      label,
      panes: panes.filter((pane) => pane.area === area),
      chosen: initial.chosen[area],
      onChoose: (id) => store.change({ chosen: { ...store.get().chosen, [area]: id } }),
      contextOf,
    })
  const [output, view] = [areaOf('output', 'Targets'), areaOf('view', 'Views')]
  areas.push(output, view)
  const choosePart = (part: PagePart): void => {
    store.change({ part })
    showPart(part)
  }
  connectBar({
    store,
    themes,
    choosePart,
    format: editor.format,
    act: () => void act(editor),
    mutate: () => {
      view.choose('mutants')
      choosePart('view')
      byId('panel-mutants').querySelector<HTMLElement>('button.again')?.focus()
    },
    library: () => void chooseFile(asked, store.change, editor),
  })
  showFileName(initial.fileName)
  showPart(initial.part)
  refresh.text(initial.text)
}

function startWorker(name: string): Worker {
  return new Worker(new URL(`workers/${name}.js`, document.baseURI), { type: 'module', name })
}

async function act({ view }: Editor): Promise<void> {
  openActions(await actionsAt(view), notify, () => view.focus())
}

async function galleryOf(asked: LanguageCaller): Promise<readonly GalleryEntry[]> {
  const never = new AbortController().signal
  return (await asked.ask({ kind: 'gallery' }, never)) as readonly GalleryEntry[]
}

async function chooseFile(
  asked: LanguageCaller,
  change: (change: Partial<PageState>) => void,
  editor: Editor,
): Promise<void> {
  try {
    openGallery(await galleryOf(asked), ({ name, text }) => {
      const fileName = `${name.slice('std/'.length)}.opt`
      change({ fileName })
      showFileName(fileName)
      editor.replace(text)
      editor.view.focus()
    })
  } catch (error) {
    if (!isAbort(error)) notify(String(error))
  }
}

/** Shows where a name of the library is defined. */
async function showLibraryFile(asked: LanguageCaller, name: string): Promise<EditorView | null> {
  const found = (await galleryOf(asked)).find((entry) => entry.name === name)
  if (found === undefined) return null
  const host = element('div', { class: 'code-host' })
  const { body } = openDialog(name, 'wide', () => view.destroy())
  body.append(host)
  const view = createViewer(host, found.text, name)
  view.focus()
  return view
}
