import type { Context } from '../context.ts'
import { escapeText, figure, paragraph, table, tag, type Cell, type Section } from '../html.ts'
import { mainBaseline } from '../../study/standing.ts'
import { rankings, taskResults, type Ranking, type TaskResults } from '../task-results.ts'
import { drawStandings, rateTable, resultTable, standingsOf } from './final-table.ts'

/** The finalists and the baselines on the other tasks of the protocol, each in a table, and how they rank on all of them. */
export function otherTasksSection(context: Context): Section | undefined {
  const results = taskResults(context.run)
  if (results.length < 2) return undefined
  return {
    id: 'tasks',
    title: 'On other tasks',
    body: [
      paragraph(
        'The same rules on tasks that the search has not seen, tuned on each of them as for the table above, on seeds of its own.',
      ),
      rankTable(results, context),
      ...results.slice(1).map((each) => taskPart(each, context)),
    ].join('\n'),
  }
}

function rankTable(results: readonly TaskResults[], { colorOf, run }: Context): string {
  const ranked = rankings(results)
  const found = new Set(run.finals.flatMap(({ name, of }) => (of === undefined ? [] : [name])))
  const rows = ranked.map(({ name, mean, ranks }): readonly Cell[] => [
    {
      markup: tag(
        'span',
        { class: 'name' },
        tag('i', { class: `swatch c${colorOf(name)}` }, ''),
        escapeText(name),
      ),
    },
    mean.toFixed(2),
    ...ranks.map(String),
  ])
  const supplements = results.filter(({ isSupplement }) => isSupplement)
  const note =
    supplements.length === 0
      ? ''
      : ` Supplements have no part in the mean: ${supplements.map(({ task }) => task).join(', ')}.`
  return [
    paragraph(
      `Places by mean results, 1 being the best; rules without a mean share the last places.${note}`,
      'note',
    ),
    table(
      [
        { title: 'Rule' },
        { title: 'Mean rank', isNumber: true },
        ...results.map(({ task }) => ({ title: task, isNumber: true as const })),
      ],
      rows,
      new Set(ranked.flatMap(({ name }, index) => (found.has(name) ? [index] : []))),
    ),
  ].join('\n')
}

/** The table of one task: that of the search's own, made of other results. */
function taskPart(results: TaskResults, context: Context): string {
  const { task, stage, test, score, finals } = results
  const there: Context = { ...context, test, score, run: { ...context.run, finals } }
  const standings = standingsOf(there)
  const name = mainBaseline(finals)?.name ?? 'the baseline'
  return [
    tag('h3', {}, escapeText(`${stage ?? ''} on ${task}`)),
    resultTable(standings, there),
    figure(
      drawStandings(there, 736),
      `Means with 95 % intervals on ${task}. The dashed line is ${name}’s mean.`,
      'column',
    ),
    rateTable(standings, there),
  ].join('\n')
}

/** Where a rule stands on all tasks, as a sentence; none where there is one task alone. */
export function rankSentence(context: Context, rule: string): string {
  const results = taskResults(context.run)
  if (results.length < 2) return ''
  const ranked = rankings(results)
  const place = ranked.findIndex(({ name }) => name === rule)
  const best = ranked[place]
  if (best === undefined) return ''
  const counted = results.filter(({ isSupplement }) => !isSupplement).length
  const [leader] = ranked as readonly [Ranking]
  const beside = place === 0 ? 'the best' : `${leader.name} has the best, ${leader.mean.toFixed(2)}`
  return ` Over ${counted} ${counted === 1 ? 'task' : 'tasks'} its mean rank among ${ranked.length} rules is ${best.mean.toFixed(2)}: ${beside}.`
}
