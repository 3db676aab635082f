import { drawChart, type Dot, type Thread } from '../../draw/chart-svg.ts'
import type { Attempt, Work } from '../../evolve/journal.ts'
import { kindWords } from '../../mutate/mutations/table.ts'
import type { Context } from '../context.ts'
import { stretchMarkup } from '../highlight.ts'
import { escapeText, figure, paragraph, tag, type Section } from '../html.ts'
import { lineChanges, type ChangedLine } from '../line-changes.ts'
import { differenceText, valueText } from '../../study/measure.ts'
import { searchScores, slotWords, type Run } from '../run.ts'
import { tidyText } from '../written-rule.ts'

/** One ancestor of the best rule, or the rule itself, with the others that were made of its parent. */
interface Generation {
  readonly work: Work
  readonly attempt: Attempt
  readonly score: number | undefined
  readonly siblings: readonly { readonly slot: string; readonly score: number }[]
}

/** How the best rule came to be: each ancestor, what was changed in it, and what else was tried there. */
export function familySection(context: Context): Section | undefined {
  const [winner] = context.best
  if (winner === undefined) return undefined
  const generations = descentOf(context.run, winner.slot)
  if (generations.length === 0) return undefined
  const mutations = generations.length - 1
  return {
    id: 'family',
    title: `The family of ${winner.name}`,
    body: [
      paragraph(
        mutations === 0
          ? 'The best rule was not made by mutation: it is one of the rules that the search began with.'
          : `${mutations} ${mutations === 1 ? 'mutation leads' : 'mutations lead'} from ${slotWords(generations[0]!.work.slot)} to the best rule. Scores are those that the search went by, each of one seed.`,
      ),
      ...(mutations === 0 ? [] : [tree(generations, context)]),
      tag(
        'ol',
        { class: 'descent' },
        ...generations.map((_, index) => step(generations, index, context)),
      ),
    ].join('\n'),
  }
}

function descentOf(run: Run, slot: string): readonly Generation[] {
  const scores = searchScores(run)
  const generations: Generation[] = []
  const seen = new Set<string>()
  for (let work = run.workAt.get(slot); work !== undefined && !seen.has(work.slot);) {
    seen.add(work.slot)
    const attempt = work.attempts.at(-1)
    if (attempt === undefined) break
    const { parent } = work
    const own = work
    const siblings = run.works.flatMap((other) => {
      const score = scores.get(other.slot)?.score
      return parent !== undefined && other.parent === parent && other !== own && score !== undefined
        ? [{ slot: other.slot, score }]
        : []
    })
    generations.unshift({ work, attempt, score: scores.get(work.slot)?.score, siblings })
    work = parent === undefined ? undefined : run.workAt.get(parent)
  }
  return generations
}

const mutationOf = ({ attempt, work }: Generation): string =>
  attempt.mutation ?? (work.slot.startsWith('given/') ? 'given' : 'drawn')

/** How far siblings stand from each other, in generations. */
const SPREAD = 0.05

function tree(generations: readonly Generation[], { score }: Context): string {
  const threads: Thread[] = []
  const dots: Dot[] = []
  generations.forEach(({ work, score: value, siblings }, index) => {
    const before = generations[index - 1]?.score
    siblings.forEach((sibling, place) => {
      const side = place % 2 === 0 ? 1 : -1
      const x = index + side * Math.min(0.4, SPREAD * (1 + Math.floor(place / 2)))
      if (before !== undefined)
        threads.push({
          points: [
            [index - 1, before],
            [x, sibling.score],
          ],
          color: 7,
          faint: true,
        })
      dots.push({
        at: [x, sibling.score],
        color: 7,
        size: 3,
        title: `${sibling.slot}: ${valueText(sibling.score, score)}`,
      })
    })
    if (value === undefined) return
    if (before !== undefined)
      threads.push({
        points: [
          [index - 1, before],
          [index, value],
        ],
        color: 1,
      })
    dots.push({
      at: [index, value],
      color: 1,
      size: 5,
      title: `${work.slot}: ${valueText(value, score)}`,
    })
  })
  const drawing = drawChart(
    {
      x: {
        label: 'generation',
        low: -0.5,
        high: generations.length - 0.5,
        round: false,
        whole: true,
      },
      y: { label: score.name, unit: score.isShare ? 'percent' : 'number' },
      series: [],
      threads,
      dots,
      labels: generations.flatMap((generation, index) =>
        generation.score === undefined
          ? []
          : [{ at: [index, generation.score] as const, text: mutationOf(generation) }],
      ),
    },
    {
      width: 960,
      height: 300,
      id: 'family-chart',
      description: 'The ancestors of the best rule and their other children by score',
      right: 12,
    },
  )
  return figure(
    drawing,
    'The descent of the best rule, each step named by its mutation; grey are the other children of the same parent.',
    'wide',
  )
}

function step(generations: readonly Generation[], index: number, { score }: Context): string {
  const generation = generations[index]!
  const before = generations[index - 1]
  const { work, attempt, siblings } = generation
  const gain =
    before?.score === undefined || generation.score === undefined
      ? ''
      : ` (${differenceText({ mean: generation.score - before.score, halfWidth: undefined, count: 1 }, score)})`
  const rest =
    siblings.length === 0
      ? ''
      : `; ${siblings.length === 1 ? 'the other child' : `the best of the ${siblings.length} others`} ${valueText(Math.max(...siblings.map((each) => each.score)), score)}`
  const failed = work.attempts.length - 1
  const words = kindWords().get(mutationOf(generation))
  const meaning = words === undefined ? '' : `: ${words} ·`
  const redrawn = failed > 0 ? `; ${failed} drawn before it failed` : ''
  return tag(
    'li',
    {},
    tag(
      'p',
      {},
      tag('b', { class: 'mutation' }, escapeText(mutationOf(generation))),
      escapeText(
        `${meaning} ${slotWords(work.slot)} · ${valueText(generation.score, score)}${gain}${rest}${redrawn}`,
      ),
    ),
    changes(before === undefined ? undefined : textOf(before.attempt), textOf(attempt)),
  )
}

/** The statements of a rule, what it imports and is called left out. */
function textOf({ rule, integrity }: Attempt): readonly string[] {
  const lines = tidyText(rule, integrity.flipped, 'Rule').trimEnd().split('\n')
  const start = lines.findIndex((line) => /^optimizer\b/.test(line))
  return lines
    .slice(start + 1, -1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.slice(2))
}

function changes(before: readonly string[] | undefined, after: readonly string[]): string {
  const lines: readonly ChangedLine[] =
    before === undefined ? lineChanges([], after) : lineChanges(before, after)
  if (lines.length === 0) return paragraph('Nothing that the update uses was changed.', 'note')
  const shown = lines.map(({ kind, stretches }) => {
    const sign = before === undefined ? '' : kind === 'added' ? '+ ' : '− '
    const content = stretches
      .map((stretch) =>
        stretch.marked ? tag('mark', {}, stretchMarkup(stretch)) : stretchMarkup(stretch),
      )
      .join('')
    return tag('span', { class: before === undefined ? undefined : kind }, `${sign}${content}`)
  })
  return tag('pre', { class: 'code changes' }, tag('code', {}, shown.join('')))
}
