import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Import, Module } from '../../syntax/ast.ts'
import type { ResolvedModule } from '../resolved-module.ts'

/** Every imported function is called somewhere in the module. */
export function checkUnusedImports(
  module: Module,
  used: ReadonlySet<string>,
  imported: ReadonlyMap<Import, ResolvedModule>,
  report: (diagnostic: Diagnostic) => void,
): void {
  for (const item of module.items) {
    const from = item.kind === 'import' ? imported.get(item) : undefined
    if (item.kind !== 'import' || from === undefined) continue
    item.names.forEach((imported_, index) => {
      const { name } = imported_.alias ?? imported_.name
      if (used.has(name) || from.declarations.get(imported_.name.name)?.kind !== 'function') return
      const neighbour = item.names[index + 1] ?? item.names[index - 1]
      const before = item.names[index + 1] === undefined
      const span =
        neighbour === undefined
          ? item.span
          : before
            ? { start: neighbour.span.end, end: imported_.span.end }
            : { start: imported_.span.start, end: neighbour.span.start }
      report(
        diagnose('unused-import', {
          path: module.path,
          span: imported_.span,
          message: `\`${name}\` is imported and never used`,
          help: 'remove it',
          fix: { title: 'remove it', edits: [{ span, text: '' }] },
        }),
      )
    })
  }
}
