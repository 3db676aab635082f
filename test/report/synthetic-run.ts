import type { Attempt, Entry, Evaluated, JournalFitness, Work } from '../../src/evolve/journal.ts'
import type { Selection } from '../../src/evolve/search-configuration.ts'
import { fingerprint } from '../../src/ir/fingerprint.ts'
import { mutate } from '../../src/mutate/mutate.ts'
import type { Random } from '../../src/operators/random.ts'
import type { Module } from '../../src/syntax/ast.ts'
import { parse } from '../../src/syntax/parse.ts'
import { print } from '../../src/syntax/print.ts'
import { drawSomeRule, programOf, published, randomOf, tests } from '../mutate/published.ts'
import { source } from '../stdlib/library.ts'

/** What a made-up search looks like. */
export interface SyntheticOptions {
  readonly selection?: Selection
  readonly particles?: number
  readonly timesteps?: number
  readonly children?: number
  readonly initial?: number
  readonly finalists?: number
  readonly finalSeeds?: number
  /** Ladder rungs. */
  readonly rungs?: number
  /** Whether every training fails. */
  readonly hopeless?: boolean
  readonly given?: readonly string[]
  readonly baselines?: readonly string[]
}

/** A rule, how good it is in truth, and the work that found it. */
interface Found {
  readonly slot: string
  readonly attempt: Attempt
  readonly quality: number
}

export const racing: Selection = { kind: 'racing', contenders: 2, confidence: 0.9, rounds: 4 }

const BASELINES = [
  'adam',
  'adamw',
  'sgd',
  'nesterov',
  'rmsprop',
  'lion',
  'powersign',
  'addsign',
  'qhm',
]

/**
 * The journal of a search that never was: random rules of the published space and real mutations of them, with qualities
 * that children inherit and scores that are quality and noise. Equal options give equal journals.
 */
