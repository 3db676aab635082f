import { analyze } from '../ir/analysis/analyze.ts'
import { reachable } from '../ir/build.ts'
import type { GraphNode, Program, ScheduleFunction } from '../ir/graph.ts'
import { resultsOf } from '../ir/rewrite.ts'

/**
 * The schedules inside an optimizer: the values it computes once a step, from calls of schedules and decays or under a
 * name of their own. Values that depend on states are left out.
 */
export function schedulesInside(program: Program): ScheduleFunction[] {
  const found = new Map<string, GraphNode>()
  const roots = [...resultsOf(program), ...program.states.map((state) => state.next)]
  const { placementOf } = analyze(program)
  for (const node of reachable(roots)) {
    const { known, extent } = placementOf(node)
    if (
      known !== 'step' ||
      extent !== 'run' ||
      reachable([node]).some(({ kind }) => kind === 'state')
    )
      continue
    const name = program.names.get(node) ?? (node.kind === 'call' ? node.callee.name : undefined)
    if (name === undefined) continue
    let free = name
    for (let number = 2; found.has(free); number++) free = `${name} ${number}`
    found.set(free, node)
  }
  return [...found].map(([name, body]) => ({
    name,
    role: 'schedule',
    documentation: [],
    parameters: program.hyperparameters,
    body,
    names: program.names,
    usesTotalSteps: program.usesTotalSteps,
  }))
}
