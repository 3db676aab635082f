import type { StepPlan } from '../../../plan/plan.ts'
import type { MethodDescription } from '../text/description.ts'
import { declareLocals, keepNumbers, type Locals } from './numbers.ts'
import { writeRule, type WrittenRound } from './rule.ts'
import { hasLateNumbers, type Settings } from './settings.ts'
import { describeSides } from './sides.ts'

/** The method that takes one step. */
export function describeStep(settings: Settings): MethodDescription {
  const { plan, evaluation, around } = settings
  const scope = around.scope.child()
  const locals = declareLocals(settings, scope)
  const use = evaluation === undefined ? 'step' : 'step of gradients'
  const { prepared, rounds, rule, words } = writeRule(settings, plan, scope, locals, use)
  const last = [
    ...keepNumbers(settings, locals, words),
    '',
    `return (${plan.draws ? '{ w, g, index }' : '{ w, g }'}) => {`,
    ...rule,
    '}',
  ]
  return {
    name: 'applyGradients',
    parameters: [{ name: 'gradients', type: 'tf.NamedTensorMap | NamedTensor[]' }],
    returns: 'void',
    modifiers: ['override'],
    body: [
      ...(evaluation === undefined ? [] : [`${around.need('refuseSwapped')}(this.evaluation)`]),
      ...describeSides(settings),
      ...stepBody(settings, locals, [...prepared, ...nestRounds(rounds, last)]),
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
  const lines = [
    ...stepLines(settings, plan, 'this.iterations - 1'),
    ...prepared,
    `return (w) => {\n${rule.join('\n')}\n}`,
  ]
  return `(${givenTo(settings, plan, locals).join(', ')}) => {\n${lines.join('\n')}\n}`
}

const readsAny = ({ options }: Settings, plan: StepPlan): boolean =>
  options.some(({ source }) => plan.reads.has(source.name))

/** The lines that name the step and the number of steps, where a plan reads them. */
function stepLines(settings: Settings, plan: StepPlan, step: string): readonly string[] {
  const reads = readsAny(settings, plan)
  return [
    ...(reads || plan.inputs.has('t') || plan.draws ? [`const t = ${step}`] : []),
    ...(reads || plan.inputs.has('T') ? ['const T = this.totalSteps'] : []),
  ]
}

/** What a plan is told of a group. */
function givenTo(settings: Settings, plan: StepPlan, locals: Locals): readonly string[] {
  if (plan.runStates.length > 0) return [locals.group, locals.place]
  return readsAny(settings, plan) ? [locals.group] : []
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

/** The step: what is worked out for each group, what is then done for each variable, and what counts it. */
function stepBody(settings: Settings, locals: Locals, prepared: readonly string[]): string[] {
  const { plan, around } = settings
  const hasNumbers = plan.runStates.length > 0
  const take = around.need(plan.rounds.length > 0 ? 'takeStepInRounds' : 'takeStep')
  const given = givenTo(settings, plan, locals).join(', ')
  return [
    ...stepLines(settings, plan, 'this.iterations'),
    ...(hasNumbers ? [`const ${locals.next} = [...this.run]`] : []),
    `const ${locals.isTaken} = ${take}(this.steps, gradients, (${given}) => {\n${prepared.join('\n')}\n})`,
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