export function syntheticRun(options: SyntheticOptions = {}): Entry[] {
  const {
    selection = racing,
    particles: particleCount = 8,
    timesteps = 5,
    children = 5,
    initial = 40,
    finalists = 3,
    finalSeeds = 5,
    rungs = 2,
    hopeless = false,
    given = [],
    baselines = BASELINES,
  } = options
  const random = randomOf('synthetic', initial, particleCount)
  const entries: Entry[] = [
    {
      kind: 'run',
      version: '0.1.0',
      configuration: {
        task: 'fashion14-cnn',
        protocol: 'quick',
        space: 'published',
        backend: 'tensorflow',
        seed: 7,
        particles: particleCount,
        timesteps,
        children,
        initial,
        selection,
        reuse: 'scale',
        filters: ['both-signs'],
        budget: { minutes: 30 },
        ladder: rungs > 0,
        finalists,
        finalSeeds,
        rateSeeds: 2,
        given: [...given],
      },
    },
  ]
  const judge = (
    surrogate: string,
    quality: number,
    seed: number,
    noise = 0.012,
  ): JournalFitness =>
    hopeless
      ? { surrogate, seed, steps: 60, failure: 'the loss diverged at step 31' }
      : {
          surrogate,
          score: quality + noise * random.normal(),
          testMetric: quality - 0.01 + noise * random.normal(),
          testLoss: 2 * (1 - quality),
          learningRate: random.pick([0.1, 0.03, 0.01, 0.003]),
          seed,
          steps: 420,
        }
  const scored = (work: Work, quality: number): Found[] => {
    const attempt = work.attempts.at(-1)
    return attempt?.fitness.score === undefined ? [] : [{ slot: work.slot, attempt, quality }]
  }
  const record = (work: Work, quality: number): Found[] => {
    entries.push(work)
    return scored(work, quality)
  }

  const first: Found[] = given.flatMap((text, index) => {
    const quality = 0.7
    const fitness = judge('initial', quality, 7)
    return record(
      {
        kind: 'work',
        slot: `given/${index}`,
        rejections: [],
        attempts: [attemptOf(parse({ path: 'given.opt', text }).value, fitness, random)],
      },
      quality,
    )
  })
  for (let index = 0; index < initial; index++) {
    const quality = 0.62 + 0.1 * random.uniform()
    const module = drawSomeRule(random)
    const fails = random.chance(0.4)
    const fitness: JournalFitness = fails
      ? { surrogate: 'initial', seed: 7, steps: 90, failure: random.pick(FAILURES) }
      : judge('initial', quality, 7)
    first.push(
      ...record(
        {
          kind: 'work',
          slot: `initial/${index}`,
          rejections: [
            { reason: 'integrity', count: 3 + random.integer(30) },
            { reason: 'cycle', count: random.integer(4) },
          ],
          attempts: [attemptOf(module, fitness, random)],
        },
        quality,
      ),
    )
  }
  let particles = best(first).slice(0, particleCount)
  const entered = new Map<string, number>()
  particles.forEach(({ slot, quality }, index) => {
    const fitness = judge('evolution', quality + 0.02, 7)
    entered.set(slot, fitness.score!)
    entries.push({ kind: 'enter', slot: `parent/${index}`, of: slot, fitness })
  })
  const all: Found[] = []
  for (let timestep = 1; timestep <= timesteps; timestep++) {
    const broods = particles.map((particle, index) =>
      Array.from({ length: children }, (_, child): Found[] => {
        const quality = particle.quality + 0.012 * random.normal() + 0.004
        const [work, isGood] = childOf(
          particle,
          `particle/${index}/${timestep}/${child}`,
          random,
          () => judge('evolution', quality, 7),
        )
        return isGood ? record(work, quality) : (entries.push(work), [])
      }).flat(),
    )
    all.push(...broods.flat())
    particles = particles.map((particle, index) => {
      const brood = best(broods[index]!)
      if (selection.kind === 'published') {
        const chosen = brood[0] ?? particle
        entries.push({
          kind: 'select',
          particle: index,
          timestep,
          slot: chosen.slot,
          score: chosen.attempt.fitness.score!,
        })
        return chosen
      }
      const contenders = [particle, ...brood.slice(0, selection.contenders)]
      const races = contenders.map(({ slot, quality }) => ({
        slot,
        runs: Array.from({ length: 3 }, (_, round) =>
          judge('evolution', quality, 1000 * timestep + round),
        ),
      }))
      const means = races.map(({ runs }) => runs.reduce((sum, { score }) => sum + score!, 0))
      const place = means.indexOf(Math.max(...means))
      const chosen = contenders[place]!
      entries.push({
        kind: 'select',
        particle: index,
        timestep,
        slot: chosen.slot,
        score: chosen.attempt.fitness.score!,
        race: { decided: place > 0, contenders: races },
      })
      return chosen
    })
  }
  const pool = best([...all, ...particles])
  let ladder = distinct(pool).slice(0, 12)
  for (let rung = 1; rung <= rungs; rung++) {
    const judged = ladder.map((found, index) => {
      const runs = Array.from({ length: 2 }, (_, run) =>
        judge(`rung-${rung}`, found.quality + 0.03 * rung, 5000 * rung + run),
      )
      entries.push({
        kind: 'rung',
        slot: `ladder/${rung}/${index}`,
        rung,
        of: found.slot,
        rule: found.attempt.rule,
        flipped: found.attempt.integrity.flipped,
        searched: judge(`rung-${rung}`, found.quality + 0.03 * rung, 5000 * rung - 1),
        runs,
      })
      return { found, mean: runs.reduce((sum, { score }) => sum + score!, 0) }
    })
    ladder = judged
      .sort((a, b) => b.mean - a.mean)
      .slice(0, Math.max(finalists, Math.ceil(ladder.length / 2)))
      .map(({ found }) => found)
  }
  const last = rungs > 0 ? `rung-${rungs}` : 'evolution'
  const finalRuns = (quality: number): JournalFitness[] =>
    Array.from({ length: finalSeeds }, (_, run) => judge(last, quality, 9000 + run, 0.006))
  /** A learning rate chosen from three, the others a little worse. */
  const choiceOf = (quality: number): Pick<Evaluated, 'trials' | 'rivals' | 'learningRate'> => ({
    trials: [1, 0.1, 0.01].map((rate) => rated(judge(last, quality - 0.2, 8990), rate)),
    rivals: [0.1, 0.046, 0.022].map((rate, place) => ({
      learningRate: rate,
      runs: [8998, 8999].map((seed) =>
        rated(judge(last, quality - 0.02 * Math.abs(place - 1), seed, 0.006), rate),
      ),
    })),
    ...(!hopeless && { learningRate: 0.046 }),
  })
  ladder.slice(0, finalists).forEach(({ slot, attempt, quality }, index) => {
    entries.push({
      kind: 'final',
      slot: `final/best-${index + 1}`,
      name: `best-${index + 1}`,
      of: slot,
      rule: attempt.rule,
      flipped: attempt.integrity.flipped,
      score: attempt.fitness.score!,
      ...choiceOf(quality + 0.06),
      runs: finalRuns(quality + 0.06),
    })
  })
  for (const name of baselines) {
    const quality = 0.74 + 0.05 * random.uniform()
    const runs = finalRuns(quality)
    entries.push({
      kind: 'final',
      slot: `final/${name}`,
      name,
      rule: source(`std/${name}`).text,
      flipped: false,
      ...choiceOf(quality),
      // One of them has a run that failed.
      runs:
        name === 'rmsprop'
          ? [
              { surrogate: last, seed: 9000, steps: 12, failure: 'the loss diverged at step 12' },
              ...runs.slice(1),
            ]
          : runs,
    })
  }
  ladder.slice(0, finalists).forEach(({ attempt, quality }, index) => {
    ;['the decay on h1', 'the outer form', 'the term mixed_g()'].forEach((removed, number) => {
      const worse = quality + 0.06 - [0.04, 0.002, 0.015][number]!
      entries.push({
        kind: 'ablation',
        slot: `ablation/best-${index + 1}/${number}`,
        of: `best-${index + 1}`,
        removed,
        rule: attempt.rule,
        flipped: attempt.integrity.flipped,
        ...choiceOf(worse),
        runs: finalRuns(worse),
      })
    })
  })
  entries.push({ kind: 'end' })
  return entries
}

