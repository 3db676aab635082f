import { headLines, type Panel } from './figure.ts'
import { tickTexts } from './number-text.ts'
import { INK } from './palette.ts'
import { panelValues } from './panel-values.ts'
import type { Point } from './polyline.ts'
import { element, escapeText, pathData, textWidth } from './svg-element.ts'
import { createRuler, type Ruler } from './ticks.ts'

/** Where a panel's axes stand in the drawing; lengths in pixels. */
export interface Frame {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** Sizes of a panel's texts. */
const TICK_SIZE = 12
const LABEL_SIZE = 12.5

/** The two rulers of a panel whose axes have the given lengths in pixels. */
export function panelRulers(
  panel: Panel,
  width: number,
  height: number,
): { readonly x: Ruler; readonly y: Ruler } {
  const { xs, ys } = panelValues(panel)
  return {
    x: createRuler({ round: false, ...panel.x }, xs, Math.max(2, width / 90)),
    y: createRuler(panel.y, ys, Math.max(2, height / 60)),
  }
}

/** Space left of the axes that the labels of the vertical axis need. */
export function leftMargin(panel: Panel, width: number, height: number): number {
  const { y } = panelRulers(panel, width, height)
  return Math.max(...tickTexts(y, panel.y.unit).map((text) => textWidth(text, TICK_SIZE)), 12) + 40
}

/** Grid, axes, tick labels, and the lines above them. */
export function drawAxes(panel: Panel, frame: Frame, x: Ruler, y: Ruler): string[] {
  const bottom = frame.top + frame.height
  const parts: string[] = []
  const tickText = (text: string, at: Point, anchor: string): string =>
    element(
      'text',
      { x: at[0], y: at[1], 'text-anchor': anchor, 'font-size': TICK_SIZE, fill: INK.text },
      escapeText(text.replace('-', '−')),
    )
  const yTexts = tickTexts(y, panel.y.unit)
  y.ticks.forEach((tick, index) => {
    const at = bottom - y.position(tick) * frame.height
    // Contours fill the panel; grid lines would be taken for more of them.
    if ((panel.contours ?? []).length === 0) {
      parts.push(
        element('path', {
          d: pathData([
            [frame.left, at],
            [frame.left + frame.width, at],
          ]),
          stroke: INK.grid,
        }),
      )
    }
    parts.push(tickText(yTexts[index]!, [frame.left - 8, at + TICK_SIZE / 3], 'end'))
  })
  const xTexts = tickTexts(x, panel.x.unit)
  x.ticks.forEach((tick, index) => {
    const at = frame.left + x.position(tick) * frame.width
    parts.push(
      element('path', {
        d: pathData([
          [at, bottom],
          [at, bottom + 5],
        ]),
        stroke: INK.axis,
      }),
    )
    parts.push(tickText(xTexts[index]!, [at, bottom + 18], 'middle'))
  })
  parts.push(
    element('path', {
      d: pathData([
        [frame.left, bottom],
        [frame.left + frame.width, bottom],
      ]),
      stroke: INK.axis,
    }),
  )
  const label = (text: string, attributes: Readonly<Record<string, string | number>>): string =>
    element('text', { 'font-size': LABEL_SIZE, fill: INK.text, ...attributes }, escapeText(text))
  parts.push(
    label(panel.x.label, {
      x: frame.left + frame.width / 2,
      y: bottom + 38,
      'text-anchor': 'middle',
    }),
  )
  // Above the axes rather than turned beside them: nobody has to tilt the head.
  headLines(panel).forEach((line, index, lines) => {
    const place = { x: frame.left, y: frame.top - 13 - 18 * (lines.length - 1 - index) }
    parts.push(
      line === panel.title
        ? label(line, { ...place, 'font-size': 14, 'font-weight': 600, fill: INK.title })
        : label(line, place),
    )
  })
  return parts
}

/** Where points of a panel lie in its frame, in pixels; `y` grows upwards. */
export function placeIn(frame: Frame, x: Ruler, y: Ruler): (point: Point) => Point {
  return ([px, py]) => [
    frame.left + x.position(px) * frame.width,
    frame.top + (1 - y.position(py)) * frame.height,
  ]
}
