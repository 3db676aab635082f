import type { Json } from './json.ts'

export const themeChoices = ['auto', 'light', 'dark'] as const

/** What the reader has chosen; `auto` is what their system says. */
export type ThemeChoice = (typeof themeChoices)[number]

export const pageParts = ['source', 'output', 'view'] as const

/** What of the page is shown where there is room for one thing. */
export type PagePart = (typeof pageParts)[number]

/** Everything about the page that an address holds. */
export interface PageState {
  readonly text: string
  readonly fileName: string
  readonly theme: ThemeChoice
  readonly part: PagePart
  /** The pane that is chosen in each column; absent where it is the first. */
  readonly chosen: { readonly output?: string; readonly view?: string }
  /** What panes keep, by their names. */
  readonly panes: Readonly<Record<string, Json>>
}

/** A state, or why an address holds none. */
export type Read =
  | { readonly kind: 'state'; readonly state: PageState }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'broken'; readonly reason: string }

/** Most characters of a program. */
export const MOST_TEXT = 100_000

/** Most characters of a file's name. */
export const MOST_NAME = 80

/** What a file may be called: no folders, and the ending. */
export const FILE_NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_ .-]*\.opt$/u

/** What a pane may be called. */
export const PANE_NAME = /^[a-z][a-z0-9-]{0,40}$/
