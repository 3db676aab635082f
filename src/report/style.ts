import { darkRules, INK, lineColor, lineColorCount } from '../draw/palette.ts'

const swatches = (key: 'hex' | 'dark'): string =>
  Array.from(
    { length: lineColorCount },
    (_, index) => `.c${index} { background: ${lineColor(index)[key]}; }`,
  ).join('\n')

const PAGE = `
:root {
  color-scheme: light dark;
  --ground: ${INK.ground}; --raised: #f6f8fa; --ink: ${INK.title}; --quiet: ${INK.text};
  --line: ${INK.border}; --accent: #0b63a8; --mark: #fff1b8; --added: #e6f6ec; --removed: #fdecea;
  --keyword: #8a3fa0; --numeral: #0b63a8; --string: #1a7f4b; --comment: #6a737d; --call: #9a4d00;
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 3rem 1.5rem 5rem; max-width: 64rem; background: var(--ground); color: var(--ink);
  font: 16px/1.55 Charter, 'Bitstream Charter', 'Source Serif 4', 'Iowan Old Style', 'STIX Two Text', Georgia, serif;
}
nav, table, dl, figcaption, svg, .kicker, .tiles, .note, .warning, summary, .mutation, h3 {
  font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', Arial, sans-serif;
}
code, pre { font-family: ui-monospace, 'SF Mono', 'JetBrains Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: .86em; }
h1 { margin: .1em 0 .4em; font-size: 2.3rem; line-height: 1.15; font-weight: 600; letter-spacing: -.01em; }
h2 { margin: 3.4rem 0 .6rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 1.5rem; font-weight: 600; }
h3 { margin: 1.8rem 0 .4rem; font-size: 1rem; }
p { margin: .5rem 0 .9rem; max-width: 46rem; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
.kicker { margin: 0; color: var(--quiet); font-size: .8rem; letter-spacing: .08em; text-transform: uppercase; }
.lead { max-width: 52rem; font-size: 1.22rem; line-height: 1.5; }
.note { color: var(--quiet); font-size: .86rem; }
.warning { padding: .6rem .9rem; border-left: 3px solid #d99a00; background: var(--raised); font-size: .92rem; max-width: none; }
.facts { display: flex; flex-wrap: wrap; gap: .5rem 1.6rem; margin: 1.4rem 0; font-size: .86rem; }
.facts dt { color: var(--quiet); font-size: .76rem; }
.facts dd { margin: 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .7rem; margin: 1.2rem 0; padding: 0; list-style: none; }
.tiles li { padding: .7rem .9rem; border: 1px solid var(--line); border-radius: 8px; background: var(--raised); }
.tiles strong { display: block; font-size: 1.3rem; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--quiet); font-size: .78rem; line-height: 1.3; display: block; }
nav { margin: 1.6rem 0 0; font-size: .88rem; display: flex; flex-wrap: wrap; gap: .3rem 1.1rem; }
.scroll { overflow-x: auto; margin: .8rem 0 1.1rem; }
table { border-collapse: collapse; width: 100%; font-size: .86rem; font-variant-numeric: tabular-nums; }
th { padding: .35rem .7rem; border-bottom: 1.5px solid var(--ink); text-align: left; font-weight: 600; vertical-align: bottom; }
td { padding: .34rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th.number, td.number { text-align: right; }
td.number { white-space: nowrap; }
tr.marked td:first-child { font-weight: 600; } tr.marked small { font-weight: 400; }
td small { margin-left: .4em; color: var(--quiet); }
.swatch { display: inline-block; width: .7em; height: .7em; margin-right: .55em; border-radius: 50%; }
.name { white-space: nowrap; }
.key { margin-left: 1.1em; white-space: nowrap; } .key .swatch { margin-right: .35em; }
.bar { display: block; width: 7rem; height: .62rem; margin-top: .38rem; border-radius: 3px; background: var(--raised); }
.bar i { display: block; height: 100%; border-radius: 3px; }
figure { margin: 1.1rem 0; }
figcaption { margin-top: .35rem; color: var(--quiet); font-size: .82rem; max-width: 46rem; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
.wide .scroll { margin: 0 -.6rem; padding: 0 .6rem; overflow-y: hidden; } .wide svg { min-width: 40rem; }
.column svg { max-width: 46rem; }
.side-by-side { display: flex; flex-wrap: wrap; gap: .9rem 2rem; }
.side-by-side .panel { flex: 3 1 24rem; min-width: 0; } .side-by-side .panel + .panel { flex-grow: 2; flex-basis: 18rem; }
.side-by-side h3 { margin-top: 0; } .side-by-side figcaption { flex-basis: 100%; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(24rem, 100%), 1fr)); gap: 0 2.4rem; }
.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(24rem, 100%), 1fr)); gap: .4rem 2rem; }
.scatters { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: .4rem 1.6rem; }
.multiples { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .6rem 1rem; }
.multiples.many { grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); }
.rule { margin: 1.6rem 0 2.4rem; }
.rule h3 { font-size: 1.12rem; margin-bottom: .1rem; }
.formula { margin: .8rem 0; padding: .7rem 1.2rem; border: 1px solid var(--line); border-radius: 10px; }
.formula .scroll { margin: .2rem 0; padding-bottom: .3rem; overflow-y: hidden; }
.equations { width: auto; font-size: 1.18rem; }
.equations td { padding: .3rem; border: 0; vertical-align: baseline; }
.equations td:first-child { text-align: right; white-space: nowrap; }
.equations .update td { padding-top: .55rem; }
.legend { margin: .5rem 0 .2rem; color: var(--quiet); font-size: .86rem; }
math { font-family: 'Latin Modern Math', 'STIX Two Math', 'Cambria Math', 'TeX Gyre Termes Math', 'DejaVu Math TeX Gyre', 'STIX Math', math; }
mtd { text-align: left; }
pre { margin: .7rem 0; padding: .8rem 1rem; overflow-x: auto; border-radius: 8px; background: var(--raised); line-height: 1.5; }
.keyword { color: var(--keyword); } .numeral { color: var(--numeral); } .string { color: var(--string); }
.comment { color: var(--comment); font-style: italic; } .call { color: var(--call); } .operator { color: var(--quiet); }
details { margin: .6rem 0; }
summary { cursor: pointer; color: var(--accent); font-size: .88rem; }
.descent { list-style: none; margin: 1rem 0; padding: 0 0 0 1.3rem; border-left: 2px solid var(--line); }
.descent li { position: relative; margin: 0 0 1.1rem; }
.descent li::before { content: ''; position: absolute; left: -1.68rem; top: .5rem; width: .62rem; height: .62rem; border-radius: 50%; background: var(--line); }
.descent li:last-child::before { background: ${lineColor(1).hex}; }
.descent p { margin: 0 0 .3rem; max-width: none; font-size: .92rem; }
.mutation { padding: .1rem .5rem; border-radius: 99px; background: var(--raised); font-size: .8rem; }
.changes { padding: .4rem 0; }
.changes code > span, .changes code { display: block; }
.changes span { padding: 0 1rem; }
.changes span span { padding: 0; }
.changes .added { background: var(--added); } .changes .removed { background: var(--removed); }
mark { color: inherit; background: var(--mark); border-radius: 3px; }
footer { margin-top: 4rem; color: var(--quiet); font-size: .84rem; }
${swatches('hex')}
`

