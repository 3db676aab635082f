import type { DataSpec } from '../../../tasks/own/json/data/table.ts'
import { exampleTaskFile, taskFileJsonSchema } from '../../../tasks/own/json/task-file.ts'
import { TASK_GROUPS, type Task, type TaskGroup } from '../../../tasks/open-task.ts'
import { TASKS } from '../../../tasks/task.ts'
import type { Invocation } from '../command.ts'
import { findNamedData } from '../../../tasks/named-data.ts'
import { describeData } from '../data-state.ts'
import { exitCodes, failure } from '../failure.ts'
import type { Output } from '../output.ts'
import { renderTable } from '../table.ts'
import { taskOf } from '../task-option.ts'

interface TasksOptions {
  readonly example: DataSpec['kind'] | undefined
  readonly schema: boolean
}

/** `optc tasks`. */
export async function run({
  operands,
  options: { example, schema },
  world,
  output,
}: Invocation<TasksOptions>): Promise<number> {
  if ([schema, example !== undefined, operands.length > 0].filter(Boolean).length > 1)
    throw failure(
      'usage',
      'a list, --schema and --example are apart',
      'ask for one after the other',
    )
  if (schema || example !== undefined) {
    const file = example === undefined ? taskFileJsonSchema() : exampleTaskFile(example)
    output.print(`${JSON.stringify(file, undefined, 2)}\n`)
    return exitCodes.done
  }
  if (operands.length === 0) {
    const groups = Object.keys(TASK_GROUPS) as TaskGroup[]
    output.print(groups.flatMap((group) => listGroup(group, output)).join('\n'))
    output.note('`optc tasks NAME` tells all about one, its data and how to get it among it')
    output.note(
      '`optc train std/adam --task NAME` trains on it; `optc data` tells where all data is',
    )
    return exitCodes.done
  }
  const tasks = await Promise.all(operands.map((name) => taskOf(name, world.cwd, undefined)))
  output.print(tasks.map((task) => explain(task, output)).join('\n'))
  return exitCodes.done
}

/** A heading and a table; nothing where there are no such tasks. */
function listGroup(group: TaskGroup, { paint }: Output): readonly string[] {
  const tasks = TASKS.filter((task) => task.group === group)
  if (tasks.length === 0) return []
  const rows = tasks.map((task) => [
    task.name,
    String(task.defaults.steps),
    String(task.defaults.batchSize),
    task.data ?? 'none',
    task.summary,
  ])
  const head = ['task', 'steps', 'batch', 'data', 'what']
  const table = renderTable(head, rows, paint, ['steps', 'batch'])
  return [`${paint.bold(group)}: ${TASK_GROUPS[group]}\n\n${table}`]
}

/** All there is to know about one task without opening it. */
function explain(task: Task, output: Output): string {
  const { name, summary, group, defaults, metric, chance, examples, data, work } = task
  const { steps, batchSize, evaluateEvery } = defaults
  const each = examples === undefined ? '' : `, each of ${batchSize} ${examples}`
  const guessing = chance === undefined ? '' : `; guessing has ${(100 * chance).toPrecision(3)} %`
  const multiplications = work?.()
  const facts = [
    ...(group === undefined ? [] : [`one of the ${group}: ${TASK_GROUPS[group]}`]),
    `${steps} steps${each}, evaluated every ${evaluateEvery}, where nothing else is asked for`,
    metric === undefined
      ? 'judged by its loss'
      : `judged by its ${metric.name}, ${metric.better} being better${guessing}`,
    ...(multiplications === undefined || multiplications === 0
      ? []
      : [`${multiplications.toLocaleString('en-US')} multiplications to score one example`]),
  ]
  const lines = [`${output.paint.bold(name)}: ${summary}`, ...facts.map((fact) => `  ${fact}`)]
  const source = data === undefined ? undefined : findNamedData(data)
  return `${lines.join('\n')}\n${source === undefined ? '' : `\n${describeData(source, output)}`}`
}
