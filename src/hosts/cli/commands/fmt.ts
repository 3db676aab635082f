import { resolve } from 'node:path'
import type { Diagnostic } from '../../../diagnostics/diagnostic.ts'
import { countBySeverity } from '../../../diagnostics/render-place.ts'
import { formatFile } from '../../../language/format.ts'
import type { Invocation } from '../command.ts'
import { exitCodes, failure, isFailure } from '../failure.ts'
import { findInputs } from '../inputs.ts'
import { noteDiagnostics } from '../diagnostics-report.ts'
import { createSources, STDIN, type Sources } from '../sources.ts'
import { writeFile } from '../write.ts'

/** `optc fmt`. */
export async function run(invocation: Invocation<{ readonly check: boolean }>): Promise<number> {
  const { operands, options, world, output } = invocation
  const sources = createSources(world.cwd)
  const files = await findInputs(operands, world, sources)
  const library = files.find((path) => path.startsWith('std/'))
  if (library !== undefined && !options.check)
    throw failure(
      'usage',
      `${library} is part of optc and is not changed`,
      'format files of your own',
    )
  const diagnostics: Diagnostic[] = []
  const changed: string[] = []
  let failed = false
  for (const path of files) {
    try {
      const { formatted, problems } = formatOne(path, sources)
      diagnostics.push(...problems)
      if (formatted === undefined) failed = true
      const same = formatted === undefined || formatted === sources.read(path).text
      if (path === STDIN && !options.check) output.print(formatted ?? '')
      else if (!same) {
        changed.push(path)
        if (options.check) output.print(`${path}\n`)
        else writeFile(resolve(world.cwd, path), formatted, path)
      }
    } catch (error) {
      if (!isFailure(error)) throw error
      output.error(error.message, error.help)
      failed = true
    }
  }
  noteDiagnostics(diagnostics, files, sources, output)
  if (!(files.length === 1 && files[0] === STDIN))
    output.note(summary(changed.length, files.length, options.check))
  return failed || (options.check && changed.length > 0) ? exitCodes.failed : exitCodes.done
}

interface Formatted {
  /** Undefined when the file has errors. */
  readonly formatted: string | undefined
  readonly problems: readonly Diagnostic[]
}

function formatOne(path: string, sources: Sources): Formatted {
  const source = sources.read(path)
  const problems = sources.problemsOf(path)
  if (problems.length > 0) return { formatted: undefined, problems }
  const { value, diagnostics } = formatFile(source)
  if (countBySeverity(diagnostics).errors > 0)
    return { formatted: undefined, problems: diagnostics }
  return { formatted: value, problems: [] }
}

function summary(changed: number, total: number, check: boolean): string {
  const files = `${changed} of ${total} file${total === 1 ? '' : 's'}`
  if (check)
    return changed === 0
      ? 'every file is formatted'
      : `${files} not formatted; \`optc fmt\` does it`
  return `${files} formatted anew`
}
