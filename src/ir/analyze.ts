import {
  anything,
  exactly,
  finite,
  interval,
  joinIntervals,
  within,
  type Interval,
} from '../operators/interval.ts'
import { joinPlacements, type Placement } from '../operators/type.ts'
import { operands, reachable } from './build.ts'
import type {
  ApplyNode,
  CallNode,
  GraphNode,
  InputNode,
  Program,
  ProgramState,
  ScheduleFunction,
} from './graph.ts'

/**
 * What is known of the values of a program's nodes before it runs. It answers for the nodes of every graph whose states
 * are numbered alike, so that a program can be rewritten by it.
 */
export interface Types {
  /** When the value is known, and one for what. */
  readonly placementOf: (node: GraphNode) => Placement
  /**
   * An interval that holds the value on every step: for every gradient and weight, and hyperparameters in their declared
   * intervals and at finite ends of them, which emitted code enforces at every step. Nothing rests on the promises of decays; on `t < T` only what stands in a decay
   * that holds its value from step `T` on.
   */
  readonly intervalOf: (node: GraphNode) => Interval
  /** The placement of a state by its index: late where its numbers live in tensors. */
  readonly stateOf: (index: number) => Placement
}

const analyzed = new WeakMap<Program | ScheduleFunction, Types>()

/** The types of a program, or of the body of a schedule or decay. */
export function analyze(subject: Program | ScheduleFunction): Types {
  let types = analyzed.get(subject)
  if (types === undefined) {
    types = 'body' in subject ? createTypes([], holds(subject)) : createTypes(subject.states, false)
    analyzed.set(subject, types)
  }
  return types
}

/** Whether the function has the value of step `T` - 1 on every step from `T` on: a decay that knows where the run ends. */
export function holds({ role, usesTotalSteps }: ScheduleFunction): boolean {
  return role === 'decay' && usesTotalSteps
}

type States = readonly Pick<ProgramState, 'initial' | 'next'>[]

function createTypes(states: States, isBeforeEnd: boolean): Types {
  const statePlacements = placeStates(states)
  const stateOf = (index: number): Placement => statePlacements[index]!
  let stateIntervals: readonly Interval[] | undefined
  return {
    stateOf,
    placementOf: memoized((node, recurse) => placementOf(node, recurse, stateOf)),
    intervalOf: memoized((node, recurse) =>
      intervalOf(node, recurse, isBeforeEnd, (index) => {
        stateIntervals ??= intervalsOfStates(states, isBeforeEnd)
        return stateIntervals[index]!
      }),
    ),
  }
}

/** The answers of `find`, each worked out once, operands first: graphs may be deeper than the stack. */
function memoized<T>(
  find: (node: GraphNode, recurse: (node: GraphNode) => T) => T,
): (node: GraphNode) => T {
  const known = new Map<GraphNode, T>()
  const answer = (node: GraphNode): T => {
    const found = known.get(node)
    if (found !== undefined) return found
    if (!areKnown(operands(node), known))
      for (const each of reachable([node]))
        if (!known.has(each) && each !== node) known.set(each, find(each, answer))
    const made = find(node, answer)
    known.set(node, made)
    return made
  }
  return answer
}

function areKnown(nodes: readonly GraphNode[], known: ReadonlyMap<GraphNode, unknown>): boolean {
  for (const node of nodes) if (!known.has(node)) return false
  return true
}

const CONSTANT: Placement = { known: 'constant', extent: 'run' }
const BUILD: Placement = { known: 'build', extent: 'run' }
const STEP: Placement = { known: 'step', extent: 'run' }
const ELEMENT: Placement = { known: 'gradient', extent: 'element' }

const INPUTS: Readonly<Record<InputNode['name'], Placement & { interval: Interval }>> = {
  g: { ...ELEMENT, interval: finite },
  w: { ...ELEMENT, interval: finite },
  t: { ...STEP, interval: interval(0, Infinity, { highOpen: true }) },
  T: { ...BUILD, interval: interval(1, Infinity, { highOpen: true }) },
}

function placementOf(
  node: GraphNode,
  recurse: (node: GraphNode) => Placement,
  stateOf: (index: number) => Placement,
): Placement {
  switch (node.kind) {
    case 'constant':
      return CONSTANT
    case 'input':
      return INPUTS[node.name]
    case 'parameter':
      return BUILD
    case 'state':
      return stateOf(node.index)
    case 'apply': {
      const [a, b, ...others] = node.arguments
      if (a === undefined || others.length > 0)
        return node.operator.placement(...node.arguments.map(recurse))
      return b === undefined
        ? node.operator.placement(recurse(a))
        : node.operator.placement(recurse(a), recurse(b))
    }
    case 'call':
      return joinPlacements(
        analyze(node.callee).placementOf(node.callee.body),
        ...node.arguments.map(recurse),
      )
  }
}

