import { leavesOf, type Choice } from '../../../plan/choice.ts'
import type { ParameterPlan } from '../../../plan/plan.ts'
import { sideLimits } from '../../../plan/side-limits.ts'
import { writeOut, type Vocabulary } from '../expression.ts'
import { camelCase } from '../names.ts'
import type { Settings } from './settings.ts'

/** The line that looks at the sides of variables before anything is changed, where the rule cannot take long ones. */
export function describeSides({ plan, name, around }: Settings): string[] {
  if (leavesOf(plan.parameter).every((leaf) => sideLimits(leaf, plan).length === 0)) return []
  const words: Vocabulary = {
    types: plan.types,
    variable: () => undefined,
    parameter: camelCase,
    state: () => 'NaN',
    total: () => 'NaN',
    call: around.functions.call,
    need: around.need,
  }
  const limits = (choice: Choice<ParameterPlan>): string => {
    if (choice.kind === 'leaf') {
      const all = sideLimits(choice.leaf, plan).map(
        ({ axis, longest, reason }) => `['${axis}', ${longest}, '${reason}']`,
      )
      return `[${all.join(', ')}]`
    }
    const [then, otherwise] = [limits(choice.then), limits(choice.otherwise)]
    if (then === otherwise) return then
    return `${writeOut(choice.condition, words).text} ? ${then} : ${otherwise}`
  }
  return [`${around.need('checkSides')}('${name}', gradients, (w) => ${limits(plan.parameter)})`]
}
