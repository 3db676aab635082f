import { childKey, createRandom, rootKey } from '../operators/random.ts'

/** Which surrogate of the published protocol a rule was logged under. */
export type LoggedStage = 'initial' | 'evolution'

/** A rule of the published log under one surrogate, whatever it was evaluated for and how often. */
export interface LoggedRule {
  /** In the notation of the log. */
  readonly rule: string
  readonly stage: LoggedStage
  /** Best validation accuracies, one for each evaluation; none where it failed. */
  readonly accuracies: readonly number[]
}

/** The surrogate of each phase of the log. */
const STAGES: ReadonlyMap<string, LoggedStage> = new Map([
  ['init', 'initial'],
  ['particle', 'evolution'],
  ['mutation', 'evolution'],
])

const COLUMNS = ['phase', 'status', 'val_accuracy', 'rule'] as const

/**
 * The log's rules in the order in which they first occur, each once for each surrogate. Throws an Error for a text that is no such
 * table.
 */
export function readPublishedLog(text: string): readonly LoggedRule[] {
  const [head = '', ...lines] = text.split(/\r?\n/).filter((line) => line !== '')
  const names = head.split('\t')
  const places = COLUMNS.map((name) => names.indexOf(name))
  if (places.includes(-1)) throw new Error(`the log has no column ${COLUMNS[places.indexOf(-1)]}`)
  const rules = new Map<string, { rule: string; stage: LoggedStage; accuracies: number[] }>()
  for (const [index, line] of lines.entries()) {
    const cells = line.split('\t')
    const [phase = '', status, accuracy, rule = ''] = places.map((place) => cells[place])
    const stage = STAGES.get(phase)
    const isFailure = status === 'failed'
    if (stage === undefined || (!isFailure && !(Number(accuracy) > 0)))
      throw new Error(`line ${index + 2} of the log is no evaluation`)
    const key = `${stage} ${rule}`
    const known = rules.get(key) ?? { rule, stage, accuracies: [] }
    rules.set(key, known)
    if (!isFailure) known.accuracies.push(Number(accuracy))
  }
  return [...rules.values()]
}

/** The mean of the accuracies that were logged; undefined for a rule that failed. */
export function loggedAccuracy({ accuracies }: LoggedRule): number | undefined {
  return accuracies.length === 0
    ? undefined
    : accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length
}

/** What a sample is made of: a quarter failed, of the others a third was logged under the initial surrogate. */
const FAILED = 1 / 4
const INITIAL = 1 / 3

/**
 * `count` of the rules, or all where there are fewer: of those that failed, and of those logged under either surrogate, fixed parts
 * as far as there are enough. Those with an accuracy are one out of each of equally large strata by it. The order is a random one in
 * which every beginning holds all kinds in about these parts, so that a sample which is cut short still is one.
 */
export function sampleLog(
  rules: readonly LoggedRule[],
  count: number,
  seed: number,
): readonly LoggedRule[] {
  const key = childKey(rootKey(seed), 'published-log')
  const kinds = [
    rules.filter(({ accuracies }) => accuracies.length === 0),
    ...(['initial', 'evolution'] as const).map((stage) =>
      rules.filter((rule) => rule.stage === stage && rule.accuracies.length > 0),
    ),
  ]
  const parts = [FAILED, (1 - FAILED) * INITIAL, (1 - FAILED) * (1 - INITIAL)]
  const counts = shareOut(
    count,
    parts,
    kinds.map((kind) => kind.length),
  )
  const placed = kinds.flatMap((kind, index) => {
    const own = childKey(key, index)
    const drawn = stratified(kind, counts[index]!, own)
    // Evenly over the whole, from a random beginning.
    const begin = createRandom(childKey(own, 'place')).uniform()
    return drawn.map((rule, place) => ({ rule, at: (place + begin) / drawn.length }))
  })
  return placed.sort((a, b) => a.at - b.at).map(({ rule }) => rule)
}

/** Whole numbers in these parts that sum to `count`, none above its limit, where the limits allow that. */
function shareOut(
  count: number,
  parts: readonly number[],
  limits: readonly number[],
): readonly number[] {
  const counts = limits.map(() => 0)
  const total = Math.min(
    count,
    limits.reduce((sum, limit) => sum + limit, 0),
  )
  for (let given = 0; given < total; given++) {
    let next = -1
    counts.forEach((own, index) => {
      if (own >= limits[index]!) return
      const lack = (own + 1) / parts[index]!
      if (next < 0 || lack < (counts[next]! + 1) / parts[next]!) next = index
    })
    counts[next]! += 1
  }
  return counts
}

/** One rule out of each of `count` strata by accuracy, in random order. */
function stratified(
  rules: readonly LoggedRule[],
  count: number,
  key: ReturnType<typeof rootKey>,
): readonly LoggedRule[] {
  const random = createRandom(key)
  // Shuffled first: those that failed are one stratum, and equal accuracies are in no order.
  const sorted = random
    .shuffle(rules)
    .sort((a, b) => (loggedAccuracy(a) ?? 0) - (loggedAccuracy(b) ?? 0))
  const drawn = Array.from({ length: count }, (_, stratum) => {
    const begin = Math.floor((stratum * sorted.length) / count)
    const end = Math.floor(((stratum + 1) * sorted.length) / count)
    return sorted[begin + random.integer(end - begin)]!
  })
  return random.shuffle(drawn)
}
