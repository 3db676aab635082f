import type { Json } from './json.ts'
import {
  FILE_NAME,
  MOST_NAME,
  MOST_TEXT,
  PANE_NAME,
  pageParts,
  themeChoices,
  type PageState,
  type Read,
} from './state.ts'

/** A value of JSON as a state, or what of it is wrong. Nothing in it can be relied on. */
export function readState(given: unknown): Read {
  const broken = (reason: string): Read => ({ kind: 'broken', reason })
  if (!isRecord(given)) return broken('it is no state')
  const { text, fileName, theme, part, chosen, panes } = given
  if (typeof text !== 'string') return broken('it holds no program')
  if (text.length > MOST_TEXT) return broken('its program is too long')
  if (typeof fileName !== 'string' || fileName.length > MOST_NAME || !FILE_NAME.test(fileName))
    return broken('its program has no name that files have')
  const itsTheme = themeChoices.find((each) => each === theme)
  const itsPart = pageParts.find((each) => each === part)
  if (itsTheme === undefined || itsPart === undefined) return broken('it is of no known look')
  if (!isRecord(chosen) || !isRecord(panes)) return broken('its panes cannot be read')
  const { output, view } = chosen
  if (!isPaneName(output) || !isPaneName(view)) return broken('its panes cannot be read')
  if (!Object.keys(panes).every(isPaneName)) return broken('its panes cannot be read')
  const state: PageState = {
    text,
    fileName,
    theme: itsTheme,
    part: itsPart,
    chosen: { ...(output !== undefined && { output }), ...(view !== undefined && { view }) },
    // JSON.parse made it, whose values are all of this type.
    panes: panes as Readonly<Record<string, Json>>,
  }
  return { kind: 'state', state }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isPaneName(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === 'string' && PANE_NAME.test(value))
}
