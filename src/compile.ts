import { check, checkLinked, linkChecked } from './check/check.ts'
import type { CheckedModule } from './check/checked-module.ts'
import type { LinkedModule } from './resolve/link.ts'
import type { ModuleLoader } from './resolve/resolution.ts'
import type { Diagnostic, Outcome } from './diagnostics/diagnostic.ts'
import type { Source } from './diagnostics/source.ts'
import type { Program, ScheduleFunction } from './ir/graph.ts'
import { simplify, simplifyFunction } from './ir/simplify.ts'
import { readSpace } from './mutate/space/space.ts'
import type { Module, SpaceDeclaration } from './syntax/ast.ts'
import { parseWithComments, type Parsed } from './syntax/parse.ts'

/** What a file means: its optimizers, and the schedules and decays it declares, as simplified graphs. */
export interface Compiled {
  readonly checked: CheckedModule
  readonly programs: readonly Program[]
  readonly functions: readonly ScheduleFunction[]
}

/** A file's text on its way to a checked module; each stage is worked out when it is first asked for. */
export interface Stages {
  readonly parsed: Parsed
  /** With its names resolved. */
  readonly linked: () => LinkedModule
  /** With the diagnostics of all stages. */
  readonly checked: () => Outcome<CheckedModule>
}

/** The stages of a file's text: who asks for names alone does not wait for types. */
export function stagesOf(source: Source, loader: ModuleLoader): Stages {
  const parsed = parseWithComments(source)
  let linked: Outcome<LinkedModule> | undefined
  let checked: Outcome<CheckedModule> | undefined
  const linkOnce = (): Outcome<LinkedModule> => (linked ??= linkChecked(parsed.value, loader))
  return {
    parsed,
    linked: () => linkOnce().value,
    checked: () => {
      if (checked !== undefined) return checked
      const hasSyntaxErrors = hasErrors(parsed.diagnostics)
      const { value, diagnostics } = checkLinked(linkOnce(), {
        hasSyntaxErrors,
        readSpace: spaceErrors,
      })
      return (checked = { value, diagnostics: [...parsed.diagnostics, ...diagnostics] })
    },
  }
}

/** A file's text to a checked module. */
export function analyze(source: Source, loader: ModuleLoader): Outcome<CheckedModule> {
  return stagesOf(source, loader).checked()
}

/** A file's text to the graphs every target starts from; undefined when there are errors. */
export function compile(source: Source, loader: ModuleLoader): Outcome<Compiled | undefined> {
  return finish(analyze(source, loader))
}

/** Like `compile`, from a tree that no text stands behind: a mutant, an imported rule. */
export function compileModule(module: Module, loader: ModuleLoader): Outcome<Compiled | undefined> {
  return finish(check(module, loader, { readSpace: spaceErrors }))
}

/** Like `compileModule`, where nobody asks what is wrong or warned of: undefined when there are errors. */
export function compileQuietly(module: Module, loader: ModuleLoader): Compiled | undefined {
  return finish(check(module, loader, { withWarnings: false, readSpace: spaceErrors })).value
}

function spaceErrors(module: Module, space: SpaceDeclaration): readonly Diagnostic[] {
  return readSpace(module, space).diagnostics
}

function finish(analyzed: Outcome<CheckedModule>): Outcome<Compiled | undefined> {
  const { value: checked, diagnostics } = analyzed
  if (!checked.valid || hasErrors(diagnostics)) return { value: undefined, diagnostics }
  const { optimizers, schedules } = checked.lowered
  return {
    value: {
      checked,
      programs: optimizers.map(({ program }) => simplify(program)),
      functions: [...schedules.values()].map((schedule) => simplifyFunction(schedule.function)),
    },
    diagnostics,
  }
}

/** Whether any of the diagnostics is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error')
}
