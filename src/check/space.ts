import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic, Outcome } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/source.ts'
import type {
  Expression,
  Import,
  Module,
  SpaceDeclaration,
  SpaceEntry,
  SpaceGroup,
} from '../syntax/ast.ts'
import { name } from '../syntax/build.ts'

/** An expression with holes: `safe_divide(a, b)`. The holes are the names in `parameters`. */
export interface Template {
  readonly expression: Expression
  readonly parameters: readonly string[]
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
  readonly unary: Choices<Template>
  readonly binary: Choices<Template>
}

/** Probabilities of the kinds of mutation, and of swapping the arguments of a binary node among its connection mutations. */
export interface MutationRates {
  readonly operator: number
  readonly connection: number
  readonly arity: number
  readonly swap: number
}

/** The slot of a factor on the learning rate, a function of the step that may exceed 1. */
export interface ScheduleSpace {
  readonly factor: NodeSpace
  /** The largest value that a factor may have. */
  readonly most: number
  /** Probability that a drawn rule has a factor. */
  readonly probability: number
  /** Probability that a mutation is one of the factor, and that such a mutation deletes a factor that is there. */
  readonly mutation: number
  readonly deletion: number
  /** The same for the inside of a factor. */
  readonly factorMutation: MutationRates
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
  readonly mutation: MutationRates & {
    readonly form: number
    readonly decay: number
    readonly deleteDecay: number
  }
  readonly decayMutation: MutationRates
  /** Absent in spaces whose rules follow the learning rate as it is. */
  readonly schedule?: ScheduleSpace
}

/** The space that `declaration` declares; undefined, with everything that is wrong, when an entry is missing or cannot be used. */
export function readSpace(
  module: Module,
  declaration: SpaceDeclaration,
): Outcome<Space | undefined> {
  const { body } = declaration
  const reader = createReader(module.path, declaration)
  const rule = reader.group(body, 'rule')
  const mutation = reader.group(body, 'mutation')
  const schedule = readSchedule(reader, body, rule, mutation)
  const value: Space = {
    name: declaration.name.name,
    imports: module.items.filter((item): item is Import => item.kind === 'import'),
    rule: reader.nodes(rule),
    decayProbability: reader.probability(rule, 'decay'),
    decay: reader.nodes(reader.group(body, 'decay')),
    rate: reader.expression(body, 'rate'),
    forms: reader.evenly(body, 'forms', ['step']),
    mutation: {
      ...reader.rates(mutation),
      form: reader.probability(mutation, 'form'),
      decay: reader.probability(mutation, 'decay'),
      deleteDecay: reader.probability(mutation, 'delete_decay'),
    },
    decayMutation: reader.rates(reader.group(body, 'decay_mutation')),
    ...(schedule !== undefined && { schedule }),
  }
  reader.reportUnread(body)
  const { diagnostics } = reader
  return { value: diagnostics.length === 0 ? value : undefined, diagnostics }
}

/** The slot of a factor on the learning rate; undefined in a space with no entry of it. One entry asks for the others. */
function readSchedule(
  reader: Reader,
  body: SpaceGroup,
  rule: SpaceGroup,
  mutation: SpaceGroup,
): ScheduleSpace | undefined {
  const isWanted =
    ['schedule', 'schedule_mutation'].some((key) => reader.has(body, key)) ||
    ['schedule', 'delete_schedule'].some((key) => reader.has(mutation, key)) ||
    reader.has(rule, 'schedule')
  if (!isWanted) return undefined
  const group = reader.group(body, 'schedule')
  return {
    factor: reader.nodes(group),
    most: reader.number(group, 'most', LARGEST_FACTOR),
    probability: reader.probability(rule, 'schedule'),
    mutation: reader.probability(mutation, 'schedule'),
    deletion: reader.probability(mutation, 'delete_schedule'),
    factorMutation: reader.rates(reader.group(body, 'schedule_mutation')),
  }
}

const MOST_HIDDEN_NODES = 100
const LARGEST_FACTOR = 1e6

type Reader = ReturnType<typeof createReader>

/** Readers of entries. Each reports what it cannot use, and gives something of the right type all the same. */
function createReader(path: string, declaration: SpaceDeclaration) {
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
  const expression = (parent: SpaceGroup, key: string): Expression => {
    const value = find(parent, key)?.value
    if (value?.kind === 'space-group' || value?.kind === 'space-list') {
      report(value.span, `\`${key}\` must be one expression`, 'not an expression')
      return name('lr')
    }
    return value ?? name('lr')
  }
  const number = (value: Expression, key: string, most: number): number => {
    if (value.kind === 'number' && value.value <= most) return value.value
    report(value.span, `\`${key}\` must be a number from 0 to ${most}`, 'not such a number')
    return 0
  }
  const numberAt = (parent: SpaceGroup, key: string, most: number): number => {
    const value = find(parent, key)?.value
    if (value === undefined) return 0
    if (value.kind !== 'space-group' && value.kind !== 'space-list') return number(value, key, most)
    report(value.span, `\`${key}\` must be a number from 0 to ${most}`, 'not a number')
    return 0
  }
  const probability = (parent: SpaceGroup, key: string): number => numberAt(parent, key, 1)
  const templates = (
    parent: SpaceGroup,
    key: string,
    parameters: readonly string[],
  ): Choices<Template> => {
    const value = find(parent, key)?.value
    if (value === undefined) return { items: [], weights: [] }
    if (value.kind !== 'space-list' || value.choices.length === 0) {
      report(value.span, `\`${key}\` must be a list with at least one choice`, 'not `[ ... ]`')
      return { items: [], weights: [] }
    }
    const given = value.choices.map(
      ({ weight }) => weight && number(weight, 'the probability of a choice', 1),
    )
    const sum = given.reduce<number>((total, weight) => total + (weight ?? 0), 0)
    const open = given.filter((weight) => weight === undefined).length
    if (sum > 1 + 1e-9 || (open === 0 && sum < 1 - 1e-9)) {
      report(value.span, `the probabilities of \`${key}\` must sum to 1`, `they sum to ${sum}`)
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
  ): readonly Template[] => {
    const value = lookUp(parent, key)?.value
    for (const { weight } of value?.kind === 'space-list' ? value.choices : []) {
      if (weight !== undefined)
        report(weight.span, `the choices of \`${key}\` are all as likely`, 'no probability here')
    }
    return templates(parent, key, parameters).items
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
  return {
    diagnostics,
    reportUnread,
    has: (parent: SpaceGroup, key: string): boolean => lookUp(parent, key) !== undefined,
    number: numberAt,
    group,
    expression,
    probability,
    evenly,
    nodes: (parent: SpaceGroup): NodeSpace => ({
      hidden: numberAt(parent, 'hidden', MOST_HIDDEN_NODES),
      hiddenUnary: probability(parent, 'hidden_unary'),
      rootUnary: probability(parent, 'root_unary'),
      reuse: probability(parent, 'reuse'),
      operands: evenly(parent, 'operands', []).map((template) => template.expression),
      unary: templates(parent, 'unary', ['x']),
      binary: templates(parent, 'binary', ['a', 'b']),
    }),
    rates: (parent: SpaceGroup): MutationRates => ({
      operator: probability(parent, 'operator'),
      connection: probability(parent, 'connection'),
      arity: probability(parent, 'arity'),
      swap: probability(parent, 'swap'),
    }),
  }
}
