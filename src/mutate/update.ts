import { UPDATE } from '../resolve/builtins.ts'
import type { Space } from './space/space.ts'
import { productOperator } from '../operators/table.ts'
import type { Assign, Expression } from '../syntax/ast.ts'
import { equal, visit } from '../syntax/traverse.ts'
import { statementsWithin, type BlockPath, type Scope } from './scope.ts'
import { isIdentity, matchTemplate } from './template.ts'

/** One `update = ...` of a rule, taken apart: the outer form, the learning rate of the step, and what it multiplies. */
export interface RuleUpdate {
  readonly statement: Assign
  readonly place: BlockPath
  /** The index of the space's outer form; undefined where none fits. */
  readonly form: number | undefined
  /** What the outer form is applied to. */
  readonly step: Expression
  /** The space's learning rate at the front of the step, with its factor; undefined when it has another. */
  readonly rate: Expression | undefined
  /** The step without `rate`. */
  readonly core: Expression
  /** The call of the module's factor within `rate`. */
  readonly factor: string | undefined
}

/** The updates of an optimizer, one for each branch that gives one. `factor` is the name of its schedule, if it has one. */
export function readUpdates(space: Space, scope: Scope, factor?: string): readonly RuleUpdate[] {
  return statementsWithin([scope.optimizer.body]).flatMap(({ statement, place }) => {
    if (statement.kind !== 'assign' || statement.target.name !== UPDATE) return []
    const { form, step } = peelForm(space, statement.value)
    return [{ statement, place, form, step, ...peelRate(space, step, factor) }]
  })
}

/** The outer form that leaves the smallest step: the one that is the step itself fits everything. */
function peelForm(
  space: Space,
  update: Expression,
): { readonly form: number | undefined; readonly step: Expression } {
  const plain = space.forms.findIndex(isIdentity)
  let closest = { form: plain < 0 ? undefined : plain, step: update }
  for (const [form, template] of space.forms.entries()) {
    const step = form === plain ? undefined : matchTemplate(template, update)?.[0]
    if (step !== undefined && sizeOf(step) < sizeOf(closest.step)) closest = { form, step }
  }
  return closest
}

/** How many places a tree has. */
function sizeOf(expression: Expression): number {
  let count = 0
  visit(expression, { enter: () => void (count += 1) })
  return count
}

function peelRate(
  space: Space,
  step: Expression,
  factor: string | undefined,
): Pick<RuleUpdate, 'rate' | 'core' | 'factor'> {
  if (isProduct(step)) {
    const { left: rate, right: core } = step
    if (equal(rate, space.rate)) return { rate, core, factor: undefined }
    if (isProduct(rate) && equal(rate.left, space.rate) && isCallOf(rate.right, factor))
      return { rate, core, factor }
  }
  return { rate: undefined, core: step, factor: undefined }
}

function isProduct(
  expression: Expression,
): expression is Extract<Expression, { readonly kind: 'binary' }> {
  return expression.kind === 'binary' && expression.operator === productOperator.name
}

/** Whether the expression calls the function of that name. */
export function isCallOf(expression: Expression, name: string | undefined): boolean {
  return expression.kind === 'call' && expression.callee.name === name
}
