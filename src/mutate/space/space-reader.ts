import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/source.ts'
import type { Expression, SpaceDeclaration, SpaceEntry, SpaceGroup } from '../../syntax/ast.ts'
import { name } from '../../syntax/build.ts'
import { visit } from '../../syntax/traverse.ts'
import { constants } from '../../check/builtins.ts'
import type { Choices, MutationRates, NodeSpace, Template } from './space.ts'

/** Which numbers an entry may have, none of which is negative. */
interface NumberRange {
  readonly text: string
  readonly holds: (value: number) => boolean
}

const PROBABILITY: NumberRange = {
  text: 'a number from 0 to 1',
  holds: (value) => value <= 1,
}
/** A root needs a hidden node; a curve does without. */
const NODES: NumberRange = {
  text: 'a whole number from 1 to 100',
  holds: (value) => Number.isInteger(value) && value >= 1 && value <= 100,
}
const CURVE_NODES: NumberRange = {
  text: 'a whole number from 0 to 100',
  holds: (value) => Number.isInteger(value) && value <= 100,
}
const LARGEST_FACTOR: NumberRange = {
  text: 'a number above 0, of at most 1000000',
  holds: (value) => value > 0 && value <= 1e6,
}

/** What the parts of a rule can name beside their holes: an expression of the update, and a function of the step. */
const STEP_NAMES = ['t', 'T', ...constants.keys()]
const RULE_NAMES = ['g', 'w', 'lr', 'warmup', 'hold', ...STEP_NAMES]

/** The reader of one declaration. */
export type SpaceReader = ReturnType<typeof createSpaceReader>

