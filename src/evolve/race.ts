import { studentQuantile } from '../tasks/mean-interval.ts'

/** What a race is decided by. */
export interface RaceRules {
  /** How sure it must be that the winner beats the first contender, between 0.5 and 1. */
  readonly confidence: number
  /** Rounds after which the first contender stays. */
  readonly rounds: number
  /**
   * Contenders that are simpler than the first: when no other has beaten it, the best of these that are as good within noise
   * take its place.
   */
  readonly simpler?: ReadonlySet<number>
}

/** Who won, and all that was seen. */
export interface RaceResult {
  /** Index of the contender. */
  readonly winner: number
  /** Whether the confidence was reached, no other contender was left, or one that is simpler was as good. */
  readonly decided: boolean
}

/** Rounds before the first look; later looks come each time the rounds have doubled, and at the end. */
const FIRST_LOOK = 3

/**
 * A race of several contenders against the first: every round gives each of them a score under equal conditions, higher
 * being better. After 3, 6, 12 ... rounds each one is compared with the first by a one-sided paired t-test (Student, 1908),
 * its level shared among contenders and looks (Bonferroni). The best of those that beat the first wins; one whose mean is
 * not above the first's is out, as is one without a score. One that is simpler is out when the first is shown to beat it, and
 * wins at the end if its mean is at most one standard error of the difference below the first's. `score` may be asked for
 * several contenders at a time.
 */
export async function race(
  contenders: number,
  { confidence, rounds, simpler = new Set() }: RaceRules,
  score: (contender: number, round: number) => Promise<number | undefined>,
): Promise<RaceResult> {
  const looks = lookRounds(rounds)
  const level = (1 - confidence) / Math.max(1, (contenders - 1) * looks.length)
  const scores = Array.from({ length: contenders }, (): number[] => [])
  let open = Array.from({ length: contenders }, (_, contender) => contender)
  let done = 0
  for (const look of looks) {
    const asked = open
    const from = done
    await Promise.all(
      asked.map(async (contender) => {
        for (let round = from; round < look; round++) {
          const value = await score(contender, round)
          if (value === undefined) return
          scores[contender]!.push(value)
        }
      }),
    )
    done = look
    open = open.filter((contender) => scores[contender]!.length === look)
    const others = open.filter((contender) => contender !== 0)
    const byMean = [...others].sort((a, b) => mean(scores[b]!) - mean(scores[a]!) || a - b)
    if (!open.includes(0)) return { winner: byMean[0] ?? 0, decided: byMean.length > 0 }
    const better = byMean.find((contender) => beats(scores[contender]!, scores[0]!, level))
    if (better !== undefined) return { winner: better, decided: true }
    const staysIn = (contender: number): boolean =>
      mean(scores[contender]!) > mean(scores[0]!) ||
      (simpler.has(contender) && !beats(scores[0]!, scores[contender]!, level))
    open = [0, ...others.filter(staysIn)]
    if (open.length === 1) return { winner: 0, decided: true }
  }
  const [asGood] = open
    .filter((contender) => simpler.has(contender) && isAsGood(scores[contender]!, scores[0]!))
    .sort((a, b) => mean(scores[b]!) - mean(scores[a]!) || a - b)
  return asGood === undefined ? { winner: 0, decided: false } : { winner: asGood, decided: true }
}

/** The numbers of rounds after which a race of at most `rounds` is looked at. */
function lookRounds(rounds: number): readonly number[] {
  const looks: number[] = []
  for (let look = FIRST_LOOK; look < rounds; look *= 2) looks.push(look)
  return [...looks, rounds]
}

/** Whether the mean of `a - b` is above 0 at the one-sided `level`. */
function beats(a: readonly number[], b: readonly number[], level: number): boolean {
  if (a.length < 2) return false
  const { center, error } = difference(a, b)
  return center > studentQuantile(1 - level, a.length - 1) * error
}

/** Whether the mean of `a - b` is at most one standard error of it below 0. */
function isAsGood(a: readonly number[], b: readonly number[]): boolean {
  if (a.length < 2) return false
  const { center, error } = difference(a, b)
  return center >= -error
}

/** The mean of `a - b`, and its standard error. */
function difference(
  a: readonly number[],
  b: readonly number[],
): { readonly center: number; readonly error: number } {
  const differences = a.map((value, index) => value - b[index]!)
  const center = mean(differences)
  const count = differences.length
  const variance = differences.reduce((sum, each) => sum + (each - center) ** 2, 0) / (count - 1)
  return { center, error: Math.sqrt(variance / count) }
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length
