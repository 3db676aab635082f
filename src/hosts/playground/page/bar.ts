import { pageParts, themeChoices, type PagePart, type ThemeChoice } from '../state/state.ts'
import type { Store } from '../state/store.ts'
import { byId } from './element.ts'
import { notify } from './message.ts'
import type { Themes } from './theme.ts'

/** What the buttons above and below the page do. */
export interface BarActions {
  readonly store: Store
  readonly themes: Themes
  readonly choosePart: (part: PagePart) => void
  readonly format: () => void
  readonly act: () => void
  readonly mutate: () => void
  readonly library: () => void
}

/** Gives the buttons something to do. */
export function connectBar({ store, themes, choosePart, ...actions }: BarActions): void {
  const press = (id: string, act: () => void): void => byId(id).addEventListener('click', act)
  press('library', actions.library)
  press('format', actions.format)
  press('act', actions.act)
  press('mutate', actions.mutate)
  press('share', () => void share(store))
  const theme = byId('theme')
  const showTheme = (): void => {
    const choice = store.get().theme
    theme.textContent = SIGNS[choice]
    const label = `Look: ${WORDS[choice]}`
    theme.setAttribute('aria-label', label)
    theme.title = label
  }
  press('theme', () => {
    const at = themeChoices.indexOf(store.get().theme)
    const choice = themeChoices[(at + 1) % themeChoices.length]!
    store.change({ theme: choice })
    themes.choose(choice)
    showTheme()
  })
  showTheme()
  for (const part of pageParts) partButton(part).addEventListener('click', () => choosePart(part))
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'o') return
    event.preventDefault()
    if (document.querySelector('dialog[open]') === null) actions.library()
  })
}

const SIGNS: Readonly<Record<ThemeChoice, string>> = { auto: '◐', light: '☀', dark: '☾' }

const WORDS: Readonly<Record<ThemeChoice, string>> = {
  auto: 'as the system',
  light: 'light',
  dark: 'dark',
}

function partButton(part: PagePart): HTMLElement {
  const found = document.querySelector<HTMLElement>(`.switch [data-part='${part}']`)
  if (found === null) throw new Error(`the page has no button for ${part}`)
  return found
}

/** Shows a part of the page where there is room for one. */
export function showPart(part: PagePart): void {
  document.body.dataset['shown'] = part
  for (const each of pageParts) partButton(each).setAttribute('aria-pressed', String(each === part))
}

/** Shows what the program is called. */
export function showFileName(fileName: string): void {
  byId('file-name').textContent = fileName
  document.title = `${fileName} – optc playground`
}

async function share(store: Store): Promise<void> {
  const address = store.address()
  history.replaceState(null, '', address)
  try {
    await navigator.clipboard.writeText(address)
    notify('The address is copied: it holds all of this.')
  } catch {
    notify('The address in the address bar holds all of this.')
  }
}
