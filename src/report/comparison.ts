import { drawSvg } from '../draw/figure-svg.ts'
import type { Figure, Series } from '../draw/figure.ts'
import { lineColorCount } from '../draw/palette.ts'
import type { Point } from '../draw/polyline.ts'
import type { ModuleLoader } from '../resolve/resolution.ts'
import { countText, intervalText, shareText, valueText, differenceText } from '../study/measure.ts'
import { mainBaseline, standingOf } from '../study/standing.ts'
import type { Protocol } from '../tasks/protocol.ts'
import { escapeText, figure, paragraph, table, tag, type Cell, type Section } from './html.ts'
import type { Page } from './page.ts'
import { FILE_TEXTS } from './repetition.ts'
import { bestRules, resultOf, totalsOf, type Run } from './run.ts'
import { article } from './sections/best-rules.ts'
import { showRule, type ShownRule } from './shown-rule.ts'
import { writtenFrom, type WrittenFrom } from './written-rule.ts'

/** A run beside others. */
export interface ComparedRun {
  /** What it is called: its folder. */
  readonly name: string
  readonly run: Run
  /** Whether it runs, has ended or was left, in a word. */
  readonly state: string
  readonly protocol: Protocol | undefined
}

/** One run and what is shown of it. */
interface Column extends ComparedRun {
  readonly from: WrittenFrom
  readonly best: ShownRule | undefined
}

/** Several searches side by side, as one page. Equal runs give equal pages. */
export async function makeComparison(
  runs: readonly ComparedRun[],
  loader: ModuleLoader,
): Promise<Page> {
  const columns = await Promise.all(
    runs.map(async (each): Promise<Column> => {
      const from = writtenFrom(each.run, each.protocol, loader)
      const [best] = bestRules(each.run, 1)
      return { ...each, from, best: best && (await showRule({ ...best, name: each.name }, from)) }
    }),
  )
  const tasks = new Set(columns.map(({ from }) => from.task))
  const top = tag(
    'header',
    {},
    tag('p', { class: 'kicker' }, 'optc evolve'),
    tag('h1', {}, escapeText(`${runs.length} searches side by side`)),
    tag('p', { class: 'lead' }, escapeText([...tasks].join(', '))),
    tasks.size > 1
      ? paragraph('They are on different tasks: their scores do not compare.', 'warning')
      : '',
  )
  return {
    title: `optc evolve: ${runs.map(({ name }) => name).join(', ')}`,
    top,
    sections: [
      { id: 'results', title: 'What came of them', body: factsTable(columns) },
      ...progressSection(columns),
      ...settingsSection(columns),
      ...rulesSection(columns),
    ],
    maker: 'optc report',
    source: 'the journals of the runs',
  }
}

/** A table with a column for each run. */
function sideBySide(
  columns: readonly Column[],
  rows: readonly (readonly [name: string, of: (column: Column) => string])[],
): string {
  return table(
    [{ title: '' }, ...columns.map(({ name }) => ({ title: name }))],
    rows.map(([name, of]): readonly Cell[] => [name, ...columns.map(of)]),
  )
}

function factsTable(columns: readonly Column[]): string {
  const totals = (column: Column): ReturnType<typeof totalsOf> => totalsOf(column.run)
  return sideBySide(columns, [
    ['state', ({ state }) => state],
    ['best rule', ({ best }) => best?.slot ?? '–'],
    ['score in the search', ({ best, from }) => valueText(best?.score, from.score)],
    ['on fresh seeds', ({ best, from }) => intervalText(best?.result, from.test)],
    ['to the baseline', toBaseline],
    ['evaluations', (column) => countText(totals(column).evaluations)],
    ['training steps', (column) => countText(totals(column).steps)],
    [
      'failed',
      (column) => {
        const { failures, evaluations, reused } = totals(column)
        return shareText(failures, evaluations + reused)
      },
    ],
    ['draws thrown away', (column) => countText(totals(column).drawsThrownAway)],
  ])
}

/** The difference of the best finalist to the main baseline, paired by seed. */
function toBaseline({ run, from }: Column): string {
  const baseline = mainBaseline(run.finals)
  const final = run.finals.find(({ of }) => of !== undefined)
  if (baseline === undefined || final === undefined) return '–'
  const { difference } = standingOf(final, baseline, from.test)
  return `${differenceText(difference, from.test)} to ${baseline.name}`
}

