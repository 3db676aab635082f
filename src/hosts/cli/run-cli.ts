import { Command, CommanderError, Option as CommanderOption } from 'commander'
import { nearest } from '../../diagnostics/suggest.ts'
import { optionName, type CommandRow, type Invocation, type Option } from './command.ts'
import { commands } from './command-table.ts'
import { exitCodes, failure, isFailure } from './failure.ts'
import type { World } from './world.ts'
import { createOutput, type Output } from './output.ts'
import { packageVersion } from './package.ts'
import { missingTrainingPackage, trainingFailure } from './training-packages.ts'

/** Runs one command line, `argv` without the program's name, and gives its exit code. Never rejects. */
export async function runCli(argv: readonly string[], world: World): Promise<number> {
  const output = createOutput(world)
  try {
    return await run(argv, world, output)
  } catch (error) {
    if (isFailure(error)) {
      output.error(error.message, error.help, error.details)
      return error.exitCode
    }
    if (world.signal.aborted) return exitCodes.interrupted
    reportInternalError(error, argv, output)
    return exitCodes.internal
  }
}

async function run(argv: readonly string[], world: World, output: Output): Promise<number> {
  refuseUnknownCommand(argv)
  let exitCode: number = exitCodes.done
  const program = new Command('optc')
    .description('Writes, checks, compiles and searches deep-learning optimizers.')
    .usage('COMMAND')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .configureHelp({ helpWidth: Math.min(output.columns, 100), showGlobalOptions: false })
    .configureOutput({
      writeOut: output.print,
      writeErr: (text) => output.note(text.trimEnd()),
      outputError: () => undefined,
    })
    .exitOverride()
    .addHelpText(
      'after',
      '\nExample:\n  $ optc check adam.opt\n\n`optc COMMAND --help` tells more about a command.',
    )
    .option('-V, --version', 'show the version')
    .on('option:version', () => {
      output.print(`${packageVersion()}\n`)
      throw new CommanderError(exitCodes.done, 'commander.version', '')
    })
  // The others are only needed for the list of them; making them all takes some milliseconds.
  const called = commands.filter((row) => row.name === argv[0])
  for (const row of called.length > 0 ? called : commands)
    program.addCommand(
      subcommand(row, program, async (invocation) => {
        exitCode = await runRow(row, { ...invocation, world, output } as Invocation<never>)
      }),
    )
  try {
    await program.parseAsync([...argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode === 0) return exitCodes.done
    // Without a command the help has been shown.
    if (error.code !== 'commander.help') reportUsageError(error, argv, output)
    return exitCodes.usage
  }
  return exitCode
}

/** Runs a command. Throws a failure that says what to install where it needs TensorFlow.js and that is not there. */
async function runRow(row: CommandRow, invocation: Invocation<never>): Promise<number> {
  try {
    const { run: runCommand } = await row.load()
    return await runCommand(invocation)
  } catch (error) {
    const missing = missingTrainingPackage(error)
    throw missing === undefined ? error : trainingFailure(row.name, missing)
  }
}

/** What Commander found wrong, in our words: quotes and the suggestion as everywhere else. */
function reportUsageError(
  { message }: CommanderError,
  [name]: readonly string[],
  output: Output,
): void {
  const [, problem = message, meant] =
    /^(?:error: )?(.*?)(?:\n\(Did you mean (.*?)\?\))?$/s.exec(message) ?? []
  const isCommand = commands.some((row) => row.name === name)
  output.error(
    problem.replace(/'([^']*)'/g, '`$1`').replace(/\.$/, ''),
    meant === undefined
      ? `\`optc ${isCommand ? `${name} ` : ''}--help\` shows what there is`
      : `did you mean ${meant.replace(/^one of /, '').replace(/[^\s,]+/g, '`$&`')}?`,
  )
}

/** Whether the command that `argv` calls ends by itself when its world's signal is aborted. */
export function endsItself(argv: readonly string[]): boolean {
  return commands.some((row) => row.name === argv[0] && row.endsItself === true)
}

function subcommand(
  row: CommandRow,
  program: Command,
  call: (invocation: {
    operands: readonly string[]
    options: Readonly<Record<string, unknown>>
    given: ReadonlySet<string>
  }) => Promise<void>,
): Command {
  const made = new Command(row.name)
    .copyInheritedSettings(program)
    .summary(row.summary)
    .description(
      [capitalize(row.summary), row.details].filter((part) => part !== undefined).join('.\n\n'),
    )
    .helpOption('-h, --help', 'show this help')
  if (row.operands !== '') made.arguments(row.operands)
  for (const [name, option] of Object.entries(row.options))
    made.addOption(commanderOption(name, option))
  const lines = row.examples.map(([line, purpose]) => `  $ ${line}\n      ${purpose}`)
  made.addHelpText('after', `\nExample${lines.length === 1 ? '' : 's'}:\n${lines.join('\n')}`)
  const initial = Object.entries(row.options).map(([name, option]) => [name, option.initial])
  return made.action(() =>
    call({
      operands: made.args,
      options: { ...Object.fromEntries(initial), ...made.opts() },
      given: new Set(
        Object.keys(row.options).filter((name) => made.getOptionValueSource(name) === 'cli'),
      ),
    }),
  )
}

function commanderOption(name: string, option: Option<unknown>): CommanderOption {
  const flags =
    optionName(name) + (option.placeholder === undefined ? '' : ` <${option.placeholder}>`)
  const made = new CommanderOption(flags, option.summary)
  // Commander would show `false` and `undefined` in the help.
  if (option.initial !== undefined && option.initial !== false) made.default(option.initial)
  let isGiven = false
  let value: unknown
  if (option.placeholder !== undefined)
    made.argParser((text: string) => {
      if (isGiven && option.holdsSeveral === true)
        throw failure('usage', `${optionName(name)} is given twice`, 'write all of it behind one')
      try {
        const parsed = option.parse(text)
        value = option.isJoined ? [value ?? [], parsed].flat() : parsed
        isGiven = true
        return value
      } catch (error) {
        if (!(error instanceof Error) || isFailure(error)) throw error
        throw failure('usage', `${optionName(name)} ${JSON.stringify(text)}: ${error.message}`)
      }
    })
  return made
}

/** What commands are called elsewhere. */
const SYNONYMS: ReadonlyMap<string, string> = new Map([
  ['build', 'compile'],
  ['create', 'init'],
  ['format', 'fmt'],
  ['lint', 'check'],
  ['new', 'init'],
  ['search', 'evolve'],
  ['version', '--version'],
])

function refuseUnknownCommand([name, topic]: readonly string[]): void {
  if (name === undefined || name.startsWith('-')) return
  if (name === 'help') return topic === undefined ? undefined : refuseUnknownCommand([topic])
  const names = commands.map((row) => row.name)
  if (names.includes(name)) return
  const isProgram = name.endsWith('.opt') || name.startsWith('std/')
  const meant = SYNONYMS.get(name) ?? nearest(name, names)
  throw failure(
    'usage',
    `there is no command ${name}`,
    isProgram
      ? `did you mean \`optc check ${name}\`?`
      : meant === undefined
        ? '`optc --help` lists the commands'
        : `did you mean \`optc ${meant}\`?`,
  )
}

function capitalize(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

function reportInternalError(error: unknown, argv: readonly string[], output: Output): void {
  output.error('optc itself went wrong; this is not your fault')
  output.note(`
Please open an issue in the repository of optc, with the file it happened on and this text:

optc ${packageVersion()}, Node ${process.version}, ${process.platform} ${process.arch}
command: optc ${argv.map((part) => JSON.stringify(part)).join(' ')}
${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
}
