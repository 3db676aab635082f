import { leavesOf, type Choice } from '../../../plan/choice.ts'
import type { ParameterPlan } from '../../../plan/plan.ts'
import { sideLimits } from '../../../plan/side-limits.ts'
import { writeOut, type Vocabulary } from '../expression.ts'
import { camelCase } from '../names.ts'
import type { Settings } from './settings.ts'

/** What a text is for variables of different shapes, as one expression about a variable `w`. */
export function byShape(
  { plan, around }: Settings,
  textOf: (leaf: ParameterPlan) => string,
): string {
  const words: Vocabulary = {
    types: plan.types,
    variable: () => undefined,
    parameter: camelCase,
    state: () => 'NaN',
    total: () => 'NaN',
    call: around.functions.call,
    need: around.need,
  }
  const write = (choice: Choice<ParameterPlan>): string => {
    if (choice.kind === 'leaf') return textOf(choice.leaf)
    const [then, otherwise] = [write(choice.then), write(choice.otherwise)]
    if (then === otherwise) return then
    return `${writeOut(choice.condition, words).text} ? ${then} : ${otherwise}`
  }
  return write(plan.parameter)
}

/** The line that looks at the sides of variables before anything is changed, where the rule cannot take long ones. */
export function describeSides(settings: Settings): string[] {
  const { plan, name, around } = settings
  if (leavesOf(plan.parameter).every((leaf) => sideLimits(leaf, plan).length === 0)) return []
  const limits = byShape(settings, (leaf) => {
    const all = sideLimits(leaf, plan).map(
      ({ axis, longest, reason }) => `['${axis}', ${longest}, '${reason}']`,
    )
    return `[${all.join(', ')}]`
  })
  return [`${around.need('checkSides')}('${name}', gradients, (w) => ${limits})`]
}