/** The run with another learning rate. */
const rated = (fitness: JournalFitness, learningRate: number): JournalFitness => ({
  ...fitness,
  learningRate,
})

const FAILURES = [
  'the loss diverged at step 17',
  'the loss diverged at step 208',
  'no learning rate reaches an accuracy of 0.25',
  'accuracy 0.12 after epoch 3 is below 0.25',
] as const

const best = (found: readonly Found[]): Found[] =>
  [...found].sort((a, b) => b.attempt.fitness.score! - a.attempt.fitness.score!)

function distinct(found: readonly Found[]): Found[] {
  const seen = new Set<string>()
  return found.filter(
    ({ attempt }) => !seen.has(attempt.fingerprint) && seen.add(attempt.fingerprint),
  )
}

function attemptOf(
  module: Module,
  fitness: JournalFitness,
  random: Random,
  mutation?: string,
): Attempt {
  return {
    ...(mutation !== undefined && { mutation }),
    rule: print(module),
    fingerprint: fingerprint(programOf(module)),
    integrity: {
      accepted: true,
      flipped: random.chance(0.15),
      learningRate: 0.1,
      loss: random.uniform(),
    },
    fitness,
  }
}

/** A mutant of a rule as its slot's work; now and then all of its attempts fail. */
function childOf(
  parent: Found,
  slot: string,
  random: Random,
  judge: () => JournalFitness,
): readonly [Work, boolean] {
  const rejections = new Map<string, number>()
  const attempts: Attempt[] = []
  const module = parse({ path: 'candidate.opt', text: parent.attempt.rule }).value
  while (attempts.length < 3) {
    const mutant = mutate(published, module, random, tests)
    const reject = (reason: string): void => {
      const key = `${mutant.kind} ${reason}`
      rejections.set(key, (rejections.get(key) ?? 0) + 1)
    }
    if ('failure' in mutant) {
      reject(mutant.failure)
      continue
    }
    if (random.chance(0.3)) {
      reject(random.pick(['integrity', 'known']))
      continue
    }
    const fails = random.chance(0.25)
    const fitness: JournalFitness = fails
      ? { surrogate: 'evolution', seed: 7, steps: 50, failure: random.pick(FAILURES) }
      : judge()
    const attempt = attemptOf(mutant.module, fitness, random, mutant.kind)
    const isLike = fitness.score !== undefined && random.chance(0.1)
    attempts.push(
      isLike
        ? { ...attempt, like: { slot: parent.slot, factor: 2 }, fitness: { ...fitness, steps: 0 } }
        : attempt,
    )
    if (fitness.score !== undefined) break
  }
  const work: Work = {
    kind: 'work',
    slot,
    parent: parent.slot,
    rejections: [...rejections].map(([key, count]) => {
      const [mutation = '', reason = ''] = key.split(' ')
      return { mutation, reason, count }
    }),
    attempts,
  }
  return [work, attempts.at(-1)?.fitness.score !== undefined]
}
