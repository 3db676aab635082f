import { otherTasksOf, placesOf, type Protocol } from '../../../tasks/protocol.ts'
import type { Task } from '../../../tasks/open-task.ts'
import { surrogateWork } from '../../../tasks/work.ts'
import { mostSteps } from './expected-work.ts'
import type { WorkerLimits } from './worker-process.ts'

const MINUTE = 60_000
const LEAST = 2 * MINUTE
const MOST = 30 * MINUTE
/** Milliseconds: many times what a step takes anywhere, of a network that takes few multiplications. */
const PER_STEP = 600
/** Multiplications a millisecond: a fraction of what one processor core does. */
const SLOWEST = 1e6
/** A step's multiplications for one of its forward pass: the gradients of weights and of inputs take as many each. */
const PASSES = 3
/** Mebibytes for tasks of which nobody knows how large their data and networks are; those of a search need less. */
const MEMORY_ELSEWHERE = 8192

/**
 * How long one rule may take, in milliseconds: a minute for every 100 steps of the protocol's longest evaluation on the
 * search's task, at least 2 minutes and at most 30. A whole number of minutes that follows from the protocol alone, since
 * failures state it.
 */
export function timeLimit(protocol: Protocol): number {
  const steps = placesOf(protocol)
    .filter(({ task }) => task === undefined)
    .map(({ surrogate }) => mostSteps(surrogate))
  return Math.min(MOST, Math.max(LEAST, minutes(Math.max(...steps) * PER_STEP)))
}

/**
 * What a rule may use up under a protocol: the time of {@link timeLimit}, but for surrogates whose multiplications alone may
 * take longer; `others` are the tasks that the protocol names. It follows from protocol and tasks alone.
 */
export function limitsFor(
  protocol: Protocol,
  task: Task,
  others: ReadonlyMap<string, Task>,
): Partial<WorkerLimits> {
  const usual = timeLimit(protocol)
  const times = new Map(
    placesOf(protocol).map(({ surrogate, task: name }) => {
      const trained = name === undefined ? task : others.get(name)
      const work = (trained && surrogateWork(trained, surrogate)) ?? 0
      const time = minutes((mostSteps(surrogate) * PASSES * work) / SLOWEST)
      return [surrogate.name, Math.max(usual, time)]
    }),
  )
  return {
    milliseconds: usual,
    timeFor: (surrogate) => times.get(surrogate) ?? usual,
    ...mostMemory(
      [task, ...others.values()].flatMap(({ memory }) => memory ?? []),
      otherTasksOf(protocol).length > 0,
    ),
  }
}

/** The most that one of the tasks asks for; nothing where none does. */
function mostMemory(
  asked: readonly number[],
  isElsewhere: boolean,
): Pick<Partial<WorkerLimits>, 'mebibytes'> {
  const all = isElsewhere ? [...asked, MEMORY_ELSEWHERE] : asked
  return all.length > 0 ? { mebibytes: Math.max(...all) } : {}
}

/** In milliseconds, the fewest minutes that are as long. */
const minutes = (milliseconds: number): number => MINUTE * Math.ceil(milliseconds / MINUTE)
