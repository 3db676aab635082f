import type { Expression, Node, SpaceGroup } from '../../syntax/ast.ts'
import * as build from '../../syntax/build.ts'
import { transform, visit } from '../../syntax/traverse.ts'
import {
  lookUp,
  numberOf,
  readGroup,
  readList,
  reportSpace,
  type NumberRange,
  type Reading,
} from './entries.ts'
import type { Template } from './space.ts'

/** Names that stand for one of some numbers in the choices of a space. */
export type Values = ReadonlyMap<string, readonly number[]>

export const NO_VALUES: Values = new Map()

const VALUE: NumberRange = { text: 'a number of at least 0', holds: Number.isFinite }

/** Programs that one choice may stand for; each is drawn, matched and tried like a choice of its own. */
const MOST_VARIANTS = 200

/** The group `values`, if the space has it. `taken`: names that stand for something else. */
export function readValues(
  reading: Reading,
  body: SpaceGroup,
  taken: readonly string[],
): Map<string, readonly number[]> {
  const values = new Map<string, readonly number[]>()
  if (lookUp(body, 'values') === undefined) return values
  const group = readGroup(reading, body, 'values')
  for (const { name } of group.entries) {
    const list = readList(reading, group, name.name)
    if (taken.includes(name.name)) {
      const message = `\`${name.name}\` stands for something else already`
      reportSpace(reading, name.span, message, 'needs another name')
    }
    const numbers = (list?.choices ?? []).map(({ value }) =>
      numberOf(reading, value, name.name, VALUE),
    )
    values.set(name.name, [...new Set(numbers)])
  }
  return values
}

/** A value that no choice uses is a mistake like an entry that nothing reads. */
export function reportUnused(reading: Reading, body: SpaceGroup, values: Values): void {
  const group = lookUp(body, 'values')?.value
  if (group?.kind !== 'space-group') return
  const used = new Set<string>()
  for (const { name, value } of body.entries)
    if (name.name !== 'values')
      visit(value, { enter: (node) => void (node.kind === 'name' && used.add(node.name)) })
  for (const { name } of group.entries)
    if (values.has(name.name) && !used.has(name.name))
      reportSpace(reading, name.span, `no choice uses \`${name.name}\``, 'nothing uses this')
}

/**
 * What a choice stands for: one template for each way to put numbers in the place of the values that it names, all of them
 * with the choice as `written`; the choice alone where it names none.
 */
export function variantsOf(
  reading: Reading,
  choice: Expression,
  parameters: readonly string[],
  values: Values,
): readonly Template[] {
  const names = new Set<string>()
  visit(choice, {
    enter: (node) => {
      const isValue = node.kind === 'name' && values.has(node.name)
      if (isValue && !parameters.includes(node.name)) names.add(node.name)
    },
  })
  if (names.size === 0) return [{ expression: choice, parameters }]
  let variants: readonly Expression[] = [choice]
  for (const name of names) {
    variants = variants.flatMap((each) =>
      values.get(name)!.map((value) => withValue(each, name, value)),
    )
    if (variants.length > MOST_VARIANTS) {
      const message = `the values of a choice can be put together in ${MOST_VARIANTS} ways at most`
      reportSpace(reading, choice.span, message, 'too many')
      return []
    }
  }
  return variants.map((expression) => ({ expression, parameters, written: choice }))
}

function withValue(expression: Expression, name: string, value: number): Expression {
  return transform<Node>(expression, (node) =>
    node.kind === 'name' && node.name === name ? build.number(value) : node,
  ) as Expression
}

/** The templates of one choice together, in the order of the choices. */
export function familiesOf(templates: readonly Template[]): readonly (readonly Template[])[] {
  const families = new Map<Expression, Template[]>()
  for (const template of templates) {
    const choice = template.written ?? template.expression
    families.set(choice, [...(families.get(choice) ?? []), template])
  }
  return [...families.values()]
}
