import type { Entry } from '../../src/evolve/journal.ts'
import { renderReport, type ReportSurroundings } from '../../src/report/report.ts'
import { arrangeRun } from '../../src/report/run.ts'
import { loader } from '../stdlib/library.ts'
import { elementsOf, readMarkup, textOf } from './markup.ts'

/** The page of a journal. */
export async function report(
  entries: readonly Entry[],
  more: Partial<ReportSurroundings> = {},
): Promise<string> {
  return renderReport(arrangeRun(entries)!, { loader, ...more })
}

/** The sentence that says what was found. */
export const leadOf = (page: string): string =>
  textOf(elementsOf(readMarkup(page)).find(({ attributes }) => attributes.get('class') === 'lead')!)

/** A search of a second. */
export const SMALL = {
  particles: 2,
  timesteps: 2,
  children: 3,
  initial: 8,
  finalists: 2,
  finalSeeds: 3,
  rungs: 1,
  baselines: ['adam', 'sgd'],
} as const
