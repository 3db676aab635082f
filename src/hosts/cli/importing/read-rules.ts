import type { Space } from '../../../mutate/space/space.ts'
import { ruleLines, type RuleLine } from '../../../mutate/notation-file.ts'
import { readNotation } from '../../../mutate/notation-read.ts'
import type { Module } from '../../../syntax/ast.ts'
import { loadSpace } from '../evolving/load-space.ts'
import { failure } from '../failure.ts'
import type { Output } from '../output.ts'
import { noteDiagnostics } from '../diagnostics-report.ts'
import type { Sources } from '../sources.ts'

/** A rule of a rules file that could be read. */
export interface ImportedRule extends RuleLine {
  /** Its place among the rules of its file, from 1; those that could not be read count too. */
  readonly number: number
  readonly module: Module
}

/** What a rules file holds. */
export interface ImportedRules {
  readonly rules: readonly ImportedRule[]
  /** How many lines could not be read; each was reported. */
  readonly broken: number
}

/** The search space that the notation is about. */
export function publishedSpace(sources: Sources): Space {
  return loadSpace('published', sources)
}

/**
 * The rules of a file in the published notation. Lines that cannot be read are reported with line and column on standard
 * error. Throws a failure for a file that is no text or holds no rule.
 */
export function readRules(
  path: string,
  space: Space,
  sources: Sources,
  output: Output,
): ImportedRules {
  const { text } = sources.read(path)
  const problems = sources.problemsOf(path)
  if (problems.length > 0) {
    noteDiagnostics(problems, [path], sources, output)
    throw failure('failed', `${path} cannot be read as text`)
  }
  const lines = ruleLines(text)
  if (lines.length === 0) throw failure('failed', `${path} holds no rules`)
  const rules: ImportedRule[] = []
  for (const [index, line] of lines.entries()) {
    const read = readNotation(space, line.text)
    if ('error' in read) {
      const { offset, message } = read.error
      output.error(`${path}:${line.line}:${line.column + offset}: ${message}`)
    } else rules.push({ ...line, number: index + 1, module: read.module })
  }
  return { rules, broken: lines.length - rules.length }
}
