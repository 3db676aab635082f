import { reachable } from '../../../ir/build.ts'
import type { GraphNode } from '../../../ir/graph.ts'
import { leavesOf, type Choice } from '../../../plan/choice.ts'
import type { ParameterPlan, RunState } from '../../../plan/plan.ts'
import type { MethodDescription } from '../text/description.ts'
import { expressionOf, writeOut, type Vocabulary } from '../expression.ts'
import { joinSides } from '../formula.ts'
import { addCallees } from '../function.ts'
import { writeParameter } from './parameter.ts'
import { camelCase, pascalCase } from '../names.ts'
import type { Settings } from './settings.ts'

/** The method that takes one step. */
export function describeStep(settings: Settings): MethodDescription {
  const { plan, options, around } = settings
  const { types } = plan
  const leaves = leavesOf(plan.parameter)
  addCallees(
    leaves.flatMap(({ program: { update, states } }) => [
      update,
      ...states.flatMap(({ initial, next }) => [initial, next]),
    ]),
    around.functions,
  )
  const scope = around.scope.child()
  const parameters = new Map(options.map(({ source, key }) => [source.name, scope.declare(key)]))
  const constants = new Map<GraphNode, string>()
  const words: Vocabulary = {
    types,
    parameter: (name) => parameters.get(name) ?? camelCase(name),
    call: around.functions.call,
    need: around.need,
    state: (index) => `this.${settings.members.get(index)}`,
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
      })
    }
    const condition = writeOut(choice.condition, { ...words, variable: () => undefined }).text
    return joinSides(writeChoice(choice.then), writeChoice(choice.otherwise), (then, otherwise) => [
      `if (${condition}) ${block(then)} else ${block(otherwise)}`,
    ])
  }
  const loop = writeChoice(plan.parameter)
  const { entries, header } = loopHeader(settings)
  return {
    name: 'applyGradients',
    parameters: [{ name: 'gradients', type: 'tf.NamedTensorMap | NamedTensor[]' }],
    returns: 'void',
    modifiers: ['override'],
    body: [
      ...prologue(settings, parameters),
      ...startRun(settings),
      ...run,
      '',
      `for (const ${header} of ${entries}) {\ntf.tidy(() => {\n${loop.join('\n')}\n})\n}`,
      ...writeRunStates(plan.runStates, words, declareConstant),
      'this.incrementIterations()',
    ],
  }
}

function loopHeader({ plan, stateNames, around }: Settings): { entries: string; header: string } {
  const all = `${around.support('gradientPairs')}(gradients)`
  if (stateNames.length > 0) around.need('bindStates')
  const pairs = stateNames.length > 0 ? `bindStates(this.states, ${all})` : all
  return plan.draws
    ? { entries: `${pairs}.entries()`, header: '[index, { w, g }]' }
    : { entries: pairs, header: '{ w, g }' }
}

/** The step, the number of steps and the hyperparameters, as far as they are read. */
function prologue(
  { plan, name, options, around }: Settings,
  names: ReadonlyMap<string, string>,
): readonly string[] {
  const read = options.filter(({ source }) => plan.reads.has(source.name))
  return [
    ...(read.length > 0 || plan.inputs.has('t') || plan.draws || plan.runStates.length > 0
      ? ['const t = this.iterations']
      : []),
    ...(read.length > 0 || plan.inputs.has('T') ? ['const T = this.totalSteps'] : []),
    ...read.map(
      ({ source, key, member }) =>
        `const ${names.get(source.name)} = ${around.support('valueAt')}('${key}', this.${member}, t, T, ${name}.limits)`,
    ),
  ]
}

/** The lines that set the numbers of the run before its first step. */
function startRun({ plan, name, options, members, around }: Settings): string[] {
  const words: Vocabulary = {
    types: plan.types,
    variable: () => undefined,
    parameter: (wanted) => {
      const { key, member } = options.find(({ source }) => source.name === wanted)!
      return `${around.support('valueAt')}('${key}', this.${member}, 0, this.totalSteps, ${name}.limits)`
    },
    state: () => 'NaN',
    call: around.functions.call,
    need: around.need,
  }
  return plan.runStates.map(
    ({ index, initial }) =>
      `if (t === 0) this.${members.get(index)} = ${writeOut(initial, words).text}`,
  )
}

function block(lines: readonly string[]): string {
  return `{\n${lines.join('\n')}\n}`
}

/** The lines that change the numbers of the run, after everything that reads them. */
function writeRunStates(
  states: readonly RunState[],
  words: Vocabulary,
  declare: (wanted: string) => string,
): string[] {
  const lines = states.flatMap(({ index, name, next }) =>
    next === undefined
      ? []
      : [{ name, target: words.state(index), text: expressionOf(next, words).text }],
  )
  const readEachOther = states.some(
    ({ index, next }) =>
      next !== undefined &&
      reachable([next]).some((node) => node.kind === 'state' && node.index !== index),
  )
  if (lines.length < 2 || !readEachOther)
    return lines.map(({ target, text }) => `${target} = ${text}`)
  const named = lines.map((line) => ({ ...line, local: declare(`next${pascalCase(line.name)}`) }))
  return [
    ...named.map(({ local, text }) => `const ${local} = ${text}`),
    ...named.map(({ local, target }) => `${target} = ${local}`),
  ]
}
