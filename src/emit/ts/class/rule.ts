import type { GraphNode } from '../../../ir/graph.ts'
import { rootsOf } from '../../../ir/rewrite.ts'
import type { ReductionOperator } from '../../../operators/operator.ts'
import { leavesOf, type Choice } from '../../../plan/choice.ts'
import type { Named, ParameterPlan, Round, StepPlan } from '../../../plan/plan.ts'
import { name, printCode } from '../../code.ts'
import { namedTensors, writeOut, type Vocabulary } from '../expression.ts'
import { joinSides } from '../../formula.ts'
import { addCallees } from '../../function-table.ts'
import { camelCase, type NamePool } from '../names.ts'
import { createBuilder, noStream, spellingOf } from '../spellings.ts'
import { hyperparameterText, nameNumbers, type Locals } from './numbers.ts'
import { writeParameter, type Surroundings } from './parameter.ts'
import type { Settings } from './settings.ts'

/** What a plan does under the hyperparameters of a group, as lines. */
export interface WrittenRule {
  /** What is worked out once for the group. */
  readonly prepared: readonly string[]
  readonly rounds: readonly WrittenRound[]
  /** What is done for a variable. */
  readonly rule: readonly string[]
  readonly words: Vocabulary
}

/** A round of a step, as lines. */
export interface WrittenRound {
  /** What it is told of a variable. */
  readonly given: readonly string[]
  readonly add: readonly string[]
  /** The names of the totals, and how each is put together. */
  readonly names: readonly string[]
  readonly wholes: readonly string[]
  /** What is then worked out for the run. */
  readonly run: readonly string[]
}

/** The lines of a plan in a scope; `use`: what becomes of its update. */
export function writeRule(
  settings: Settings,
  plan: StepPlan,
  scope: NamePool,
  locals: Locals,
  use: Surroundings['use'],
): WrittenRule {
  const { options, around } = settings
  const leaves = leavesOf(plan.parameter)
  addCallees(
    leaves.flatMap(({ program }) => rootsOf(program)),
    around.functions,
  )
  const parameters = new Map(options.map(({ source, key }) => [source.name, scope.declare(key)]))
  const constants = createConstants(plan, scope)
  const words: Vocabulary = {
    types: plan.types,
    parameter: (wanted) => parameters.get(wanted) ?? camelCase(wanted),
    call: around.functions.call,
    need: around.need,
    state: (index) => `${locals.run}.${settings.numbers.get(index)}`,
    total: (index) => constants.totals.get(index)!,
    variable: (node) => constants.nodes.get(node),
  }
  const writeNamed = ({ node, name: wanted }: Named): string => {
    const { text } = writeOut(node, words)
    const constant = constants.declare(wanted)
    constants.nodes.set(node, constant)
    return `const ${constant} = ${text}`
  }
  const run = plan.run.map(writeNamed)
  const write = (choice: Choice<ParameterPlan>): string[] =>
    writeChoice(choice, scope, words, constants, {
      use,
      counts: settings.told.has('updates'),
      kernels: around.kernels && { table: around.kernels, owner: settings.program.name },
    })
  const rounds = plan.rounds.map((round): WrittenRound => {
    const add = write(round.parameter)
    const names = round.totals.map((total) => {
      const constant = constants.declare(total.name)
      constants.totals.set(total.index, constant)
      return constant
    })
    const wholes = round.totals.map(({ operator: { whole } }) => wholeText(whole, around))
    return {
      given: variableParts(round, plan, around.kernels !== undefined),
      add,
      names,
      wholes,
      run: round.run.map(writeNamed),
    }
  })
  const rule = write(plan.parameter)
  const read = options.filter(({ source }) => plan.reads.has(source.name))
  const hyperparameters = read.map((option) => {
    const value = hyperparameterText(settings, locals, option, 't', 'T')
    return `const ${parameters.get(option.source.name)} = ${value}`
  })
  const numbers = plan.runStates.length > 0 ? nameNumbers(settings, locals) : []
  return { prepared: [...hyperparameters, ...numbers, ...run], rounds, rule, words }
}

/** The constants of a step: what they hold, and how a new one is called. */
interface Constants {
  readonly nodes: Map<GraphNode, string>
  /** Those of numbers over all parameters, by their indices. */
  readonly totals: Map<number, string>
  declare(wanted: string): string
}

function createConstants(plan: StepPlan, scope: NamePool): Constants {
  // States keep their names: a constant of the step makes way.
  const ofStates = new Set(
    leavesOf(plan.parameter).flatMap(({ states }) => states.map((state) => camelCase(state.name))),
  )
  return {
    nodes: new Map(),
    totals: new Map(),
    declare: (wanted) => {
      for (;;) {
        const constant = scope.declare(camelCase(wanted))
        if (!ofStates.has(constant)) return constant
      }
    },
  }
}

function writeChoice(
  choice: Choice<ParameterPlan>,
  scope: NamePool,
  words: Vocabulary,
  constants: Constants,
  become: Pick<Surroundings, 'use' | 'counts' | 'kernels'>,
): string[] {
  if (choice.kind === 'leaf') {
    const inner = scope.child()
    return writeParameter(choice.leaf, {
      words,
      scope: inner,
      constant: (node) => constants.nodes.get(node)!,
      runState: words.state,
      ...become,
    })
  }
  const condition = writeOut(choice.condition, { ...words, variable: () => undefined }).text
  const [then, otherwise] = [choice.then, choice.otherwise].map((side) =>
    writeChoice(side, scope, words, constants, become),
  )
  return joinSides(then!, otherwise!, (a, b) => [
    `if (${condition}) {\n${a.join('\n')}\n} else {\n${b.join('\n')}\n}`,
  ])
}

/** The parts of a variable that the contributions of a round name. */
function variableParts(
  { parameter }: Round,
  { types, draws }: StepPlan,
  hasKernels: boolean,
): readonly string[] {
  const leaves = leavesOf(parameter)
  const read = namedTensors(
    leaves.flatMap(({ statements }) => statements.map(({ node }) => node)),
    types,
  )
  const keepsStates = leaves.some(({ states }) => states.length > 0)
  return [
    ...(hasKernels || keepsStates || parameter.kind === 'branch' || read.has('w') ? ['w'] : []),
    ...(hasKernels || read.has('g') ? ['g'] : []),
    ...(draws ? ['index'] : []),
  ]
}

/** The function that makes one number of what all variables add. */
function wholeText(whole: ReductionOperator, { need }: Settings['around']): string {
  const [only] = whole.parameters
  const build = createBuilder(noStream, need)
  return `(${only!.name}) => ${printCode(spellingOf(whole).tensor(build, name(only!.name)))}`
}
