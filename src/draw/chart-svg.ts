import { drawAxes, leftMargin, panelRulers, placeIn, type Frame } from './axes-svg.ts'
import { drawEndLabels, spread } from './end-labels-svg.ts'
import { headLines, type Panel } from './figure.ts'
import { INK, lineColor } from './palette.ts'
import { bandArea, contourLines, cross, endMarks, seriesLine } from './panel-svg.ts'
import type { Point, Polyline } from './polyline.ts'
import { coordinate, element, escapeText, pathData, textWidth } from './svg-element.ts'
import type { Ruler } from './ticks.ts'

/** A measurement at a place, with its interval where it has one. */
export interface Dot {
  readonly at: Point
  readonly color: number
  /** Radius in pixels. */
  readonly size: number
  /** One of many, in the background. */
  readonly faint?: boolean
  /** What is left of it is a ring. */
  readonly hollow?: boolean
  /** The ends of an interval in y. */
  readonly low?: number
  readonly high?: number
  /** What a pointer over it shows. */
  readonly title?: string
}

/** A line without a name. */
export interface Thread {
  readonly points: Polyline
  readonly color: number
  readonly faint?: boolean
}

/** A value that the others are compared with: a line across the panel, named at its right end. */
export interface Level {
  readonly value: number
  readonly name: string
  readonly color: number
}

/** A few words above a place. */
export interface Label {
  readonly at: Point
  readonly text: string
}

/** A panel with measurements in it. */
export interface Chart extends Panel {
  readonly threads?: readonly Thread[]
  readonly dots?: readonly Dot[]
  readonly levels?: readonly Level[]
  readonly labels?: readonly Label[]
}

/** How a chart is drawn. */
export interface ChartSize {
  /** Of the whole drawing, in pixels. */
  readonly width: number
  /** Of the axes. */
  readonly height: number
  /** Unique on the page that holds the drawing. */
  readonly id: string
  /** What the drawing is, for those who do not see it. */
  readonly description: string
  /** Room for the names of levels and lines at the right; as much as they need when absent. */
  readonly right?: number
}

const LABEL_SIZE = 12
const LABEL_GAP = 14

/** Where a chart's axes stand in its drawing. */
interface ChartLayout {
  readonly bounds: Panel
  readonly frame: Frame
  readonly x: Ruler
  readonly y: Ruler
  /** Right of the axes. */
  readonly margin: number
}

function layOutChart(chart: Chart, { width, height, right }: ChartSize): ChartLayout {
  const bounds = boundsOf(chart)
  const named = [...chart.series, ...(chart.levels ?? [])].map(({ name }) => name)
  const margin =
    right ?? Math.max(10, ...named.map((name) => textWidth(name, LABEL_SIZE + 1) * 1.1 + 12))
  const left = leftMargin(bounds, width, height) - 34
  const top = 8 + 18 * headLines(chart).length
  const frame: Frame = { left, top, width: width - left - margin, height }
  return { bounds, frame, margin, ...panelRulers(bounds, frame.width, height) }
}

/** Where a chart's places are in its drawing, in pixels, and the other way round. */
export interface ChartPlaces {
  readonly place: (point: Point) => Point
  /** Linear axes only. */
  readonly pointAt: (pixel: Point) => Point
}

/** The places of what `drawChart` draws with the same size. */
export function placesOfChart(chart: Chart, size: ChartSize): ChartPlaces {
  const { frame, x, y } = layOutChart(chart, size)
  return {
    place: placeIn(frame, x, y),
    pointAt: ([px, py]) => [
      x.low + ((px - frame.left) / frame.width) * (x.high - x.low),
      y.high - ((py - frame.top) / frame.height) * (y.high - y.low),
    ],
  }
}

