import { allNames } from '../../../reference/topics.ts'
import type { Invocation } from '../command.ts'
import { commands } from '../command-table.ts'
import { SHELLS } from '../completion/shells.ts'
import { completedCommands } from '../completion/words.ts'
import { exitCodes, failure } from '../failure.ts'
import { libraryNames } from '../package.ts'
import { missingTrainingPackage } from '../training-packages.ts'
import { explainedTopics } from './explain.ts'

/** `optc completion`. */
export async function run({
  operands: [name = ''],
  world,
  output,
}: Invocation<object>): Promise<number> {
  const shell = Object.hasOwn(SHELLS, name) ? SHELLS[name] : undefined
  if (shell === undefined)
    throw failure('usage', `there is no completion for ${name}`, Object.keys(SHELLS).join(', '))
  const library = libraryNames()
  const rows = completedCommands(commands, {
    library,
    tasks: await taskNames(),
    topics: [...allNames(explainedTopics(world))].filter((topic) => /^[\w/.-]+$/.test(topic)),
    shells: Object.keys(SHELLS),
  })
  output.print(shell.script(rows))
  output.note(shell.use)
  return exitCodes.done
}

/** The names of the tasks; none where TensorFlow.js is not installed, since nothing can be trained then. */
async function taskNames(): Promise<readonly string[]> {
  try {
    const { TASKS } = await import('../../../tasks/task.ts')
    return TASKS.map((task) => task.name)
  } catch (error) {
    if (missingTrainingPackage(error) === undefined) throw error
    return []
  }
}
