import type { Outcome } from '../../diagnostics/diagnostic.ts'
import type { Expression, Import, Module, SpaceDeclaration, SpaceGroup } from '../../syntax/ast.ts'
import { axes } from '../../syntax/axis-argument.ts'
import * as build from '../../syntax/build.ts'
import { visit } from '../../syntax/traverse.ts'
import { isOfNode, SPACE_SLOTS, type Mutation, type SpaceSlot } from '../mutations/mutation.ts'
import { mutations } from '../mutations/table.ts'
import {
  lookUp,
  readExpression,
  readGroup,
  readNumber,
  readProbability,
  reportSpace,
  reportUnread,
  type NumberRange,
  type Reading,
} from './entries.ts'
import type { Extent } from '../../operators/type.ts'
import { readCurveSpace, readRuleSpace, RULE_NAMES } from './node-space.ts'
import { entriesOf, readProbabilities } from './probabilities.ts'
import { readEvenTemplates, reportNames } from './templates.ts'
import { readValues, reportUnused, type Values } from './values.ts'

/** An expression with holes: `safe_divide(a, b)`. The holes are the names in `parameters`. */
export interface Template {
  readonly expression: Expression
  readonly parameters: readonly string[]
  /** The choice as the space writes it, where names in it stand for values: equal for those that differ in these alone. */
  readonly written?: Expression
}

/** One of `items` is drawn with the weight at its index; the weights sum to 1. */
export interface Choices<T> {
  readonly items: readonly T[]
  readonly weights: readonly number[]
}

/** What a graph of nodes is drawn from: hidden nodes and a root, each an operator on operands or other nodes. */
export interface NodeSpace {
  readonly hidden: number
  /** Probability that a hidden node, and the root, is unary rather than binary. */
  readonly hiddenUnary: number
  readonly rootUnary: number
  /** Probability that an argument is another hidden node rather than an operand. */
  readonly reuse: number
  readonly operands: readonly Expression[]
  /** The same, those together that differ in values alone: each family is as likely as the next. */
  readonly operandFamilies: readonly (readonly Expression[])[]
  readonly unary: Choices<Template>
  readonly binary: Choices<Template>
}

/** Rates of mutations, and probabilities of the choices inside them, by the names of their entries in the table of mutations. */
export type Probabilities = Readonly<Record<string, number>>

/** The slot of a factor on the learning rate, a function of the step that may exceed 1. */
export interface ScheduleSpace {
  readonly factor: NodeSpace
  /** The largest value that a factor may have. */
  readonly most: number
  /** Probability that a drawn rule has a factor. */
  readonly probability: number
  /** How a node inside a factor is mutated. */
  readonly factorMutation: Probabilities
}

/** A search space as its `.opt` file declares it. */
export interface Space {
  readonly name: string
  readonly imports: readonly Import[]
  readonly rule: NodeSpace
  /** Probability that a decay multiplies the value on an edge of a drawn rule. */
  readonly decayProbability: number
  readonly decay: NodeSpace
  /** The learning rate of a step, over `lr`, `warmup` and `hold`. */
  readonly rate: Expression
  /** Outer forms, with the hole `step`. */
  readonly forms: readonly Template[]
  readonly mutation: Probabilities
  /** How a node inside a decay is mutated. */
  readonly decayMutation: Probabilities
  /** Absent in spaces whose rules follow the learning rate as it is. */
  readonly schedule?: ScheduleSpace
  /** Ways to average `x` with the factor `beta`, which may take each other's place. */
  readonly averages: readonly Template[]
  /** The numbers that may take each other's place, by the names they have in the choices. */
  readonly values: Values
  /** What each update must have one number for; undefined where that does not matter. */
  readonly extent: Extent | undefined
}

/** The holes of choices: a value cannot be called so. */
const HOLES = ['x', 'a', 'b', 'step']
const AVERAGE_HOLES = ['x', 'beta']
const ELEMENT: Extent = 'element'

const LARGEST_FACTOR: NumberRange = {
  text: 'a number above 0, of at most 1000000',
  holds: (value) => value > 0 && value <= 1e6,
}

/**
 * The space that `declaration` declares, with the entries that the mutations of `table` ask for; undefined, with everything
 * that is wrong, when an entry is missing or cannot be used.
 */
