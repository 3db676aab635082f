import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { layOutLanes, type LaneEdge, type LaneNode } from '../../src/draw/lane-layout.ts'
import { drawLanes } from '../../src/draw/lanes-svg.ts'

const SIZES = { nodeHeight: 28, rowGap: 10, columnGap: 46, lanePadding: 16, laneGap: 6 }

/** Graphs whose edges go from nodes to later ones. */
const graphs = fc
  .array(fc.record({ lane: fc.nat(3), width: fc.integer({ min: 20, max: 200 }) }), {
    minLength: 1,
    maxLength: 14,
  })
  .chain((made) =>
    fc.record({
      nodes: fc.constant(made.map((node, index): LaneNode => ({ id: `n${index}`, ...node }))),
      edges: fc
        .uniqueArray(fc.tuple(fc.nat(made.length - 1), fc.nat(made.length - 1)), {
          selector: ([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}`,
          maxLength: 24,
        })
        .map((pairs) =>
          pairs
            .filter(([a, b]) => a !== b)
            .map(([a, b]): LaneEdge => {
              return { from: `n${Math.min(a, b)}`, to: `n${Math.max(a, b)}` }
            }),
        ),
    }),
  )

describe('a layout in lanes', () => {
  it('goes from left to right, keeps to the lanes, and puts nothing over anything else', () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges }) => {
        const layout = layOutLanes(nodes, edges, SIZES)
        const boxes = nodes.map(({ id, lane, width }) => {
          const { x, y } = layout.nodes.get(id)!
          return { lane, left: x - width / 2, right: x + width / 2, y }
        })
        for (const { lane, left, right, y } of boxes) {
          const band = layout.lanes[lane]!
          expect(left).toBeGreaterThanOrEqual(0)
          expect(right).toBeLessThanOrEqual(layout.width)
          expect(y - 14).toBeGreaterThanOrEqual(band.top)
          expect(y + 14).toBeLessThanOrEqual(band.top + band.height)
        }
        boxes.forEach((a, index) => {
          for (const b of boxes.slice(index + 1))
            expect(a.right <= b.left || b.right <= a.left || Math.abs(a.y - b.y) >= 28 - 1e-9).toBe(
              true,
            )
        })
        expect(layout.edges.map(({ edge }) => edge)).toEqual(edges)
        for (const { points } of layout.edges)
          points.slice(1).forEach(([x], index) => {
            expect(x).toBeGreaterThanOrEqual(points[index]![0])
          })
      }),
      { numRuns: 200 },
    )
  })

  it('leads lines around all boxes that they do not join', () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges }) => {
        const layout = layOutLanes(nodes, edges, SIZES)
        for (const { edge, points } of layout.edges)
          for (const { id, width } of nodes) {
            if (id === edge.from || id === edge.to) continue
            const { x, y } = layout.nodes.get(id)!
            points.slice(1).forEach(([toX, toY], index) => {
              const [fromX, fromY] = points[index]!
              const isLevel = fromY === toY
              const overlaps = fromX < x + width / 2 && toX > x - width / 2
              if (isLevel && overlaps) expect(Math.abs(y - toY)).toBeGreaterThanOrEqual(14)
              else expect(isLevel || !overlaps).toBe(true)
            })
          }
      }),
      { numRuns: 200 },
    )
  })

  it('refuses circles', () => {
    const nodes = ['a', 'b'].map((id) => ({ id, lane: 0, width: 20 }))
    const edges = [
      { from: 'a', to: 'b' },
      { from: 'b', to: 'a' },
    ]
    expect(() => layOutLanes(nodes, edges, SIZES)).toThrow(RangeError)
  })

  it('of nothing is empty', () => {
    expect(layOutLanes([], [], SIZES)).toMatchObject({ width: 0, height: 0, lanes: [] })
  })
})

describe('a drawing of lanes', () => {
  it('escapes what it is given', () => {
    const nasty = `<script>&"'`
    const svg = drawLanes({
      description: nasty,
      lanes: [nasty],
      boxes: [
        { id: nasty, lane: 0, text: nasty, look: 'made', title: nasty },
        { id: 'b', lane: 0, text: 'b', look: 'result', title: 'b' },
      ],
      edges: [{ from: nasty, to: 'b' }],
    })
    expect(svg).not.toContain('<script')
    expect(svg.match(/data-node="([^"]*)"/)?.[1]).toBe(`&lt;script&gt;&amp;&quot;'`)
  })
})
