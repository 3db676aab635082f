import { countText } from '../study/measure.ts'
import { configured, type Run } from './run.ts'
import { progressOf } from './sections/head.ts'

/** Whether a run goes on, and if not, why. */
export type RunState =
  | { readonly kind: 'running'; readonly process: number }
  | { readonly kind: 'ended' }
  /** Asked to go on; its process has not taken it up yet. */
  | { readonly kind: 'resuming' }
  /** Its process said that it was ended, or was killed: then its lock is still there. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'killed'; readonly process: number }
  | { readonly kind: 'damaged'; readonly problem: string }

/** A run as it stands. */
export interface RunStatus {
  /** Its folder, as it is called here. */
  readonly name: string
  readonly state: RunState
  /** Absent where its journal has no beginning. */
  readonly run: Run | undefined
  /** Evaluations that are kept, the journal's and those behind it, and the minutes that they took. */
  readonly evaluations: number
  readonly minutes: number
  /** The command that goes on with it. */
  readonly resumeCommand: string
  /** Why it could not be resumed from here, where that was tried. */
  readonly failure?: string
  /** Whether it was resumed from here, and runs: then it can be ended from here, too. */
  readonly canEnd: boolean
}

/** The state in words. */
export function stateText(state: RunState): string {
  switch (state.kind) {
    case 'running':
      return `running as process ${state.process}`
    case 'ended':
      return 'ended'
    case 'interrupted':
      return 'interrupted'
    case 'resuming':
      return 'about to go on'
    case 'killed':
      return `killed: process ${state.process} is gone`
    case 'damaged':
      return `damaged: ${state.problem}`
  }
}

/** Whether `optc evolve --resume` can go on with a run. */
export function canResume({ kind }: RunState): boolean {
  return kind === 'interrupted' || kind === 'killed'
}

/** Rules that are judged, of those that the search is to judge; races and the final table come on top. */
export function rulesDone(run: Run): { readonly done: number; readonly total: number } {
  const { given } = run.configuration
  const first = configured(run, 'initial') + (Array.isArray(given) ? given.length : 0)
  const each = configured(run, 'particles') * configured(run, 'timesteps')
  return { done: run.works.length, total: first + each * configured(run, 'children') }
}

/** How far a run is, in words. */
export function progressText({ run, evaluations, minutes }: RunStatus): string {
  if (run === undefined) return ''
  const { done, total } = rulesDone(run)
  const where = run.isComplete ? [] : [progressOf(run)]
  return [
    `${countText(done)} of ${countText(total)} rules`,
    `${countText(evaluations)} ${evaluations === 1 ? 'evaluation' : 'evaluations'}`,
    minutesText(minutes),
    ...where,
  ].join(' · ')
}

function minutesText(minutes: number): string {
  if (minutes < 1) return `${Math.round(60 * minutes)} s`
  return minutes < 60
    ? `${Math.round(minutes)} min`
    : `${Math.floor(minutes / 60)} h ${Math.round(minutes % 60)} min`
}
