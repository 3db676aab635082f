import type { GraphNode } from '../../../ir/graph.ts'
import { leavesOf, type Choice } from '../../../plan/choice.ts'
import type { ParameterPlan, Named, StepPlan } from '../../../plan/plan.ts'
import { hasLateNumbers, isLate } from './settings.ts'
import type { ReductionOperator } from '../../../operators/operator.ts'
import { rootsOf } from '../../../ir/rewrite.ts'
import { sideLimits } from '../../../plan/side-limits.ts'
import { name, printCode } from '../../code.ts'
import { createBuilder, noStream, spellingOf } from '../spellings.ts'
import type { MethodDescription } from '../text/description.ts'
import { expressionOf, namedTensors, writeOut, type Vocabulary } from '../expression.ts'
import { joinSides } from '../formula.ts'
import { addCallees } from '../function.ts'
import { writeParameter } from './parameter.ts'
import { camelCase, type NamePool } from '../names.ts'
import type { Option, Settings } from './settings.ts'

/** The method that takes one step. */
export function describeStep(settings: Settings): MethodDescription {
  const { plan, options, around } = settings
  const { types } = plan
  const leaves = leavesOf(plan.parameter)
  addCallees(
    leaves.flatMap(({ program }) => rootsOf(program)),
    around.functions,
  )
  const scope = around.scope.child()
  const locals = declareLocals(settings, scope)
  const parameters = new Map(options.map(({ source, key }) => [source.name, scope.declare(key)]))
  const constants = new Map<GraphNode, string>()
  const totals = new Map<number, string>()
  const words: Vocabulary = {
    types,
    parameter: (name) => parameters.get(name) ?? camelCase(name),
    call: around.functions.call,
    need: around.need,
    state: (index) => `${locals.run}.${settings.numbers.get(index)}`,
    total: (index) => totals.get(index)!,
    variable: (node) => constants.get(node),
  }
  // States keep their names: a constant of the step makes way.
  const ofStates = new Set(
    leaves.flatMap(({ states }) => states.map(({ name }) => camelCase(name))),
  )
  const declareConstant = (wanted: string): string => {
    for (;;) {
      const name = scope.declare(wanted)
      if (!ofStates.has(name)) return name
    }
  }
  const writeNamed = ({ node, name: wanted }: Named): string => {
    const { text } = writeOut(node, words)
    const constant = declareConstant(camelCase(wanted))
    constants.set(node, constant)
    return `const ${constant} = ${text}`
  }
  const run = plan.run.map(writeNamed)
  const writeChoice = (choice: Choice<ParameterPlan>): string[] => {
    if (choice.kind === 'leaf') {
      const inner = scope.child()
      return writeParameter(choice.leaf, {
        words,
        declare: (wanted) => inner.declare(wanted),
        constant: (node) => constants.get(node)!,
        runState: words.state,
      })
    }
    const condition = writeOut(choice.condition, { ...words, variable: () => undefined }).text
    return joinSides(writeChoice(choice.then), writeChoice(choice.otherwise), (then, otherwise) => [
      `if (${condition}) ${block(then)} else ${block(otherwise)}`,
    ])
  }
  const rounds = plan.rounds.map((round): WrittenRound => {
    const add = writeChoice(round.parameter)
    const leavesHere = leavesOf(round.parameter)
    const read = namedTensors(
      leavesHere.flatMap(({ statements }) => statements.map(({ node }) => node)),
      types,
    )
    const keepsStates = leavesHere.some(({ states }) => states.length > 0)
    const given = [
      ...(keepsStates || round.parameter.kind === 'branch' || read.has('w') ? ['w'] : []),
      ...(read.has('g') ? ['g'] : []),
      ...(plan.draws ? ['index'] : []),
    ]
    const names = round.totals.map(({ index, name: wanted }) => {
      const constant = declareConstant(camelCase(wanted))
      totals.set(index, constant)
      return constant
    })
    return {
      given,
      add,
      names,
      wholes: round.totals.map(({ operator: { whole } }) => wholeText(whole, around)),
      run: round.run.map(writeNamed),
    }
  })
  const rule = writeChoice(plan.parameter)
  const read = options.filter(({ source }) => plan.reads.has(source.name))
  const hyperparameters = read.map((option) => {
    const value = hyperparameterText(settings, locals, option, 't', 'T')
    return `const ${parameters.get(option.source.name)} = ${value}`
  })
  const prepared = [...hyperparameters, ...readNumbers(settings, locals), ...run]
  const last = [
    ...writeNumbers(settings, locals, words),
    '',
    `return (${variableText(plan)}) => {`,
    ...rule,
    '}',
  ]
  return {
    name: 'applyGradients',
    parameters: [{ name: 'gradients', type: 'tf.NamedTensorMap | NamedTensor[]' }],
    returns: 'void',
    modifiers: ['override'],
    body: [
      ...describeSides(settings),
      ...stepBody(settings, locals, [...prepared, ...nestRounds(rounds, last)]),
    ],
  }
}

