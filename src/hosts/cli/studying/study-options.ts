import type { Budget } from '../../../evolve/search-configuration.ts'
import type { BackendChoice } from '../../../runtime/backends.ts'
import { optionName } from '../command.ts'
import type { DataFolder } from '../data-option.ts'
import { failure } from '../failure.ts'

/** Options that all studies have. */
export interface StudyOptions {
  readonly scale: number
  readonly seed: number
  readonly budget: Budget
  readonly workers: number | undefined
  readonly backend: BackendChoice | undefined
  readonly data: readonly DataFolder[] | undefined
  readonly out: string | undefined
  readonly resume: string | undefined
}

/** Options that say how a study is worked on, not what it is. */
const FREE = new Set(['budget', 'workers', 'data', 'resume'])

/** Throws a usage failure when something is given beside `--resume` that says what the study is. */
export function refuseBesideResume(given: ReadonlySet<string>, operands: readonly string[]): void {
  const other = [...given].find((name) => !FREE.has(name))
  if (operands.length === 0 && other === undefined) return
  throw failure(
    'usage',
    `a study that is resumed is what it was begun as: leave ${other === undefined ? operands[0] : optionName(other)} out`,
    'or begin a new one',
  )
}
