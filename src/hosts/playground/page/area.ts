import type { MountedPane, Pane, PaneContext, ShownSource } from '../panes/pane.ts'
import { element } from './element.ts'

/** A column with tabs, of which one is chosen. */
export interface Area {
  readonly choose: (id: string) => void
  /** Gives the chosen pane another text; what it still does with an earlier one is aborted. */
  readonly update: (source: ShownSource) => void
}

export interface AreaOptions {
  readonly host: HTMLElement
  /** What its list of tabs is called. */
  readonly label: string
  readonly panes: readonly Pane[]
  /** The first where there is no pane of that name. */
  readonly chosen: string | undefined
  readonly onChoose: (id: string) => void
  readonly contextOf: (id: string, status: (text: string) => void) => PaneContext
}

interface Shown {
  readonly pane: Pane
  readonly tab: HTMLButtonElement
  readonly panel: HTMLElement
  readonly status: HTMLElement
  mounted?: MountedPane
}

/** A column whose panes are mounted when their tabs are first chosen. */
export function createArea({ host, label, panes, ...options }: AreaOptions): Area {
  let source: ShownSource | undefined
  let running = new AbortController()
  const list = element('div', { class: 'tabs', role: 'tablist', 'aria-label': label })
  const all = panes.map(shownPane)
  let chosen = all.find(({ pane }) => pane.id === options.chosen) ?? all[0]!
  const show = (): void => {
    for (const each of all) {
      const isChosen = each === chosen
      each.tab.setAttribute('aria-selected', String(isChosen))
      each.tab.tabIndex = isChosen ? 0 : -1
      each.panel.hidden = !isChosen
      each.status.hidden = !isChosen
    }
    chosen.tab.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }
  const run = async (): Promise<void> => {
    running.abort()
    running = new AbortController()
    const { signal } = running
    if (source === undefined) return
    const { pane, panel, status } = chosen
    const say = (text: string): void => void (status.textContent = text)
    chosen.mounted ??= pane.mount(panel, options.contextOf(pane.id, say))
    try {
      await chosen.mounted.update(source, signal)
    } catch (error) {
      if (!signal.aborted) say(error instanceof Error ? error.message : String(error))
    }
  }
  const choose = (next: Shown): void => {
    if (next === chosen) return
    chosen = next
    options.onChoose(next.pane.id)
    show()
    void run()
  }
  list.addEventListener('keydown', (event) => {
    const at = all.indexOf(chosen)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    choose(all.at(to % all.length)!)
    chosen.tab.focus()
  })
  for (const each of all) each.tab.addEventListener('click', () => choose(each))
  list.append(...all.map(({ tab }) => tab))
  host.append(list, ...all.flatMap(({ panel, status }) => [panel, status]))
  show()
  return {
    choose: (id) => {
      const found = all.find(({ pane }) => pane.id === id)
      if (found !== undefined) choose(found)
    },
    update: (next) => {
      source = next
      void run()
    },
  }
}

function shownPane(pane: Pane): Shown {
  const { id, title } = pane
  return {
    pane,
    tab: element(
      'button',
      { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}` },
      title,
    ),
    panel: element('div', {
      class: 'panel',
      role: 'tabpanel',
      id: `panel-${id}`,
      'aria-labelledby': `tab-${id}`,
      tabindex: 0,
    }),
    status: element('div', { class: 'pane-status', role: 'status' }),
  }
}
