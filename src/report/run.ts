import { byEvidence } from '../evolve/evidence.ts'
import {
  evaluationsOf,
  type Attempt,
  type Entry,
  type EntryOf,
  type JournalFitness,
  type Work,
} from '../evolve/journal.ts'
import { scoredOf, type Scored } from '../evolve/scored.ts'
import type { MeanInterval } from '../tasks/mean-interval.ts'
import { metricOf, testMeasure, type Measure } from '../study/measure.ts'
import { standingOf } from '../study/standing.ts'

/** A run's journal, sorted. */
export interface Run {
  readonly version: string
  readonly configuration: Readonly<Record<string, unknown>>
  readonly works: readonly Work[]
  readonly enters: readonly EntryOf<'enter'>[]
  readonly selections: readonly EntryOf<'select'>[]
  readonly stops: readonly EntryOf<'stop'>[]
  readonly rungs: readonly EntryOf<'rung'>[]
  readonly finals: readonly EntryOf<'final'>[]
  readonly ablations: readonly EntryOf<'ablation'>[]
  readonly transfers: readonly EntryOf<'transfer'>[]
  /** Whether nothing of it is missing. */
  readonly isComplete: boolean
  /** Work by its slot. */
  readonly workAt: ReadonlyMap<string, Work>
}

/** The entries of a journal, sorted; undefined when they do not begin with a run's configuration. */
export function arrangeRun(entries: readonly Entry[]): Run | undefined {
  const [first] = entries
  if (first?.kind !== 'run') return undefined
  const of = <Kind extends Entry['kind']>(kind: Kind): readonly EntryOf<Kind>[] =>
    entries.filter((entry): entry is EntryOf<Kind> => entry.kind === kind)
  const works = of('work')
  return {
    version: first.version,
    configuration: first.configuration,
    works,
    enters: of('enter'),
    selections: of('select'),
    stops: of('stop'),
    rungs: of('rung'),
    finals: of('final'),
    ablations: of('ablation'),
    transfers: of('transfer'),
    isComplete: of('end').length > 0,
    workAt: new Map(works.map((work) => [work.slot, work])),
  }
}

/** A whole number of the configuration; 0 when it is not there. */
export function configured(run: Run, name: string): number {
  const value = run.configuration[name]
  return typeof value === 'number' ? value : 0
}

/** A text of the configuration. */
export function configuredText(run: Run, name: string): string {
  const value = run.configuration[name]
  return typeof value === 'string' ? value : '?'
}

/** The files of the rules that a search began with. */
export function givenFiles({ configuration }: Run): readonly string[] {
  const { given } = configuration
  return Array.isArray(given)
    ? given.map((each: unknown) =>
        typeof each === 'object' && each !== null && 'path' in each ? String(each.path) : '?',
      )
    : []
}

/** What a slot came to: its last attempt, when that did not fail. */
export function resultOf(
  work: Work | undefined,
): (Attempt & { readonly score: number }) | undefined {
  const attempt = work?.attempts.at(-1)
  const score = attempt?.fitness.score
  return attempt === undefined || score === undefined ? undefined : { ...attempt, score }
}

/** Where a particle's work stands: `particle/PARTICLE/TIMESTEP/CHILD`. */
export interface ChildPosition {
  readonly particle: number
  readonly timestep: number
  readonly child: number
}

/** The place a slot names; undefined for slots of other stages. */
export function childPositionOf(slot: string): ChildPosition | undefined {
  const [, particle, timestep, child] = /^particle\/(\d+)\/(\d+)\/(\d+)$/.exec(slot) ?? []
  return particle === undefined
    ? undefined
    : { particle: Number(particle), timestep: Number(timestep), child: Number(child) }
}

/** The score that the search went by: the evolution's, where a first rule was judged by it again. */
export function searchScores(run: Run): ReadonlyMap<string, JournalFitness> {
  const scores = new Map<string, JournalFitness>()
  for (const work of run.works) {
    const result = resultOf(work)
    if (result !== undefined) scores.set(work.slot, result.fitness)
  }
  for (const { of, fitness } of run.enters) scores.set(of, fitness)
  return scores
}

/** A rule worth showing. */
export interface BestRule {
  readonly name: string
  readonly rule: string
  readonly flipped: boolean
  /** The work that found it. */
  readonly slot: string
  readonly learningRate: number | undefined
  readonly score: number | undefined
  /** How many runs of races the score is the mean of; 0 where it is that of the run it was chosen by, or not known. */
  readonly freshSeeds: number
  /** Name of the surrogate that the learning rate was chosen on. */
  readonly surrogate: string | undefined
  /** What came of the runs on fresh seeds of the final evaluation, and how many there were; undefined before it. */
  readonly result: MeanInterval | undefined
  readonly seeds: number
}

/** A rule of the final evaluation as one worth showing; undefined for a baseline. */
export function foundRule(final: EntryOf<'final'>, test: Measure): BestRule | undefined {
  const { name, of, rule, flipped, learningRate, score, runs } = final
  if (of === undefined) return undefined
  return {
    ...{ name, rule, flipped, slot: of, learningRate, score, freshSeeds: 0 },
    surrogate: evaluationsOf(final)[0]?.surrogate,
    result: standingOf(final, undefined, test).mean,
    seeds: runs.length,
  }
}