/** A round of the step in the words of the class. */
interface WrittenRound {
  /** What it is told of a variable. */
  readonly given: readonly string[]
  readonly add: readonly string[]
  /** The names of the totals, and how each is put together. */
  readonly names: readonly string[]
  readonly wholes: readonly string[]
  /** What is then worked out for the run. */
  readonly run: readonly string[]
}

/** What is done with a variable is what a round, once its totals are known, leads to. */
function nestRounds(rounds: readonly WrittenRound[], last: readonly string[]): readonly string[] {
  return rounds.reduceRight<readonly string[]>(
    (inner, { given, add, names, wholes, run }) => [
      '',
      'return {',
      `add: ({ ${given.join(', ')} }) => {`,
      ...add,
      '},',
      `totals: [${wholes.join(', ')}],`,
      `then: (${names.join(', ')}) => {`,
      ...run,
      ...inner,
      '},',
      '}',
    ],
    last,
  )
}

/** What a rule is told of a variable. */
function variableText({ draws }: StepPlan): string {
  return draws ? '{ w, g, index }' : '{ w, g }'
}

/** The function that makes one number of what all variables add. */
function wholeText(whole: ReductionOperator, { need }: Settings['around']): string {
  const [only] = whole.parameters
  const build = createBuilder(noStream, need)
  return `(${only!.name}) => ${printCode(spellingOf(whole).tensor(build, name(only!.name)))}`
}

/** The line that looks at the sides of variables before anything is changed, where the rule cannot take long ones. */
function describeSides(settings: Settings): string[] {
  const { plan, name: className, around } = settings
  if (leavesOf(plan.parameter).every((leaf) => sideLimits(leaf, plan).length === 0)) return []
  const words: Vocabulary = {
    types: plan.types,
    variable: () => undefined,
    parameter: camelCase,
    state: () => 'NaN',
    total: () => 'NaN',
    call: around.functions.call,
    need: around.need,
  }
  const limits = (choice: Choice<ParameterPlan>): string => {
    if (choice.kind === 'leaf') {
      const all = sideLimits(choice.leaf, plan).map(
        ({ axis, longest, reason }) => `['${axis}', ${longest}, '${reason}']`,
      )
      return `[${all.join(', ')}]`
    }
    const [then, otherwise] = [limits(choice.then), limits(choice.otherwise)]
    if (then === otherwise) return then
    return `${writeOut(choice.condition, words).text} ? ${then} : ${otherwise}`
  }
  return [
    `${around.need('checkSides')}('${className}', gradients, (w) => ${limits(plan.parameter)})`,
  ]
}

