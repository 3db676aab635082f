import type { Paint } from '../output.ts'
import { formatScore } from './search-facts.ts'
import type { ParticleTally } from './search-tally.ts'

const GAP = '  '
/** What the parts of a particle's cell are. */
const LEGEND = ['particle', 'score', 'its way from the lowest (▁) to the highest (█)', 'made by']
const ROOM_FOR_LEGEND = 3
const SPARKS = '▁▂▃▄▅▆▇█'

/** `text` in at most `columns` characters. */
export function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`
}

/** The items with a comma after each but the last. */
export function enumerate(items: readonly string[]): readonly string[] {
  return items.map((item, index) => (index < items.length - 1 ? `${item},` : item))
}

/** Pieces of text in at most `most` lines of at most `columns` characters, broken between pieces. */
export function wrap(pieces: readonly string[], columns: number, most: number): readonly string[] {
  const lines: string[] = []
  for (const piece of pieces) {
    const last = lines.at(-1)
    const longer = last === undefined ? piece : `${last} ${piece}`
    if (last === undefined || (longer.length > columns && lines.length < most)) lines.push(piece)
    else lines[lines.length - 1] = longer
  }
  return lines.map((line) => cut(line, columns))
}

/**
 * Particles in cells beside and below each other, number by number down the columns, in at most `rows` lines: number,
 * score, scores over time steps and mutation, the last parts only where there is room. Where there is some more, the first
 * line says what the parts are.
 */
export function particleLines(
  particles: readonly ParticleTally[],
  columns: number,
  room: number,
  paint: Paint,
): readonly string[] {
  const rows = room >= ROOM_FOR_LEGEND ? room - 1 : room
  if (particles.length === 0) return []
  const scores = particles.flatMap(({ scores: own }) => own.flatMap((score) => score ?? []))
  const scale = { low: Math.min(...scores), high: Math.max(...scores) }
  const cells = particles.map((particle) => cellOf(particle, scale))
  const grids = [4, 3, 2].map((parts) => ({
    parts,
    ...gridOf(align(cells.map((cell) => cell.slice(0, parts))), columns),
  }))
  const grid = grids.find(({ width, beside }) => width <= columns && beside * rows >= cells.length)
  const { table, beside, parts } = grid ?? grids.at(-1)!
  const below = grid === undefined ? Math.max(1, rows - 1) : Math.ceil(table.length / beside)
  const latest = particles.map((particle) => particle.scores.at(-1) ?? -Infinity)
  const best = latest.indexOf(Math.max(...latest))
  const lines = Array.from({ length: below }, (_, row) =>
    Array.from({ length: beside }, (_, column) => column * below + row)
      .filter((index) => index < table.length)
      .map((index) => paintCell(table[index]!, index === best, paint))
      .join(GAP),
  )
  const hidden = table.length - beside * below
  return [
    ...(rows < room ? [paint.dim(cut(LEGEND.slice(0, parts).join(', '), columns))] : []),
    ...lines,
    ...(hidden > 0 && rows > 1 ? [paint.dim(`and ${hidden} more`)] : []),
  ]
}

type Cell = readonly string[]

function cellOf(
  { number, scores, mutation }: ParticleTally,
  { low, high }: { readonly low: number; readonly high: number },
): Cell {
  const spark = scores.map((score) => {
    if (score === undefined) return ' '
    const height = high > low ? (score - low) / (high - low) : 0.5
    return SPARKS[Math.min(SPARKS.length - 1, Math.floor(height * SPARKS.length))]!
  })
  const last = scores.at(-1)
  const score = last === undefined ? '-' : formatScore(last)
  return [String(number), score, spark.join(''), mutation ?? '-']
}

/** The cells with the parts below each other equally wide: numbers to the right. */
function align(cells: readonly Cell[]): readonly Cell[] {
  const widths = cells[0]!.map((_, part) => Math.max(...cells.map((cell) => cell[part]!.length)))
  return cells.map((cell) =>
    cell.map((text, part) =>
      part < 2 ? text.padStart(widths[part]!) : text.padEnd(widths[part]!),
    ),
  )
}

function gridOf(
  table: readonly Cell[],
  columns: number,
): { readonly table: readonly Cell[]; readonly width: number; readonly beside: number } {
  const width = table[0]!.join(' ').length
  return {
    table,
    width,
    beside: Math.max(1, Math.floor((columns + GAP.length) / (width + GAP.length))),
  }
}

function paintCell(
  [number = '', score = '', ...rest]: Cell,
  isBest: boolean,
  paint: Paint,
): string {
  const [spark, mutation] = rest
  return [
    paint.dim(number),
    isBest ? paint.bold(score) : score,
    ...(spark === undefined ? [] : [paint.cyan(spark)]),
    ...(mutation === undefined ? [] : [paint.dim(mutation)]),
  ].join(' ')
}
