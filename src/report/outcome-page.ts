import type { Outcome } from '../study/outcome.ts'
import { escapeText, figure, paragraph, table, tag } from './html.ts'
import { page } from './page.ts'

/** A study as one HTML page that needs nothing else. It is well-formed XML too. Equal outcomes give equal pages. */
export function outcomePage(
  { title, lead, facts, tables, drawings, remarks }: Outcome,
  command: string,
): string {
  const top = tag(
    'header',
    {},
    tag('p', { class: 'kicker' }, escapeText(command)),
    tag('h1', {}, escapeText(title)),
    tag('p', { class: 'lead' }, escapeText(lead)),
    tag(
      'dl',
      { class: 'facts' },
      ...facts.map(([name, value]) =>
        tag('div', {}, tag('dt', {}, escapeText(name)), tag('dd', {}, escapeText(value))),
      ),
    ),
  )
  const pictures =
    drawings.length === 0
      ? []
      : [
          {
            id: 'picture',
            title: 'Picture',
            body: drawings.map(({ svg, caption }) => figure(svg, caption, 'column')).join('\n'),
          },
        ]
  const sections = tables.map(({ title: name, columns, rows, note }, index) => ({
    id: `table-${index + 1}`,
    title: name,
    body: [table(columns, rows), ...(note === undefined ? [] : [paragraph(note, 'note')])].join(
      '\n',
    ),
  }))
  const reading = {
    id: 'differences',
    title: 'What to read it with',
    body: tag('ul', {}, ...remarks.map((remark) => tag('li', {}, escapeText(remark)))),
  }
  return page({
    title: `${command}: ${title}`,
    top,
    sections: [...pictures, ...sections, ...(remarks.length === 0 ? [] : [reading])],
    maker: command,
    source: 'the evaluations in its folder',
  })
}
