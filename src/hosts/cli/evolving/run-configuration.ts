import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { compile } from '../../../compile.ts'
import { FILTERS, findFilter } from '../../../evolve/filters.ts'
import type { Budget, Reuse } from '../../../evolve/search-configuration.ts'
import type { ComputingChoice } from '../../../tasks/computing.ts'
import { findProtocol, PROTOCOLS, withTasks, type Protocol } from '../../../tasks/protocol.ts'
import { readProtocol } from '../../../tasks/protocol-file.ts'
import { scaledProtocol } from '../../../tasks/protocol-scale.ts'
import type { Task, TaskFile } from '../../../tasks/open-task.ts'
import { isTaskFile } from '../../../tasks/own/load-task.ts'
import { optionName } from '../command.ts'
import type { DataFolder } from '../data-option.ts'
import { failure, type Failure } from '../failure.ts'
import type { World } from '../world.ts'
import { libraryNames } from '../package.ts'
import { reasonOf, type Sources } from '../sources.ts'
import type { RunConfiguration } from './configuration-schema.ts'
import { loadSpace, spacePath } from './load-space.ts'
import type { OtherTask } from './other-tasks.ts'

/** The options of `optc evolve`. */
export interface EvolveOptions {
  readonly task: string
  readonly protocol: string
  readonly scale: number
  readonly particles: number
  readonly timesteps: number
  readonly children: number
  readonly initial: number
  readonly seed: number
  readonly space: string
  readonly selection: 'racing' | 'published'
  readonly contenders: number
  readonly rounds: number
  readonly confidence: number
  readonly reuse: Reuse
  readonly filters: readonly string[] | undefined
  readonly integrity: 'on' | 'off'
  readonly budget: Budget | undefined
  readonly ladder: boolean
  readonly finalists: number
  readonly finalSeeds: number
  readonly rateSeeds: number
  readonly against: readonly string[]
  readonly workers: number | undefined
  readonly backend: ComputingChoice | undefined
  readonly data: readonly DataFolder[] | undefined
  readonly out: string | undefined
  readonly resume: string | undefined
  readonly open: boolean
}

/** The tasks of a run. */
export interface RunTasks {
  /** The search's. */
  readonly task: Task
  /** Those of the protocol that its rules are judged on, too. */
  readonly others: readonly Pick<OtherTask, 'name' | 'task'>[]
}

/** The configuration that options ask for; `auto` is not settled yet. Throws a failure for what cannot be used. */
export function configurationOf(
  options: EvolveOptions,
  { task, others }: RunTasks,
  given: RunConfiguration['given'],
  world: World,
  sources: Sources,
): RunConfiguration {
  loadSpace(options.space, sources)
  const { selection, contenders, rounds, confidence } = options
  const judging = judgingOf(options, others, world)
  return {
    task: options.task,
    ...rests(task),
    ...(others.length > 0 && {
      otherTasks: others.map(({ name, task: other }) => ({ task: name, ...rests(other) })),
    }),
    protocol: judging.name,
    ...(options.scale !== 1 && { scale: options.scale }),
    judging,
    space: options.space,
    spaceText: sources.read(spacePath(options.space)).text,
    seed: options.seed,
    particles: options.particles,
    timesteps: options.timesteps,
    children: options.children,
    initial: options.initial,
    selection:
      selection === 'published'
        ? { kind: selection }
        : { kind: selection, contenders, rounds, confidence },
    reuse: options.reuse,
    filters: filterNames(options.filters ?? []),
    ...(options.integrity === 'off' && { integrity: 'off' }),
    ...(options.budget && { budget: options.budget }),
    ladder: options.ladder,
    finalists: options.finalists,
    finalSeeds: options.finalSeeds,
    rateSeeds: options.rateSeeds,
    backend: options.backend ?? 'auto',
    against: libraryRules(options.against, sources),
    given,
  }
}

/** What a configuration keeps of a task beside its name. */
const rests = ({ files, metric }: Task): Pick<RunConfiguration, 'taskFiles' | 'metric'> => ({
  ...(files && { taskFiles: files }),
  ...(metric && { metric }),
})

/** The protocol that options ask for, as long as they ask for. Throws a failure for what is none. */
export function protocolOf(
  { protocol, scale }: Pick<EvolveOptions, 'protocol' | 'scale'>,
  world: World,
): Protocol {
  return scaledProtocol(loadProtocol(protocol, world), scale)
}

/** The same without the tasks that are left out of a ladder that is climbed. */
function judgingOf(options: EvolveOptions, others: RunTasks['others'], world: World): Protocol {
  const protocol = protocolOf(options, world)
  if (!options.ladder) return protocol
  const judging = withTasks(
    protocol,
    others.map(({ name }) => name),
  )
  if (judging.ladder.length > 0) return judging
  throw failure(
    'failed',
    'no rung of the ladder has its data',
    'give it with --data SET=DIR, or leave --ladder out',
  )
}

