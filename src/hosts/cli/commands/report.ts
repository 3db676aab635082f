import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeComparison } from '../../../report/comparison.ts'
import { page } from '../../../report/page.ts'
import { arrangeRun } from '../../../report/run.ts'
import { stateText } from '../../../report/run-status.ts'
import { runPath } from '../../../report/watched-page.ts'
import type { Invocation } from '../command.ts'
import { createPause } from '../evolving/pause.ts'
import { REPORT, reportPage } from '../evolving/report-page.ts'
import { readRun } from '../evolving/run-folder.ts'
import { exitCodes, failure } from '../failure.ts'
import type { Output } from '../output.ts'
import { serveUntilEnd } from '../serve.ts'
import { createSources } from '../sources.ts'
import { isRun } from '../watching/find-runs.ts'
import { createWatchSite } from '../watching/watch-site.ts'
import { watchRun } from '../watching/watched-run.ts'
import type { World } from '../world.ts'
import { writeFile } from '../write.ts'

/** The name of a page with several runs, where none is given. */
const COMPARISON = 'comparison.html'

interface ReportOptions {
  readonly out: string | undefined
  readonly watch: boolean
  readonly open: boolean
  readonly port: number | undefined
}

/** How often it is looked whether something has come to a run, in milliseconds. */
const LOOK_EVERY = 1000

/** `optc report`. */
export async function run(invocation: Invocation<ReportOptions>): Promise<number> {
  const { operands, options } = invocation
  if (options.watch) return watch(invocation)
  if (options.open || options.port !== undefined)
    throw failure(
      'usage',
      `--${options.open ? 'open' : 'port'} is for a page that is served`,
      'add --watch',
    )
  const [folder, ...others] = operands
  if (folder === undefined)
    throw failure(
      'usage',
      'a report is of one run, or of several',
      '`optc report --help` shows how',
    )
  return others.length > 0 ? compare(invocation) : writeReport(folder, invocation)
}

async function writeReport(
  folder: string,
  { options, world, output }: Invocation<ReportOptions>,
): Promise<number> {
  const run = readRun(resolve(world.cwd, folder), folder)
  const text = await reportPage(run, folder, createSources(world.cwd), createPause(world.signal))
  write(text, options.out ?? join(folder, REPORT), world, output)
  return exitCodes.done
}

/** Writes several runs side by side. */
async function compare({
  operands,
  options,
  world,
  output,
}: Invocation<ReportOptions>): Promise<number> {
  const { loader } = createSources(world.cwd)
  const compared = operands.map((name) => {
    const watched = watchRun(resolve(world.cwd, name), name, loader, createPause(world.signal))
    const { journal } = readRun(watched.location, name)
    watched.look()
    return {
      ...{ name, run: arrangeRun(journal)!, protocol: watched.protocol() },
      state: stateText(watched.state()),
    }
  })
  write(page(await makeComparison(compared, loader)), options.out ?? COMPARISON, world, output)
  return exitCodes.done
}

function write(text: string, shown: string, world: World, output: Output): void {
  if (shown === '-') return output.print(text)
  writeFile(resolve(world.cwd, shown), text, shown)
  output.note(`written to ${shown}`)
}

/** Serves pages of runs that refresh themselves, until Ctrl-C. */
async function watch({
  operands,
  options,
  world,
  output,
}: Invocation<ReportOptions>): Promise<number> {
  if (options.out !== undefined)
    throw failure('usage', '--watch serves a page, --out writes one', 'leave one of them out')
  const paths = operands.length === 0 ? ['.'] : operands
  for (const path of paths)
    if (!existsSync(resolve(world.cwd, path)))
      throw failure(
        'failed',
        `there is no folder ${path}`,
        'a run is a folder that optc evolve made',
      )
  const { loader } = createSources(world.cwd)
  const watched = createWatchSite({ paths, loader, pause: createPause(world.signal) }, world)
  watched.look()
  const tick = setInterval(watched.look, LOOK_EVERY)
  const [only] = paths.length === 1 && isRun(resolve(world.cwd, paths[0]!)) ? paths : []
  const start = only === undefined ? {} : { start: runPath(only) }
  try {
    await serveUntilEnd(watched.site, { ...options, ...start }, world, output)
  } finally {
    clearInterval(tick)
  }
  return exitCodes.interrupted
}
