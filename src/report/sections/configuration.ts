import type { Context } from '../context.ts'
import { details, escapeText, paragraph, table, tag, type Cell, type Section } from '../html.ts'
import { highlightProgram } from '../highlight.ts'
import { FILE_TEXTS, repetitionOf, type RunFile } from '../repetition.ts'
import type { Run } from '../run.ts'

/** Everything the run depended on, and the command that repeats it. */
export function configurationSection({ run }: Context): Section {
  const { command, files, isMoved } = repetitionOf(run)
  const rows = Object.entries(run.configuration)
    .filter(([name]) => !FILE_TEXTS.has(name))
    .map(([name, value]): readonly Cell[] => [
      { markup: tag('code', {}, escapeText(name)) },
      { markup: tag('code', {}, escapeText(valueOf(value))) },
    ])
  return {
    id: 'configuration',
    title: 'To repeat it',
    body: [
      paragraph(
        `With optc ${run.version} and the same data this command gives the same journal, byte for byte${isMoved ? ' but for where its files were' : ''}, with any number of workers${isTimed(run) ? ', as far as the time that it is given reaches' : ''}.${files.length === 0 ? '' : ` It needs ${files.length === 1 ? 'the file' : `the ${files.length} files`} under it.`}`,
      ),
      tag('pre', { class: 'code' }, tag('code', {}, escapeText(command))),
      ...files.map(fileText),
      details('All settings', table([{ title: 'Setting' }, { title: 'Value' }], rows)),
    ].join('\n'),
  }
}

function fileText({ name, what, text }: RunFile): string {
  return details(
    `${name}, ${what}`,
    name.endsWith('.opt')
      ? highlightProgram(text)
      : tag('pre', { class: 'code' }, tag('code', {}, escapeText(text))),
  )
}

/** Whether the run was to end after some time, which gets further on a faster machine. */
function isTimed({ configuration: { budget } }: Run): boolean {
  return typeof budget === 'object' && budget !== null && 'minutes' in budget
}

function valueOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}