/** Where the configuration keeps what an option says, when not under its name alone. */
const KEYS: Readonly<Record<string, readonly (keyof RunConfiguration)[]>> = {
  task: ['task', 'taskFiles'],
  protocol: ['judging'],
  // The file may have been edited.
  space: ['space', 'spaceText'],
  contenders: ['selection'],
  rounds: ['selection'],
  confidence: ['selection'],
}

/** Options that say how a run is worked on, not what it is. */
const FREE = new Set(['workers', 'data', 'resume', 'open'])

/**
 * Makes sure that options given beside `--resume` ask for nothing else than the run was begun with. Throws a failure that
 * names the first that does.
 */
export function refuseChanges(
  given: ReadonlySet<string>,
  options: EvolveOptions,
  tasks: RunTasks,
  begun: RunConfiguration,
  world: World,
  sources: Sources,
): void {
  if (given.has('out'))
    throw failure('usage', 'a run that is resumed stays in its folder', 'leave --out out')
  // A module may lie elsewhere now, as long as it is the same.
  const isMoved = isTaskFile(begun.task) && isTaskFile(options.task)
  const { scale = 1 } = begun
  if (given.has('scale') && options.scale !== scale) throw isAnother('scale')
  const asked = configurationOf(
    {
      ...options,
      scale,
      // Of a ladder, what it lacks is left out.
      ladder: given.has('ladder') ? options.ladder : begun.ladder,
      task: given.has('task') && !isMoved ? options.task : begun.task,
    },
    tasks,
    begun.given,
    world,
    sources,
  )
  for (const name of given) {
    if (FREE.has(name)) continue
    const keys: readonly string[] = KEYS[name] ?? [name]
    const [before, now] = [begun, asked].map((each: Readonly<Record<string, unknown>>) =>
      JSON.stringify(keys.map((key) => each[key])),
    )
    if (before !== now) throw isAnother(name)
  }
}

function isAnother(option: string): Failure {
  return failure(
    'usage',
    `the run was begun with another ${optionName(option)}`,
    'leave it out to go on with the run as it is, or begin a new one',
  )
}

/** Throws a failure that names the files, where those of the run's tasks are not what they were when it was begun. */
export function refuseChangedTasks(begun: RunConfiguration, { task, others }: RunTasks): void {
  refuseChangedTask(begun, task)
  for (const before of begun.otherTasks ?? []) {
    const now = others.find(({ name }) => name === before.task)
    if (now !== undefined) refuseChangedTask(before, now.task)
  }
}

/** The same for one task. */
export function refuseChangedTask(
  { task, taskFiles }: Pick<RunConfiguration, 'task' | 'taskFiles'>,
  now: Task,
): void {
  const [before, after] = [taskFiles ?? [], now.files ?? []]
  const isIn = (files: Task['files'], { path, digest }: TaskFile): boolean =>
    files?.some((other) => other.path === path && other.digest === digest) === true
  const changed = [
    ...before.filter((file) => !isIn(after, file)),
    ...after.filter((file) => !isIn(before, file)),
  ].map(({ path }) => path)
  if (changed.length === 0) return
  throw failure(
    'failed',
    `the task ${task} has changed since the run began: ${[...new Set(changed)].join(', ')}`,
    'its rules were judged by another task: put back what has changed, or begin a new run',
  )
}

/** The protocol of a name or a file. Throws a failure for what is none. */
export function loadProtocol(name: string, world: World): Protocol {
  const preset = findProtocol(name)
  if (preset !== undefined) return preset
  if (!name.endsWith('.json'))
    throw failure(
      'usage',
      `there is no protocol ${name}`,
      `there is ${PROTOCOLS.map((protocol) => protocol.name).join(', ')}, or give a .json file`,
    )
  let text: string
  try {
    text = readFileSync(resolve(world.cwd, name), 'utf8')
  } catch (error) {
    throw failure('failed', `cannot read ${name}: ${reasonOf(error)}`)
  }
  const read = readProtocol(text)
  if (!read.ok) throw failure('failed', `${name}: ${read.problem}`)
  return read.value
}

/** The names of optimizers of the library. Throws a failure for one that is none. */
function libraryRules(names: readonly string[], sources: Sources): readonly string[] {
  const known = libraryNames()
  for (const name of names) {
    const path = `std/${name}`
    const source = known.includes(path) ? sources.read(path) : undefined
    if (source === undefined || compile(source, sources.loader).value?.programs[0] === undefined)
      throw failure(
        'usage',
        `--against ${name}: the library has no such optimizer`,
        '`optc explain` lists the library',
      )
  }
  return [...new Set(names)]
}

/** The names of filters, `all` being all of them. Throws a failure for one that there is not. */
export function filterNames(names: readonly string[]): readonly string[] {
  if (names.length === 1 && names[0] === 'all') return FILTERS.map(({ name }) => name)
  const unknown = names.find((name) => findFilter(name) === undefined)
  if (unknown !== undefined)
    throw failure(
      'usage',
      `there is no filter ${unknown}`,
      `there is ${FILTERS.map(({ name }) => name).join(', ')}, and all`,
    )
  return names
}
