import { productions, type Part } from './productions.ts'

/** A drawing with a line that enters at its left edge and leaves at its right edge, at the same height. */
interface Drawing {
  readonly width: number
  /** How far it reaches above and below the line. */
  readonly up: number
  readonly down: number
  /** The SVG elements, with the line's left end at (x, y). */
  readonly draw: (x: number, y: number) => string
}

const GAP = 12
const TURN = 10
const LETTER = 8.4

/** The diagram of a production. */
export interface Diagram {
  readonly name: string
  /** An SVG element whose shapes have the classes that `diagramStyle` colours; links go to `#NAME`. */
  readonly svg: string
}

/** The railroad diagrams of all productions, in the order of the grammar. */
export function railroadDiagrams(): readonly Diagram[] {
  return productions().map(({ name, part }) => {
    const { width, up, down, draw } = drawPart(part)
    const baseline = up + 4
    const end = width + 2 * GAP
    const [wide, high] = [round(end + 8), round(up + down + 8)]
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}" role="group" aria-label="${name}">
<circle cx="4" cy="${round(baseline)}" r="3"/>${line(4, baseline, GAP + 4)}
${draw(GAP + 4, baseline)}
${line(width + GAP + 4, baseline, end + 4)}<circle cx="${round(end + 4)}" cy="${round(baseline)}" r="3"/>
</svg>`
    return { name, svg }
  })
}

/** The rules of CSS for diagrams on a light ground. */
export const diagramStyle = `path { fill: none; stroke: #5b6b7a; stroke-width: 1.5; }
rect { fill: #eef3f8; stroke: #5b6b7a; }
rect.text { fill: #fdf3dc; }
text { font: 14px ui-monospace, monospace; text-anchor: middle; dominant-baseline: central; fill: #1b2530; }`

/** The railroad diagrams of all productions as one HTML page that needs nothing from elsewhere. */
export function railroad(): string {
  const diagrams = railroadDiagrams().map(
    ({ name, svg }) => `<h2 id="${name}">${name}</h2>\n${svg}`,
  )
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The grammar of .opt files</title>
<!-- Made from the productions in grammar/parser.ts by \`npm run generate\`. -->
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #1b2530; background: #fff; }
h2 { font: 600 15px/1 ui-monospace, monospace; margin: 2rem 0 .5rem; }
svg { display: block; max-width: none; }
${diagramStyle}
</style>
<h1>The grammar of .opt files</h1>
${diagrams.join('\n')}
</html>
`
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10)
}

function line(from: number, y: number, to: number): string {
  return from === to ? '' : `<path d="M${round(from)} ${round(y)}H${round(to)}"/>`
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function drawPart(part: Part): Drawing {
  switch (part.kind) {
    case 'text':
      return box(part.text, 'text')
    case 'token':
      return box(part.name, 'text')
    case 'rule':
      return box(part.name, 'rule')
    case 'sequence':
      return inSequence(part.parts.map(drawPart))
    case 'choice':
      return choose(part.parts.map(drawPart))
    case 'optional':
      return choose([EMPTY, drawPart(part.part)])
    case 'repeat': {
      const back = part.separator === undefined ? EMPTY : drawPart(part.separator)
      const loop = repeat(drawPart(part.part), back)
      const whole =
        part.trailing && part.separator !== undefined
          ? inSequence([loop, choose([EMPTY, drawPart(part.separator)])])
          : loop
      return part.atLeastOnce ? whole : choose([EMPTY, whole])
    }
  }
}

const EMPTY: Drawing = { width: 0, up: 0, down: 0, draw: () => '' }

function box(text: string, kind: 'text' | 'rule'): Drawing {
  const width = text.length * LETTER + 18
  return {
    width,
    up: 14,
    down: 14,
    draw: (x, y) => {
      const shape = `<rect class="${kind}" x="${round(x)}" y="${round(y - 13)}" width="${round(width)}" height="26" rx="${kind === 'text' ? 13 : 3}"/><text x="${round(x + width / 2)}" y="${round(y)}">${escape(text)}</text>`
      return kind === 'rule' ? `<a href="#${text}">${shape}</a>` : shape
    },
  }
}

function inSequence(parts: readonly Drawing[]): Drawing {
  return {
    width: parts.reduce((sum, { width }) => sum + width, 0) + GAP * (parts.length - 1),
    up: Math.max(...parts.map(({ up }) => up)),
    down: Math.max(...parts.map(({ down }) => down)),
    draw: (x, y) => {
      let left = x
      return parts
        .map((part, index) => {
          const drawn = part.draw(left, y)
          const end = left + part.width
          left = end + GAP
          return drawn + (index < parts.length - 1 ? line(end, y, left) : '')
        })
        .join('')
    },
  }
}

/** The first on the line, the others below it. */
function choose(parts: readonly Drawing[]): Drawing {
  const inner = Math.max(...parts.map(({ width }) => width))
  const width = inner + 4 * TURN
  const [first, ...others] = parts as readonly [Drawing, ...Drawing[]]
  const offsets: number[] = []
  let bottom = first.down
  for (const { up, down } of others) {
    const offset = Math.max(bottom + GAP / 2 + up, 2 * TURN)
    offsets.push(offset)
    bottom = offset + down
  }
  return {
    width,
    up: first.up,
    down: bottom,
    draw: (x, y) => {
      const start = x + 2 * TURN
      const straight =
        line(x, y, start) + first.draw(start, y) + line(start + first.width, y, x + width)
      const branches = others.map((part, index) => {
        const lower = y + offsets[index]!
        const down = `<path d="M${round(x)} ${round(y)}q${TURN} 0 ${TURN} ${TURN}V${round(lower - TURN)}q0 ${TURN} ${TURN} ${TURN}"/>`
        const up = `<path d="M${round(x + width - 2 * TURN)} ${round(lower)}q${TURN} 0 ${TURN} -${TURN}V${round(y + TURN)}q0 -${TURN} ${TURN} -${TURN}"/>`
        return down + part.draw(start, lower) + line(start + part.width, lower, start + inner) + up
      })
      return straight + branches.join('')
    },
  }
}

/** `part` on the line, and a way back to its start below it, with `back` on it. */
function repeat(part: Drawing, back: Drawing): Drawing {
  const inner = Math.max(part.width, back.width)
  const width = inner + 2 * TURN
  const offset = Math.max(part.down + GAP / 2 + back.up, 2 * TURN)
  return {
    width,
    up: part.up,
    down: offset + back.down,
    draw: (x, y) => {
      const start = x + TURN
      const lower = y + offset
      const middle = start + (inner - back.width) / 2
      return (
        line(x, y, start) +
        part.draw(start, y) +
        line(start + part.width, y, x + width) +
        `<path d="M${round(start)} ${round(y)}q-${TURN} 0 -${TURN} ${TURN}V${round(lower - TURN)}q0 ${TURN} ${TURN} ${TURN}"/>` +
        `<path d="M${round(start + inner)} ${round(y)}q${TURN} 0 ${TURN} ${TURN}V${round(lower - TURN)}q0 ${TURN} -${TURN} ${TURN}"/>` +
        line(start, lower, middle) +
        back.draw(middle, lower) +
        line(middle + back.width, lower, start + inner)
      )
    },
  }
}
