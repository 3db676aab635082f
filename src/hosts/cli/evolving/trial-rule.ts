import type { NodeSpace, Space } from '../../../mutate/space/space.ts'
import { ruleModule, updateOf } from '../../../mutate/sample.ts'
import { fill } from '../../../mutate/template.ts'
import type { Expression, Module } from '../../../syntax/ast.ts'
import * as build from '../../../syntax/build.ts'

/**
 * A rule with everything in it that rules of a space are built from, each part a `let` or a schedule of its own: when it does
 * not check, neither do the rules with the wrong part. Parts keep their spans in the file of the space.
 */
export function trialRule(space: Space): Module {
  const { rule, decay, schedule, forms } = space
  const parts = [
    ...partsOf(rule, 'g', 'w'),
    ...forms.map((_, form) => updateOf(space, form, build.name('g'))),
  ]
  const lets = parts.map((part, index) => build.letStatement(`part${index + 1}`, part))
  const curves = [decay, ...(schedule === undefined ? [] : [schedule.factor])]
    .flatMap((curve) => partsOf(curve, 't', 'T'))
    .map((curve, index) =>
      build.functionDeclaration('schedule', `curve${index + 1}`, [build.parameter('t')], curve),
    )
  const module = ruleModule(space, lets, updateOf(space, 0, build.name('g')))
  return { ...module, items: [...module.items, ...curves] }
}

/** The operands, and the operators on the two values of those names. */
function partsOf(
  { operands, unary, binary }: NodeSpace,
  first: string,
  second: string,
): readonly Expression[] {
  return [
    ...operands,
    ...[...unary.items, ...binary.items].map((template) =>
      fill(template, [build.name(first), build.name(second)]),
    ),
  ]
}