const DARK = `
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #151a21; --raised: #1d242d; --ink: #e8edf2; --quiet: #a4afba; --line: #333b45; --accent: #74b9f5;
    --mark: #5a4a10; --added: #17352a; --removed: #43201f;
    --keyword: #d6a0e8; --numeral: #7cc0ff; --string: #7ddba6; --comment: #93a0ad; --call: #f2b27a;
  }
${darkRules('svg')}
${swatches('dark')}
}
`

const NARROW = `
@media screen and (max-width: 46rem) {
  body { padding: 1.5rem 1rem 3rem; }
  td code { overflow-wrap: anywhere; }
  .cards thead { display: none; }
  .cards, .cards tbody, .cards tr { display: block; }
  .cards tr { padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .cards td { display: flex; justify-content: space-between; gap: 1rem; padding: .12rem 0; border: 0; text-align: right; }
  .cards td[data-title]::before { content: attr(data-title); color: var(--quiet); text-align: left; }
  .cards td:first-child { justify-content: flex-start; font-weight: 600; text-align: left; }
  .cards td:first-child::before { display: none; } .cards small { font-weight: 400; }
  .cards td:empty { display: none; }
}
`

const PRINT = `
@media print {
  @page { margin: 16mm 14mm; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  nav { display: none; }
  h2 { break-after: avoid; }
  figure, .tiles li, .formula, tr, .descent li, .multiples svg { break-inside: avoid; }
  pre { white-space: pre-wrap; border: 1px solid var(--line); }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`

/** The style sheet of a report: light or dark as the reader's system is, for any width and for paper. */
export const STYLE = `${PAGE}${DARK}${NARROW}${PRINT}`
