import type { Hyperparameter, Program } from '../../ir/graph.ts'
import { rootsOf } from '../../ir/rewrite.ts'
import { leavesOf } from '../../plan/choice.ts'
import { planEvaluation } from '../../plan/evaluation.ts'
import { planStep, type RunState, type StepPlan } from '../../plan/plan.ts'
import { printCode } from '../code.ts'
import { addCallees } from '../function-table.ts'
import type { NamePool } from '../names.ts'
import type { Lines } from '../python/lines.ts'
import { createPythonNames, snakeCase } from '../python/names.ts'
import { python } from '../python/notation.ts'
import { floatCode, numberCode } from '../python/numbers.ts'
import type { ModuleSurroundings as Surroundings } from '../python/surroundings.ts'
import { documentation, stateDocumentation } from './documentation.ts'
import { writeEvaluation } from './evaluation.ts'
import { localOf } from './numbers.ts'
import type { JaxBuilder, PreludeName } from './spellings.ts'
import { initLines, updateFunctionLines } from './step.ts'

/** What the module around a transformation provides. */
export type ModuleSurroundings = Surroundings<JaxBuilder, PreludeName>

/** A hyperparameter under its names: that of the argument, and that of its value at a step. */
export interface Option {
  readonly source: Hyperparameter
  readonly name: string
  readonly local: string
}

/** The names of what is exported for a program. */
export interface ExportedNames {
  readonly transformation: string
  readonly state: string
  /** Undefined where a model is evaluated at the weights that are trained. */
  readonly evaluation: string | undefined
}

/** What the parts of a transformation have to agree about. */
export interface Settings {
  readonly program: Program
  readonly plan: StepPlan
  readonly evaluation: StepPlan | undefined
  readonly told: StepPlan['told']
  readonly names: ExportedNames
  readonly options: readonly Option[]
  /** The names inside functions. */
  readonly scope: NamePool
  /** The names of fields and locals for the states of parameters, by their names in the source. */
  readonly states: ReadonlyMap<string, string>
  /** The same for the states that are one number for the run, by index. */
  readonly runStates: ReadonlyMap<number, string>
  /** The fields that keep what hyperparameters were at the step taken last, for those that evaluation reads. */
  readonly kept: ReadonlyMap<Option, string>
  readonly around: ModuleSurroundings
}

/** Names that functions have of their own. */
const LOCALS =
  'g w t T seed place places state updates params hidden of_hidden mask total_steps count index init_fn update_fn start_leaf update_leaf ' +
  'evaluate_leaf added'

/** The definitions for a program: its state, its transformation, and what it is evaluated with. */
export function transformationLines(
  program: Program,
  names: ExportedNames,
  around: ModuleSurroundings,
): readonly Lines[] {
  const settings = createSettings(program, names, around)
  addCallees(
    leavesOf(settings.plan.parameter).flatMap((leaf) => rootsOf(leaf.program)),
    around.functions,
  )
  for (const each of ['import jax', 'import jax.numpy as jnp', 'import optax'])
    around.importing(each)
  around.importing('from typing import NamedTuple')
  const step = [...initLines(settings), '', ...updateFunctionLines(settings), '']
  return [
    stateLines(settings),
    [
      `def ${names.transformation}(${argumentsOf(settings).join(', ')}) -> optax.GradientTransformation:`,
      [
        documentation(settings),
        ...checks(settings),
        '',
        ...step,
        'return optax.GradientTransformation(init_fn, update_fn)',
      ],
    ],
    ...(settings.evaluation === undefined ? [] : [writeEvaluation(settings, settings.evaluation)]),
  ]
}

function createSettings(
  program: Program,
  names: ExportedNames,
  around: ModuleSurroundings,
): Settings {
  const plan = planStep(program)
  const evaluation = planEvaluation(program)
  const scope = around.scope.child()
  for (const each of LOCALS.split(' ')) scope.declare(each)
  const fields = createPythonNames(['count', 'index'])
  const declare = (wanted: string, ...others: readonly NamePool[]): string => {
    for (;;) {
      const free = scope.declare(snakeCase(wanted))
      if (others.every((pool) => pool.declare(free) === free)) return free
    }
  }
  const options = program.hyperparameters.map((source): Option => {
    const own = declare(source.name)
    return { source, name: own, local: declare(localOf({ name: own })) }
  })
  const states = new Map<string, string>()
  for (const { program: own, states: kept } of leavesOf(plan.parameter))
    for (const { index } of kept) {
      const called = own.states[index]!.name
      if (!states.has(called)) states.set(called, declare(called, fields))
    }
  const runStates = new Map(
    plan.runStates.map(({ index, name }) => [index, fields.declare(snakeCase(name))]),
  )
  const kept = options.filter(({ source }) => evaluation?.reads.has(source.name) === true)
  return {
    program,
    plan,
    evaluation,
    told: new Set([...plan.told, ...(evaluation?.told ?? [])]),
    names,
    options,
    scope,
    states,
    runStates,
    kept: new Map(kept.map((each) => [each, fields.declare(each.name)])),
    around,
  }
}

/** Whether a number of the run rests on gradients, and so has 32 bits. */
export function isLate({ types }: StepPlan, { index }: RunState): boolean {
  return types.stateOf(index).known === 'gradient'
}

function stateLines(settings: Settings): Lines {
  const { names, states, runStates, kept } = settings
  const field = (called: string, type: string): string => `${called}: ${type}`
  return [
    `class ${names.state}(NamedTuple):`,
    [
      stateDocumentation(settings),
      '',
      'count: jax.Array  # type: ignore[assignment]',
      ...[...runStates.values()].map((each) => field(each, 'jax.Array')),
      ...[...states.values()].map((each) => field(each, 'optax.Params')),
      ...[...kept.values()].map((each) => field(each, 'jax.Array')),
    ],
  ]
}

function argumentsOf({ program, plan, options, told, around }: Settings): readonly string[] {
  const typed = options.map(({ source, name }) => {
    const initial =
      source.default === undefined
        ? ''
        : ` = ${printCode(numberCode(source.default, around.build), python)}`
    return `${name}: optax.ScalarOrSchedule${initial}`
  })
  const others = [
    ...(program.usesTotalSteps
      ? ['total_steps: int']
      : plan.inputs.has('T')
        ? ['total_steps: int | None = None']
        : []),
    ...(plan.draws ? ['seed: int = 0'] : []),
    ...(told.has('isHidden') ? ['hidden: Any = None'] : []),
  ]
  if (told.has('isHidden')) around.importing('from typing import Any')
  return [...typed, ...(others.length === 0 ? [] : ['*', ...others]), '']
}

function checks({ options, around }: Settings): Lines {
  return options.map(({ source, name }) => {
    const { low, high, lowOpen, highOpen } = source.interval
    const ends = [low, high].map((end) => printCode(floatCode(end, around.build), python))
    const open = lowOpen || low === -Infinity ? '(' : '['
    const close = highOpen || high === Infinity ? ')' : ']'
    return `${around.need('check_hyperparameter')}("${name}", ${name}, ${ends.join(', ')}, "${open}${close}")`
  })
}
