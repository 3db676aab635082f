/** Something that is placed, with the lane that it belongs in. */
export interface LaneNode {
  readonly id: string
  /** From 0, the uppermost. */
  readonly lane: number
  /** In pixels. */
  readonly width: number
}

/** That `to` comes after `from`. */
export interface LaneEdge {
  readonly from: string
  readonly to: string
}

/** Places, in pixels: of a node its middle, of an edge the points that it goes through, from the end of one node to the start of the other. */
export interface LaneLayout {
  readonly width: number
  readonly height: number
  readonly nodes: ReadonlyMap<string, { readonly x: number; readonly y: number }>
  readonly edges: readonly {
    readonly edge: LaneEdge
    readonly points: readonly (readonly [x: number, y: number])[]
  }[]
  /** From where to where each lane is; those that hold nothing have no height. */
  readonly lanes: readonly { readonly top: number; readonly height: number }[]
}

/** Distances in pixels. */
export interface LaneSizes {
  readonly nodeHeight: number
  readonly rowGap: number
  readonly columnGap: number
  /** Above and below what is in a lane. */
  readonly lanePadding: number
  readonly laneGap: number
}

/** A node, or the place in a column where an edge passes it by. */
interface Cell {
  readonly lane: number
  readonly column: number
  readonly width: number
  readonly height: number
  readonly before: Cell[]
  readonly after: Cell[]
  /** Where it stands in its column, from above. */
  order: number
  x: number
  y: number
  /** Where its column begins and ends. */
  left: number
  right: number
}

const SWEEPS = 12
/** What an edge that passes by takes, of the height of a node. */
const PASSAGE = 0.35

/**
 * Places a graph without circles: from left to right what comes first (Sugiyama, Tagawa and Toda, 1981: columns by the longest
 * path, rows by the mean of their neighbours'), from above the lanes. Equal graphs have equal layouts. Throws a RangeError for
 * a circle.
 */
export function layOutLanes(
  nodes: readonly LaneNode[],
  edges: readonly LaneEdge[],
  sizes: LaneSizes,
): LaneLayout {
  const columns = columnsOf(nodes, edges)
  const cells = new Map(
    nodes.map((node, order) => [
      node.id,
      createCell(node.lane, columns.get(node.id)!, node.width, sizes.nodeHeight, order),
    ]),
  )
  const all = [...cells.values()]
  const routes = edges.map((edge) => {
    const [from, to] = [cells.get(edge.from)!, cells.get(edge.to)!]
    const passed: Cell[] = []
    for (let column = from.column + 1; column < to.column; column++) {
      // What is seldom done is brought along its own lane to where it is needed.
      const height = sizes.nodeHeight * PASSAGE
      passed.push(createCell(from.lane, column, 0, height, all.length + passed.length))
    }
    const route = [from, ...passed, to]
    route.forEach((cell, index) => {
      const next = route[index + 1]
      if (next === undefined) return
      cell.after.push(next)
      next.before.push(cell)
    })
    all.push(...passed)
    return { edge, route }
  })
  const byColumn = groupBy(all, ({ column }) => column)
  orderColumns(byColumn)
  const width = placeColumns(byColumn, sizes)
  const lanes = placeLanes(byColumn, sizes)
  const last = lanes.at(-1)
  return {
    width,
    height: last === undefined ? 0 : last.top + last.height,
    nodes: new Map([...cells].map(([id, { x, y }]) => [id, { x, y }])),
    edges: routes.map(({ edge, route }) => ({ edge, points: pointsOf(route) })),
    lanes,
  }
}

function createCell(
  lane: number,
  column: number,
  width: number,
  height: number,
  order: number,
): Cell {
  return {
    lane,
    column,
    width,
    height,
    before: [],
    after: [],
    order,
    x: 0,
    y: 0,
    left: 0,
    right: 0,
  }
}