/** Readers of the entries of a space in the file at `path`. Each reports what it cannot use, and gives something of the right type all the same. */
export function createSpaceReader(path: string, declaration: SpaceDeclaration) {
  const diagnostics: Diagnostic[] = []
  const empty: SpaceGroup = { kind: 'space-group', entries: [], span: declaration.name.span }
  const report = (span: Span, message: string, label: string): void => {
    diagnostics.push(diagnose('unusable-space', { path, span, message, label }))
  }
  const read = new Set<SpaceEntry>()
  const lookUp = (parent: SpaceGroup, key: string): SpaceEntry | undefined =>
    parent.entries.find((entry) => entry.name.name === key)
  const find = (parent: SpaceGroup, key: string): SpaceEntry | undefined => {
    const found = lookUp(parent, key)
    if (found !== undefined) read.add(found)
    if (found === undefined && parent !== empty) {
      const { start } = parent.span
      report(
        { start, end: Math.min(start + 1, parent.span.end) },
        `the space has no entry \`${key}\` here`,
        `\`${key}\` is missing`,
      )
    }
    return found
  }
  const group = (parent: SpaceGroup, key: string): SpaceGroup => {
    const value = find(parent, key)?.value
    if (value?.kind === 'space-group') return value
    if (value !== undefined)
      report(value.span, `\`${key}\` must be a group of entries`, 'not `{ ... }`')
    return empty
  }
  const expression = (parent: SpaceGroup, key: string): Expression | undefined => {
    const value = find(parent, key)?.value
    if (value?.kind === 'space-group' || value?.kind === 'space-list') {
      report(value.span, `\`${key}\` must be one expression`, 'not an expression')
      return undefined
    }
    return value
  }
  const number = (value: SpaceEntry['value'], key: string, range: NumberRange): number => {
    if (value.kind === 'number' && range.holds(value.value)) return value.value
    report(value.span, `\`${key}\` must be ${range.text}`, 'not such a number')
    return 0
  }
  const numberAt = (parent: SpaceGroup, key: string, range: NumberRange): number => {
    const value = find(parent, key)?.value
    return value === undefined ? 0 : number(value, key, range)
  }
  const probability = (parent: SpaceGroup, key: string): number =>
    numberAt(parent, key, PROBABILITY)
  /** A name that stands for nothing would make every rule with it one that does not check. */
  const lookAtNames = (expression: Expression, names: readonly string[]): void =>
    visit(expression, {
      enter: (node) => {
        if (node.kind === 'name' && !names.includes(node.name))
          report(node.span, `\`${node.name}\` stands for no value here`, 'not known here')
      },
    })
  /** Each hole must be there: an operator without its argument is an operand. */
  const lookAtHoles = (expression: Expression, key: string, holes: readonly string[]): void => {
    const missing = new Set(holes)
    visit(expression, {
      enter: (node) => void (node.kind === 'name' && missing.delete(node.name)),
    })
    for (const hole of missing)
      report(expression.span, `each choice of \`${key}\` must use \`${hole}\``, 'does not')
  }
  const templates = (
    parent: SpaceGroup,
    key: string,
    parameters: readonly string[],
    names: readonly string[],
  ): Choices<Template> => {
    const value = find(parent, key)?.value
    if (value === undefined) return { items: [], weights: [] }
    if (value.kind !== 'space-list' || value.choices.length === 0) {
      report(value.span, `\`${key}\` must be a list with at least one choice`, 'not `[ ... ]`')
      return { items: [], weights: [] }
    }
    const given = value.choices.map(
      ({ weight }) => weight && number(weight, 'the probability of a choice', PROBABILITY),
    )
    const sum = given.reduce<number>((total, weight) => total + (weight ?? 0), 0)
    const open = given.filter((weight) => weight === undefined).length
    if (sum > 1 + 1e-9 || (open === 0 && sum < 1 - 1e-9)) {
      report(value.span, `the probabilities of \`${key}\` must sum to 1`, `they sum to ${sum}`)
    }
    for (const { value: expression } of value.choices) {
      lookAtHoles(expression, key, parameters)
      lookAtNames(expression, [...parameters, ...names])
    }
    return {
      items: value.choices.map((choice) => ({ expression: choice.value, parameters })),
      weights: given.map((weight) => weight ?? (1 - sum) / open),
    }
  }
  /** Choices that are all as likely. */
  const evenly = (
    parent: SpaceGroup,
    key: string,
    parameters: readonly string[],
    names: readonly string[],
  ): readonly Template[] => {
    const value = lookUp(parent, key)?.value
    for (const { weight } of value?.kind === 'space-list' ? value.choices : []) {
      if (weight !== undefined)
        report(weight.span, `the choices of \`${key}\` are all as likely`, 'no probability here')
    }
    return templates(parent, key, parameters, names).items
  }
  /** An entry that nothing reads is a mistake: it would silently leave the space as it was. */
  const reportUnread = (parent: SpaceGroup): void => {
    for (const entry of parent.entries) {
      if (!read.has(entry))
        report(
          entry.name.span,
          `a search reads no entry \`${entry.name.name}\` here`,
          'nothing reads this',
        )
      else if (entry.value.kind === 'space-group') reportUnread(entry.value)
    }
  }
  const nodes = (parent: SpaceGroup, range: NumberRange, names: readonly string[]): NodeSpace => ({
    hidden: numberAt(parent, 'hidden', range),
    hiddenUnary: probability(parent, 'hidden_unary'),
    rootUnary: probability(parent, 'root_unary'),
    reuse: probability(parent, 'reuse'),
    operands: evenly(parent, 'operands', [], names).map((template) => template.expression),
    unary: templates(parent, 'unary', ['x'], names),
    binary: templates(parent, 'binary', ['a', 'b'], names),
  })
  /** One of the entries must be drawn. */
  const lookAtRates = (parent: SpaceGroup, keys: readonly string[]): void => {
    const values = keys.map((key) => lookUp(parent, key)?.value)
    const [first] = values
    if (first === undefined) return
    if (values.every((value) => value?.kind === 'number' && value.value === 0))
      report(first.span, 'a kind of mutation must have a probability above 0', 'all of them are 0')
  }
  const rates = (parent: SpaceGroup, others: readonly string[] = []): MutationRates => {
    lookAtRates(parent, ['operator', 'connection', 'arity', ...others])
    return {
      operator: probability(parent, 'operator'),
      connection: probability(parent, 'connection'),
      arity: probability(parent, 'arity'),
      swap: probability(parent, 'swap'),
    }
  }
  return {
    diagnostics,
    report,
    reportUnread,
    has: (parent: SpaceGroup, key: string): boolean => lookUp(parent, key) !== undefined,
    group,
    probability,
    /** The largest value of a factor on the learning rate. */
    most: (parent: SpaceGroup): number => numberAt(parent, 'most', LARGEST_FACTOR),
    /** The learning rate of a step. */
    rate: (parent: SpaceGroup): Expression => {
      const rate = expression(parent, 'rate')
      if (rate !== undefined) lookAtNames(rate, RULE_NAMES)
      return rate ?? name('lr')
    },
    forms: (parent: SpaceGroup) => evenly(parent, 'forms', ['step'], RULE_NAMES),
    rule: (parent: SpaceGroup) => nodes(parent, NODES, RULE_NAMES),
    curve: (parent: SpaceGroup) => nodes(parent, CURVE_NODES, STEP_NAMES),
    rates,
  }
}
