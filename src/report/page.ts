import { escapeText, tag, type Section } from './html.ts'
import { STYLE } from './style.ts'

/** A page of a report. */
export interface Page {
  readonly title: string
  /** Markup above the sections. */
  readonly top: string
  readonly sections: readonly Section[]
  /** The command that makes it, and what it makes it from. */
  readonly maker: string
  readonly source: string
}

/** What stands around a page that is served, and changes while it is looked at. */
export interface Frame {
  /** Markup in the head instead of the styles: where a server has them, and its script. */
  readonly head: string
  /** Markup above the page. */
  readonly bar: string
}

const PAPER = 'https://arxiv.org/abs/2404.06679'

/**
 * The page as HTML that needs nothing else, unless there is a frame: no scripts, fonts or pictures from elsewhere. It is
 * well-formed XML too.
 */
export function page({ title, top, sections, maker, source }: Page, frame?: Frame): string {
  const links = sections.map(({ id, title: name }) =>
    tag('a', { href: `#${id}` }, escapeText(name)),
  )
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8"/>',
    '<meta name="viewport" content="width=device-width, initial-scale=1"/>',
    tag('title', {}, escapeText(title)),
    // Not escaped: to HTML a style is no markup; it has neither `<` nor `&`.
    frame?.head ?? `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    ...(frame === undefined ? [] : [frame.bar]),
    top,
    ...(links.length > 1 ? [tag('nav', {}, ...links)] : []),
    '<main>',
    ...sections.map(({ id, title: name, body }) =>
      tag('section', { id }, '\n', tag('h2', {}, escapeText(name)), '\n', body, '\n'),
    ),
    '</main>',
    tag(
      'footer',
      {},
      'Made by ',
      tag('code', {}, escapeText(maker)),
      escapeText(` from ${source}. The method is that of `),
      tag('a', { href: PAPER }, 'Morgan and Hougen, arXiv 2404.06679'),
      '.',
    ),
    '</body>',
    '</html>',
    '',
  ].join('\n')
}