/** The column of each node: after all that come before it; what nothing comes before stands next to what it is for. */
function columnsOf(
  nodes: readonly LaneNode[],
  edges: readonly LaneEdge[],
): ReadonlyMap<string, number> {
  const before = groupBy(edges, ({ to }) => to)
  const after = groupBy(edges, ({ from }) => from)
  const columns = new Map<string, number>()
  const open = new Set<string>()
  const columnOf = (id: string): number => {
    const known = columns.get(id)
    if (known !== undefined) return known
    if (open.has(id)) throw new RangeError(`${id} comes after itself`)
    open.add(id)
    const earlier = before.get(id) ?? []
    const column = Math.max(-1, ...earlier.map(({ from }) => columnOf(from))) + 1
    open.delete(id)
    columns.set(id, column)
    return column
  }
  for (const { id } of nodes) columnOf(id)
  for (const { id } of nodes) {
    const later = after.get(id) ?? []
    if ((before.get(id) ?? []).length === 0 && later.length > 0)
      columns.set(id, Math.min(...later.map(({ to }) => columns.get(to)!)) - 1)
  }
  // What is drawn begins with the first column that holds something.
  const first = Math.min(...columns.values())
  return new Map([...columns].map(([id, column]) => [id, column - first]))
}

/** Brings neighbours side by side: cells stay in their lanes, and each moves towards the mean of those it is joined to. */
function orderColumns(byColumn: ReadonlyMap<number, Cell[]>): void {
  const columns = [...byColumn.keys()].sort((a, b) => a - b)
  const settle = (column: number, neighbours: (cell: Cell) => readonly Cell[]): void => {
    const cells = byColumn.get(column)!
    const wanted = new Map(
      cells.map((cell) => {
        const others = neighbours(cell)
        const mean = others.reduce((sum, other) => sum + placeIn(other), 0) / others.length
        return [cell, others.length === 0 ? placeIn(cell) : mean]
      }),
    )
    cells.sort((a, b) => a.lane - b.lane || wanted.get(a)! - wanted.get(b)! || a.order - b.order)
    cells.forEach((cell, order) => (cell.order = order))
  }
  const sizes = new Map(columns.map((column) => [column, byColumn.get(column)!.length]))
  const placeIn = ({ column, order }: Cell): number => (order + 0.5) / sizes.get(column)!
  for (const column of columns) settle(column, () => [])
  for (let sweep = 0; sweep < SWEEPS; sweep++)
    if (sweep % 2 === 0) for (const column of columns) settle(column, ({ before }) => before)
    else for (const column of columns.toReversed()) settle(column, ({ after }) => after)
}

/** Gives all cells their `x`; answers how wide that is. */
function placeColumns(byColumn: ReadonlyMap<number, Cell[]>, { columnGap }: LaneSizes): number {
  let left = 0
  for (const column of [...byColumn.keys()].sort((a, b) => a - b)) {
    const cells = byColumn.get(column)!
    const width = Math.max(...cells.map((cell) => cell.width))
    for (const cell of cells) {
      cell.x = left + width / 2
      cell.left = left
      cell.right = left + width
    }
    left += width + columnGap
  }
  return Math.max(0, left - columnGap)
}

/** Gives all cells their `y`: in every column the cells of a lane stand one below the other around its middle. */
function placeLanes(
  byColumn: ReadonlyMap<number, Cell[]>,
  { rowGap, lanePadding, laneGap }: LaneSizes,
): LaneLayout['lanes'] {
  const stacks = [...byColumn.values()].flatMap((cells) => [
    ...groupBy(cells, ({ lane }) => lane).values(),
  ])
  const heightOf = (stack: readonly Cell[]): number =>
    stack.reduce((sum, { height }) => sum + height, (stack.length - 1) * rowGap)
  const count = 1 + Math.max(-1, ...stacks.map(([first]) => first!.lane))
  let top = 0
  return Array.from({ length: count }, (_, lane) => {
    const own = stacks.filter(([first]) => first!.lane === lane)
    if (own.length === 0) return { top, height: 0 }
    const height = Math.max(...own.map(heightOf)) + 2 * lanePadding
    for (const stack of own) {
      let y = top + (height - heightOf(stack)) / 2
      for (const cell of stack) {
        cell.y = y + cell.height / 2
        y += cell.height + rowGap
      }
    }
    const placed = { top, height }
    top += height + laneGap
    return placed
  })
}

/** Level within columns, so that lines bend only between them, where no box is. */
function pointsOf(route: readonly Cell[]): readonly (readonly [number, number])[] {
  const [first, last] = [route[0]!, route.at(-1)!]
  return [
    [first.x + first.width / 2, first.y],
    [first.right, first.y],
    ...route
      .slice(1, -1)
      .flatMap(({ left, right, y }) => [[left, y] as const, [right, y] as const]),
    [last.left, last.y],
    [last.x - last.width / 2, last.y],
  ]
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}
