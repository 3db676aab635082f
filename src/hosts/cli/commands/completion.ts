import { allNames } from '../../../reference/topics.ts'
import { TASKS } from '../../../tasks/task.ts'
import type { Invocation } from '../command.ts'
import { commands } from '../command-table.ts'
import { SHELLS } from '../completion/shells.ts'
import { completedCommands } from '../completion/words.ts'
import { exitCodes, failure } from '../failure.ts'
import { libraryNames } from '../package.ts'
import { explainedTopics } from './explain.ts'

/** `optc completion`. */
export function run({ operands: [name = ''], world, output }: Invocation<object>): number {
  const shell = Object.hasOwn(SHELLS, name) ? SHELLS[name] : undefined
  if (shell === undefined)
    throw failure('usage', `there is no completion for ${name}`, Object.keys(SHELLS).join(', '))
  const library = libraryNames()
  const rows = completedCommands(commands, {
    library,
    tasks: TASKS.map((task) => task.name),
    topics: [...allNames(explainedTopics(world))].filter((topic) => /^[\w/.-]+$/.test(topic)),
    shells: Object.keys(SHELLS),
  })
  output.print(shell.script(rows))
  output.note(shell.use)
  return exitCodes.done
}
