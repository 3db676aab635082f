import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { compileModule } from '../../compile.ts'
import { emitTypeScript } from '../../emit/ts.ts'
import { formatTypeScript } from '../../emit/ts-format.ts'
import type { Work } from '../../evolve/journal.ts'
import {
  search,
  type Scored,
  type SearchConfiguration,
  type SearchEvent,
  type SearchResult,
} from '../../evolve/search.ts'
import { adopt, negateUpdate, tidy } from '../../mutate/adopt.ts'
import type { BackendChoice } from '../../runtime/backends.ts'
import { openTask } from '../../tasks/open-task.ts'
import { findProtocol } from '../../tasks/protocol.ts'
import { findTask } from '../../tasks/task.ts'
import type { Module } from '../../syntax/ast.ts'
import { parse } from '../../syntax/parse.ts'
import { print } from '../../syntax/print.ts'
import type { Invocation } from '../command.ts'
import { compileFiles } from '../compiled-files.ts'
import { createPool } from '../evolving/pool.ts'
import {
  createRunFolder,
  readConfiguration,
  resumeRunFolder,
  type RunFolder,
} from '../evolving/run-folder.ts'
import { dataFailure } from '../data-failure.ts'
import { loadSpace } from '../evolving/load-space.ts'
import { finalTable } from '../evolving/final-table.ts'
import { exitCodes, failure } from '../failure.ts'
import type { Host } from '../host.ts'
import { findInputs } from '../inputs.ts'
import type { Output } from '../output.ts'
import { packageVersion } from '../package.ts'
import { createProgress, formatDuration, type Progress } from '../progress.ts'
import { createSources, type Sources } from '../sources.ts'

interface EvolveOptions {
  readonly task: string
  readonly protocol: string
  readonly particles: number
  readonly timesteps: number
  readonly children: number
  readonly initial: number
  readonly seed: number
  readonly space: string
  readonly workers: number | undefined
  readonly backend: BackendChoice | undefined
  readonly data: string | undefined
  readonly out: string | undefined
  readonly resume: string | undefined
}

/** What a run depends on, as its journal keeps it. */
interface RunConfiguration extends SearchConfiguration {
  readonly task: string
  readonly protocol: string
  readonly space: string
  readonly backend: string
  readonly given: readonly string[]
}

const FINALISTS = 3
const FINAL_SEEDS = 3
const BASELINES = ['std/adam', 'std/sgd']

/** `optc evolve`. */
export async function run({
  operands,
  options,
  host,
  output,
}: Invocation<EvolveOptions>): Promise<number> {
  const started = host.now()
  const sources = createSources(host.cwd)
  const shown = options.resume ?? options.out ?? `evolve-${options.task}-${options.seed}`
  const location = resolve(host.cwd, shown)
  if (options.resume !== undefined && operands.length > 0)
    throw failure('usage', 'a run that is resumed has its rules already', 'leave the PATHs out')
  const resumed =
    options.resume === undefined
      ? undefined
      : (readConfiguration(location, shown) as unknown as RunConfiguration)
  const given = resumed?.given ?? (await readGiven(operands, host, sources, output))
  if (given === undefined) return exitCodes.failed
  const wanted = resumed ?? {
    ...configurationOf(options),
    given,
    backend: options.backend ?? 'auto',
  }

  checkTask(wanted, options.data)
  const space = loadSpace(wanted.space, sources)
  const setup = {
    task: wanted.task,
    protocol: wanted.protocol,
    backend: wanted.backend as BackendChoice,
    data: options.data && resolve(host.cwd, options.data),
    cwd: host.cwd,
  }
  const workers = options.workers ?? availableParallelism()
  const pool = await createPool(workers, setup, host.signal)
  try {
    // Scores repeat on one backend only: `auto` is settled when the run begins.
    const configuration: RunConfiguration = { ...wanted, backend: pool.backend }
    const folder =
      resumed === undefined
        ? createRunFolder(location, shown, packageVersion(), { ...configuration })
        : resumeRunFolder(location, shown, packageVersion())
    const watcher = watchSearch(host, folder)
    output.note(
      `${shown}: ${wanted.task} on ${pool.backend}, ${workers} ${workers === 1 ? 'process' : 'processes'}, seed ${wanted.seed}`,
    )
    const modules = given.map((text) => adopt(space, parse({ path: 'given.opt', text }).value))
    const baselines = BASELINES.map((name) => ({
      name: name.slice('std/'.length),
      text: sources.read(name).text,
    }))
    const result = await search(configuration, modules, baselines, {
      space,
      loader: sources.loader,
      judge: pool.judge,
      past: folder.past,
      write: folder.write,
      onEvent: watcher.onEvent,
      signal: host.signal,
    })
    watcher.end()
    if (result.interrupted) {
      output.note(`interrupted; go on with: optc evolve --resume ${shown}`)
      return exitCodes.interrupted
    }
    await writeBest(result, folder, sources)
    const table = finalTable(result, output.paint)
    folder.writeText('table.txt', finalTable(result, undefined))
    output.print(table)
    output.note(watcher.summary())
    const duration = formatDuration((host.now() - started) / 1000)
    if (result.best.length === 0)
      throw failure(
        'failed',
        `after ${duration} no rule has passed the training; there was nothing to evolve`,
        'begin with more random rules (--initial) or with rules of your own',
      )
    output.note(`${duration}; the best rules are in ${shown}/best`)
    return exitCodes.done
  } finally {
    pool.close()
  }
}

