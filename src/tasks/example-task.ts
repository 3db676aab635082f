import type { ExampleSets } from './examples.ts'
import { networkProblem } from './network-problem.ts'
import type { Network } from './networks/network.ts'
import { widened } from './networks/networks.ts'
import type { Objective } from './networks/objectives/objective.ts'
import type { Task, TensorTask } from './open-task.ts'

/** A task of one network and one objective. */
export interface ExampleTask extends Task<TensorTask> {
  readonly network: Network
  readonly objective: Objective
}

/** `task` on examples that are in memory. */
export function openedExamples(task: ExampleTask, sets: ExampleSets): TensorTask {
  return {
    task,
    start: (options) => networkProblem(task.network, task.objective, sets, options),
    widened: (width) => openedExamples({ ...task, network: widened(task.network, width) }, sets),
  }
}
