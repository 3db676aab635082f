import { element, escapeText } from '../../src/draw/svg-element.ts'
import { highlightProgram, highlightTypeScript } from '../../src/report/highlight.ts'

/** A text in a picture: its name, its lines as markup of SVG. */
interface Panel {
  readonly title: string
  readonly lines: readonly string[]
  /** Characters of the longest line. */
  readonly columns: number
}

const CHARACTER = 7.25
const LINE = 19
const MARGIN = 18
const HEAD = 40

/** Colours on light grounds and on dark ones; those of words as in reports. */
const STYLE = `
.ground{fill:#f6f8fa;stroke:#d0d7de}.head,.arrow{fill:#57606a}.code{fill:#1f2328}
.keyword{fill:#8250df}.numeral{fill:#0550ae}.comment{fill:#57606a}.call{fill:#953800}.string{fill:#0a3069}
@media(prefers-color-scheme:dark){.ground{fill:#151a21;stroke:#333b45}.head,.arrow{fill:#a4afba}.code{fill:#e8edf2}
.keyword{fill:#d2a8ff}.numeral{fill:#79c0ff}.comment{fill:#a4afba}.call{fill:#ffa657}.string{fill:#a5d6ff}}
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre}
.head{font-weight:600}.arrow{font-size:22px}`.replaceAll('\n', '')

/** A program of the language and a part of what it becomes, beside each other, as an SVG that suits light and dark pages. */
export function drawPrograms(
  program: { readonly title: string; readonly text: string },
  module: { readonly title: string; readonly text: string },
): string {
  const left = panelOf(program.title, program.text, highlightProgram(program.text))
  const right = panelOf(module.title, module.text, highlightTypeScript(module.text))
  const height = HEAD + Math.max(left.lines.length, right.lines.length) * LINE + MARGIN
  const [first, gap] = [widthOf(left), 44]
  const width = first + gap + widthOf(right) + 2
  return `${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height + 2}`, width },
    element('title', {}, escapeText(`${program.title} and ${module.title}`)),
    element('style', {}, STYLE),
    draw(left, 1, height),
    element('text', { class: 'arrow', x: 1 + first + 12, y: height / 2 }, '→'),
    draw(right, 1 + first + gap, height),
  )}\n`
}

function panelOf(title: string, text: string, markup: string): Panel {
  const code = /<code>([^]*)<\/code>/.exec(markup)![1]!
  const lines = code.replace(/(<\/?)span/g, '$1tspan').split('\n')
  return { title, lines, columns: Math.max(...text.split('\n').map(({ length }) => length)) }
}

const widthOf = ({ columns }: Panel): number => Math.ceil(columns * CHARACTER) + 2 * MARGIN

function draw(panel: Panel, left: number, height: number): string {
  const { title, lines } = panel
  const x = left + MARGIN
  const texts = lines.map((line, index) =>
    element(
      'text',
      { class: 'code', x, y: HEAD + 14 + index * LINE, 'xml:space': 'preserve' },
      line,
    ),
  )
  const ground = { class: 'ground', x: left, y: 1, width: widthOf(panel), height, rx: 8 }
  return element(
    'g',
    {},
    element('rect', ground),
    element('text', { class: 'head', x, y: 26 }, escapeText(title)),
    ...texts,
  )
}
