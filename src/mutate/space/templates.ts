import type { Expression, SpaceEntry, SpaceGroup, SpaceList } from '../../syntax/ast.ts'
import { visit } from '../../syntax/traverse.ts'
import { lookUp, numberOf, PROBABILITY, readValue, reportSpace, type Reading } from './entries.ts'
import type { Choices, Template } from './space.ts'

/** What the expressions of an entry may be: what each must use, and what it may name besides. */
export interface Names {
  readonly parameters: readonly string[]
  readonly known: readonly string[]
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
    reportNames(reading, value, [...names.parameters, ...names.known])
  }
  return {
    items: list.choices.map(({ value }) => ({ expression: value, parameters: names.parameters })),
    weights: readWeights(reading, list, key),
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

function readList(reading: Reading, group: SpaceGroup, key: string): SpaceList | undefined {
  const value: SpaceEntry['value'] | undefined = readValue(reading, group, key)
  if (value === undefined) return undefined
  if (value.kind === 'space-list' && value.choices.length > 0) return value
  const message = `\`${key}\` must be a list with at least one choice`
  reportSpace(reading, value.span, message, 'not `[ ... ]`')
  return undefined
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
  visit(expression, {
    enter: (node) => {
      if (node.kind === 'name' && !known.includes(node.name))
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
