import { drawChart, placesOfChart, type Chart, type ChartSize } from '../../../draw/chart-svg.ts'
import type { Point } from '../../../draw/polyline.ts'
import type { Race, Racer } from '../answers/race.ts'
import { element } from '../page/element.ts'
import { drawingWidth, showDrawing } from './drawing.ts'
import { createPlayback } from './playback.ts'
import { swatch } from './swatch.ts'

/** The paths over the contours, how far down they are at each step, and a table of them. */
export interface RacePicture {
  readonly map: HTMLElement
  readonly table: HTMLElement
  readonly curves: HTMLElement
  readonly show: (race: Race) => void
  readonly draw: () => void
  /** Says why there is nothing to show. */
  readonly empty: (reason: string) => void
}

const PADDING = 12
const CURVE_HEIGHT = 130
/** Height of the map, of its width. */
const MAP_SHAPE = 0.68
/** Values below are drawn as this: a logarithmic axis has no 0. */
const FLOOR = 1e-12
/** Runs that leave the picture upwards are not followed: they would press all others together. */
const CEILING = 1e4

/** `onStart` hears where somebody wants the race to start. */
export function createRacePicture(
  onStart: (start: Point) => void,
  signal: AbortSignal,
): RacePicture {
  let race: Race | undefined
  const map = element('figure', { class: 'race-map' })
  const curves = element('figure')
  const table = element('div', {
    ...{ class: 'table-host', tabindex: 0, role: 'group', 'aria-label': 'Results' },
  })
  const playback = createPlayback(signal)
  const host = element('div', { class: 'race-picture' }, map, playback.element)
  const draw = (): void => {
    if (race === undefined) return
    const width = drawingWidth(host)
    const chart = mapOf(race)
    const size: ChartSize = {
      ...{ width: width - 2 * PADDING, height: Math.round(width * MAP_SHAPE), id: 'race-map' },
      ...{ description: `Paths on the surface ${race.surface.title}`, right: 12 },
    }
    const svg = showDrawing(map, drawChart(chart, size))
    const { place, pointAt } = placesOfChart(chart, size)
    svg.addEventListener('click', (event) => {
      const pixel = new DOMPoint(event.clientX, event.clientY).matrixTransform(
        svg.getScreenCTM()!.inverse(),
      )
      const [x, y] = pointAt([pixel.x, pixel.y])
      const { low, high } = race!.surface
      const isInside = x >= low[0] && x <= high[0] && y >= low[1] && y <= high[1]
      if (isInside) onStart([Number(x.toPrecision(3)), Number(y.toPrecision(3))])
    })
    playback.show(
      svg,
      race.racers.map(({ path }, color) => ({ color, points: path.points.map(place) })),
    )
    showDrawing(
      curves,
      drawChart(curvesOf(race), {
        ...{ width: drawingWidth(curves) - 2 * PADDING, height: CURVE_HEIGHT },
        ...{ id: 'race-curves', right: 12 },
        description: 'Value of the surface at each step',
      }),
    )
    table.replaceChildren(tableOf(race))
  }
  return {
    ...{ map: host, table, curves },
    show: (next) => {
      race = next
      draw()
    },
    draw,
    empty: (reason) => map.replaceChildren(element('p', { class: 'empty' }, reason)),
  }
}

function mapOf({ surface, racers }: Race): Chart {
  return {
    note: surface.title,
    x: { label: 'x', low: surface.low[0], high: surface.high[0], round: false },
    y: { label: 'y', low: surface.low[1], high: surface.high[1], round: false },
    contours: surface.contours,
    marks: surface.minima.map((at) => ({ at, name: 'minimum' })),
    // The rule lies on top of its rivals.
    series: racers
      .map(({ name, path }, color) => ({ name, color, points: path.points, ends: true }))
      .reverse(),
  }
}

function curvesOf({ racers }: Race): Chart {
  return {
    x: { label: 'step', low: 0 },
    y: { label: 'value', scale: 'logarithmic' },
    series: racers.map(({ name, path }, color) => ({
      ...{ name, color },
      points: path.values.map((value, step): Point => [
        step,
        value > CEILING ? NaN : Math.max(FLOOR, value),
      ]),
    })),
  }
}

/** The values that a path is first below, of what it starts at. */
const SHARE = 1e-3

function tableOf({ racers }: Race): HTMLElement {
  const head = ['rule', 'lr', 'in the end', 'steps to 1/1000']
  return element(
    'table',
    { class: 'racers' },
    element('caption', {}, 'Values in the end, and the steps to a thousandth of the first value'),
    element(
      'thead',
      {},
      element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text))),
    ),
    element('tbody', {}, ...racers.map(rowOf)),
  )
}

function rowOf({ name, path, isTuned, isMatrix }: Racer, color: number): HTMLElement {
  const { values, learningRate, points, totalSteps } = path
  const last = points.length > totalSteps ? values.at(-1)! : NaN
  const arrived = values.findIndex((value) => value <= SHARE * values[0]!)
  const rate = learningRate === undefined ? '–' : `${learningRate}${isTuned ? '' : ' (given)'}`
  return element(
    'tr',
    {},
    element(
      'th',
      { scope: 'row' },
      swatch(color),
      name,
      ...(isMatrix ? [element('small', {}, ' 2×1 matrix')] : []),
    ),
    element('td', {}, rate),
    element('td', {}, Number.isFinite(last) ? shortText(last) : 'not a number'),
    element('td', {}, arrived < 0 ? 'never' : String(arrived)),
  )
}

/** Two digits, as a plain number where that is short. */
const shortText = (value: number): string =>
  value >= 0.01 && value < 1000 ? String(Number(value.toPrecision(2))) : value.toExponential(1)
