import { joinPlacements, type Placement } from '../../operators/type.ts'
import { operands, reachable } from '../build.ts'
import type { GraphNode, InputNode, ParameterNode, ProgramState } from '../graph.ts'

/** States as far as what they hold is concerned. */
export type States = readonly Pick<ProgramState, 'initial' | 'next'>[]

/** When values are known, and one for what. */
export interface Placements {
  readonly placementOf: (node: GraphNode) => Placement
  /** The placement of a state by its index: late where its numbers live in tensors. */
  readonly stateOf: (index: number) => Placement
}

/** Where values of the language are known, and one for what. */
export const PLACES = {
  constant: { known: 'constant', extent: 'run' },
  build: { known: 'build', extent: 'run' },
  step: { known: 'step', extent: 'run' },
  element: { known: 'gradient', extent: 'element' },
} as const satisfies Readonly<Record<string, Placement>>

const INPUTS: Readonly<Record<InputNode['name'], Placement>> = {
  g: PLACES.element,
  w: PLACES.element,
  t: PLACES.step,
  T: PLACES.build,
}

/** Where a parameter is known: hyperparameters when the optimizer is built. */
export type ParameterPlacement = (node: ParameterNode) => Placement

/** Works out placements for the nodes of every graph whose states are numbered alike. */
export function createPlacements(
  states: States,
  ofParameter: ParameterPlacement = () => PLACES.build,
): Placements {
  let known: readonly Placement[] | undefined
  const stateOf = (index: number): Placement => {
    known ??= placeStates(states, ofParameter)
    return known[index]!
  }
  return {
    stateOf,
    placementOf: memoized((node, recurse) => placementOf(node, recurse, stateOf, ofParameter)),
  }
}

/** The answers of `find`, each worked out once, operands first: graphs may be deeper than the stack. */
export function memoized<T>(
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

const ofFunctions = new WeakMap<GraphNode, Placement>()

/** The placement of a schedule's body, whatever it is called with. */
function ofBody(body: GraphNode): Placement {
  let placement = ofFunctions.get(body)
  if (placement === undefined)
    ofFunctions.set(body, (placement = createPlacements([]).placementOf(body)))
  return placement
}

function placementOf(
  node: GraphNode,
  recurse: (node: GraphNode) => Placement,
  stateOf: (index: number) => Placement,
  ofParameter: ParameterPlacement,
): Placement {
  switch (node.kind) {
    case 'constant':
      return PLACES.constant
    case 'input':
      return INPUTS[node.name]
    case 'parameter':
      return ofParameter(node)
    case 'state':
      return stateOf(node.index)
    case 'total':
      return recurse(node.of)
    case 'apply': {
      const [a, b, ...others] = node.arguments
      if (a === undefined || others.length > 0)
        return node.operator.placement(...node.arguments.map(recurse))
      return b === undefined
        ? node.operator.placement(recurse(a))
        : node.operator.placement(recurse(a), recurse(b))
    }
    case 'call':
      return joinPlacements(ofBody(node.callee.body), ...node.arguments.map(recurse))
  }
}

/** States start as one number of the host and are widened by what is assigned to them until nothing changes. */
function placeStates(states: States, ofParameter: ParameterPlacement): readonly Placement[] {
  let placements: readonly Placement[] = states.map(() => PLACES.step)
  for (;;) {
    const current = placements
    const find = memoized<Placement>((node, recurse) =>
      placementOf(node, recurse, (index) => current[index]!, ofParameter),
    )
    placements = states.map(({ initial, next }, index) =>
      keptAs(joinPlacements(current[index]!, find(initial), find(next))),
    )
    // Nothing is wider than one per element.
    const isWidest = placements.every(({ extent }) => extent === 'element')
    const isStable = placements.every(
      ({ known, extent }, index) =>
        known === current[index]!.known && extent === current[index]!.extent,
    )
    if (isWidest || isStable) return placements
  }
}

/** One number for the run is kept by the host; everything else lives in tensors. */
function keptAs({ known, extent }: Placement): Placement {
  return extent === 'run' ? { known, extent } : { known: 'gradient', extent }
}
