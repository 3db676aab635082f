import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readJournal, type ReadJournal } from '../../evolve/journal.ts'
import { renderReport } from '../../report/report.ts'
import { readRun } from '../../report/run.ts'
import type { Invocation } from '../command.ts'
import { exitCodes, failure } from '../failure.ts'
import { createSources, reasonOf } from '../sources.ts'
import { writeFile } from '../write.ts'

interface ReportOptions {
  readonly out: string | undefined
}

const JOURNAL = 'journal.jsonl'
const REPORT = 'report.html'

/** `optc report`. */
export async function run({
  operands,
  options,
  host,
  output,
}: Invocation<ReportOptions>): Promise<number> {
  const [folder, ...others] = operands
  if (folder === undefined || others.length > 0)
    throw failure('usage', 'a report is of one run', '`optc report --help` shows how')
  const journal = readRunJournal(resolve(host.cwd, folder), folder)
  const found = readRun(journal.entries)
  if (journal.problem !== undefined || found === undefined)
    throw noRun(
      folder,
      journal.problem === undefined
        ? `its ${JOURNAL} does not begin with a configuration`
        : `${JOURNAL}: ${journal.problem}`,
    )
  const page = await renderReport(found, { loader: createSources(host.cwd).loader })
  if (options.out === '-') {
    output.print(page)
    return exitCodes.done
  }
  const shown = options.out ?? join(folder, REPORT)
  writeFile(resolve(host.cwd, shown), page, shown)
  output.note(`written to ${shown}`)
  return exitCodes.done
}

function readRunJournal(location: string, shown: string): ReadJournal {
  try {
    return readJournal(readFileSync(join(location, JOURNAL), 'utf8'))
  } catch (error) {
    throw noRun(shown, `${JOURNAL}: ${reasonOf(error)}`)
  }
}

function noRun(shown: string, reason: string): Error {
  return failure(
    'failed',
    `${shown} is no run of optc evolve: ${reason}`,
    'nothing was written; RUN is the folder that `optc evolve` made',
  )
}
