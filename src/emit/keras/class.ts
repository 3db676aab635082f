import type { Program } from '../../ir/graph.ts'
import { rootsOf } from '../../ir/rewrite.ts'
import { leavesOf } from '../../plan/choice.ts'
import { planEvaluation } from '../../plan/evaluation.ts'
import { planStep, type StepPlan } from '../../plan/plan.ts'
import { printCode, type Code } from '../code.ts'
import { addCallees } from '../function-table.ts'
import type { NamePool } from '../names.ts'
import type { Lines } from '../python/lines.ts'
import { createPythonNames, snakeCase } from '../python/names.ts'
import { python } from '../python/notation.ts'
import { floatCode, numberCode } from '../python/numbers.ts'
import type { ModuleSurroundings as Surroundings } from '../python/surroundings.ts'
import { documentation } from './documentation.ts'
import { writeMethods } from './methods.ts'
import { LEARNING_RATE, RATE, TAKEN, WEIGHT_DECAY, type Option } from './options.ts'
import type { KerasBuilder, PreludeName } from './spellings.ts'

/** What the module around a class provides. */
export type ModuleSurroundings = Surroundings<KerasBuilder, PreludeName>

/** A variable of the optimizer for a number of the run, and what it is called inside methods. */
export interface RunNumber {
  readonly member: string
  readonly local: string
}

/** What the parts of a class have to agree about. */
export interface Settings {
  readonly program: Program
  readonly plan: StepPlan
  readonly evaluation: StepPlan | undefined
  readonly told: StepPlan['told']
  readonly name: string
  readonly options: readonly Option[]
  /** The names inside methods. */
  readonly scope: NamePool
  /** The members that hold the states of parameters, by their names in the source. */
  readonly states: ReadonlyMap<string, string>
  /** What each of them is called inside methods. */
  readonly locals: ReadonlyMap<string, string>
  /** States that are one number for the run, by index. */
  readonly runStates: ReadonlyMap<number, RunNumber>
  readonly totals: ReadonlyMap<number, RunNumber>
  readonly around: ModuleSurroundings
}

/** Names that methods have of their own. */
const LOCALS =
  'self variable learning_rate index w g t T seed updates of_hidden variables grads trainable_variables pairs added config ' +
  'cls custom_objects'

const print = (code: Code): string => printCode(code, python)

/** The class of a program, which is called `name`. */
export function classLines(program: Program, name: string, around: ModuleSurroundings): Lines {
  const settings = createSettings(program, name, around)
  addCallees(
    leavesOf(settings.plan.parameter).flatMap((leaf) => rootsOf(leaf.program)),
    around.functions,
  )
  around.importing('import keras')
  around.importing('from typing import Any')
  const base =
    settings.evaluation === undefined
      ? 'keras.optimizers.Optimizer'
      : around.need('EvaluatedOptimizer')
  return [
    '@keras.saving.register_keras_serializable(package="optc")',
    `class ${name}(${base}):`,
    [
      documentation(settings),
      '',
      ...constructor_(settings),
      ...writeMethods(settings),
      ...configuration(settings),
    ],
  ]
}

function createSettings(program: Program, name: string, around: ModuleSurroundings): Settings {
  const plan = planStep(program)
  const evaluation = planEvaluation(program)
  const members = createPythonNames(TAKEN.split(' '))
  const scope = around.scope.child()
  for (const each of LOCALS.split(' ')) scope.declare(each)
  const options = program.hyperparameters.map((source): Option => {
    if (source.name === RATE) return { source, name: scope.declare(RATE), isRate: true }
    const own = members.declare(snakeCase(source.name))
    return { source, name: own === WEIGHT_DECAY ? scope.declare(own) : own, isRate: false }
  })
  const states = new Map<string, string>()
  const locals = new Map<string, string>()
  for (const { program: own, states: kept } of leavesOf(plan.parameter))
    for (const { index } of kept) {
      const called = own.states[index]!.name
      if (states.has(called)) continue
      states.set(called, members.declare(snakeCase(called)))
      locals.set(called, scope.declare(snakeCase(called)))
    }
  const number = (wanted: string): RunNumber => ({
    member: members.declare(snakeCase(wanted)),
    local: scope.declare(snakeCase(wanted)),
  })
  return {
    program,
    plan,
    evaluation,
    told: new Set([...plan.told, ...(evaluation?.told ?? [])]),
    name,
    options,
    scope,
    states,
    locals,
    runStates: new Map(plan.runStates.map((each) => [each.index, number(each.name)])),
    totals: new Map(
      plan.rounds.flatMap(({ totals }) => totals.map((each) => [each.index, number(each.name)])),
    ),
    around,
  }
}

