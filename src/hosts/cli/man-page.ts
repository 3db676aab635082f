import { optionName, type CommandRow } from './command.ts'
import { commands } from './command-table.ts'
import { exitCodes } from './failure.ts'

/** What each exit code means. */
const EXIT_MEANINGS: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: 'Done.',
  failed: 'Something is wrong with what was given, and a message says what.',
  usage: 'The command line cannot be understood.',
  internal: 'optc itself went wrong.',
  interrupted: 'Ended by Ctrl-C.',
}

/** The manual page optc(1), in the language of `man`, made from the table of commands. */
export function manPage(version: string): string {
  const lines = [
    `.TH OPTC 1 "" "optc ${escaped(version)}"`,
    '.SH NAME',
    'optc \\- writes, checks, compiles and searches deep\\-learning optimizers',
    '.SH SYNOPSIS',
    '.B optc',
    '.I COMMAND',
    '[options] [operands]',
    '.SH COMMANDS',
    ...commands.flatMap(commandLines),
    '.SH EXIT STATUS',
    ...Object.entries(EXIT_MEANINGS).flatMap(([name, meaning]) => [
      '.TP',
      `.B ${exitCodes[name as keyof typeof exitCodes]}`,
      escaped(meaning),
    ]),
  ]
  return `${lines.join('\n')}\n`
}

function commandLines({
  name,
  operands,
  summary,
  details,
  options,
  examples,
}: CommandRow): string[] {
  return [
    `.SS ${escaped(`optc ${name} ${operands}`.trim())}`,
    escaped(`${capitalized(summary)}.`),
    ...(details === undefined
      ? []
      : details.split('\n\n').flatMap((part) => ['.PP', escaped(part)])),
    ...Object.entries(options).flatMap(([key, { placeholder, summary: meaning, initial }]) => [
      '.TP',
      `\\fB${escaped(optionName(key))}\\fR${placeholder === undefined ? '' : ` \\fI${escaped(placeholder)}\\fR`}`,
      escaped(isShown(initial) ? `${meaning} (default: ${JSON.stringify(initial)})` : meaning),
    ]),
    ...examples.flatMap(([line, purpose]) => [
      '.PP',
      `${escaped(capitalized(purpose))}:`,
      '.PP',
      '.RS 4',
      '.nf',
      escaped(line),
      '.fi',
      '.RE',
    ]),
  ]
}

/** Whether a default says something. */
const isShown = (initial: unknown): boolean => initial !== undefined && initial !== false

const capitalized = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

/** Text that `man` shows as it is: without requests, escapes, or hyphens that are not the ones of the keyboard. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('`', '\\(ga')
    .replaceAll("'", '\\(aq')
    .replace(/^\./gm, '\\&.')
}
