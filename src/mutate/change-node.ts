import type { Probabilities } from './space/space.ts'
import type { Random } from '../operators/random.ts'
import { chooseWeighted } from './choose.ts'
import type { Graph } from './graph.ts'
import type { Chances, CommonFailure, NodeMutation } from './mutations/mutation.ts'

/** The tree of a graph with one of its nodes changed by a mutation of the table, as often by each as `rates` says. */
export function changeNode<Tree, Failure extends string>(
  table: readonly NodeMutation<string, Failure>[],
  graph: Graph<Tree>,
  rates: Probabilities,
  random: Random,
): Tree | Failure | CommonFailure {
  if (graph.nodes.length === 0) return 'no-node'
  const node = random.pick(graph.nodes)
  const { change } = drawMutation(table, rates, random)
  const changed = change(graph, node, chancesOf(rates, random))
  return typeof changed === 'string' ? changed : graph.replace(node, changed)
}

/** One of the mutations, drawn with the given rates; those without a rate are never drawn. */
export function drawMutation<Each extends { readonly name: string }>(
  table: readonly Each[],
  rates: Probabilities,
  random: Random,
): Each {
  return chooseWeighted(
    table.map((each) => [each, rates[each.name] ?? 0] as const).filter(([, rate]) => rate > 0),
    random,
  )
}

/** What the choices inside a mutation are drawn with. */
export function chancesOf(probabilities: Probabilities, random: Random): Chances<string> {
  return { random, chance: (choice) => random.chance(probabilities[choice] ?? 0) }
}
