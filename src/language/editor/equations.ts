import { isTensor } from '../../emit/tensors.ts'
import { ruleFormula } from '../../emit/formula.ts'
import type { Program } from '../../ir/graph.ts'
import { simplify } from '../../ir/simplify.ts'
import { mapChoice } from '../../plan/choice.ts'
import { planStep } from '../../plan/plan.ts'
import { joinTotals } from '../../plan/totals.ts'
import type { Declaration } from '../../syntax/ast.ts'
import type { Analysis } from './analysis.ts'

/** A rule as equations in the language's own notation, one a line. */
export function equationsOfProgram(program: Program): readonly string[] {
  const { parameter, types } = planStep(program)
  return ruleFormula(
    mapChoice(parameter, (leaf) => joinTotals(leaf.program)),
    (node) => isTensor(types, node),
  )
}

/** The equations of an optimizer that a module declares; undefined for everything else, and where the module has errors. */
export function equationsAt(
  { checked }: Analysis,
  declaration: Declaration,
): readonly string[] | undefined {
  if (declaration.kind !== 'optimizer' || !checked.valid) return undefined
  const lowered = checked.lowered.optimizers.find(
    ({ optimizer }) => optimizer.declaration === declaration,
  )
  return lowered && equationsOfProgram(simplify(lowered.program))
}
