/** What a learning rate is chosen by. */
export interface RateChoiceOptions<Run> {
  /** Learning rates of the short runs, in any order, each a power of ten or so from the next. */
  readonly grid: readonly number[]
  /** Whether a rule may be run with a learning rate. */
  readonly allows: (learningRate: number) => boolean
  /** Seeds of the short runs; each list after the first is for when nothing learned with the one before. */
  readonly trialSeeds: readonly (readonly number[])[]
  /** Seeds of the whole runs that decide, the same for every learning rate. */
  readonly seeds: readonly number[]
  /** The score of a short run, more being better; undefined when it diverged. */
  readonly trial: (learningRate: number, seed: number) => Promise<number | undefined>
  readonly run: (learningRate: number, seed: number) => Promise<Run>
  /** The score of a whole run, more being better; undefined when it failed. */
  readonly score: (run: Run) => number | undefined
}

/** A learning rate that was run at full length, on the seeds that the choice was made by. */
export interface Rival<Run> {
  readonly learningRate: number
  readonly runs: readonly Run[]
}

/** Which learning rate was chosen, and from what. */
export interface RateChoice<Run> {
  /** The best of the rivals by their mean scores; undefined when each of them failed on a seed, or all short runs did. */
  readonly learningRate: number | undefined
  /** The learning rates that were run at full length, from the largest to the smallest. */
  readonly rivals: readonly Rival<Run>[]
}

/** Of the best powers of ten by the short runs so many are run at full length. */
const CONTENDERS = 2

/** So many at most are, the ones around the best of them included. */
const MOST_RIVALS = 8

/**
 * Chooses a learning rate in three stages. Short runs rank the grid. The best two go on to full length, on seeds of their
 * own. Around the better one the grid is refined to thirds of a decade, at full length too, until the best has both of its
 * neighbours behind it. Short runs favour rates that are too small for whole ones, so they only say where to begin: refined by
 * short runs, choices on fashion14-cnn lost two to three times as much. Where every short run diverges, it is made
 * again with other seeds; where both fail at full length, the next ones are run.
 */
export async function chooseRate<Run>(options: RateChoiceOptions<Run>): Promise<RateChoice<Run>> {
  const { seeds, run, score, allows } = options
  const ranked = await rankGrid(options)
  const rivals: Rival<Run>[] = []
  const enter = async (rates: readonly number[]): Promise<void> => {
    const entered = rates.slice(0, MOST_RIVALS - rivals.length)
    rivals.push(
      ...(await Promise.all(
        entered.map(async (learningRate) => ({
          learningRate,
          runs: await Promise.all(seeds.map((seed) => run(learningRate, seed))),
        })),
      )),
    )
  }
  const best = (): number | undefined => bestRival(rivals, score)

  await enter(ranked.slice(0, CONTENDERS))
  for (const next of ranked.slice(CONTENDERS)) {
    if (best() !== undefined) break
    await enter([next])
  }
  for (let place = best(); place !== undefined && rivals.length < MOST_RIVALS; place = best()) {
    const missing = [1, -1]
      .map((direction) => thirdOfDecade(rivals[place!]!.learningRate, direction))
      .filter((rate) => allows(rate) && !rivals.some((rival) => isSame(rival.learningRate, rate)))
    if (missing.length === 0) break
    await enter(missing)
  }
  const chosen = best()
  return {
    learningRate: chosen === undefined ? undefined : rivals[chosen]!.learningRate,
    rivals: rivals.sort((a, b) => b.learningRate - a.learningRate),
  }
}

/** The grid by mean scores of short runs, the best first; without what diverged on a seed. Empty when everything did. */
async function rankGrid<Run>({
  grid,
  allows,
  trialSeeds,
  trial,
}: RateChoiceOptions<Run>): Promise<readonly number[]> {
  const allowed = grid.filter(allows)
  for (const seeds of trialSeeds) {
    const tried = await Promise.all(
      allowed.map(async (rate) => ({
        rate,
        score: meanOrWorst(await Promise.all(seeds.map((seed) => trial(rate, seed)))),
      })),
    )
    const learned = tried.filter(({ score }) => score > -Infinity)
    if (learned.length > 0) return learned.sort((a, b) => b.score - a.score).map(({ rate }) => rate)
  }
  return []
}

/** The index of the rival with the best mean score, the first of equals; undefined when all failed on a seed. */
export function bestRival<Run>(
  rivals: readonly Rival<Run>[],
  score: (run: Run) => number | undefined,
): number | undefined {
  let best: number | undefined
  let bestMean = -Infinity
  rivals.forEach(({ runs }, index) => {
    const mean = meanOrWorst(runs.map(score))
    if (mean > bestMean) [best, bestMean] = [index, mean]
  })
  return best
}

/** The mean; minus infinity when one is missing or there are none. */
function meanOrWorst(scores: readonly (number | undefined)[]): number {
  if (scores.length === 0) return -Infinity
  return scores.reduce<number>((sum, score) => sum + (score ?? -Infinity), 0) / scores.length
}

/** The next learning rate up (1) or down (-1), a third of a decade away: 0.1, 0.22, 0.46, 1. */
function thirdOfDecade(learningRate: number, direction: number): number {
  const thirds = 3 * Math.log10(learningRate)
  const place = Math.abs(thirds - Math.round(thirds)) < 0.05 ? Math.round(thirds) : thirds
  return Number((10 ** ((place + direction) / 3)).toPrecision(2))
}

const isSame = (a: number, b: number): boolean => Math.abs(Math.log10(a / b)) < 0.1
