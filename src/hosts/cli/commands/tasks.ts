import { TASKS } from '../../../tasks/task.ts'
import type { Invocation } from '../command.ts'
import { exitCodes } from '../failure.ts'
import { renderTable } from '../table.ts'

/** `optc tasks`. */
export function run({ output }: Invocation<object>): number {
  const rows = TASKS.map((task) => [
    task.name,
    String(task.defaults.steps),
    String(task.defaults.batchSize),
    task.data ?? 'none',
    task.summary,
  ])
  const head = ['task', 'steps', 'batch', 'data', 'what']
  output.print(renderTable(head, rows, output.paint, ['steps', 'batch']))
  output.note(
    '`optc train std/adam --task NAME` trains on one; `optc data` tells where its data is',
  )
  return exitCodes.done
}