export function readSpace(
  module: Module,
  declaration: SpaceDeclaration,
  table: readonly Mutation[] = mutations,
): Outcome<Space | undefined> {
  const { body } = declaration
  const reading: Reading = { path: module.path, diagnostics: [], read: new Set() }
  const values = readValues(reading, body, [...HOLES, ...RULE_NAMES, ...axes])
  const rule = readGroup(reading, body, 'rule')
  const mutation = readGroup(reading, body, 'mutation')
  const ofNodes = table.filter(isOfNode)
  const slots = slotsOf(body, table)
  const schedule = slots.has('schedule') ? readSchedule(reading, body, rule, ofNodes) : undefined
  const rate = readExpression(reading, body, 'rate')
  if (rate !== undefined) reportNames(reading, rate, RULE_NAMES)
  const names = { known: RULE_NAMES, values }
  if (slots.has('values')) readGroup(reading, body, 'values')
  const value: Space = {
    name: declaration.name.name,
    imports: module.items.filter((item): item is Import => item.kind === 'import'),
    rule: readRuleSpace(reading, rule, values),
    extent: lookUp(rule, 'extent') && readExtent(reading, rule),
    decayProbability: readProbability(reading, rule, 'decay'),
    decay: readCurveSpace(reading, readGroup(reading, body, 'decay')),
    rate: rate ?? build.name('lr'),
    forms: readEvenTemplates(reading, body, 'forms', { ...names, parameters: ['step'] }),
    averages: slots.has('averages')
      ? readEvenTemplates(reading, rule, 'averages', { ...names, parameters: AVERAGE_HOLES })
      : [],
    values,
    mutation: readProbabilities(
      reading,
      mutation,
      table.filter(({ slot }) => slot === undefined || slots.has(slot)),
    ),
    decayMutation: readProbabilities(reading, readGroup(reading, body, 'decay_mutation'), ofNodes),
    ...(schedule !== undefined && { schedule }),
  }
  reportUnused(reading, body, values)
  reportUnread(reading, body)
  reportNeighbours(reading, module, declaration)
  const { diagnostics } = reading
  return { value: diagnostics.length === 0 ? value : undefined, diagnostics }
}

/** The parts that not every space has: one entry of such a part asks for its others. */
function slotsOf(body: SpaceGroup, table: readonly Mutation[]): ReadonlySet<SpaceSlot> {
  const has = (key: string, ...keys: readonly string[]): boolean => {
    const group = lookUp(body, key)?.value
    return group?.kind === 'space-group' && keys.some((each) => lookUp(group, each) !== undefined)
  }
  const isNamed: Readonly<Record<SpaceSlot, boolean>> = {
    schedule:
      ['schedule', 'schedule_mutation'].some((key) => lookUp(body, key) !== undefined) ||
      has('rule', 'schedule'),
    averages: has('rule', 'averages'),
    values: lookUp(body, 'values') !== undefined,
  }
  return new Set(
    SPACE_SLOTS.filter((slot) => {
      const entries = table.filter((row) => row.slot === slot).flatMap(entriesOf)
      return isNamed[slot] || has('mutation', ...entries.map(([key]) => key))
    }),
  )
}

/** What an update must have one number for. */
function readExtent(reading: Reading, rule: SpaceGroup): Extent | undefined {
  const value = readExpression(reading, rule, 'extent')
  if (value === undefined || (value.kind === 'name' && value.name === ELEMENT)) return ELEMENT
  const message = `\`extent\` must be \`${ELEMENT}\`: an update moves each element of a parameter by its own number`
  reportSpace(reading, value.span, message, 'not an extent of updates')
  return undefined
}

function readSchedule(
  reading: Reading,
  body: SpaceGroup,
  rule: SpaceGroup,
  ofNodes: readonly Mutation[],
): ScheduleSpace {
  const group = readGroup(reading, body, 'schedule')
  const inside = readGroup(reading, body, 'schedule_mutation')
  return {
    factor: readCurveSpace(reading, group),
    most: readNumber(reading, group, 'most', LARGEST_FACTOR),
    probability: readProbability(reading, rule, 'schedule'),
    factorMutation: readProbabilities(reading, inside, ofNodes),
  }
}

/** A rule of a space is a file of its own, wherever that is: it can use the library, and nothing that stands beside the space. */
function reportNeighbours(reading: Reading, module: Module, declaration: SpaceDeclaration): void {
  for (const item of module.items)
    if (item.kind === 'import' && !item.from.value.startsWith('std/'))
      reportSpace(
        reading,
        item.from.span,
        'a space can import from the standard library only: its rules stand in files of their own',
        'not of the library',
      )
  const own = new Set(
    module.items.flatMap((item) => (item.kind === 'function' ? [item.name.name] : [])),
  )
  visit(declaration, {
    enter: (node) => {
      if (node.kind === 'call' && own.has(node.callee.name))
        reportSpace(
          reading,
          node.callee.span,
          `a space cannot use \`${node.callee.name}\`, a function of its own file: its rules stand in files of their own`,
          'not of the library',
        )
    },
  })
}

/** The groups whose rates of mutations do not sum to 1, and what they sum to: rates count relative to each other. */
export function unevenRates(
  space: Space,
  table: readonly Mutation[] = mutations,
): readonly { readonly group: string; readonly sum: number }[] {
  const groups = {
    mutation: space.mutation,
    decay_mutation: space.decayMutation,
    ...(space.schedule !== undefined && { schedule_mutation: space.schedule.factorMutation }),
  }
  return Object.entries(groups).flatMap(([group, rates]) => {
    const sum = table.reduce((total, { name }) => total + (rates[name] ?? 0), 0)
    return Math.abs(sum - 1) < 1e-9 ? [] : [{ group, sum: Number(sum.toPrecision(6)) }]
  })
}