/** The chart as an `svg` element without a ground of its own, as wide as where it stands. Equal charts give equal texts. */
export function drawChart(chart: Chart, size: ChartSize): string {
  const { width, height, id, description } = size
  const { bounds, frame, x, y, margin } = layOutChart(chart, size)
  const { left, top } = frame
  const place = placeIn(frame, x, y)
  const clip = element(
    'clipPath',
    { id },
    element('rect', { x: left - 6, y: top - 6, width: frame.width + 12, height: height + 12 }),
  )
  const inside = [
    ...contourLines(chart, place),
    ...chart.series.map((series) => bandArea(series, place)),
    ...(chart.threads ?? []).map(({ points, color, faint }) =>
      thread(points, place, {
        stroke: lineColor(color).hex,
        'stroke-width': faint === true ? 1 : 2.2,
        'stroke-opacity': faint === true ? 0.35 : undefined,
        'stroke-linejoin': 'round',
      }),
    ),
    ...(chart.levels ?? []).map(({ value, color }) =>
      thread(
        [
          [x.low, value],
          [x.high, value],
        ],
        place,
        { stroke: lineColor(color).hex, 'stroke-width': 1.4, 'stroke-dasharray': '6 4' },
      ),
    ),
    ...chart.series.map((series) => seriesLine(series, place, frame)),
    ...(chart.dots ?? []).map((dot) => drawDot(dot, place)),
  ]
  const total = top + height + (chart.x.label === '' ? 26 : 46)
  return element(
    'svg',
    {
      viewBox: `0 0 ${coordinate(width)} ${coordinate(total)}`,
      role: 'img',
      'aria-label': description,
    },
    clip,
    ...drawAxes(bounds, frame, x, y),
    element('g', { 'clip-path': `url(#${id})` }, ...inside),
    ...chart.series.flatMap((series) => endMarks(series, place, frame)),
    ...(chart.marks ?? []).map((mark) => cross(place(mark.at), mark.name)),
    ...levelNames(chart, place, frame, x.high),
    ...(chart.series.length > 0 && margin > 20 ? drawEndLabels(chart, place, frame) : []),
    ...(chart.labels ?? []).map(({ at, text }) => {
      const [px, py] = place(at)
      return element(
        'text',
        {
          x: px,
          y: py - 11,
          'text-anchor': 'middle',
          'font-size': LABEL_SIZE,
          fill: INK.title,
          // Words stay readable on lines.
          stroke: INK.ground,
          'stroke-width': 3.5,
          'stroke-linejoin': 'round',
          'paint-order': 'stroke',
        },
        escapeText(text),
      )
    }),
  )
}

/** The panel with everything that the axes must cover as lines. */
function boundsOf({ threads = [], dots = [], levels = [], ...panel }: Chart): Panel {
  const points: Point[] = [
    ...threads.flatMap((each) => each.points),
    ...dots.flatMap(({ at, low, high }): Point[] => [
      at,
      [at[0], low ?? at[1]],
      [at[0], high ?? at[1]],
    ]),
    ...levels.map(({ value }): Point => [NaN, value]),
  ]
  return {
    ...panel,
    series: [...panel.series, { name: '', color: 0, points }],
  }
}

function thread(
  points: Polyline,
  place: (point: Point) => Point,
  attributes: Readonly<Record<string, string | number | undefined>>,
): string {
  return element('path', { d: pathData(points.map(place)), fill: 'none', ...attributes })
}

function drawDot(dot: Dot, place: (point: Point) => Point): string {
  const [x, y] = place(dot.at)
  if (!Number.isFinite(x) || !Number.isFinite(y)) return ''
  const { hex } = lineColor(dot.color)
  const circle = element(
    'circle',
    {
      cx: x,
      cy: y,
      r: dot.size,
      fill: dot.hollow === true ? INK.ground : hex,
      'fill-opacity': dot.faint === true ? 0.35 : undefined,
      stroke: dot.hollow === true ? hex : dot.faint === true ? undefined : INK.ground,
      'stroke-width': dot.hollow === true ? 1.6 : dot.faint === true ? undefined : 1,
    },
    ...(dot.title === undefined ? [] : [element('title', {}, escapeText(dot.title))]),
  )
  if (dot.low === undefined || dot.high === undefined) return circle
  const bar = thread(
    [
      [dot.at[0], dot.low],
      [dot.at[0], dot.high],
    ],
    place,
    { stroke: hex, 'stroke-width': 1.6 },
  )
  return bar + circle
}

function levelNames(
  { levels = [] }: Chart,
  place: (point: Point) => Point,
  frame: Frame,
  end: number,
): string[] {
  const sorted = levels
    .map((level) => ({ level, y: place([end, level.value])[1] }))
    .sort((a, b) => a.y - b.y)
  const heights = spread(
    sorted.map(({ y }) => y),
    LABEL_GAP,
    frame.top,
    frame.top + frame.height,
  )
  return sorted.map(({ level }, index) =>
    element(
      'text',
      {
        x: frame.left + frame.width + 7,
        y: heights[index]! + 4,
        'font-size': LABEL_SIZE,
        fill: lineColor(level.color).hex,
      },
      escapeText(level.name),
    ),
  )
}
