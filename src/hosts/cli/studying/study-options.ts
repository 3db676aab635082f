import type { Budget } from '../../../evolve/search-configuration.ts'
import type { ComputingChoice } from '../../../tasks/computing.ts'
import { optionName } from '../command.ts'
import type { DataFolder } from '../data-option.ts'
import { failure } from '../failure.ts'

/** Options that all studies have. */
export interface StudyOptions {
  readonly scale: number
  readonly seed: number
  readonly budget: Budget
  readonly workers: number | undefined
  readonly backend: ComputingChoice | undefined
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

/** The options of `optc study`. */
export interface StudyChoices extends StudyOptions {
  readonly protocol: string
  readonly surrogates: readonly string[]
  readonly tasks: readonly string[]
  readonly rules: number | undefined
  readonly seeds: number
  readonly against: readonly string[] | undefined
  readonly filters: readonly string[] | undefined
  readonly searches: number
  readonly space: string
  readonly initial: number
  readonly particles: number
  readonly timesteps: number
  readonly children: number
  readonly finalSeeds: number
  readonly rateSeeds: number
}

/** The options that each kind of study has beside those of all. */
export const CHOICES_OF: Readonly<Record<string, readonly (keyof StudyChoices)[]>> = {
  surrogate: ['surrogates', 'rules', 'seeds'],
  integrity: [
    ...(['tasks', 'filters', 'searches', 'space', 'initial', 'particles'] as const),
    ...(['timesteps', 'children', 'finalSeeds', 'rateSeeds'] as const),
  ],
  baselines: ['tasks', 'against', 'finalSeeds', 'rateSeeds'],
}

/** Throws a usage failure for an option that another kind of study has. */
export function refuseForeign(what: string, given: ReadonlySet<string>): void {
  const own = new Set<string>(CHOICES_OF[what])
  for (const [kind, names] of Object.entries(CHOICES_OF)) {
    const foreign = names.find((name) => given.has(name) && !own.has(name))
    if (foreign !== undefined)
      throw failure(
        'usage',
        `optc study ${what} has no ${optionName(foreign)}`,
        `it is one of optc study ${kind}`,
      )
  }
}
