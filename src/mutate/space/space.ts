import type { Outcome } from '../../diagnostics/diagnostic.ts'
import type { Expression, Import, Module, SpaceDeclaration, SpaceGroup } from '../../syntax/ast.ts'
import { visit } from '../../syntax/traverse.ts'
import { createSpaceReader, type SpaceReader } from './space-reader.ts'

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
  const reader = createSpaceReader(module.path, declaration)
  const rule = reader.group(body, 'rule')
  const mutation = reader.group(body, 'mutation')
  const schedule = readSchedule(reader, body, rule, mutation)
  const value: Space = {
    name: declaration.name.name,
    imports: module.items.filter((item): item is Import => item.kind === 'import'),
    rule: reader.rule(rule),
    decayProbability: reader.probability(rule, 'decay'),
    decay: reader.curve(reader.group(body, 'decay')),
    rate: reader.rate(body),
    forms: reader.forms(body),
    mutation: {
      ...reader.rates(mutation, ['form', 'decay', ...(schedule === undefined ? [] : ['schedule'])]),
      form: reader.probability(mutation, 'form'),
      decay: reader.probability(mutation, 'decay'),
      deleteDecay: reader.probability(mutation, 'delete_decay'),
    },
    decayMutation: reader.rates(reader.group(body, 'decay_mutation')),
    ...(schedule !== undefined && { schedule }),
  }
  reader.reportUnread(body)
  reportNeighbours(reader, module, declaration)
  const { diagnostics } = reader
  return { value: diagnostics.length === 0 ? value : undefined, diagnostics }
}

/** The slot of a factor on the learning rate; undefined in a space with no entry of it. One entry asks for the others. */
function readSchedule(
  reader: SpaceReader,
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
    factor: reader.curve(group),
    most: reader.most(group),
    probability: reader.probability(rule, 'schedule'),
    mutation: reader.probability(mutation, 'schedule'),
    deletion: reader.probability(mutation, 'delete_schedule'),
    factorMutation: reader.rates(reader.group(body, 'schedule_mutation')),
  }
}

/** A rule of a space is a file of its own, wherever that is: it can use the library, and nothing that stands beside the space. */
function reportNeighbours(
  reader: SpaceReader,
  module: Module,
  declaration: SpaceDeclaration,
): void {
  for (const item of module.items)
    if (item.kind === 'import' && !item.from.value.startsWith('std/'))
      reader.report(
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
        reader.report(
          node.callee.span,
          `a space cannot use \`${node.callee.name}\`, a function of its own file: its rules stand in files of their own`,
          'not of the library',
        )
    },
  })
}
