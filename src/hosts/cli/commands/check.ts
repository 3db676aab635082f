import { extname, resolve } from 'node:path'
import { analyze } from '../../../compile.ts'
import { countBySeverity } from '../../../diagnostics/render-place.ts'
import type { Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { Invocation } from '../command.ts'
import { exitCodes, failure, isFailure } from '../failure.ts'
import { findInputs } from '../inputs.ts'
import { printDiagnostics, withoutRepetition, type ReportFormat } from '../diagnostics-report.ts'
import { createSources, type Sources } from '../sources.ts'

interface CheckOptions {
  readonly json: boolean
  readonly format: ReportFormat | undefined
  readonly maxWarnings: number | undefined
  readonly watch: boolean
}

type CheckInvocation = Invocation<CheckOptions>

/** `optc check`. */
export async function run(invocation: CheckInvocation): Promise<number> {
  const { options, operands, world, output } = invocation
  const { json, format } = options
  if (json && format !== undefined && format !== 'json')
    throw failure('usage', `--json and --format ${format} are two formats`, 'give one of them')
  const sources = createSources(world.cwd)
  if (!options.watch) return checkOnce(invocation, sources)
  const { refuseWatchingStdin, repeatOnChange } = await import('../watch.ts')
  refuseWatchingStdin(operands)
  const work = async (): Promise<readonly string[]> => {
    sources.forget()
    await checkOnce(invocation, sources)
    return [
      ...(operands.length === 0 ? [world.cwd] : []),
      ...operands.map((path) => resolve(world.cwd, path)),
      ...sources.files(),
    ]
  }
  await repeatOnChange(work, world, output)
  return exitCodes.interrupted
}

async function checkOnce(
  { operands, options, world, output }: CheckInvocation,
  sources: Sources,
): Promise<number> {
  const files = await findInputs(operands, world, sources)
  const diagnostics: Diagnostic[] = []
  const checked: string[] = []
  for (const path of files) {
    try {
      const source = sources.read(path)
      const problems = sources.problemsOf(path)
      // What follows the first wrong byte would be reported in the terms of a program it is not.
      diagnostics.push(
        ...(problems.length > 0 ? problems : analyze(source, sources.loader).diagnostics),
      )
      checked.push(path)
    } catch (error) {
      if (!isFailure(error)) throw error
      output.error(error.message, error.help)
    }
  }
  const all = withoutRepetition(diagnostics)
  const format = options.json ? 'json' : (options.format ?? 'pretty')
  if (checked.length > 0 || format !== 'pretty')
    await printDiagnostics(format, all, checked, sources, output)
  for (const path of new Set(all.map((diagnostic) => diagnostic.path)))
    if (extname(path) !== '.opt' && operands.includes(path))
      output.note(`${path} does not end in .opt: is it a program?`)
  const { errors, warnings } = countBySeverity(all)
  const tooMany = options.maxWarnings !== undefined && warnings > options.maxWarnings
  if (tooMany && errors === 0)
    output.error(`more warnings than --max-warnings ${options.maxWarnings} allows`)
  return errors > 0 || tooMany || checked.length < files.length ? exitCodes.failed : exitCodes.done
}
