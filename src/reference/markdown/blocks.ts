/** A part of a page that stands on lines of its own. Texts are Markdown within a line. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  /** Lines that stay apart, each of words that may be broken anywhere. */
  | { readonly kind: 'paragraph'; readonly lines: readonly string[] }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'code'; readonly info: string; readonly text: string }
  /** Rows of cells, the first of them the headings of the columns. */
  | { readonly kind: 'table'; readonly rows: readonly (readonly string[])[] }

const FENCE = /^(`{3,})(.*)$/
const HEADING = /^(#{1,6}) (.*)$/
const ITEM = /^\* (.*)$/
const ROW = /^\|(.*)\|$/
/** The line between the headings of a table and its rows. */
const RULER = /^\|[-:|\s]+\|$/
/** What ends a line of a paragraph that the next one does not go on from. */
const BREAK = /\\$/

/**
 * The blocks of a page in the Markdown that pages are written in: headings with `#`, paragraphs, lists with `*`, fenced code and
 * tables with a bar at both ends. Nothing else of Markdown is known: a test compares with what other readers of Markdown see.
 */
export function readBlocks(markdown: string): readonly Block[] {
  const lines = markdown.split('\n')
  const blocks: Block[] = []
  let next = 0
  while (next < lines.length) {
    const line = lines[next]!
    if (line.trim() === '') {
      next += 1
      continue
    }
    const { block, end } = readBlock(lines, next)
    blocks.push(block)
    next = end
  }
  return blocks
}

interface Found {
  readonly block: Block
  /** The first line behind it. */
  readonly end: number
}

function readBlock(lines: readonly string[], start: number): Found {
  const line = lines[start]!
  const [, fence, info] = FENCE.exec(line) ?? []
  if (fence !== undefined) return readCode(lines, start, fence, info!.trim())
  const [, signs, heading] = HEADING.exec(line) ?? []
  if (signs !== undefined)
    return {
      block: { kind: 'heading', level: signs.length, text: heading!.trim() },
      end: start + 1,
    }
  if (ITEM.test(line)) return readList(lines, start)
  return ROW.test(line) ? readTable(lines, start) : readParagraph(lines, start)
}

function readCode(lines: readonly string[], start: number, fence: string, info: string): Found {
  let end = start + 1
  while (end < lines.length && lines[end] !== fence) end += 1
  return {
    block: { kind: 'code', info, text: lines.slice(start + 1, end).join('\n') },
    end: end + 1,
  }
}

function readList(lines: readonly string[], start: number): Found {
  const items: string[] = []
  let end = start
  for (; end < lines.length && lines[end]!.trim() !== ''; end++) {
    const line = lines[end]!
    const [, item] = ITEM.exec(line) ?? []
    if (item !== undefined) items.push(item)
    else items[items.length - 1] = `${items.at(-1)!} ${line.trim()}`
  }
  return { block: { kind: 'list', items }, end }
}

function readTable(lines: readonly string[], start: number): Found {
  let end = start
  while (end < lines.length && ROW.test(lines[end]!)) end += 1
  const rows = lines
    .slice(start, end)
    .filter((line) => !RULER.test(line))
    .map((line) => cellsOf(ROW.exec(line)![1]!))
  return { block: { kind: 'table', rows }, end }
}

/** A bar inside a cell stands behind a backslash. */
function cellsOf(row: string): readonly string[] {
  return row.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
}

function readParagraph(lines: readonly string[], start: number): Found {
  const written: string[] = []
  let isOpen = false
  let end = start
  for (; end < lines.length && !endsParagraph(lines[end]!); end++) {
    const line = lines[end]!.trim()
    const text = line.replace(BREAK, '')
    if (isOpen) written[written.length - 1] = `${written.at(-1)!} ${text}`
    else written.push(text)
    isOpen = !BREAK.test(line)
  }
  return { block: { kind: 'paragraph', lines: written }, end }
}

function endsParagraph(line: string): boolean {
  return (
    line.trim() === '' ||
    FENCE.test(line) ||
    HEADING.test(line) ||
    ITEM.test(line) ||
    ROW.test(line)
  )
}