function configurationOf(options: EvolveOptions): Omit<RunConfiguration, 'given' | 'backend'> {
  const { task, protocol, space, seed, particles, timesteps, children, initial } = options
  return {
    task,
    protocol,
    space,
    seed,
    particles,
    timesteps,
    children,
    initial,
    finalists: FINALISTS,
    finalSeeds: FINAL_SEEDS,
  }
}

/** Throws a failure when the task, its data or the protocol cannot be used. */
function checkTask(
  { task, protocol }: { task: string; protocol: string },
  data: string | undefined,
): void {
  const found = findTask(task)
  if (found === undefined)
    throw failure('usage', `there is no task ${task}`, '`optc tasks` lists them')
  if (findProtocol(protocol) === undefined)
    throw failure('usage', `there is no protocol ${protocol}`)
  const opened = openTask(found, data)
  if (!opened.ok) throw dataFailure(opened.problem)
}

/** The texts of the rules to start from; undefined, their diagnostics shown, when one has errors. */
async function readGiven(
  operands: readonly string[],
  host: Host,
  sources: Sources,
  output: Output,
): Promise<readonly string[] | undefined> {
  if (operands.length === 0) return []
  const files = compileFiles(await findInputs(operands, host, sources), sources, output)
  for (const { path, compiled } of files ?? [])
    if (compiled.programs.length === 0)
      throw failure('failed', `${path} has no optimizer to start from`)
  return files?.map(({ path }) => sources.read(path).text)
}

/** Follows a search: progress on the terminal, candidates as files, counts for the end. */
function watchSearch(host: Host, folder: RunFolder) {
  let progress: Progress | undefined
  let done = 0
  let judged = 0
  let failed = 0
  let steps = 0
  let best = -Infinity
  const rejections = new Map<string, number>()

  const onWork = (work: Work): void => {
    for (const { reason, count } of work.rejections)
      rejections.set(reason, (rejections.get(reason) ?? 0) + count)
    for (const [index, { rule, fitness }] of work.attempts.entries()) {
      judged += 1
      steps += fitness.steps
      if (fitness.score === undefined) failed += 1
      else best = Math.max(best, fitness.score)
      folder.writeText(
        `candidates/${work.slot.replaceAll('/', '-')}${index === 0 ? '' : `-redrawn-${index}`}.opt`,
        rule,
      )
    }
  }
  const onEvent = (event: SearchEvent): void => {
    if (event.kind === 'stage') {
      progress?.end()
      done = 0
      progress = createProgress(host, { title: event.name, total: event.slots, unit: 'rules' })
      progress.update(0)
      return
    }
    if (event.kind === 'work') onWork(event.work)
    done += 1
    progress?.update(done, best > -Infinity ? `best ${best.toFixed(4)}` : '')
  }
  return {
    onEvent,
    end: () => progress?.end(),
    summary: () => {
      const thrown = [...rejections]
        .sort((a, b) => b[1] - a[1])
        .map(([reason, count]) => `${count} ${reason}`)
      return `${judged} rules trained, ${failed} of them failed, ${steps} training steps; draws thrown away: ${thrown.join(', ') || 'none'}`
    },
  }
}

/** The best rules as `.opt` files and as TypeScript. */
async function writeBest(
  { best }: SearchResult,
  folder: RunFolder,
  sources: Sources,
): Promise<void> {
  for (const [index, scored] of best.slice(0, FINALISTS).entries()) {
    const name = `best-${index + 1}`
    const module = presentable(scored, index + 1)
    folder.writeText(`best/${name}.opt`, print(module))
    const { value } = compileModule(module, sources.loader)
    if (value === undefined) throw new Error(`the rule ${name} does not compile any more`)
    const [artifact] = await formatTypeScript(await emitTypeScript(value.programs, [], { name }))
    if (artifact !== undefined) folder.writeText(`best/${name}.ts`, artifact.text)
  }
}

function presentable({ slot, attempt, score }: Scored, place: number): Module {
  const { value } = parse({ path: 'candidate.opt', text: attempt.rule })
  const signed = attempt.integrity.flipped ? negateUpdate(value) : value
  const { learningRate } = attempt.fitness
  return tidy(signed, `Best${place}`, [
    `Found by a search as ${slot}: score ${score.toFixed(4)} with the learning rate ${learningRate}.`,
  ])
}
