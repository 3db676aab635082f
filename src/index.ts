/**
 * The language as a library, for Node and browsers: programs come and go as text, what is wrong with them travels beside
 * the answer as diagnostics.
 */
export { check, format, parse, type Checked } from './library/language.ts'
export { compile, type Compilation, type CompileOptions } from './library/compile.ts'
export { targetNames as targets, type TargetName as Target } from './emit/targets.ts'
export type { Answer, ProgramOptions } from './library/answer.ts'
export { simulate, type SimulateOptions, type Simulation } from './library/run.ts'
export type { Layout } from './operators/layout.ts'
export { curve, path, surfaces, type CurveOptions, type PathOptions } from './library/plot.ts'
export { curvesFigure, type Curve } from './language/plot/curves.ts'
export { pathsFigure, type Path } from './language/plot/paths.ts'
export type { Surface } from './language/plot/surfaces.ts'
export { drawSvg } from './draw/figure-svg.ts'
export type { Figure } from './draw/figure.ts'
export {
  explain,
  topics,
  type Explanation,
  type ExplainOptions,
  type TopicSummary,
} from './library/explain.ts'
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
export type { ScheduleValue } from './ir/schedule.ts'
export type { MutationKind } from './mutate/mutate.ts'
export type * from './syntax/ast.ts'
