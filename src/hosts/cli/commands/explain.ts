import { terminalText } from '../../../reference/markdown/terminal.ts'
import type { Topic } from '../../../reference/topic.ts'
import { allTopics, findTopics } from '../../../reference/topics.ts'
import { interpreter } from '../../../tasks/interpreter.ts'
import type { Invocation } from '../command.ts'
import type { Framework } from '../comparing/said-of-framework.ts'
import { describedCommands } from '../command-reference.ts'
import { commands } from '../command-table.ts'
import { exitCodes, failure } from '../failure.ts'
import type { Output } from '../output.ts'
import { libraryNames } from '../package.ts'
import { createSources } from '../sources.ts'
import type { World } from '../world.ts'

interface ExplainOptions {
  readonly list: boolean
  readonly against: Framework | undefined
  readonly python: string | undefined
}

/** `optc explain`. */
export async function run(invocation: Invocation<ExplainOptions>): Promise<number> {
  const { operands, options, world, output } = invocation
  if (options.against !== undefined) {
    const { explainAgainst } = await import('../comparing/explain-against.ts')
    const python = options.python ?? interpreter(world.env)
    return explainAgainst(operands[0], options.against, python, world, output)
  }
  const topics = explainedTopics(world)
  const [written] = operands
  if (written === undefined || options.list) {
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
  const style = { columns: Math.min(output.columns, 100), heading: output.paint.bold }
  const pages = found.map((topic) => terminalText(topic.page(), style))
  output.print(`${[output.paint.bold(name), ...pages].join('\n\n')}\n`)
  return exitCodes.done
}

/** Everything that `optc explain` has a page for. */
export function explainedTopics({ cwd }: Pick<World, 'cwd'>): readonly Topic[] {
  return allTopics({
    names: libraryNames(),
    read: createSources(cwd).library,
    commands: describedCommands(commands),
  })
}

function listTopics(topics: readonly Topic[], output: Output): void {
  const groups = new Set(topics.map(({ group }) => group))
  const parts = [...groups].map((group) => {
    const members = topics.filter((topic) => topic.group === group)
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
