import { createCaller, type Caller } from '../calls/caller.ts'
import type { PaneContext } from '../panes/pane.ts'
import type { Json } from '../state/json.ts'
import type { PageState } from '../state/state.ts'
import type { Store } from '../state/store.ts'
import type { Themes } from './theme.ts'

export interface ContextOptions extends Pick<
  PaneContext,
  'startWorker' | 'links' | 'replaceSource'
> {
  readonly store: Store
  readonly themes: Themes
}

/** What each pane is given, by its name and by where it says what is going on; workers that several ask are started once. */
export function createContexts({
  store,
  themes,
  ...shared
}: ContextOptions): (id: string, status: (text: string) => void) => PaneContext {
  const callers = new Map<string, Caller<unknown, unknown, unknown>>()
  return (id, status) => ({
    ...shared,
    status,
    state: {
      get: () => (Object.hasOwn(store.get().panes, id) ? store.get().panes[id] : undefined),
      set: (value) => store.change({ panes: changed(store.get().panes, id, value) }),
    },
    theme: themes.forPanes,
    callerOf: <Question, Answer, Progress>(name: string) => {
      const found = callers.get(name) ?? createCaller(() => shared.startWorker(name))
      callers.set(name, found)
      return found as Caller<Question, Answer, Progress>
    },
  })
}

function changed(all: PageState['panes'], id: string, value: Json | undefined): PageState['panes'] {
  const { [id]: _, ...others } = all
  return value === undefined ? others : { ...others, [id]: value }
}