/** States start as one number of the host and are widened by what is assigned to them until nothing changes. */
function placeStates(states: States): readonly Placement[] {
  let placements: readonly Placement[] = states.map(() => STEP)
  for (;;) {
    const current = placements
    const find = memoized<Placement>((node, recurse) =>
      placementOf(node, recurse, (index) => current[index]!),
    )
    placements = states.map(({ initial, next }, index) =>
      keptAs(joinPlacements(current[index]!, find(initial), find(next))),
    )
    // Nothing is wider than one per element.
    const isWidest = placements.every(({ extent }) => extent === 'element')
    if (isWidest || placements.every(({ extent }, index) => extent === current[index]!.extent))
      return placements
  }
}

/** One number for the run is kept by the host; everything else lives in tensors. */
function keptAs({ known, extent }: Placement): Placement {
  return extent === 'run' ? { known, extent } : { known: 'gradient', extent }
}

function intervalOf(
  node: GraphNode,
  recurse: (node: GraphNode) => Interval,
  isBeforeEnd: boolean,
  stateInterval: (index: number) => Interval,
): Interval {
  switch (node.kind) {
    case 'constant':
      return exactly(node.value)
    case 'input':
      return INPUTS[node.name].interval
    case 'parameter':
      return reached(node.declared)
    case 'state':
      return stateInterval(node.index)
    case 'apply':
      return (
        (isBeforeEnd ? progressInterval(node) : undefined) ??
        node.operator.interval(...node.arguments.map(recurse))
      )
    case 'call':
      return callInterval(node, recurse)
  }
}

/** The interval with its finite ends: what changes from step to step may reach them. */
function reached(declared: Interval): Interval {
  const { low, high, lowOpen, highOpen, nan } = declared
  return interval(low, high, {
    lowOpen: lowOpen && low === -Infinity,
    highOpen: highOpen && high === Infinity,
    nan,
  })
}

/**
 * What a schedule or decay can give: what its body shows, which was followed for arguments in their declared ranges;
 * nothing is known of it for others.
 */
function callInterval(
  { callee, arguments: arguments_ }: CallNode,
  recurse: (node: GraphNode) => Interval,
): Interval {
  const wanted = [
    INPUTS.t.interval,
    ...callee.parameters.map((parameter) => reached(parameter.interval)),
  ]
  const asDeclared = arguments_.every((argument, index) =>
    within(recurse(argument), wanted[index]!),
  )
  return asDeclared ? analyze(callee).intervalOf(callee.body) : anything
}

const isInput = (node: GraphNode | undefined, name: InputNode['name']): boolean =>
  node?.kind === 'input' && node.name === name

/** `t / T` stays below 1 and `(t + 1) / T` does not exceed it: what t < T adds to the intervals of its two sides. */
function progressInterval({ operator, arguments: [step, total] }: ApplyNode): Interval | undefined {
  if (operator.role !== 'division' || !isInput(total, 'T')) return undefined
  if (isInput(step, 't')) return interval(0, 1, { highOpen: true })
  if (step?.kind !== 'apply' || step.operator.role !== 'addition') return undefined
  const isNext =
    step.arguments.some((argument) => isInput(argument, 't')) &&
    step.arguments.some((argument) => argument.kind === 'constant' && argument.value === 1)
  return isNext ? interval(0, 1, { lowOpen: true }) : undefined
}

const FIRST_ROUNDS = 4
const WIDENING_ROUNDS = 12

/** Guessed from the initial values and joined with what is assigned round by round, wider the longer this goes on. */
function intervalsOfStates(states: States, isBeforeEnd: boolean): readonly Interval[] {
  let intervals: readonly Interval[] | undefined
  for (let round = 0; ; round++) {
    const current = intervals
    const find: (node: GraphNode) => Interval = memoized((node, recurse) =>
      intervalOf(node, recurse, isBeforeEnd, (index) =>
        current === undefined ? recurse(states[index]!.initial) : current[index]!,
      ),
    )
    intervals = states.map(({ initial, next }, index) => {
      const start = current?.[index] ?? find(initial)
      const joined = joinIntervals(start, joinIntervals(find(initial), find(next)))
      return round < FIRST_ROUNDS || within(joined, start) ? joined : widen(start, joined, round)
    })
    if (current !== undefined && intervals.every((each, index) => within(each, current[index]!)))
      return current
  }
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
