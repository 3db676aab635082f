import { tryFilters } from '../../../report/filter-trial.ts'
import { renderReport } from '../../../report/report.ts'
import { arrangeRun } from '../../../report/run.ts'
import type { Sources } from '../sources.ts'
import { readConfiguration } from './configuration-schema.ts'
import type { RunJournal } from './run-folder.ts'

/** The report's name in its run folder. */
export const REPORT = 'report.html'

/** The report of the run that is called `shown`; `pause` is awaited during long work. Throws a failure when its configuration is damaged. */
export async function reportPage(
  { journal, configuration }: RunJournal,
  shown: string,
  { loader }: Sources,
  pause?: () => Promise<unknown>,
): Promise<string> {
  const { judging: protocol } = readConfiguration(configuration, shown)
  const run = arrangeRun(journal)
  if (run === undefined) throw new Error('the journal does not begin with a configuration')
  return renderReport(run, { loader, filters: await tryFilters(run, loader, pause), protocol })
}
