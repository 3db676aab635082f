import { escapeText, tag } from '../../report/html.ts'
import type { ReferencePage } from '../pages.ts'
import type { Heading } from './render.ts'

/** What a page of the site is made of. */
export interface PageParts {
  readonly page: ReferencePage
  /** All pages, for the contents beside it. */
  readonly pages: readonly ReferencePage[]
  readonly markup: string
  readonly headings: readonly Heading[]
  /** The address of the playground, where there is one. */
  readonly playground?: string | undefined
}

/** Nothing but files beside the page: no script or style inside it, and nothing from elsewhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"

/** With more headings than this, a page begins with a list of them. */
const MOST_WITHOUT_LIST = 2

/** A whole page. */
export function layoutPage({ page, pages, markup, headings, playground }: PageParts): string {
  const index = pages.findIndex(({ name }) => name === page.name)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="description" content="${escapeText(page.summary)}">
<title>${escapeText(page.title)} · optc reference</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="reference.css">
<script type="module" src="reference.js"></script>
</head>
<body>
<a class="skip" href="#content">To the text</a>
<header class="bar">
<a class="brand" href="index.html">optc<span> reference</span></a>${playground === undefined ? '' : `\n<a class="home" href="${escapeText(playground)}">Playground</a>`}
<div class="search" role="search">
<input id="search" type="search" placeholder="Search (press /)" aria-label="Search the reference" autocomplete="off" spellcheck="false" role="combobox" aria-expanded="false" aria-controls="results" aria-autocomplete="list">
<ul id="results" role="listbox" aria-label="What was found" hidden></ul>
</div>
<button id="contents-button" type="button" aria-expanded="false" aria-controls="contents">Contents</button>
</header>
<div class="columns">
<nav id="contents" class="contents" aria-label="Contents">
${contents(page, pages)}
</nav>
<main id="content">
${headed(markup, listOf(headings))}
${page.isChapter ? neighbours(pages, index) : ''}
</main>
</div>
</body>
</html>
`
}

function contents(page: ReferencePage, pages: readonly ReferencePage[]): string {
  const link = ({ name, title }: ReferencePage): string => {
    const current = name === page.name ? { 'aria-current': 'page' } : {}
    return tag('li', {}, tag('a', { href: `${name}.html`, ...current }, escapeText(title)))
  }
  const list = (title: string, members: readonly ReferencePage[]): string =>
    tag('h2', {}, title) + tag('ul', {}, ...members.map(link))
  return (
    list(
      'The language',
      pages.filter(({ isChapter }) => isChapter),
    ) +
    list(
      'To look up',
      pages.filter(({ isChapter }) => !isChapter),
    )
  )
}

/** The text with the list behind its title and first paragraph. */
function headed(markup: string, list: string): string {
  const end = markup.indexOf('</p>')
  return list === '' || end < 0
    ? markup
    : `${markup.slice(0, end + 4)}\n${list}${markup.slice(end + 4)}`
}

/** The headings of a page, entries below the group that they are in. */
function listOf(headings: readonly Heading[]): string {
  const below = headings.filter(({ level }) => level > 1)
  if (below.length <= MOST_WITHOUT_LIST) return ''
  const link = ({ id, text, level }: Heading): string =>
    tag('a', { href: `#${id}`, class: level === 2 ? 'group' : undefined }, escapeText(text))
  return tag(
    'nav',
    {
      class: below.some(({ level }) => level > 2) ? 'list' : 'list short',
      'aria-label': 'On this page',
    },
    ...below.map(link),
  )
}

/** Where a chapter is read on. */
function neighbours(pages: readonly ReferencePage[], index: number): string {
  const link = (page: ReferencePage | undefined, kind: string, sign: string): string =>
    page === undefined
      ? ''
      : tag('a', { href: `${page.name}.html`, rel: kind }, `${sign} ${escapeText(page.title)}`)
  return tag(
    'nav',
    { class: 'neighbours', 'aria-label': 'Chapters' },
    link(pages[index - 1], 'prev', '←'),
    link(pages[index + 1], 'next', '→'),
  )
}
