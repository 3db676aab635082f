import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type {
  FunctionDeclaration,
  Import,
  Module,
  OptimizerDeclaration,
  Parameter,
  SpaceDeclaration,
  Statement,
} from '../syntax/ast.ts'
import type { CheckedOptimizer } from './resolution.ts'
import { collectFacts } from './facts.ts'
import { createScope } from './import-names.ts'
import { resolveBody } from './names.ts'
import { isTooDeep, MAXIMUM_DEPTH } from './program-size.ts'
import { tablesOver, type ResolvedModule } from './resolved-module.ts'
import { checkDeclarations } from './rules/declarations.ts'
import { checkDefaults } from './rules/defaults.ts'
import { checkEvaluations } from './rules/evaluations.ts'
import { checkRecursion } from './rules/recursion.ts'
import { checkReturns } from './rules/returns.ts'
import { checkSchedules, checkStepParameter } from './rules/schedules.ts'
import { checkSize } from './rules/size.ts'
import { checkSpace } from './rules/spaces.ts'
import { checkStates } from './rules/states.ts'
import { checkUnused } from './rules/unused.ts'
import { checkUnusedImports } from './rules/unused-imports.ts'
import { checkUpdates } from './rules/updates.ts'
import { operatorNames } from './scope.ts'

/**
 * Resolves the names of a module and checks everything that follows from names and the order of statements alone.
 * `imported` holds the modules of the imports that were found.
 */
export function resolve(
  module: Module,
  prelude: ResolvedModule | undefined,
  imported: ReadonlyMap<Import, ResolvedModule>,
): ResolvedModule {
  const diagnostics: Diagnostic[] = []
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic)
  const tables = tablesOver(modulesOf(prelude, imported).map((each) => each.tables))
  const { path } = module
  const deep = isTooDeep(module)
  if (deep !== undefined) {
    const message = `this is nested more than ${MAXIMUM_DEPTH.toLocaleString('en')} deep`
    report(
      diagnose('program-too-large', {
        path,
        span: deep,
        message,
        help: 'name parts of it with `let`',
      }),
    )
    return {
      module,
      optimizers: [],
      functions: [],
      spaces: [],
      declarations: new Map(),
      scope: { path, functions: new Map(), unavailable: new Set(), items: module.items },
      tables,
      diagnostics,
    }
  }

  const functions: FunctionDeclaration[] = []
  const written: OptimizerDeclaration[] = []
  const spaces: SpaceDeclaration[] = []
  const statements: Statement[] = []
  for (const item of module.items) {
    if (item.kind === 'function') functions.push(item)
    else if (item.kind === 'optimizer') written.push(item)
    else if (item.kind === 'space') spaces.push(item)
    else if (item.kind !== 'import') statements.push(item)
  }
  const optimizers: CheckedOptimizer[] = written.map((declaration) => ({
    name: declaration.name.name,
    documentation: declaration.documentation,
    parameters: declaration.parameters,
    statements: declaration.body.statements,
    declaration,
  }))
  if (statements.length > 0 && written.length === 0)
    optimizers.push(implicitOptimizer(module, statements))

  const scope = createScope(module, prelude, imported, functions, report)
  const declarations = checkDeclarations(
    { module, imported, statements, optimizers: written, operatorNames },
    report,
  )
  const usedFunctions = new Set<string>()
  for (const declaration of functions) {
    tables.homes.set(declaration, path)
    const body = declaration.body.kind === 'block' ? declaration.body.statements : declaration.body
    resolveBody(
      { module: scope, role: declaration.role, tables, report, usedFunctions },
      declaration.parameters,
      body,
    )
  }
  for (const { parameters, statements: body } of optimizers) {
    resolveBody(
      { module: scope, role: 'optimizer', tables, report, usedFunctions },
      parameters,
      body,
    )
  }
  checkRecursion(functions, tables, path, report)
  collectFacts(functions, tables)

  const context = { path, tables, report, scope, module }
  for (const declaration of functions) {
    checkReturns(context, declaration)
    checkStepParameter(context, declaration)
    checkSchedules(context, declaration)
    checkStates(context, declaration.body, declaration.role)
    checkUnused(context, declaration.parameters, declaration.body)
  }
  for (const optimizer of optimizers) {
    checkUpdates(context, optimizer)
    checkEvaluations(context, optimizer)
    checkDefaults(context, optimizer)
    checkStates(context, optimizer.statements, 'optimizer')
    const parameters = optimizer.declaration?.parameters ?? []
    checkUnused(context, parameters, optimizer.statements)
  }
  for (const space of spaces) checkSpace(context, space, usedFunctions)
  checkSize(context, functions, optimizers)
  checkUnusedImports(module, usedFunctions, imported, report)
  return { module, optimizers, functions, spaces, declarations, scope, tables, diagnostics }
}

/** The modules of the imports and the prelude, each once. */
function modulesOf(
  prelude: ResolvedModule | undefined,
  imported: ReadonlyMap<Import, ResolvedModule>,
): readonly ResolvedModule[] {
  const modules = [...imported.values()]
  return [...new Set(prelude === undefined ? modules : [prelude, ...modules])]
}

const DEFAULT_LEARNING_RATE = 0.001

/** The optimizer that a file's statements are, named after the file. */
function implicitOptimizer(module: Module, statements: readonly Statement[]): CheckedOptimizer {
  const span = { start: module.span.start, end: module.span.start }
  const number = (value: number, text: string) => ({ kind: 'number', value, text, span }) as const
  const learningRate: Parameter = {
    kind: 'parameter',
    span,
    documentation: ['The learning rate.'],
    name: { kind: 'identifier', name: 'lr', span },
    range: {
      kind: 'range',
      span,
      low: number(0, '0'),
      high: number(Infinity, 'inf'),
      lowOpen: true,
      highOpen: true,
    },
    default: number(DEFAULT_LEARNING_RATE, String(DEFAULT_LEARNING_RATE)),
  }
  return {
    name: nameOfFile(module.path),
    documentation: module.documentation,
    parameters: [learningRate],
    statements,
    declaration: undefined,
  }
}

/** The last part of a path, without its ending. */
function nameOfFile(path: string): string {
  const last = path.split(/[/\\]/).at(-1) ?? path
  return last.replace(/\.opt$/, '')
}
