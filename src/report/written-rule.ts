import type { ModuleLoader } from '../resolve/resolution.ts'
import { compileModule } from '../compile.ts'
import { pascalCase } from '../emit/ts/names.ts'
import { scheduledRate, schedulesItself } from '../evolve/scheduled-rate.ts'
import { LEARNING_RATE } from '../language/learning-rate.ts'
import { negateUpdate, tidy } from '../mutate/adopt.ts'
import type { Module, OptimizerDeclaration } from '../syntax/ast.ts'
import * as build from '../syntax/build.ts'
import { parse } from '../syntax/parse.ts'
import { print } from '../syntax/print.ts'
import { surrogatesOf, type PlanLengths, type Protocol, type Surrogate } from '../tasks/protocol.ts'
import {
  metricOf,
  plainInterval,
  plainValue,
  scoreMeasure,
  testMeasure,
  type Measure,
} from '../study/measure.ts'
import { configuredText, givenFiles, type BestRule, type Run } from './run.ts'

/** What a search judged its rules by. */
export interface WrittenFrom {
  readonly task: string
  readonly backend: string
  /** Where it is known: schedules and what was measured are told by it. */
  readonly protocol: Protocol | undefined
  /** Files of the rules that the search began with. */
  readonly given: readonly string[]
  readonly score: Measure
  readonly test: Measure
  readonly loader: ModuleLoader
}

/** What the rules of a run were judged by. */
export function writtenFrom(
  run: Run,
  protocol: Protocol | undefined,
  loader: ModuleLoader,
): WrittenFrom {
  return {
    task: configuredText(run, 'task'),
    backend: configuredText(run, 'backend'),
    protocol,
    given: givenFiles(run),
    score: scoreMeasure(run.works, metricOf(run.configuration)),
    test: testMeasure(run.finals, metricOf(run.configuration)),
    loader,
  }
}

/** The text of a rule for people: what nothing uses is left out, and its sign is the one that was trained. */
export function tidyText(rule: string, flipped: boolean, name: string): string {
  return print(tidy(signed(rule, flipped), name, []))
}

/**
 * A rule of a search as a module for people: tidied, its defaults the values it was measured with, its comment what was
 * measured. One that the search began with keeps its own name and comment.
 */
export function writtenRule(best: BestRule, from: WrittenFrom): Module {
  const module = signed(best.rule, best.flipped)
  const surrogate =
    from.protocol && surrogatesOf(from.protocol).find(({ name }) => name === best.surrogate)
  const origin = givenFile(best.slot, from.given)
  const own = module.items.find((item) => item.kind === 'optimizer')
  const found = [...originOf(best, origin, from), ...measuredOf(best, surrogate, from)]
  const documentation =
    origin === undefined || own === undefined || own.documentation.length === 0
      ? found
      : [...own.documentation, '', ...found]
  return withDefaults(
    tidy(module, nameOf(best, origin, own), documentation),
    best.learningRate,
    surrogate,
    from.loader,
  )
}

function signed(rule: string, flipped: boolean): Module {
  const { value } = parse({ path: 'candidate.opt', text: rule })
  return flipped ? negateUpdate(value) : value
}

/** The file of a rule that the search began with and that nothing was changed in; undefined for others. */
export function givenFile(slot: string, given: readonly string[]): string | undefined {
  const [, index] = /^given\/(\d+)$/.exec(slot) ?? []
  return index === undefined ? undefined : given[Number(index)]
}

/** What an optimizer is called that had no name of its own. */
const NAMELESS = 'Candidate'

function nameOf(
  { name }: BestRule,
  origin: string | undefined,
  own: OptimizerDeclaration | undefined,
): string {
  if (origin === undefined) return pascalCase(name)
  return own === undefined || own.name.name === NAMELESS
    ? pascalCase(origin.replace(/^.*[/\\]|\.opt$/g, ''))
    : own.name.name
}

function originOf(
  { slot, score, freshSeeds }: BestRule,
  origin: string | undefined,
  { score: measure }: WrittenFrom,
): readonly string[] {
  const seeds = freshSeeds > 0 ? `, the mean over ${freshSeeds} fresh seeds of its races` : ''
  const value = score === undefined ? '' : `, score ${plainValue(score, measure)}${seeds}`
  return [
    origin === undefined
      ? `Found by a search as ${slot}${value}.`
      : `A search began with it${value}.`,
  ]
}

/** What was measured with the defaults. */
function measuredOf(
  { learningRate, surrogate: name, result, seeds, rule, flipped }: BestRule,
  surrogate: Surrogate | undefined,
  { task, protocol, test, loader }: WrittenFrom,
): readonly string[] {
  if (surrogate === undefined || protocol === undefined) return []
  const program = compileModule(signed(rule, flipped), loader).value?.programs[0]
  if (program === undefined) return []
  const { totalSteps } = surrogate
  const rate = learningRate === undefined ? 'no learning rate' : `lr = ${learningRate}`
  const lengths = Object.entries(scheduledRate(program, learningRate, surrogate))
    .filter(([key, value]) => key !== LEARNING_RATE && typeof value === 'number')
    .map(([key, value]) => `${key} = ${String(value)}`)
  const schedule =
    learningRate === undefined || schedulesItself(program) ? [] : [scheduleText(surrogate)]
  const outcome =
    result === undefined
      ? []
      : [
          `${test.name} ${plainInterval(result, test)} on ${seeds} fresh ${seeds === 1 ? 'seed' : 'seeds'}.`,
        ]
  return [
    `Measured on ${task} with ${[rate, ...lengths].join(', ')} and T = ${totalSteps},`,
    ...schedule,
    `surrogate ${name} of the protocol ${protocol.name}${outcome.length === 0 ? '.' : ':'}`,
    ...outcome,
  ]
}

/** The schedule that lr follows in training, where a rule has none of its own. */
const scheduleText = ({ warmupSteps, holdSteps }: PlanLengths): string =>
  `lr rising from 0 over ${warmupSteps} steps, staying for ${holdSteps}, then falling to 0 along half a cosine,`

/** The module with the values that its optimizer was measured with as the defaults of its parameters. */
function withDefaults(
  module: Module,
  learningRate: number | undefined,
  plan: PlanLengths | undefined,
  loader: ModuleLoader,
): Module {
  const program = compileModule(module, loader).value?.programs[0]
  if (program === undefined || plan === undefined) return module
  const values: Readonly<Record<string, unknown>> = {
    ...scheduledRate(program, learningRate, plan),
    ...(learningRate !== undefined && { [LEARNING_RATE]: learningRate }),
  }
  const items = module.items.map((item) =>
    item.kind === 'optimizer'
      ? {
          ...item,
          parameters: item.parameters.map((parameter) => {
            const value = values[parameter.name.name]
            return typeof value === 'number'
              ? { ...parameter, default: build.number(value) }
              : parameter
          }),
        }
      : item,
  )
  return { ...module, items }
}
