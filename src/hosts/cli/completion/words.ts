import type { CommandRow, Option } from '../command.ts'
import { optionName } from '../command.ts'

/** What may stand somewhere on the command line. */
export interface Place {
  readonly words: readonly string[]
  /** Whether names of files and folders may stand there, too. */
  readonly hasFiles: boolean
}

/** An option of a command, as a shell completes it. */
export interface CompletedOption {
  readonly name: string
  readonly summary: string
  /** What follows it; absent for flags. */
  readonly value?: Place & { readonly placeholder: string }
}

/** A command, as a shell completes it. */
export interface CompletedCommand {
  readonly name: string
  readonly summary: string
  readonly options: readonly CompletedOption[]
  readonly operand: Place
}

/** Names that are known when the script is made, by what stands for them in the help. */
export interface KnownNames {
  /** The files of the standard library: `std/NAME`. */
  readonly library: readonly string[]
  readonly tasks: readonly string[]
  readonly topics: readonly string[]
  readonly shells: readonly string[]
}

const FILE_PLACEHOLDERS = /FILE|DIR|PATH|RUN|RULES/

/** What shells need to know of the commands. */
export function completedCommands(
  rows: readonly CommandRow[],
  names: KnownNames,
): readonly CompletedCommand[] {
  return rows.map(({ name, summary, options, operands }) => ({
    name,
    summary,
    options: [
      ...Object.entries(options).map(([key, option]) => completedOption(key, option, names)),
      { name: '--help', summary: 'print help' },
    ],
    operand: placeOf(operands, names),
  }))
}

function completedOption(key: string, option: Option<unknown>, names: KnownNames): CompletedOption {
  const { placeholder, summary, words } = option
  const known = { name: optionName(key), summary }
  if (placeholder === undefined) return known
  const place = words === undefined ? placeOf(placeholder, names) : { words, hasFiles: false }
  return { ...known, value: { ...place, placeholder } }
}

function placeOf(written: string, names: KnownNames): Place {
  const words = [
    ...(/PATH|NAME,/.test(written) ? names.library : []),
    ...(/NAME\|FILE/.test(written) ? names.tasks : []),
    ...(written === '[NAME]' ? names.topics : []),
    ...(/SHELL/.test(written) ? names.shells : []),
    // Words that are written as they are: `[inspect] [PATH]`.
    ...(written.match(/(?<=\[)[a-z]+(?=\])/g) ?? []),
  ]
  return { words, hasFiles: FILE_PLACEHOLDERS.test(written) }
}
