import type { Caller } from '../calls/caller.ts'
import type { Json } from '../state/json.ts'

/** What is shown beside the editor: one tab. */
export interface Pane {
  /** Lower-case words with hyphens: names it in URLs and in the page. */
  readonly id: string
  /** What its tab says. */
  readonly title: string
  /** Which of the two columns it is in: what a program is compiled to, or what it does. */
  readonly area: 'output' | 'view'
  /** Fills `element`, which is empty; called when the tab is first chosen. */
  readonly mount: (element: HTMLElement, context: PaneContext) => MountedPane
}

export interface MountedPane {
  /**
   * Shows a text; called after an edit, when typing has paused, while the pane's tab is chosen. `signal` aborts when there is a
   * later text or another tab: what is still going on then is given up, and shows nothing.
   */
  readonly update: (source: ShownSource, signal: AbortSignal) => void | Promise<void>
  readonly dispose?: () => void
}

/** The text in the editor. */
export interface ShownSource {
  readonly text: string
  /** What it is called, with its ending. */
  readonly fileName: string
  /** What the cursor is in; the first definition elsewhere; absent where there is none. */
  readonly definition?: ShownDefinition
  /** Every name that stands in it, those of the language's functions included. */
  readonly names: readonly string[]
  /** Whether the text has errors; panes then leave the last picture and say that it is old. */
  readonly hasErrors: boolean
}

export interface ShownDefinition {
  readonly name: string
  readonly kind: 'optimizer' | 'schedule' | 'decay' | 'function' | 'space'
}

/** What the page offers to a pane. */
export interface PaneContext {
  /** Kept in the URL under the pane's name. Anybody may have written what `get` gives: check it before use. */
  readonly state: {
    readonly get: () => Json | undefined
    /** Undefined takes it out of the URL again. */
    readonly set: (value: Json | undefined) => void
  }
  /** Pages are light or dark; colours are CSS variables (`--ink`, `--quiet`, `--line`, `--ground`, `--series-0` ...). */
  readonly theme: {
    readonly isDark: () => boolean
    /** Calls `listener` on a change until the signal aborts. */
    readonly onChange: (listener: () => void, signal: AbortSignal) => void
  }
  /** A new worker of the file `workers/NAME.ts`, for a pane that needs one of its own. */
  readonly startWorker: (name: string) => Worker
  /** What asks the page's one worker of the file `workers/NAME.ts`, which answers by `answerQuestions`. */
  readonly callerOf: <Question, Answer, Progress = never>(
    name: string,
  ) => Caller<Question, Answer, Progress>
  /** Says in the pane's heading, and to screen readers, what is going on; an empty text takes it away. */
  readonly status: (text: string) => void
  /** Puts another text into the editor, as one step that can be undone. */
  readonly replaceSource: (text: string) => void
  /** Names under the pointer, in the editor or in an output: lit up wherever they stand. */
  readonly links: Links
}

/** Names that stand for the same thing in the program and in what it is compiled to, as `linkKey` writes them. */
export interface Links {
  readonly show: (keys: ReadonlySet<string>) => void
  readonly onShow: (listener: (keys: ReadonlySet<string>) => void, signal: AbortSignal) => void
}
