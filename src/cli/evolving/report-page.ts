import type { Entry } from '../../evolve/journal.ts'
import { tryFilters } from '../../report/filter-trial.ts'
import { renderReport } from '../../report/report.ts'
import { arrangeRun } from '../../report/run.ts'
import type { Protocol } from '../../tasks/protocol.ts'
import type { Sources } from '../sources.ts'

/** The report's name in its run folder. */
export const REPORT = 'report.html'

/** The report of a journal that begins with a configuration. Throws an Error for one that does not. */
export async function reportPage(journal: readonly Entry[], { loader }: Sources): Promise<string> {
  const run = arrangeRun(journal)
  if (run === undefined) throw new Error('the journal does not begin with a configuration')
  const { judging } = run.configuration
  return renderReport(run, {
    loader,
    filters: tryFilters(run, loader),
    ...(judging !== undefined && { protocol: judging as Protocol }),
  })
}
