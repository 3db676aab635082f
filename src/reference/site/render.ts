import MarkdownIt, { type Env, type MarkdownIt as Reader, type Token } from 'markdown-it'
import { escapeText, tag } from '../../report/html.ts'
import { stretchesOf, stretchMarkup } from '../../report/highlight.ts'
import { formulaMarkup, withFormulas } from './formulas.ts'

/** A heading of a page. */
export interface Heading {
  readonly level: number
  /** Without signs of Markdown. */
  readonly text: string
  /** Unique on its page. */
  readonly id: string
}

/** A page as markup. */
export interface RenderedPage {
  readonly markup: string
  readonly headings: readonly Heading[]
}

/** What pages are rendered with. */
export interface RenderContext {
  /** Where a page finds something explained, by its name as it stands in code; undefined where nothing is. */
  readonly addressOf: (name: string, page: string) => string | undefined
  /** Drawings by the addresses that pages have them under. */
  readonly drawings: ReadonlyMap<string, string>
}

/** What one rendering knows. */
interface Rendering extends RenderContext {
  /** The name of the page. */
  readonly page: string
  readonly headings: Heading[]
  /** Whether a link or a heading is open, in which no other link stands. */
  isInside: boolean
}

/** Formulas with more characters than this are scrolled where there is no room for them: they break nowhere. */
const LONGEST_INLINE = 70

const renderingOf = (env: Env | undefined): Rendering => env?.['rendering'] as Rendering

/** Renders pages. Texts are escaped: Markdown has no other way to markup here. */
export function createRenderer(
  context: RenderContext,
): (markdown: string, page: string) => RenderedPage {
  const reader = withFormulas(new MarkdownIt({ html: false, linkify: true }))
  addBlockRules(reader)
  addInlineRules(reader)
  return (markdown, page) => {
    const rendering: Rendering = { ...context, page, headings: [], isInside: false }
    const tokens = reader.parse(markdown, { rendering })
    for (const [index, token] of tokens.entries())
      if (token.type === 'heading_open') nameHeading(token, tokens[index + 1]!, rendering)
    return {
      markup: reader.renderer.render(tokens, reader.options, { rendering }),
      headings: rendering.headings,
    }
  }
}

/** A name for an address: letters, digits and hyphens, whatever the text. */
export function anchorOf(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  return plain !== ''
    ? plain
    : [...text].map((sign) => `u${sign.codePointAt(0)!.toString(16)}`).join('-')
}

function nameHeading(open: Token, content: Token, { headings }: Rendering): void {
  const text = (content.children ?? []).map((child) => child.content).join('')
  const wanted = anchorOf(text)
  const taken = new Set(headings.map(({ id }) => id))
  let id = wanted
  for (let count = 2; taken.has(id); count++) id = `${wanted}-${count}`
  headings.push({ level: Number(open.tag.slice(1)), text, id })
  open.attrSet('id', id)
}

function addBlockRules({ renderer }: Reader): void {
  const { rules } = renderer
  rules['fence'] = (tokens, index, _options, env) => {
    const { info, content } = tokens[index]!
    return `${codeMarkup(info.trim(), content.replace(/\n$/, ''), renderingOf(env).page)}\n`
  }
  // Wide tables are scrolled, and so that this can be done without a mouse they take the focus.
  rules['table_open'] = () =>
    '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table>\n'
  rules['table_close'] = () => '</table></div>\n'
  for (const type of ['heading_open', 'heading_close'])
    rules[type] = (tokens, index, options, env, self) => {
      renderingOf(env).isInside = type === 'heading_open'
      return self.renderToken(tokens, index, options)
    }
}

function addInlineRules({ renderer }: Reader): void {
  const { rules } = renderer
  rules['math_inline'] = (tokens, index) => {
    const { content } = tokens[index]!
    const formula = formulaMarkup(content, false)
    return content.length > LONGEST_INLINE
      ? `<span class="scroll" tabindex="0" role="group" aria-label="Formula">${formula}</span>`
      : formula
  }
  rules['code_inline'] = (tokens, index, _options, env) => {
    const { content } = tokens[index]!
    const { addressOf, isInside, page } = renderingOf(env)
    const shown = tag('code', {}, escapeText(content))
    const address = isInside ? undefined : addressOf(content, page)
    return address === undefined ? shown : tag('a', { href: address, class: 'term' }, shown)
  }
  rules['link_open'] = (tokens, index, options, env, self) => {
    const token = tokens[index]!
    renderingOf(env).isInside = true
    const address = String(token.attrGet('href'))
    const isOutside = /^[a-z]+:/.test(address)
    token.attrSet('href', isOutside ? address : address.replace(/\.md(?=#|$)/, '.html'))
    if (isOutside) token.attrSet('rel', 'noreferrer')
    return self.renderToken(tokens, index, options)
  }
  rules['link_close'] = (tokens, index, options, env, self) => {
    renderingOf(env).isInside = false
    return self.renderToken(tokens, index, options)
  }
  rules['image'] = (tokens, index, _options, env) => {
    const address = String(tokens[index]!.attrGet('src'))
    const drawing = renderingOf(env).drawings.get(address)
    if (drawing === undefined) throw new Error(`there is no drawing ${address}`)
    const label = escapeText(tokens[index]!.content)
    return `<span class="scroll drawing" tabindex="0" role="group" aria-label="${label}">${drawing}</span>`
  }
}

/** The name of the page of all codes. */
const DIAGNOSTICS = 'diagnostics'

/** Code with its words in colours, or a formula. A wrong program is told by its class and a caption. */
function codeMarkup(info: string, text: string, page: string): string {
  const [language, ...settings] = info.split(',')
  if (language === 'math')
    return tag('div', { class: 'formula scroll', tabindex: 0 }, formulaMarkup(text, true))
  const lines = text.split('\n').map((line) => lineMarkup(line, language === 'opt'))
  const code = tag('pre', { class: 'code', tabindex: 0 }, tag('code', {}, lines.join('\n')))
  const [, wrong] = settings.join(',').match(/^error=(.+)$/) ?? []
  if (wrong === undefined) return code
  const links = wrong
    .split('+')
    .map((name) => tag('a', { href: `${DIAGNOSTICS}.html#${anchorOf(name)}` }, escapeText(name)))
  // Where codes are explained the message is shown in full.
  const caption = page === DIAGNOSTICS ? '' : tag('figcaption', {}, links.join(', '))
  return tag('figure', { class: 'wrong' }, code, caption)
}

function lineMarkup(line: string, isProgram: boolean): string {
  return isProgram ? stretchesOf(line).map(stretchMarkup).join('') : escapeText(line)
}
