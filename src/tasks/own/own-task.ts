import { rootKey } from '../../operators/random.ts'
import { widthFactor } from '../networks/networks.ts'
import type { Task, TaskFile, TensorTask } from '../open-task.ts'
import { disposeScalar, readScalar, type Problem } from '../problem.ts'
import {
  checkDefinition,
  type CompleteDefinition,
  type TaskDefinition,
  type TaskBatch,
} from './definition.ts'
import { ownProblem } from './own-problem.ts'
import { otherBeginning, taskError, type Locate } from './task-error.ts'

/** How many points the curve of a run has. */
const CURVE_POINTS = 10

/** What runs are like when nothing else is said. */
export const defaultsOf = (steps: number, batchSize: number): Task['defaults'] => ({
  ...{ steps, batchSize },
  evaluateEvery: Math.max(1, Math.round(steps / CURVE_POINTS)),
})

/** A task of one's own as a row, from its definition. Throws a {@link TaskError} for what is none. */
export function ownTask<Batch extends TaskBatch>(
  definition: TaskDefinition<Batch>,
  name = 'own',
): Task<TensorTask> {
  return rowOf(definition, name, (message) => message)
}

/** The row of what may be a definition: `locate` tells its place, `filesOf` adds to the files that it names those of its code. */
export function rowOf(
  given: unknown,
  name: string,
  locate: Locate,
  filesOf?: (names: readonly string[]) => readonly TaskFile[],
): Task<TensorTask> {
  const checked = checkDefinition(given)
  if (!checked.ok) throw taskError(locate(checked.problem))
  const definition = checked.value
  const { steps, batchSize, metric } = definition
  const task: Task<TensorTask> = {
    name: definition.name ?? name,
    summary: definition.summary,
    defaults: defaultsOf(steps, batchSize),
    isFunction: definition.isFunction,
    ...(metric && { metric }),
    ...(!definition.isFunction && { examples: 'examples' }),
    ...(filesOf && { files: filesOf(definition.files) }),
    open: async () => ({ ok: true, value: opened(task, definition, 1, locate) }),
  }
  return task
}

function opened(
  task: Task<TensorTask>,
  definition: CompleteDefinition,
  width: number,
  locate: Locate,
): TensorTask {
  return {
    task,
    start: (options) => ownProblem(definition, options, width, locate),
    widened: (by) => opened(task, definition, widthFactor(by), locate),
    rehearse: () => rehearse(task, definition, locate),
  }
}

/**
 * Begins the task twice and takes the first step, before anything else rests on it. Rejects with a {@link TaskError}, also where
 * the two differ: searches take results that they have for those of runs that were never made.
 */
async function rehearse(
  { defaults }: Pick<Task, 'defaults'>,
  definition: CompleteDefinition,
  locate: Locate,
): Promise<void> {
  const begin = (): Promise<Problem> =>
    ownProblem(definition, { batchSize: defaults.batchSize, key: rootKey(0) }, 1, locate)
  const seen: (readonly number[])[] = []
  for (let time = 0; time < 2; time++) {
    const problem = await begin()
    try {
      if (time === 0)
        for (const part of ['validation', 'test'] as const) await problem.evaluate(part)
      const weights = await Promise.all(problem.parameters.map((each) => each.data()))
      const { loss, gradients } = await problem.step(0)
      const value = await readScalar(loss)
      disposeScalar(loss)
      for (const gradient of Object.values(gradients)) gradient.dispose()
      seen.push([...weights.flatMap((each) => [...each]), value])
    } finally {
      problem.dispose()
    }
  }
  const [first, second] = seen
  if (first!.length === second!.length && first!.every((value, at) => value === second![at])) return
  const what = first!.at(-1) === second!.at(-1) ? 'weights' : 'weights or batches'
  throw otherBeginning(
    what,
    locate,
    'draw them with the `random` or the `seed` that `start` is given',
  )
}
