import { HIDDEN, type Topic } from '../../../language/explain/topic.ts'
import { allTopics, findTopics } from '../../../language/explain/topics.ts'
import type { Invocation } from '../command.ts'
import { exitCodes, failure } from '../failure.ts'
import type { Output } from '../output.ts'
import { libraryNames } from '../package.ts'
import { createSources } from '../sources.ts'

/** `optc explain`. */
export function run({ operands, world, output }: Invocation<object>): number {
  const topics = allTopics(libraryNames(), createSources(world.cwd).library)
  const [written] = operands
  if (written === undefined) {
    listTopics(topics, output)
    return exitCodes.done
  }
  const { name, topics: found, meant } = findTopics(topics, written)
  if (found.length === 0)
    throw failure(
      'failed',
      `I don't know \`${written}\``,
      meant === undefined
        ? '`optc explain` lists everything there is'
        : `did you mean \`${meant}\`?`,
    )
  const columns = Math.min(output.columns, 100)
  output.print(
    `${[output.paint.bold(name), ...found.map((topic) => topic.page(columns))].join('\n\n')}\n`,
  )
  return exitCodes.done
}

function listTopics(topics: readonly Topic[], output: Output): void {
  const listed = topics.filter(({ group }) => group !== HIDDEN)
  const groups = new Set(listed.map(({ group }) => group))
  const parts = [...groups].map((group) => {
    const members = listed.filter((topic) => topic.group === group)
    const width = Math.max(...members.map(({ name }) => name.length))
    const room = output.columns - width - 4
    const rows = members.map(({ name, summary }) => {
      const short = summary.length > room ? `${summary.slice(0, Math.max(0, room - 1))}…` : summary
      return `  ${output.paint.cyan(name.padEnd(width))}  ${short}`.trimEnd()
    })
    return `${output.paint.bold(group)}\n\n${rows.join('\n')}\n`
  })
  output.print(parts.join('\n'))
}