/** The step: what is worked out for each group, what is then done for each variable, and what counts it. */
function stepBody(
  { plan, options, around }: Settings,
  locals: Locals,
  prepared: readonly string[],
): string[] {
  const reads = options.some(({ source }) => plan.reads.has(source.name))
  const hasNumbers = plan.runStates.length > 0
  const given = hasNumbers ? [locals.group, locals.place] : reads ? [locals.group] : []
  const take = around.need(plan.rounds.length > 0 ? 'takeStepInRounds' : 'takeStep')
  return [
    ...(reads || plan.inputs.has('t') || plan.draws ? ['const t = this.iterations'] : []),
    ...(reads || plan.inputs.has('T') ? ['const T = this.totalSteps'] : []),
    ...(hasNumbers ? [`const ${locals.next} = [...this.run]`] : []),
    `const ${locals.isTaken} = ${take}(this.steps, gradients, (${given.join(', ')}) => {
${prepared.join('\n')}
})`,
    ...(hasNumbers
      ? [
          `if (!${locals.isTaken}) return`,
          ...(hasLateNumbers(plan) ? [`${around.need('disposeNumbers')}(this.run)`] : []),
          `this.run = ${locals.next}`,
          'this.incrementIterations()',
        ]
      : [`if (${locals.isTaken}) this.incrementIterations()`]),
  ]
}

/** Names inside the step that are those of no hyperparameter. */
interface Locals {
  /** The hyperparameters of a group, and the place of its numbers of the run. */
  readonly group: string
  readonly place: string
  /** The numbers of the run, and what they are after the step, those of each group. */
  readonly run: string
  readonly next: string
  /** Whether a call has taken a step. */
  readonly isTaken: string
}

/** A name that is not used is not taken. */
function declareLocals({ plan, options }: Settings, scope: NamePool): Locals {
  const declare = (wanted: string, isUsed: boolean): string =>
    isUsed ? scope.declare(wanted) : wanted
  const hasNumbers = plan.runStates.length > 0
  return {
    group: declare('group', options.length > 0 || hasNumbers),
    place: declare('place', hasNumbers),
    run: declare('run', hasNumbers),
    next: declare('next', hasNumbers),
    isTaken: scope.declare('isTaken'),
  }
}

/** The value of a hyperparameter under a group. */
function hyperparameterText(
  { name, around }: Settings,
  { group }: Locals,
  { key, member }: Option,
  t: string,
  T: string,
): string {
  return `${around.need('valueAt')}('${key}', ${group}.${key} ?? this.${member}, ${t}, ${T}, ${name}.limits)`
}

/** The line that names the numbers of the run, which start where there are none. */
function readNumbers(settings: Settings, locals: Locals): string[] {
  const { plan, options, numbers, around } = settings
  if (plan.runStates.length === 0) return []
  const words: Vocabulary = {
    types: plan.types,
    variable: () => undefined,
    parameter: (wanted) => {
      const option = options.find(({ source }) => source.name === wanted)!
      return hyperparameterText(settings, locals, option, '0', 'this.totalSteps')
    },
    state: () => 'NaN',
    total: () => 'NaN',
    call: around.functions.call,
    need: around.need,
  }
  const starts = plan.runStates.map((state) => {
    const { text } = writeOut(state.initial, words)
    return `${numbers.get(state.index)}: ${isLate(plan, state) ? `tf.scalar(${text})` : text}`
  })
  return [`const ${locals.run} = this.run[${locals.place}] ?? { ${starts.join(', ')} }`]
}

/** The line that keeps what the numbers of the run are after the step. */
function writeNumbers(
  { plan, numbers, around }: Settings,
  locals: Locals,
  words: Vocabulary,
): string[] {
  if (plan.runStates.length === 0) return []
  const values = plan.runStates.map((state) => {
    const { index, next } = state
    const name = numbers.get(index)!
    const value = next === undefined ? words.state(index) : expressionOf(next, words).text
    const text = isLate(plan, state) ? `${around.need('keptNumber')}(${value})` : value
    return text === name ? name : `${name}: ${text}`
  })
  return [`${locals.next}[${locals.place}] = { ${values.join(', ')} }`]
}

function block(lines: readonly string[]): string {
  return `{\n${lines.join('\n')}\n}`
}
