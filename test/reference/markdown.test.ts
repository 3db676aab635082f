import MarkdownIt, { type Token } from 'markdown-it'
import { describe, expect, it } from 'vitest'
import { readBlocks } from '../../src/reference/markdown/blocks.ts'
import { terminalText } from '../../src/reference/markdown/terminal.ts'
import { table } from '../../src/reference/markdown/write.ts'
import { withFormulas } from '../../src/reference/site/formulas.ts'
import { chapters } from '../../src/reference/topics/chapters.ts'
import { pages } from './topics.ts'

const reader = withFormulas(new MarkdownIt())

/** What a page says, without any sign of Markdown or of a terminal, as another reader sees it. */
function wordsOf(markdown: string): string {
  const text = ({ type, content, children }: Token): string => {
    if (children !== null) return children.map(text).join('')
    if (type === 'softbreak' || type === 'hardbreak') return ' '
    if (type === 'code_inline') return `\`${content}\``
    return type === 'math_inline' ? `$${content}$` : content
  }
  return compact(
    reader
      .parse(markdown, {})
      .filter(({ type }) => ['inline', 'fence'].includes(type))
      .map(text)
      .join(' '),
  )
}

/** Blanks, bullets, rulers and the signs around code say nothing. */
function compact(text: string): string {
  return text.replace(/^-+$|^\* /gm, '').replace(/[\s`]+/g, '')
}

describe('pages in a terminal say what other readers of Markdown see', () => {
  it.each(pages)('$group: $name', ({ markdown }) => {
    expect(compact(terminalText(markdown, { columns: 80 }))).toBe(wordsOf(markdown))
  })
})

describe('pages', () => {
  it('are of the parts that are known: nothing of Markdown is left in a paragraph', () => {
    const texts = [...pages.map(({ markdown }) => markdown), ...chapters().map(({ text }) => text)]
    const types = new Set(
      texts.flatMap((text) =>
        reader.parse(text, {}).map(({ type }) => type.replace(/_(open|close)$/, '')),
      ),
    )
    expect([...types].sort()).toEqual(
      [
        ...['bullet_list', 'fence', 'heading', 'inline', 'list_item', 'paragraph'],
        ...['table', 'tbody', 'td', 'th', 'thead', 'tr'],
      ].sort(),
    )
  })
})

describe('blocks', () => {
  it('keep a bar in a cell, lines that are broken on purpose, and fences in fences', () => {
    expect(readBlocks(table(['a', 'b'], [['`x|y`', 'z']]))).toEqual([
      {
        kind: 'table',
        rows: [
          ['a', 'b'],
          ['`x|y`', 'z'],
        ],
      },
    ])
    expect(readBlocks('one\\\ntwo\nthree')).toEqual([
      { kind: 'paragraph', lines: ['one', 'two three'] },
    ])
    expect(readBlocks('````text\n```\n````\n\nend')).toEqual([
      { kind: 'code', info: 'text', text: '```' },
      { kind: 'paragraph', lines: ['end'] },
    ])
  })
})

describe('a terminal', () => {
  it('breaks lines between words, moves code to the right, and leaves links out', () => {
    expect(
      terminalText(
        '## Head\n\nOne two three (see [axes](axes.md)), **four**.\n\n* a b c d\n\n```opt\nx\n```',
        { columns: 14, heading: (text) => `<${text}>` },
      ),
    ).toBe('<Head>\n\nOne two three\n(see axes),\nfour.\n\n* a b c d\n\n    x')
  })

  it('sets tables in columns, and breaks the last', () => {
    expect(
      terminalText(table(['a', 'what'], [['`bb`', 'one two three four five six']]), {
        columns: 26,
      }),
    ).toBe('a     what\n------------------------\n`bb`  one two three four\n      five six')
  })
})
