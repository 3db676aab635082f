import type { GraphNode } from '../../../ir/graph.ts'
import { leavesOf, type Choice } from '../../../plan/choice.ts'
import type { ParameterPlan, StepPlan } from '../../../plan/plan.ts'
import type { MethodDescription } from '../text/description.ts'
import { expressionOf, writeOut, type Vocabulary } from '../expression.ts'
import { joinSides } from '../formula.ts'
import { addCallees } from '../function.ts'
import { writeParameter, type Surroundings } from './parameter.ts'
import { camelCase, type NamePool } from '../names.ts'
import type { Option, Settings } from './settings.ts'

/** The method that takes one step. */
export function describeStep(settings: Settings): MethodDescription {
  const { plan, evaluation, around } = settings
  const scope = around.scope.child()
  const locals = declareLocals(settings, scope)
  const use = evaluation === undefined ? 'step' : 'step of gradients'
  const { prepared, words, rule } = writeRule(settings, plan, scope, locals, use)
  return {
    name: 'applyGradients',
    parameters: [{ name: 'gradients', type: 'tf.NamedTensorMap | NamedTensor[]' }],
    returns: 'void',
    modifiers: ['override'],
    body: [
      ...(evaluation === undefined ? [] : [`${around.need('refuseSwapped')}(this.evaluation)`]),
      ...stepBody(settings, locals, [...prepared, ...writeNumbers(settings, locals, words)], rule),
    ],
  }
}

/**
 * The function that gives the weights to evaluate with: under the hyperparameters of a group, for a variable. Its step is the
 * one that was taken last.
 */
export function describeEvaluated(settings: Settings, plan: StepPlan): string {
  const scope = settings.around.scope.child()
  const locals = declareLocals(settings, scope)
  const { prepared, rule } = writeRule(settings, plan, scope, locals, 'value')
  const hasNumbers = plan.runStates.length > 0
  const reads = settings.options.some(({ source }) => plan.reads.has(source.name))
  const given = hasNumbers ? [locals.group, locals.place] : reads ? [locals.group] : []
  const lines = [
    ...(reads || plan.inputs.has('t') ? ['const t = this.iterations - 1'] : []),
    ...(reads || plan.inputs.has('T') ? ['const T = this.totalSteps'] : []),
    ...prepared,
    `return (w) => {\n${rule.join('\n')}\n}`,
  ]
  return `(${given.join(', ')}) => {\n${lines.join('\n')}\n}`
}

/** What a plan does under the hyperparameters of a group, and for a variable. */
function writeRule(
  settings: Settings,
  plan: StepPlan,
  scope: NamePool,
  locals: Locals,
  use: Surroundings['use'],
): {
  readonly prepared: readonly string[]
  readonly words: Vocabulary
  readonly rule: readonly string[]
} {
  const { options, around } = settings
  const leaves = leavesOf(plan.parameter)
  addCallees(
    leaves.flatMap(({ program: { update, states } }) => [
      update,
      ...states.flatMap(({ initial, next }) => [initial, next]),
    ]),
    around.functions,
  )
  const parameters = new Map(options.map(({ source, key }) => [source.name, scope.declare(key)]))
  const constants = new Map<GraphNode, string>()
  const words: Vocabulary = {
    types: plan.types,
    parameter: (name) => parameters.get(name) ?? camelCase(name),
    call: around.functions.call,
    need: around.need,
    state: (index) => `${locals.run}.${settings.numbers.get(index)}`,
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
  const run = plan.run.map(({ node, name }) => {
    const { text } = writeOut(node, words)
    const constant = declareConstant(camelCase(name))
    constants.set(node, constant)
    return `const ${constant} = ${text}`
  })
  const writeChoice = (choice: Choice<ParameterPlan>): string[] => {
    if (choice.kind === 'leaf') {
      const inner = scope.child()
      return writeParameter(choice.leaf, {
        words,
        declare: (wanted) => inner.declare(wanted),
        constant: (node) => constants.get(node)!,
        runState: words.state,
        use,
        counts: settings.told.has('updates'),
      })
    }
    const condition = writeOut(choice.condition, { ...words, variable: () => undefined }).text
    return joinSides(writeChoice(choice.then), writeChoice(choice.otherwise), (then, otherwise) => [
      `if (${condition}) ${block(then)} else ${block(otherwise)}`,
    ])
  }
  const rule = writeChoice(plan.parameter)
  const read = options.filter(({ source }) => plan.reads.has(source.name))
  const hyperparameters = read.map((option) => {
    const value = hyperparameterText(settings, locals, option, 't', 'T')
    return `const ${parameters.get(option.source.name)} = ${value}`
  })
  const numbers = plan.runStates.length > 0 ? readNumbers(settings, locals) : []
  return {
    prepared: [...hyperparameters, ...numbers, ...run],
    words,
    rule,
  }
}

/** The step: what is worked out for each group, what is then done for each variable, and what counts it. */
function stepBody(
  { plan, options, around }: Settings,
  locals: Locals,
  prepared: readonly string[],
  rule: readonly string[],
): string[] {
  const reads = options.some(({ source }) => plan.reads.has(source.name))
  const hasNumbers = plan.runStates.length > 0
  const given = hasNumbers ? [locals.group, locals.place] : reads ? [locals.group] : []
  const variable = plan.draws ? '{ w, g, index }' : '{ w, g }'
  return [
    ...(reads || plan.inputs.has('t') || plan.draws ? ['const t = this.iterations'] : []),
    ...(reads || plan.inputs.has('T') ? ['const T = this.totalSteps'] : []),
    ...(hasNumbers ? [`const ${locals.next} = [...this.run]`] : []),
    `const ${locals.isTaken} = ${around.need('takeStep')}(this.steps, gradients, (${given.join(', ')}) => {
${[...prepared, '', `return (${variable}) => {`, ...rule, '}'].join('\n')}
})`,
    ...(hasNumbers
      ? [
          `if (!${locals.isTaken}) return`,
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
    call: around.functions.call,
    need: around.need,
  }
  const starts = plan.runStates.map(
    ({ index, initial }) => `${numbers.get(index)}: ${writeOut(initial, words).text}`,
  )
  return [`const ${locals.run} = this.run[${locals.place}] ?? { ${starts.join(', ')} }`]
}

/** The line that keeps what the numbers of the run are after the step. */
function writeNumbers({ plan, numbers }: Settings, locals: Locals, words: Vocabulary): string[] {
  if (plan.runStates.length === 0) return []
  const values = plan.runStates.map(({ index, next }) => {
    const name = numbers.get(index)!
    const text = next === undefined ? words.state(index) : expressionOf(next, words).text
    return text === name ? name : `${name}: ${text}`
  })
  return [`${locals.next}[${locals.place}] = { ${values.join(', ')} }`]
}

function block(lines: readonly string[]): string {
  return `{\n${lines.join('\n')}\n}`
}
