/**
 * A search for rules, as `import 'optc-lang/search'` offers it: whole in this process, or its parts for a host of one's own,
 * which judges rules wherever it wants to and keeps the journal. For Node: tasks read their data from the disk.
 */
export { evolve, type EvolveOptions, type Evolution } from './evolve.ts'
export { search, type SearchResult } from '../evolve/search.ts'
export type { SearchHost } from '../evolve/context.ts'
export type { StageHost } from '../evolve/stages.ts'
export type { Baseline } from '../evolve/final-evaluation.ts'
export type { Scored } from '../evolve/scored.ts'
export type { SearchEvent } from '../evolve/search-event.ts'
export {
  SEARCH_DEFAULTS,
  type Budget,
  type Reuse,
  type SearchConfiguration,
  type Selection,
} from '../evolve/search-configuration.ts'
export { createJudge, type Fitness, type FitnessRequest } from '../evolve/fitness.ts'
export { FILTERS, findFilter, type Filter } from '../evolve/filters.ts'
export { checkIntegrity, INTEGRITY, type Integrity } from '../evolve/integrity.ts'
export {
  createBehaviourIndex,
  type BehaviourIndex,
  type BehaviourMode,
  type Repeat,
} from '../evolve/behaviour/behaviour-index.ts'
export {
  readJournal,
  writeEntry,
  type Entry,
  type EntryOf,
  type Final,
  type ReadJournal,
  type Work,
} from '../evolve/journal.ts'
export { adopt } from '../mutate/adopt.ts'
export type { Space } from '../mutate/space/space.ts'
export {
  openTask,
  type OpenTask,
  type RemoteTask,
  type Task,
  type TensorTask,
} from '../tasks/open-task.ts'
export type { RuleInUse, TrainingSession } from '../tasks/session.ts'
export type { Problem } from '../tasks/problem.ts'
export type { Extent } from '../operators/type.ts'
export type { Random } from '../operators/random.ts'
export { loadTask } from '../tasks/own/load-task.ts'
export { ownTask } from '../tasks/own/own-task.ts'
export { isTaskError, type TaskError } from '../tasks/own/task-error.ts'
export type {
  TaskBatch,
  TaskContext,
  TaskDefinition,
  TaskEvaluation,
  TaskRun,
  TaskTensorFlow,
  TaskValue,
} from '../tasks/own/definition.ts'
export { train, type CurvePoint, type TrainOptions, type TrainResult } from '../tasks/train.ts'
export type { Metric } from '../tasks/metric.ts'
export type { DataProblem, DataResult, OpenOptions } from '../tasks/data-file.ts'
export { findProtocol, PROTOCOLS, type Augmentation, type Protocol } from '../tasks/protocol.ts'
export { scaledProtocol } from '../tasks/protocol-scale.ts'
export { readProtocol, type ReadProtocol } from '../tasks/protocol-file.ts'
export { findTask, TASKS } from '../tasks/task.ts'
export { programOf, type Answer, type ProgramOptions } from './answer.ts'
export { libraryLoader, type Load, type SourceOptions } from './sources.ts'
export { spaceOf } from './spaces.ts'
export { selectBackend, type BackendChoice } from '../runtime/backends.ts'
export type { ModuleLoader } from '../resolve/resolution.ts'
export type { Program, ScheduleFunction } from '../ir/graph.ts'
