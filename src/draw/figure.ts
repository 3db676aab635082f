import type { Point, Polyline } from './polyline.ts'

/** How an axis places values: evenly, or evenly by ratio (values that are not positive are then left out). */
export type ScaleKind = 'linear' | 'logarithmic'

/** One axis of a panel. An end that is not given comes from the data. */
export interface Axis {
  readonly label: string
  readonly scale?: ScaleKind
  readonly low?: number
  readonly high?: number
  /** Whether a given or found end may be moved outwards to the next tick; true when absent. */
  readonly round?: boolean
  /** Whether the axis counts something, so that only whole numbers are labelled. */
  readonly whole?: boolean
  /** How tick labels read: plain numbers, or shares of 1 as percentages. Plain when absent. */
  readonly unit?: 'number' | 'percent'
}

/** How sure a series is at one place. */
export interface BandPoint {
  readonly x: number
  readonly low: number
  readonly high: number
}

/** One line, with a name and a colour of its own. */
export interface Series {
  readonly name: string
  /** In drawing order; a line is interrupted where a coordinate is not finite. */
  readonly points: readonly Point[]
  readonly band?: readonly BandPoint[]
  /** Number of its colour; equal numbers are equal colours in every panel. */
  readonly color: number
  /** Whether the first and last point are marked, as on the path of an optimizer. */
  readonly ends?: boolean
  /** Drawn stepwise: each value holds until the next. */
  readonly steps?: boolean
}

/** A place worth pointing at, such as a minimum. */
export interface Mark {
  readonly at: Point
  readonly name: string
}

/** Axes with lines in them. */
export interface Panel {
  readonly title?: string
  /** One line under the title. */
  readonly note?: string
  readonly x: Axis
  readonly y: Axis
  readonly series: readonly Series[]
  /** Lines of equal height behind the series, lowest level first. */
  readonly contours?: readonly Contour[]
  readonly marks?: readonly Mark[]
}

/** The places where a function of two variables has the value `level`. */
export interface Contour {
  readonly level: number
  readonly lines: readonly Polyline[]
}

/** A picture: one panel or several side by side, under one title and one legend. */
export interface Figure {
  readonly title: string
  /** One line under the title. */
  readonly subtitle?: string
  readonly panels: readonly Panel[]
}

/** The name and colour of every line of the figure, each name once, in order of appearance. */
export function legendOf(
  figure: Figure,
): readonly { readonly name: string; readonly color: number }[] {
  const known = new Map<string, number>()
  for (const panel of figure.panels) {
    for (const { name, color } of panel.series) if (!known.has(name)) known.set(name, color)
  }
  return [...known].map(([name, color]) => ({ name, color }))
}

/** The lines above a panel's axes: its title, its note, the name of its vertical axis. */
export function headLines({ title, note, y }: Panel): readonly string[] {
  return [title, note, y.label].filter((line): line is string => line !== undefined && line !== '')
}
