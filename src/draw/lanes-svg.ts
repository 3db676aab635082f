import { FONTS } from './figure-svg.ts'
import { layOutLanes, type LaneEdge, type LaneLayout, type LaneSizes } from './lane-layout.ts'
import { INK, lineColor } from './palette.ts'
import { coordinate, element, escapeText, textWidth } from './svg-element.ts'

/** A box in a drawing of lanes. */
export interface LaneBox {
  readonly id: string
  /** Index of its lane. */
  readonly lane: number
  readonly text: string
  /** `plain`: there from the start; `kept`: from the time before; `made`: worked out; `result`: what is left at the end. */
  readonly look: 'plain' | 'kept' | 'made' | 'result'
  /** What a pointer over it shows, and those are told who do not see it. */
  readonly title: string
}

/** Boxes in lanes, joined from left to right. */
export interface LaneDrawing {
  /** What it shows, for those who do not see it. */
  readonly description: string
  /** Names of the lanes, the uppermost first. */
  readonly lanes: readonly string[]
  readonly boxes: readonly LaneBox[]
  readonly edges: readonly LaneEdge[]
}

const SIZES: LaneSizes = {
  ...{ nodeHeight: 28, rowGap: 9, columnGap: 36, lanePadding: 20, laneGap: 5 },
}
const TEXT = 13
const LANE_TEXT = 11
/** Left and right of the text in a box. */
const BOX_PADDING = 9
/** Between the edge of the drawing and what is in it. */
const MARGIN = 14

/**
 * The drawing as an `svg` element without a ground of its own, in its natural size. Each box is a button, a group with its
 * `id` as `data-node`; each line has the two it joins as `data-from` and `data-to`. Equal drawings give equal texts.
 */
export function drawLanes({ description, lanes, boxes, edges }: LaneDrawing): string {
  const widthOf = ({ text }: LaneBox): number =>
    Math.ceil(textWidth(text, TEXT) * 1.08) + 2 * BOX_PADDING
  const layout = layOutLanes(
    boxes.map((box) => ({ id: box.id, lane: box.lane, width: widthOf(box) })),
    edges,
    SIZES,
  )
  const left = MARGIN + 2
  const names = lanes.map((name) => textWidth(name, LANE_TEXT) * 1.2)
  const width = Math.max(left + layout.width, ...names) + MARGIN
  const bands = layout.lanes.map(({ top, height }, index) =>
    height === 0 ? '' : drawBand(lanes[index]!, index, { top, height, width }),
  )
  const content = [
    element('g', {}, ...bands),
    element(
      'g',
      { transform: `translate(${coordinate(left)} 0)` },
      ...layout.edges.map(drawEdge),
      ...boxes.map((box) => drawBox(box, widthOf(box), layout.nodes.get(box.id)!)),
    ),
  ]
  return element(
    'svg',
    {
      ...{ viewBox: `0 0 ${coordinate(width)} ${coordinate(layout.height)}` },
      ...{ width: coordinate(width), height: coordinate(layout.height) },
      ...{ role: 'group', 'aria-label': description, 'font-family': FONTS },
    },
    ...content,
  )
}

function drawBand(
  name: string,
  index: number,
  { top, height, width }: { readonly top: number; readonly height: number; readonly width: number },
): string {
  const color = lineColor(LANE_COLORS[index % LANE_COLORS.length]!).hex
  return (
    element('rect', { x: 0, y: top, width, height, rx: 8, fill: color, 'fill-opacity': 0.07 }) +
    element('rect', { x: 0, y: top, width: 4, height, rx: 2, fill: color }) +
    element(
      'text',
      { x: 10, y: top + LANE_TEXT + 3, 'font-size': LANE_TEXT, fill: INK.text },
      escapeText(name),
    )
  )
}

/** Colours of lanes, by the numbers of lines: blue, purple, green, orange. */
const LANE_COLORS = [0, 6, 2, 1]

function drawBox(
  { id, lane, text, look, title }: LaneBox,
  width: number,
  { x, y }: { readonly x: number; readonly y: number },
): string {
  const { hex } = lineColor(LANE_COLORS[lane % LANE_COLORS.length]!)
  const height = SIZES.nodeHeight
  const frame = {
    ...{ x: x - width / 2, y: y - height / 2, width, height },
    rx: look === 'plain' || look === 'kept' ? height / 2 : 6,
  }
  const ground = element('rect', {
    ...{ ...frame, fill: INK.ground, stroke: look === 'plain' ? INK.axis : hex },
    'stroke-width': look === 'result' ? 2.2 : 1.3,
    'stroke-dasharray': look === 'kept' ? '4 3' : undefined,
  })
  const tint = element('rect', {
    ...{ ...frame, fill: hex },
    'fill-opacity': look === 'result' ? 0.22 : look === 'made' ? 0.1 : 0,
  })
  const label = element(
    'text',
    {
      ...{ x, y: y + TEXT / 3, 'text-anchor': 'middle', 'font-size': TEXT, fill: INK.title },
      'font-weight': look === 'result' ? 600 : undefined,
    },
    escapeText(text),
  )
  return element(
    'g',
    { 'data-node': id, tabindex: 0, role: 'button', 'aria-label': title },
    element('title', {}, escapeText(title)),
    ground,
    tint,
    label,
  )
}

function drawEdge({ edge, points }: LaneLayout['edges'][number]): string {
  return element('path', {
    ...{ d: curveThrough(points), fill: 'none', stroke: INK.axis, 'stroke-width': 1.3 },
    ...{ 'data-from': edge.from, 'data-to': edge.to },
  })
}

/** A line that leaves and reaches every point level. */
function curveThrough(points: readonly (readonly [number, number])[]): string {
  const [first, ...others] = points
  let [x, y] = first!
  let path = `M${coordinate(x)} ${coordinate(y)}`
  for (const [nextX, nextY] of others) {
    const middle = coordinate((x + nextX) / 2)
    const end = `${coordinate(nextX)} ${coordinate(nextY)}`
    if (y === nextY) path += x === nextX ? '' : `L${end}`
    else path += `C${middle} ${coordinate(y)} ${middle} ${coordinate(nextY)} ${end}`
    ;[x, y] = [nextX, nextY]
  }
  return path
}
