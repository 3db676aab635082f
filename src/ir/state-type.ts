import { joinIntervals, within, type Interval } from '../operators/interval.ts'
import { joinStages, type Stage } from '../operators/stage.ts'
import type { ProgramState } from './graph.ts'

/** What is assumed of a state before its assignments are lowered. */
export interface StateType {
  readonly stage: ProgramState['stage']
  readonly interval: Interval
}

interface Typed {
  readonly stage: Stage
  readonly interval: Interval
}

const FIRST_GUESS_ROUNDS = 4
const WIDENING_ROUNDS = 12

/** The guess of the next round: what the state was found to be, made wider the longer this goes on, so that it ends. */
export function joinState(
  state: { readonly initial: Typed; readonly next: Typed },
  guess: StateType | undefined,
  round: number,
): StateType {
  const start = guess?.interval ?? state.initial.interval
  const joined = joinIntervals(start, joinIntervals(state.initial.interval, state.next.interval))
  const stage = joinStateStage(state, guess?.stage)
  if (round < FIRST_GUESS_ROUNDS || within(joined, start)) return { stage, interval: joined }
  return { stage, interval: widen(start, joined, round) }
}

/** The stage part of `joinState`. */
export function joinStateStage(
  state: { readonly initial: Pick<Typed, 'stage'>; readonly next: Pick<Typed, 'stage'> },
  guess: ProgramState['stage'] = 'schedule',
): ProgramState['stage'] {
  return stateStage(joinStages(state.initial.stage, state.next.stage, guess))
}

/** Moves the ends that still move to the next of 0, 1, -1 and infinity, and at last to everything. */
function widen(start: Interval, joined: Interval, round: number): Interval {
  const landmarks = round < WIDENING_ROUNDS ? [-1, 0, 1] : []
  const low =
    joined.low < start.low
      ? Math.max(-Infinity, ...landmarks.filter((mark) => mark <= joined.low))
      : joined.low
  const high =
    joined.high > start.high
      ? Math.min(Infinity, ...landmarks.filter((mark) => mark >= joined.high))
      : joined.high
  return {
    ...joined,
    low,
    high,
    lowOpen: joined.lowOpen && low === joined.low,
    highOpen: joined.highOpen && high === joined.high,
  }
}

/** The stage a state is kept at when it takes values of `stage`. */
export function stateStage(stage: Stage): ProgramState['stage'] {
  if (stage === 'tensor') return 'tensor'
  return stage === 'statistic' || stage === 'shape' ? 'statistic' : 'schedule'
}
