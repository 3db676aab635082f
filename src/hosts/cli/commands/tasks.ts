import type { DataSpec } from '../../../tasks/own/json/data/table.ts'
import { exampleTaskFile, taskFileJsonSchema } from '../../../tasks/own/json/task-file.ts'
import { TASKS } from '../../../tasks/task.ts'
import type { Invocation } from '../command.ts'
import { exitCodes, failure } from '../failure.ts'
import { renderTable } from '../table.ts'

interface TasksOptions {
  readonly example: DataSpec['kind'] | undefined
  readonly schema: boolean
}

/** `optc tasks`. */
export function run({ options: { example, schema }, output }: Invocation<TasksOptions>): number {
  if (schema && example !== undefined)
    throw failure('usage', '--schema and --example are two files', 'ask for one after the other')
  if (schema || example !== undefined) {
    const file = example === undefined ? taskFileJsonSchema() : exampleTaskFile(example)
    output.print(`${JSON.stringify(file, undefined, 2)}\n`)
    return exitCodes.done
  }
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
