import { print } from '../syntax/print.ts'
import type { Candidate } from './candidate.ts'
import { requestOf, type SearchContext } from './context.ts'
import type { Attempt } from './journal.ts'
import type { Judged } from './ledger.ts'

/** A candidate on its way to being judged: its text is printed once. */
export interface Trial {
  readonly slot: string
  /** Attempts in the slot before this one. */
  readonly number: number
  readonly candidate: Candidate
  readonly rule: string
}

/** The trial of `candidate` as the attempt of that number in a slot. */
export function trialOf(slot: string, number: number, candidate: Candidate): Trial {
  return { slot, number, candidate, rule: print(candidate.module) }
}

/** Takes the trial's place in the ledger; what is given judges it, unless an earlier rule like it was judged. */
export function claim(
  { ledger, host, configuration: { seed } }: SearchContext,
  trial: Trial,
  surrogate: string,
): () => Promise<Judged> {
  return ledger.claim(ledgerRule(trial), surrogate, () =>
    host.judge(requestOf(trial.rule, isFlipped(trial), { surrogate, seed })),
  )
}

/** Judges a trial that takes no place in the ledger yet, unless a rule claimed before its slot is like it. */
export function judgeUnclaimed(
  { ledger, host, configuration: { seed } }: SearchContext,
  trial: Trial,
  surrogate: string,
): Promise<Judged> {
  return ledger.look(ledgerRule(trial), surrogate, () =>
    host.judge(requestOf(trial.rule, isFlipped(trial), { surrogate, seed })),
  )
}

/** Lets later rules find what was found of a trial that was judged unclaimed. */
export function claimJudged(
  { ledger }: SearchContext,
  trial: Trial,
  surrogate: string,
  { fitness, like }: Judged,
): void {
  if (like === undefined)
    void ledger.claim(ledgerRule(trial), surrogate, () => Promise.resolve(fitness))()
}

/** The journal's record of a trial. */
export function attemptOf({ candidate, rule }: Trial, { fitness, like }: Judged): Attempt {
  return {
    ...(candidate.mutation !== undefined && { mutation: candidate.mutation }),
    rule,
    fingerprint: candidate.fingerprint,
    integrity: candidate.integrity,
    ...(like && { like }),
    fitness,
  }
}

const isFlipped = ({ candidate }: Trial): boolean => candidate.integrity.flipped

const ledgerRule = (trial: Trial) => ({
  slot: trial.slot,
  attempt: trial.number,
  program: trial.candidate.program,
  flipped: isFlipped(trial),
})
