import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/source.ts'
import type {
  Declaration,
  Identifier,
  Import,
  Module,
  OptimizerDeclaration,
  Statement,
} from '../../syntax/ast.ts'
import { isBuiltin, constants, UPDATE } from '../builtins.ts'

/** What a module declares, as far as this rule needs it. */
export interface DeclaredModule {
  readonly module: Module
  /** The imports that were found. */
  readonly imported: ReadonlyMap<Import, unknown>
  readonly statements: readonly Statement[]
  readonly optimizers: readonly OptimizerDeclaration[]
  readonly operatorNames: ReadonlySet<string>
}

/** Checks the list of a module's declarations and gives it by name, the first of equals. */
export function checkDeclarations(
  { module, imported, statements, optimizers, operatorNames }: DeclaredModule,
  report: (diagnostic: Diagnostic) => void,
): Map<string, Declaration> {
  const { path } = module
  const places = new Map<string, Span>()
  const declarations = new Map<string, Declaration>()

  const place = ({ name, span }: Identifier): boolean => {
    const before = places.get(name)
    if (before === undefined) {
      places.set(name, span)
      return true
    }
    report(
      diagnose('duplicate-declaration', {
        path,
        span,
        message: `\`${name}\` is declared already in this file`,
        label: 'declared again',
        help: 'rename one of them; an imported name is renamed with `as`',
        related: [{ path, span: before, label: 'declared here' }],
      }),
    )
    return false
  }

  for (const item of module.items) {
    if (item.kind === 'import') {
      for (const { name, alias } of imported.has(item) ? item.names : []) place(alias ?? name)
    } else if (item.kind === 'function' || item.kind === 'optimizer' || item.kind === 'space') {
      if (place(item.name)) declarations.set(item.name.name, item)
      if (item.kind !== 'function') continue
      const { name, span } = item.name
      if (!operatorNames.has(name) && !isBuiltin(name) && !constants.has(name) && name !== UPDATE)
        continue
      const what = operatorNames.has(name) ? 'it is an operator' : 'it always means the same'
      report(
        diagnose('reserved-name', {
          path,
          span,
          message: `\`${name}\` cannot be declared: ${what}`,
          help: `choose another name, such as \`my_${name}\``,
        }),
      )
    }
  }
  checkMixture(module, statements, optimizers, report)
  return declarations
}

function checkMixture(
  module: Module,
  statements: readonly Statement[],
  optimizers: readonly OptimizerDeclaration[],
  report: (diagnostic: Diagnostic) => void,
): void {
  const { path } = module
  const [first] = statements
  const [optimizer] = optimizers
  if (first !== undefined && optimizer !== undefined) {
    report(
      diagnose('mixed-module', {
        path,
        span: first.span,
        message: 'this statement stands outside of every `optimizer`',
        label: 'belongs to no optimizer',
        help: `move it into \`${optimizer.name.name}\`, or into an \`optimizer\` of its own`,
        related: [{ path, span: optimizer.name.span, label: 'the file has an optimizer here' }],
      }),
    )
  }
  if (module.items.length === 0) {
    report(
      diagnose('empty-module', {
        path,
        span: { start: module.span.start, end: module.span.start },
        message: 'this file declares nothing',
        help: 'the smallest optimizer is one line: `update = lr * g`',
      }),
    )
  }
}
