import { expressionOf, writeOut, type Vocabulary } from '../expression.ts'
import type { NamePool } from '../names.ts'
import { isLate, type Option, type Settings } from './settings.ts'

/** Names inside the step that are those of no hyperparameter. */
export interface Locals {
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
export function declareLocals({ plan, options }: Settings, scope: NamePool): Locals {
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
export function hyperparameterText(
  { name, around }: Settings,
  { group }: Locals,
  { key, member }: Option,
  t: string,
  T: string,
): string {
  return `${around.need('valueAt')}('${key}', ${group}.${key} ?? this.${member}, ${t}, ${T}, ${name}.limits)`
}

/** The line that names the numbers of the run, which start where there are none. */
export function nameNumbers(settings: Settings, locals: Locals): string[] {
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
export function keepNumbers(
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
