import { drawAxes, panelRulers, placeIn, type Frame } from './axes-svg.ts'
import { drawEndLabels } from './end-labels-svg.ts'
import type { Panel, Series } from './figure.ts'
import { contourColor, INK, lineColor, lineDash } from './palette.ts'
import {
  clipSegment,
  finiteParts,
  simplifyLine,
  staircase,
  thin,
  type Point,
  type Polyline,
} from './polyline.ts'
import { element, escapeText, pathData } from './svg-element.ts'

/** How far, in pixels, a drawn line may be from the true one to have fewer points. */
const TOLERANCE = 0.12

/** One panel: grid, axes, contours, bands, lines, marks. `id` is unique within the drawing. */
export function drawPanel(panel: Panel, frame: Frame, id: string, endLabels: boolean): string {
  const { x, y } = panelRulers(panel, frame.width, frame.height)
  const place = placeIn(frame, x, y)
  const clip = element(
    'clipPath',
    { id },
    element('rect', {
      x: frame.left,
      y: frame.top - 2,
      width: frame.width,
      height: frame.height + 4,
    }),
  )
  const lines = [
    ...contourLines(panel, place),
    ...panel.series.map((series) => bandArea(series, place)),
    ...panel.series.map((series) => seriesLine(series, place, frame)),
  ]
  return [
    clip,
    ...drawAxes(panel, frame, x, y),
    element('g', { 'clip-path': `url(#${id})` }, ...lines),
    ...panel.series.flatMap((series) => endMarks(series, place, frame)),
    ...(panel.marks ?? []).map((mark) => cross(place(mark.at), mark.name)),
    ...(endLabels ? drawEndLabels(panel, place, frame) : []),
  ].join('\n')
}

/** The contours of a panel, placed. */
export function contourLines(panel: Panel, place: (point: Point) => Point): string[] {
  const contours = panel.contours ?? []
  return contours.map(({ lines }, index) => {
    const data = lines.map((line) => pathData(simplifyLine(line.map(place), TOLERANCE))).join('')
    return element('path', {
      d: data,
      fill: 'none',
      stroke: contourColor(index, contours.length),
      'stroke-width': 1.2,
    })
  })
}

/** The area between the ends of a series' intervals, placed. */
export function bandArea(series: Series, place: (point: Point) => Point): string {
  const band = (series.band ?? []).filter(
    ({ low, high }) => Number.isFinite(low) && Number.isFinite(high),
  )
  if (band.length < 2) return ''
  const upper = band.map(({ x, high }) => place([x, high]))
  const lower = band.map(({ x, low }) => place([x, low])).reverse()
  const points = [...upper, ...lower].filter(([, y]) => Number.isFinite(y))
  return element('path', {
    d: pathData(points, true),
    fill: lineColor(series.color).hex,
    'fill-opacity': 0.14,
  })
}

/** The line of a series, placed. */
export function seriesLine(series: Series, place: (point: Point) => Point, frame: Frame): string {
  const line = series.steps === true ? staircase(series.points) : series.points
  const placed = line.map(place)
  const kept = series.ends === true ? placed : thin(placed, 4 * frame.width)
  return (
    finiteParts(kept)
      // A point on its own is a dot, which is not cut off where it lies outside.
      .filter(([first, ...others]) => others.length > 0 || within(frame, first![0], first![1]))
      .map((part) =>
        part.length === 1
          ? element('circle', {
              cx: part[0]![0],
              cy: part[0]![1],
              r: 2.5,
              fill: lineColor(series.color).hex,
            })
          : element('path', {
              d: inside(part, frame)
                .map((piece) => pathData(simplifyLine(piece, TOLERANCE)))
                .join(''),
              fill: 'none',
              stroke: lineColor(series.color).hex,
              'stroke-width': series.ends === true ? 1.8 : 2.2,
              'stroke-linejoin': 'round',
              'stroke-linecap': 'round',
              'stroke-dasharray': lineDash(series.color),
            }),
      )
      .join('')
  )
}

/** The pieces of a placed line in and around the frame: a diverging path would otherwise need astronomical coordinates. */
function inside(line: Polyline, frame: Frame): Polyline[] {
  const low: Point = [frame.left - frame.width, frame.top - frame.height]
  const high: Point = [frame.left + 2 * frame.width, frame.top + 2 * frame.height]
  const pieces: Point[][] = []
  for (let index = 1; index < line.length; index++) {
    const clipped = clipSegment(line[index - 1]!, line[index]!, low, high)
    if (clipped === undefined) continue
    const last = pieces.at(-1)
    const end = last?.at(-1)
    if (last !== undefined && end?.[0] === clipped[0][0] && end[1] === clipped[0][1])
      last.push(clipped[1])
    else pieces.push([...clipped])
  }
  return pieces
}

/** A ring where a path starts, a dot where it ends. */
export function endMarks(series: Series, place: (point: Point) => Point, frame: Frame): string[] {
  if (series.ends !== true) return []
  const placed = series.points.map(place).filter(([x, y]) => within(frame, x, y))
  const first = placed[0]
  const last = placed.at(-1)
  if (first === undefined || last === undefined) return []
  const color = lineColor(series.color).hex
  return [
    element('circle', {
      cx: first[0],
      cy: first[1],
      r: 4.5,
      fill: INK.ground,
      stroke: INK.title,
      'stroke-width': 1.6,
    }),
    element('circle', {
      cx: last[0],
      cy: last[1],
      r: 4,
      fill: color,
      stroke: INK.ground,
      'stroke-width': 1.2,
    }),
  ]
}

function within(frame: Frame, x: number, y: number): boolean {
  return (
    x >= frame.left &&
    x <= frame.left + frame.width &&
    y >= frame.top &&
    y <= frame.top + frame.height
  )
}

/** A place worth pointing at. */
export function cross([x, y]: Point, name: string): string {
  const arm = 5
  return element(
    'path',
    {
      d:
        pathData([
          [x - arm, y],
          [x + arm, y],
        ]) +
        pathData([
          [x, y - arm],
          [x, y + arm],
        ]),
      stroke: INK.title,
      'stroke-width': 1.8,
    },
    element('title', {}, escapeText(name)),
  )
}
