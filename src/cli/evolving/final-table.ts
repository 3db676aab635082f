import picocolors from 'picocolors'
import type { Final } from '../../evolve/journal.ts'
import type { SearchResult } from '../../evolve/search.ts'
import { testMeasure, type Measure } from '../../report/measure.ts'
import { mainBaseline, standingOf } from '../../report/standing.ts'
import type { MeanInterval } from '../../tasks/mean-interval.ts'
import type { Paint } from '../output.ts'
import { renderTable } from '../table.ts'
import { formatScore } from './search-facts.ts'

/**
 * The finalists beside the baselines, then each finalist with parts taken out: mean over fresh seeds on held-out data with
 * its 95 % interval, and the difference from Adam, or of an ablation from its finalist, paired by seed. The figures are those
 * of the report. `given`: where the rules were that the search began with.
 */
export function finalTable(
  { finals, ablations }: SearchResult,
  paint: Paint = picocolors.createColors(false),
  given: readonly { readonly path: string }[] = [],
): string {
  const measure = testMeasure(finals)
  const head = ['rule', 'from', 'lr', 'search score', 'test, fresh seeds', 'difference', 'remarks']
  const right = head.slice(2, 6)
  const reference = mainBaseline(finals)
  const rows = finals.map((final) => [
    final.name,
    final.of === undefined ? 'baseline' : childPositionOf(final.of, given),
    ...cells(final, final === reference ? undefined : reference, measure),
  ])
  const table = renderTable(head, rows, paint, right)
  const note =
    reference === undefined
      ? 'intervals of 95 %\n'
      : `difference: from ${reference.name}, the same seeds; intervals of 95 %\n`
  if (ablations.length === 0) return table + note
  const parts = ablations.map((ablation) => {
    const whole = finals.find(({ name }) => name === ablation.of)
    return [ablation.of, ablation.removed, ...cells(ablation, whole, measure)]
  })
  const ablationHead = ['rule', 'without', ...head.slice(2)]
  return `${table}${note}\n${renderTable(ablationHead, parts, paint, right)}difference: from the whole rule\n`
}

/** The file of a rule that the search began with, or the slot of one that it found. */
function childPositionOf(slot: string, given: readonly { readonly path: string }[]): string {
  const [, index] = /^given\/(\d+)$/.exec(slot) ?? []
  return given[Number(index)]?.path ?? slot
}

type Rejudged = Pick<Final, 'searched' | 'runs'>

function cells(
  judged: Rejudged,
  reference: Rejudged | undefined,
  measure: Measure,
): readonly string[] {
  const { searched, runs } = judged
  const { mean, difference, failed, endedEarly } = standingOf(judged, reference, measure)
  const reason = runs.find((run) => measure.of(run) === undefined)?.failure
  const remarks = [
    searched.failure ?? '',
    failed > 0 ? `${failed} of ${runs.length} failed: ${reason}` : '',
    endedEarly > 0 ? `${endedEarly} of ${runs.length} ended early` : '',
  ]
  return [
    searched.learningRate === undefined ? '' : String(searched.learningRate),
    searched.score === undefined ? '' : formatScore(searched.score),
    withInterval(mean, measure),
    withInterval(difference, measure, '+'),
    remarks.filter((remark) => remark !== '').join('; '),
  ]
}

function withInterval(
  found: MeanInterval | undefined,
  { isShare }: Measure,
  plus: '' | '+' = '',
): string {
  if (found === undefined) return ''
  const { mean, halfWidth } = found
  const text = (value: number): string => (isShare ? value.toFixed(4) : formatScore(value))
  const sign = mean > 0 ? plus : ''
  return `${sign}${text(mean)}${halfWidth === undefined ? '' : ` ± ${text(halfWidth)}`}`
}
