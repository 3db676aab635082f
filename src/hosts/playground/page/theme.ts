import type { PaneContext } from '../panes/pane.ts'
import type { ThemeChoice } from '../state/state.ts'

export interface Themes {
  readonly forPanes: PaneContext['theme']
  readonly choose: (choice: ThemeChoice) => void
}

/** Keeps `data-theme` of the page at `light` or `dark`. */
export function createThemes(chosen: ThemeChoice): Themes {
  const system = matchMedia('(prefers-color-scheme: dark)')
  const listeners = new Set<() => void>()
  let choice = chosen
  const isDark = (): boolean => (choice === 'auto' ? system.matches : choice === 'dark')
  const apply = (): void => {
    document.documentElement.dataset['theme'] = isDark() ? 'dark' : 'light'
    for (const listener of listeners) listener()
  }
  system.addEventListener('change', apply)
  apply()
  return {
    forPanes: {
      isDark,
      onChange: (listener, signal) => {
        listeners.add(listener)
        signal.addEventListener('abort', () => listeners.delete(listener))
      },
    },
    choose: (next) => {
      choice = next
      apply()
    },
  }
}
