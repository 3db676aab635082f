import { code, fenced, joined, table } from '../markdown/write.ts'
import type { Topic } from '../topic.ts'

/** What the reference says of a command of the command line. */
export interface DescribedCommand {
  readonly name: string
  /** A fragment without a full stop. */
  readonly summary: string
  /** Its arguments as they are written: `[PATH...]`. */
  readonly operands: string
  readonly details?: string
  /** As they are written, with what stands for their values: `--out DIR`. */
  readonly options: readonly { readonly written: string; readonly summary: string }[]
  readonly examples: readonly (readonly [line: string, purpose: string])[]
}

/** A topic for each command. */
export function commandTopics(commands: readonly DescribedCommand[]): readonly Topic[] {
  return commands.map((command) => ({
    name: command.name,
    group: 'Commands',
    summary: command.summary,
    page: () => page(command),
  }))
}

function page({ name, summary, operands, details, options, examples }: DescribedCommand): string {
  const hasOptions = options.length > 0
  const usage = ['optc', name, ...(hasOptions ? ['[OPTIONS]'] : []), operands].join(' ').trim()
  return joined(
    fenced('text', usage),
    `${name}, a command: ${summary}`,
    details,
    hasOptions
      ? table(
          ['option', 'what it does'],
          options.map((option) => [code(option.written), option.summary]),
        )
      : undefined,
    examples.length > 0 ? 'Examples:' : undefined,
    examples.length > 0
      ? fenced('text', examples.map(([line, purpose]) => `# ${purpose}\n${line}`).join('\n\n'))
      : undefined,
  )
}