/** The best score so far against what was paid for it. */
function progressSection(columns: readonly Column[]): readonly Section[] {
  const byTask = new Map<string, Column[]>()
  for (const column of columns)
    byTask.set(column.from.task, [...(byTask.get(column.from.task) ?? []), column])
  const drawings = [...byTask].flatMap(([task, group]) => {
    const drawn = drawProgress(task, group, columns)
    return drawn === undefined ? [] : [drawn]
  })
  if (drawings.length === 0) return []
  const body = drawings.map((drawing) =>
    figure(
      drawing,
      'The best score of the search so far, of the surrogate that it used most; races, ladder and final evaluation are not among the steps.',
      'column',
    ),
  )
  return [{ id: 'progress', title: 'Progress', body: body.join('\n') }]
}

function drawProgress(
  task: string,
  group: readonly Column[],
  all: readonly Column[],
): string | undefined {
  const series = group.flatMap((column): readonly Series[] => {
    const points = bestSoFar(column.run)
    return points.length === 0
      ? []
      : [{ name: column.name, points, color: all.indexOf(column), steps: true }]
  })
  if (series.length === 0) return undefined
  const { score } = group[0]!.from
  // The first rules may be so bad that nothing else could be seen.
  const values = series.flatMap(({ points }) => points.slice(points.length >> 2).map(([, y]) => y))
  const ends = series.map(({ points }) => points.at(-1)![1])
  const [low, high] = [Math.min(...values), Math.max(...ends)]
  const room = (high - low || Math.abs(high) || 1) / 20
  const chart: Figure = {
    title: `The best rule so far on ${task}`,
    panels: [
      {
        x: { label: 'training steps', low: 0 },
        y: {
          label: score.name,
          ...{ low: low - room, high: high + room, round: false },
          unit: score.isShare ? 'percent' : 'number',
        },
        series,
      },
    ],
  }
  return drawSvg(chart)
}

/** Points where the best score of the surrogate that is used most changes, by the training steps before. */
function bestSoFar(run: Run): readonly Point[] {
  const uses = new Map<string, number>()
  for (const { attempts } of run.works)
    for (const { fitness } of attempts)
      uses.set(fitness.surrogate, (uses.get(fitness.surrogate) ?? 0) + 1)
  const [most] = [...uses].sort(([, a], [, b]) => b - a)
  const points: Point[] = []
  let steps = 0
  let best = -Infinity
  for (const work of run.works) {
    for (const { fitness } of work.attempts) steps += fitness.steps
    const result = resultOf(work)
    if (result === undefined || result.fitness.surrogate !== most?.[0]) continue
    if (result.score > best) points.push([steps, (best = result.score)])
  }
  // A search that finds nothing better goes on all the same.
  return best > -Infinity ? [...points, [steps, best]] : points
}

/** The settings in which the runs differ. */
function settingsSection(columns: readonly Column[]): readonly Section[] {
  const shown = (value: unknown): string =>
    typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  const versions = new Set(columns.map(({ run }) => run.version))
  const names = [...new Set(columns.flatMap(({ run }) => Object.keys(run.configuration)))].filter(
    (name) =>
      !FILE_TEXTS.has(name) &&
      new Set(columns.map(({ run }) => shown(run.configuration[name]))).size > 1,
  )
  const rows = [
    ...(versions.size > 1 ? [['optc', ({ run }: Column) => run.version] as const] : []),
    ...names.map((name) => [name, ({ run }: Column) => shown(run.configuration[name])] as const),
  ]
  const body =
    rows.length === 0 ? paragraph('All settings are the same.') : sideBySide(columns, rows)
  return [{ id: 'settings', title: 'Settings that differ', body }]
}

function rulesSection(columns: readonly Column[]): readonly Section[] {
  const articles = columns.flatMap(({ best, from }, index) =>
    best === undefined
      ? []
      : [article(best, { score: from.score, colorOf: () => index % lineColorCount })],
  )
  if (articles.length === 0) return []
  return [
    {
      id: 'rules',
      title: 'Their best rules',
      body: tag('div', { class: 'columns' }, ...articles),
    },
  ]
}
