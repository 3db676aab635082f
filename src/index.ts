/**
 * The language as a library, for Node and browsers: programs come and go as text, what is wrong with them travels beside
 * the answer as diagnostics.
 */
export { check, format, parse, type Checked } from './library/language.ts'
export {
  compile,
  targets,
  type Compilation,
  type CompileOptions,
  type Target,
} from './library/compile.ts'
export {
  curve,
  simulate,
  type Answer,
  type Curve,
  type CurveOptions,
  type SimulateOptions,
} from './library/run.ts'
export { mutate, type MutatedRule, type MutateOptions } from './library/mutate.ts'
export type { Load, SourceOptions } from './library/sources.ts'
export { standardLibrary } from './library/standard-library.ts'
export {
  lineStarts,
  positionAt,
  type Position,
  type Source,
  type Span,
} from './diagnostics/source.ts'
export type {
  Diagnostic,
  Fix,
  Outcome,
  Related,
  Severity,
  TextEdit,
} from './diagnostics/diagnostic.ts'
export type { Artifact } from './emit/artifact.ts'
export type { ScheduleValue } from './plan/run/function.ts'
export type { MutationKind } from './mutate/mutate.ts'
export type * from './syntax/ast.ts'