/** The finalists; before there are any the `count` rules that the search would choose now. */
export function bestRules(run: Run, count: number): readonly BestRule[] {
  const test = testMeasure(run.finals, metricOf(run.configuration))
  const finalists = run.finals.flatMap((final) => foundRule(final, test) ?? [])
  if (finalists.length > 0) return finalists
  return byEvidence(comparableRules(run), run.selections)
    .slice(0, count)
    .map(({ slot, attempt, fitness, score }, index) => ({
      name: `best-${index + 1}`,
      rule: attempt.rule,
      flipped: attempt.integrity.flipped,
      slot,
      learningRate: fitness.learningRate,
      score,
      surrogate: fitness.surrogate,
      result: undefined,
      seeds: 0,
      freshSeeds: run.selections
        .flatMap(({ race }) => race?.contenders ?? [])
        .reduce((sum, contender) => sum + (contender.slot === slot ? contender.runs.length : 0), 0),
    }))
}

/** The rules that a search chooses from: where the first ones were judged by another surrogate, those that entered the evolution. */
function comparableRules({ works, enters, workAt }: Run): readonly Scored[] {
  if (enters.length === 0) return scoredOf(works)
  const entered = enters.flatMap(({ of, fitness }): Scored[] => {
    const { score } = fitness
    const [found] = scoredOf([workAt.get(of)].flatMap((work) => work ?? []))
    return found === undefined || score === undefined ? [] : [{ ...found, fitness, score }]
  })
  return [...entered, ...scoredOf(works.filter(({ slot }) => childPositionOf(slot) !== undefined))]
}

/** All that was trained, with what it cost. */
export interface Totals {
  readonly evaluations: number
  readonly steps: number
  /** Evaluations that were taken from a rule that behaves alike. */
  readonly reused: number
  readonly failures: number
  readonly drawsThrownAway: number
}

/** What a run did. */
export function totalsOf(run: Run): Totals {
  const attempts = run.works.flatMap((work) => work.attempts)
  const paid = distinctEvaluations(run)
  return {
    evaluations: paid.length,
    steps: paid.reduce((sum, { steps }) => sum + steps, 0),
    reused: attempts.filter(({ like }) => like !== undefined).length,
    failures: paid.filter(({ score }) => score === undefined).length,
    drawsThrownAway: run.works
      .flatMap(({ rejections }) => rejections)
      .reduce((sum, { count }) => sum + count, 0),
  }
}

/** Every evaluation that was paid for, once: what is asked for again, as of a finalist that was tuned before, is not. */
function distinctEvaluations(run: Run): readonly JournalFitness[] {
  const found = new Map<string, JournalFitness>()
  const add = (
    rule: string,
    flipped: boolean,
    fitness: JournalFitness,
    how: 'probed' | 'run' | 'trial',
  ): void => {
    const { surrogate, seed, learningRate } = fitness
    const rate = how === 'probed' ? null : learningRate
    const key = JSON.stringify([rule, flipped, surrogate, seed, rate, how === 'trial'])
    if (!found.has(key)) found.set(key, fitness)
  }
  for (const { attempts } of run.works)
    for (const { rule, integrity, like, fitness } of attempts)
      if (like === undefined) add(rule, integrity.flipped, fitness, 'probed')
  const ruleAt = (slot: string): readonly [string, boolean] => {
    const attempt = run.workAt.get(slot)?.attempts.at(-1)
    return [attempt?.rule ?? slot, attempt?.integrity.flipped ?? false]
  }
  for (const { of, fitness } of run.enters) add(...ruleAt(of), fitness, 'probed')
  for (const { race } of run.selections)
    for (const { slot, runs } of race?.contenders ?? [])
      for (const fitness of runs) add(...ruleAt(slot), fitness, 'run')
  for (const { rule, flipped, searched, runs } of run.rungs) {
    add(rule, flipped, searched, 'probed')
    for (const fitness of runs) add(rule, flipped, fitness, 'run')
  }
  for (const { rule, flipped, trials, rivals, runs } of [
    ...run.finals,
    ...run.ablations,
    ...run.transfers,
  ]) {
    for (const fitness of trials) add(rule, flipped, fitness, 'trial')
    for (const fitness of rivals.flatMap((rival) => rival.runs)) add(rule, flipped, fitness, 'run')
    for (const fitness of runs) add(rule, flipped, fitness, 'run')
  }
  return [...found.values()]
}

/** The place of a work in words: `particle 5, time step 1, child 2`, `random rule 12`. */
export function slotWords(slot: string): string {
  const place = childPositionOf(slot)
  if (place !== undefined)
    return `particle ${place.particle}, time step ${place.timestep}, child ${place.child}`
  const [stage = '', number = ''] = slot.split('/')
  return stage === 'given' ? `given rule ${number}` : `random rule ${number}`
}
