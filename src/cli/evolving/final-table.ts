import picocolors from 'picocolors'
import type { SearchResult } from '../../evolve/search.ts'
import { meanInterval } from '../../tasks/mean-interval.ts'
import type { JournalFitness } from '../../evolve/journal.ts'
import type { Paint } from '../output.ts'
import { renderTable } from '../table.ts'

/** The rule that finalists are compared with, run by run. */
const REFERENCE = 'adam'

/**
 * The finalists beside the baselines, then each finalist with parts taken out: mean over fresh seeds on held-out data with
 * its 95 % interval, and the difference from Adam, or of an ablation from its finalist, paired by seed.
 */
export function finalTable(
  { finals, ablations }: SearchResult,
  paint: Paint = picocolors.createColors(false),
): string {
  const head = ['rule', 'from', 'lr', 'search score', 'test, fresh seeds', 'difference', 'remarks']
  const right = head.slice(2, 6)
  const reference = finals.find(({ name }) => name === REFERENCE)
  const rows = finals.map((final) =>
    row(final.name, final.of ?? 'baseline', final, final === reference ? undefined : reference),
  )
  const table = renderTable(head, rows, paint, right)
  const note =
    reference === undefined
      ? 'intervals of 95 %\n'
      : `difference: from ${REFERENCE}, the same seeds; intervals of 95 %\n`
  if (ablations.length === 0) return table + note
  const parts = ablations.map((ablation) =>
    row(
      ablation.of,
      ablation.removed,
      ablation,
      finals.find(({ name }) => name === ablation.of),
    ),
  )
  const ablationHead = ['rule', 'without', ...head.slice(2, 5), 'difference', 'remarks']
  return `${table}${note}\n${renderTable(ablationHead, parts, paint, right)}difference: from the whole rule\n`
}

interface Rejudged {
  readonly searched: JournalFitness
  readonly runs: readonly JournalFitness[]
}

function row(
  name: string,
  from: string,
  judged: Rejudged,
  reference: Rejudged | undefined,
): string[] {
  const { searched, runs } = judged
  const failures = [searched, ...runs].flatMap(({ failure }) => failure ?? [])
  return [
    name,
    from,
    searched.learningRate === undefined ? '' : String(searched.learningRate),
    searched.score === undefined ? '' : searched.score.toFixed(4),
    withInterval(runs.flatMap((run) => testOf(run) ?? [])),
    reference === undefined ? '' : withInterval(differences(runs, reference.runs), '+'),
    failures.length === 0 ? '' : `${failures.length} of ${runs.length + 1} failed: ${failures[0]}`,
  ]
}

/** Test scores of equal seeds, one minus the other. */
function differences(
  runs: readonly JournalFitness[],
  others: readonly JournalFitness[],
): readonly number[] {
  return runs.flatMap((run) => {
    const other = others.find(({ seed }) => seed === run.seed)
    const [a, b] = [testOf(run), other && testOf(other)]
    return a === undefined || b === undefined ? [] : [a - b]
  })
}

const testOf = ({ testAccuracy, testLoss }: JournalFitness): number | undefined =>
  testAccuracy ?? (testLoss === undefined ? undefined : -testLoss)

function withInterval(values: readonly number[], plus: '' | '+' = ''): string {
  const found = meanInterval(values)
  if (found === undefined) return ''
  const { mean, halfWidth } = found
  const sign = mean > 0 ? plus : ''
  return `${sign}${mean.toFixed(4)}${halfWidth === undefined ? '' : ` ± ${halfWidth.toFixed(4)}`}`
}
