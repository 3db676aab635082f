import { compile } from '../../../compile.ts'
import type { Source } from '../../../diagnostics/source.ts'
import { isTaskFile } from '../../../tasks/own/load-task.ts'
import { findTask } from '../../../tasks/task.ts'
import { failure, isFailure, type Failure } from '../failure.ts'
import { libraryNames, packageVersion } from '../package.ts'
import type { Sources } from '../sources.ts'
import { readConfiguration, type RunConfiguration } from './configuration-schema.ts'
import { firstError, spaceOf } from './load-space.ts'
import { readRun, refuseVersion } from './run-folder.ts'

/** The space of a run as its configuration keeps it, whatever has become of its file. */
export const spaceSource = ({ spaceText }: RunConfiguration): Source => ({
  ...{ path: 'spaceText', text: spaceText },
})

/**
 * The configuration of a run to go on with. Throws a failure that names the field, when one of them is damaged, and says so
 * when another version wrote it.
 */
export function begunRun(location: string, shown: string, sources: Sources): RunConfiguration {
  const run = readRun(location, shown)
  refuseVersion(run, shown, packageVersion())
  const configuration = readConfiguration(run.configuration, shown)
  const damaged = (problem: string): Failure =>
    failure('failed', `the configuration of ${shown} is damaged: ${problem}`, 'nothing was changed')
  try {
    spaceOf(spaceSource(configuration), sources.loader)
  } catch (error) {
    throw isFailure(error) ? damaged(error.message) : error
  }
  const problem =
    taskProblem('task', configuration.task) ??
    (configuration.otherTasks ?? [])
      .map(({ task }, index) => taskProblem(`otherTasks[${index}].task`, task))
      .find((each) => each !== undefined) ??
    baselineProblem(configuration) ??
    givenProblem(configuration, sources)
  if (problem !== undefined) throw damaged(problem)
  return configuration
}

const taskProblem = (field: string, task: string): string | undefined =>
  isTaskFile(task) || findTask(task) !== undefined
    ? undefined
    : `${field}: there is no task ${task}`

function baselineProblem({ against }: RunConfiguration): string | undefined {
  const known = libraryNames()
  const index = against.findIndex((name) => !known.includes(`std/${name}`))
  return index < 0 ? undefined : `against[${index}]: the library has no ${against[index]}`
}

/** What is wrong with the rules that the run began with. */
function givenProblem({ given }: RunConfiguration, sources: Sources): string | undefined {
  for (const [index, { text }] of given.entries()) {
    const source = { path: `given[${index}].text`, text }
    const { value, diagnostics } = compile(source, sources.loader)
    if (value === undefined) return firstError(diagnostics, source)
    if (value.programs.length === 0) return `${source.path} has no optimizer`
  }
  return undefined
}
