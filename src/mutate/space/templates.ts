import type { Expression, Node, SpaceGroup, SpaceList } from '../../syntax/ast.ts'
import { axisArgument } from '../../syntax/axis-argument.ts'
import { visit } from '../../syntax/traverse.ts'
import { lookUp, numberOf, PROBABILITY, readList, reportSpace, type Reading } from './entries.ts'
import type { Choices, Template } from './space.ts'
import { variantsOf, type Values } from './values.ts'

/** What the expressions of an entry may be: what each must use, and what it may name besides. */
export interface Names {
  readonly parameters: readonly string[]
  readonly known: readonly string[]
  /** Names that stand for numbers. */
  readonly values: Values
}

/** The list of that name, a probability beside a choice or not; those without share what is left. */
export function readTemplates(
  reading: Reading,
  group: SpaceGroup,
  key: string,
  names: Names,
): Choices<Template> {
  const list = readList(reading, group, key)
  if (list === undefined) return { items: [], weights: [] }
  for (const { value } of list.choices) {
    reportHoles(reading, value, key, names)
    reportNames(reading, value, [...names.parameters, ...names.known, ...names.values.keys()])
  }
  const weights = readWeights(reading, list, key)
  const variants = list.choices.map(({ value }) =>
    variantsOf(reading, value, names.parameters, names.values),
  )
  return {
    items: variants.flat(),
    weights: variants.flatMap((each, index) => each.map(() => weights[index]! / each.length)),
  }
}

/** The list of that name, whose choices are all as likely. */
export function readEvenTemplates(
  reading: Reading,
  group: SpaceGroup,
  key: string,
  names: Names,
): readonly Template[] {
  const value = lookUp(group, key)?.value
  for (const { weight } of value?.kind === 'space-list' ? value.choices : [])
    if (weight !== undefined)
      reportSpace(
        reading,
        weight.span,
        `the choices of \`${key}\` are all as likely`,
        'no probability here',
      )
  return readTemplates(reading, group, key, names).items
}

function readWeights(reading: Reading, { choices, span }: SpaceList, key: string): number[] {
  const given = choices.map(
    ({ weight }) => weight && numberOf(reading, weight, 'the probability of a choice', PROBABILITY),
  )
  const sum = given.reduce<number>((total, weight) => total + (weight ?? 0), 0)
  const open = given.filter((weight) => weight === undefined).length
  if (sum > 1 + 1e-9 || (open === 0 && sum < 1 - 1e-9))
    reportSpace(
      reading,
      span,
      `the probabilities of \`${key}\` must sum to 1`,
      `they sum to ${sum}`,
    )
  return given.map((weight) => weight ?? (1 - sum) / open)
}

/** A name that stands for nothing would make every rule with it one that does not check. */
export function reportNames(
  reading: Reading,
  expression: Expression,
  known: readonly string[],
): void {
  const axes = new Set<Node>()
  visit(expression, {
    enter: (node) => {
      const over = node.kind === 'call' ? axisArgument(node).over : undefined
      if (over?.axis !== undefined) axes.add(over.argument.value)
      if (node.kind === 'name' && !known.includes(node.name) && !axes.has(node))
        reportSpace(
          reading,
          node.span,
          `\`${node.name}\` stands for no value here`,
          'not known here',
        )
    },
  })
}

/** Each hole must be there: an operator without its argument is an operand. */
function reportHoles(
  reading: Reading,
  expression: Expression,
  key: string,
  { parameters }: Names,
): void {
  const missing = new Set(parameters)
  visit(expression, {
    enter: (node) => void (node.kind === 'name' && missing.delete(node.name)),
  })
  for (const hole of missing)
    reportSpace(
      reading,
      expression.span,
      `each choice of \`${key}\` must use \`${hole}\``,
      'does not',
    )
}
