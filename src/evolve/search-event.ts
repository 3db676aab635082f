import type { Entry, JournalFitness } from './journal.ts'

/** What happens in a search, for those who watch it. */
export type SearchEvent =
  /** A stage with so many slots begins: `initial rules`, `time step 2 of 6`, `selection of time step 2`, `rung 1 of 2`, `final evaluation`, `ablation`, `final: STAGE on TASK`. */
  | { readonly kind: 'stage'; readonly name: string; readonly slots: number }
  /** The rule of a slot is being drawn, and so many were thrown away so far; told at every pause of the host. */
  | { readonly kind: 'draw'; readonly slot: string; readonly rejected: number }
  /** An entry of the journal is there; `recalled` when an earlier process wrote it. */
  | { readonly kind: 'entry'; readonly entry: Entry; readonly recalled: boolean }
  /** A rule was trained; `recalled` when an earlier process did it. */
  | { readonly kind: 'evaluation'; readonly fitness: JournalFitness; readonly recalled: boolean }