/** The arguments beside hyperparameters that a class has, and keeps under their names. */
function others({ program, plan, told, around }: Settings): ReadonlyMap<string, string> {
  if (told.has('isHidden')) around.importing('from collections.abc import Callable')
  return new Map([
    ...(program.usesTotalSteps
      ? [['total_steps', 'int'] as const]
      : plan.inputs.has('T')
        ? [['total_steps', 'int | None = None'] as const]
        : []),
    ...(plan.draws ? [['seed', 'int = 0'] as const] : []),
    ...(told.has('isHidden') ? [['hidden', 'Callable[[Any], bool] | None = None'] as const] : []),
  ])
}

function constructor_(settings: Settings): Lines {
  const { options, around } = settings
  const required = options.map(({ source }) => source.default === undefined)
  const isMixed = required.some(
    (each, at) => each && at > required.indexOf(false) && required.includes(false),
  )
  const typed = options.map(({ source, name, isRate }) => {
    const type = isRate ? around.need('LearningRate') : 'float'
    const initial =
      source.default === undefined ? '' : ` = ${print(numberCode(source.default, around.build))}`
    return `${isRate ? LEARNING_RATE : name}: ${type}${initial}`
  })
  const more = others(settings)
  const extra = [...more].map(([called, type]) => `${called}: ${type}`)
  const parameters = [
    'self',
    ...(isMixed ? ['*'] : []),
    ...typed,
    ...(extra.length > 0 && !isMixed ? ['*'] : []),
    ...extra,
    '**kwargs: Any',
  ]
  const rate = options.find(({ isRate }) => isRate)
  const given = rate === undefined ? '1.0' : checkedCode(settings, rate)
  return [
    `def __init__(${parameters.join(', ')}) -> None:`,
    [
      `super().__init__(learning_rate=${given}, **kwargs)`,
      ...options.flatMap((each) =>
        each.isRate ? [] : [`self.${each.name} = ${checkedCode(settings, each)}`],
      ),
      ...[...more.keys()].map((each) => `self.${each} = ${each}`),
    ],
    '',
  ]
}

/** A hyperparameter that is refused outside its interval. */
function checkedCode({ around }: Settings, { source, name, isRate }: Option): string {
  const { low, high, lowOpen, highOpen } = source.interval
  const ends = [low, high].map((end) => print(floatCode(end, around.build)))
  const open = lowOpen || low === -Infinity ? '(' : '['
  const close = highOpen || high === Infinity ? ')' : ']'
  const given = isRate ? LEARNING_RATE : `"${name}", ${name}`
  const called = around.need(isRate ? 'checked_rate' : 'checked')
  return `${called}(${given}, ${ends.join(', ')}, "${open}${close}")`
}

function configuration(settings: Settings): Lines {
  const { options, told } = settings
  const rate = options.find(({ isRate }) => isRate)
  const names = [
    ...options.flatMap((each) => (each.isRate ? [] : [each.name])),
    ...[...others(settings).keys()].filter((each) => each !== 'hidden'),
  ]
  const hidden = told.has('isHidden')
  return [
    'def get_config(self) -> dict[str, Any]:',
    [
      'config = super().get_config()',
      ...(rate === undefined
        ? ['# No learning rate is used.', `del config["${LEARNING_RATE}"]`]
        : []),
      ...(names.length === 0
        ? []
        : [`config.update({${names.map((each) => `"${each}": self.${each}`).join(', ')}})`]),
      ...(hidden ? ['config["hidden"] = keras.saving.serialize_keras_object(self.hidden)'] : []),
      'return config',
    ],
    ...(hidden
      ? [
          '',
          '@classmethod',
          'def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:',
          [
            'hidden = config.get("hidden")',
            'if isinstance(hidden, dict):',
            [
              'hidden = keras.saving.deserialize_keras_object(hidden, custom_objects)',
              'config = {**config, "hidden": hidden}',
            ],
            'return super().from_config(config, custom_objects)',
          ],
        ]
      : []),
  ]
}
