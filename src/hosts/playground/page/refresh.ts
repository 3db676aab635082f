import type { Outline } from '../answers/outline.ts'
import type { ShownDefinition, ShownSource } from '../panes/pane.ts'

/** How long typing has to pause until panes hear of a text, in milliseconds. */
const PAUSE = 120

/** Tells panes of the text, and of what the cursor is in. */
export interface Refresh {
  readonly text: (text: string) => void
  readonly cursor: (offset: number) => void
}

/** Asks for the outline of each text when typing pauses, and shows it; an outline of an older text is given up. */
export function createRefresh(
  outlineOf: (text: string, signal: AbortSignal) => Promise<Outline>,
  fileName: () => string,
  show: (source: ShownSource) => void,
): Refresh {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running = new AbortController()
  let offset = 0
  let shown: { readonly text: string; readonly outline: Outline; readonly at: string } | undefined
  const tell = (text: string, outline: Outline): void => {
    const definition = definitionAt(outline, offset)
    shown = { text, outline, at: definition?.name ?? '' }
    const { names, hasErrors } = outline
    show({
      text,
      fileName: fileName(),
      names,
      hasErrors,
      ...(definition !== undefined && { definition }),
    })
  }
  const outline = async (text: string): Promise<void> => {
    running.abort()
    running = new AbortController()
    const { signal } = running
    try {
      tell(text, await outlineOf(text, signal))
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
  return {
    text: (text) => {
      shown = undefined
      clearTimeout(timer)
      timer = setTimeout(() => void outline(text), PAUSE)
    },
    cursor: (next) => {
      offset = next
      if (shown === undefined) return
      const { text, outline: known, at } = shown
      if ((definitionAt(known, offset)?.name ?? '') !== at) tell(text, known)
    },
  }
}

/** What a place is in, or the first definition. */
function definitionAt({ definitions }: Outline, offset: number): ShownDefinition | undefined {
  const found =
    definitions.find(({ span }) => span.start <= offset && offset <= span.end) ?? definitions[0]
  return found && { name: found.name, kind: found.kind }
}
