import { compileQuietly } from '../../../compile.ts'
import { lineStarts, positionAt } from '../../../diagnostics/source.ts'
import type { Program } from '../../../ir/graph.ts'
import { compileFiles } from '../compiled-files.ts'
import { failure } from '../failure.ts'
import type { World } from '../world.ts'
import { findInputs } from '../inputs.ts'
import type { Output } from '../output.ts'
import type { Sources } from '../sources.ts'
import { publishedSpace, readRules } from './read-rules.ts'

/** A rule that a command was given. */
export interface GivenRule {
  /** Its name, or its text in the notation it came in. */
  readonly rule: string
  /** As it is written. */
  readonly text: string
  readonly file: string
  /** Where it stands in the file, from 1. */
  readonly line: number
  readonly program: Program
}

/** The rules of a command line. */
export interface GivenRules {
  /** In input order. */
  readonly rules: readonly GivenRule[]
  /** Whether everything that was given could be used; what could not was reported on standard error. */
  readonly complete: boolean
}

/**
 * The optimizers of the files that PATH operands name, or with `notation` the rules of files in that notation. Throws a
 * failure when the files hold none.
 */
export async function findRules(
  operands: readonly string[],
  notation: 'published' | undefined,
  world: World,
  sources: Sources,
  output: Output,
): Promise<GivenRules> {
  const files = await findInputs(operands, world, sources)
  if (notation === undefined) return optimizersOf(files, operands, sources, output)
  return notedRulesOf(files, sources, output)
}

function optimizersOf(
  files: readonly string[],
  operands: readonly string[],
  sources: Sources,
  output: Output,
): GivenRules {
  const compiled = compileFiles(files, sources, output)
  const rules = (compiled ?? []).flatMap(({ path, compiled: { programs, checked } }) => {
    const { text } = sources.read(path)
    const starts = lineStarts(text)
    return programs.map((program, index): GivenRule => {
      const { start, end } = checked.optimizers[index]!.declaration?.span ?? checked.module.span
      const { line } = positionAt(starts, start)
      return { rule: program.name, text: text.slice(start, end), file: path, line, program }
    })
  })
  if (compiled !== undefined && rules.length === 0)
    throw failure('failed', `there is no optimizer in ${operands.join(', ')}`)
  return { rules, complete: compiled !== undefined }
}

function notedRulesOf(files: readonly string[], sources: Sources, output: Output): GivenRules {
  const space = publishedSpace(sources)
  const found: GivenRule[] = []
  let complete = true
  for (const file of files) {
    const { rules, broken } = readRules(file, space, sources, output)
    if (broken > 0) complete = false
    for (const { text, line, column, module } of rules) {
      const program = compileQuietly(module, sources.loader)?.programs[0]
      if (program !== undefined) found.push({ rule: text, text, file, line, program })
      else {
        output.error(`${file}:${line}:${column}: the rule is too large to be compiled`)
        complete = false
      }
    }
  }
  return { rules: found, complete }
}
