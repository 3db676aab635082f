import { join, resolve } from 'node:path'
import type { Invocation } from '../command.ts'
import { REPORT, reportPage } from '../evolving/report-page.ts'
import { readRun } from '../evolving/run-folder.ts'
import { exitCodes, failure } from '../failure.ts'
import { createSources } from '../sources.ts'
import { writeFile } from '../write.ts'

interface ReportOptions {
  readonly out: string | undefined
}

/** `optc report`. */
export async function run({
  operands,
  options,
  world,
  output,
}: Invocation<ReportOptions>): Promise<number> {
  const [folder, ...others] = operands
  if (folder === undefined || others.length > 0)
    throw failure('usage', 'a report is of one run', '`optc report --help` shows how')
  const run = readRun(resolve(world.cwd, folder), folder)
  const page = await reportPage(run, folder, createSources(world.cwd))
  if (options.out === '-') {
    output.print(page)
    return exitCodes.done
  }
  const shown = options.out ?? join(folder, REPORT)
  writeFile(resolve(world.cwd, shown), page, shown)
  output.note(`written to ${shown}`)
  return exitCodes.done
}
