import { showInterval } from '../../operators/interval.ts'
import type { Hyperparameter, Program } from '../../ir/graph.ts'
import { rootsOf } from '../../ir/rewrite.ts'
import { reachable } from '../../ir/build.ts'
import { axisOf } from '../../operators/table.ts'
import { leavesOf, mapChoice, type Choice } from '../../plan/choice.ts'
import { planEvaluation } from '../../plan/evaluation.ts'
import { planStep, type ParameterPlan, type StepPlan } from '../../plan/plan.ts'
import { joinTotals } from '../../plan/totals.ts'
import { printCode } from '../code.ts'
import { ruleFormula } from '../formula.ts'
import { addCallees } from '../function-table.ts'
import { docstring, type DocumentedName } from '../python/docstring.ts'
import { restructured } from '../python/restructured.ts'
import type { Lines } from '../python/lines.ts'
import { createPythonNames, snakeCase } from '../python/names.ts'
import { python } from '../python/notation.ts'
import { floatCode, numberCode } from '../python/numbers.ts'
import type { ModuleSurroundings as Surroundings } from '../python/surroundings.ts'
import { isTensor } from '../tensors.ts'
import { takesLists } from './lists.ts'
import { writeMethods } from './methods.ts'
import { worksByElement } from './shards.ts'
import type { PreludeName, TorchBuilder } from './spellings.ts'

/** What the module around a class provides. */
export type ModuleSurroundings = Surroundings<TorchBuilder, PreludeName>

/** A hyperparameter under its name in the module. */
export interface Option {
  readonly source: Hyperparameter
  readonly name: string
}

/** What the parts of a class have to agree about. */
export interface Settings {
  readonly program: Program
  readonly plan: StepPlan
  readonly evaluation: StepPlan | undefined
  readonly told: StepPlan['told']
  readonly name: string
  readonly options: readonly Option[]
  readonly around: ModuleSurroundings
}

/** Keys of a group, and arguments of a constructor, that are no hyperparameters. */
const KEYS =
  'params lr_scheduler initial_lr param_names t total_steps maximize foreach stochastic_rounding seed hidden evaluating defaults group slot numbers w g'

/** The class of a program, which is called `name`. */
export function classLines(program: Program, name: string, around: ModuleSurroundings): Lines {
  const plan = planStep(program, { resultName: undefined })
  const evaluation = planEvaluation(program)
  const keys = createPythonNames(['self', ...KEYS.split(' ')])
  const settings: Settings = {
    program,
    plan,
    evaluation,
    told: new Set([...plan.told, ...(evaluation?.told ?? [])]),
    name,
    options: program.hyperparameters.map((source) => ({
      source,
      name: keys.declare(snakeCase(source.name)),
    })),
    around,
  }
  addCallees(
    leavesOf(plan.parameter).flatMap((leaf) => rootsOf(leaf.program)),
    around.functions,
  )
  const base = around.need(evaluation === undefined ? 'Rule' : 'EvaluatedRule')
  return [
    `class ${name}(${base}):`,
    [
      documentation(settings),
      '',
      ...attributes(settings),
      ...constructor_(settings),
      ...writeMethods(settings),
    ],
  ]
}

function documentation({ program, plan, options, told, evaluation }: Settings): string {
  const { parameter, types } = plan
  const rule: Choice<Program> = mapChoice(parameter, (leaf) => joinTotals(leaf.program))
  const names: DocumentedName[] = [
    { name: 'params', text: 'Parameters, or groups of them with values of their own.' },
    ...options.map(({ source, name }) => ({ name, text: hyperparameterText(source) })),
    {
      name: 'total_steps',
      text: `Number of steps of the whole run${program.usesTotalSteps ? '' : ', for hyperparameters that depend on it'}.`,
    },
    ...(plan.draws ? [{ name: 'seed', text: 'Where the random numbers start.' }] : []),
    ...(told.has('isHidden')
      ? [
          {
            name: 'hidden',
            text:
              'Whether a parameter of two dimensions or more, by its name (empty where the optimizer was not given names) and itself, ' +
              'is that of a hidden layer: embeddings and the last layer are not. All are when it is not given.',
          },
        ]
      : []),
    { name: 'maximize', text: 'Whether to go up instead of down.' },
    ...(takesLists(plan)
      ? [
          {
            name: 'foreach',
            text: 'Whether to update many parameters at once, to the same numbers, which is done unless it is False.',
          },
        ]
      : []),
    {
      name: 'stochastic_rounding',
      text: 'Whether parameters in bfloat16 are rounded at random, so that small updates are not lost.',
    },
  ]
  const states = statesText(settings_states(plan))
  return docstring(
    {
      lines: [
        ...restructured(program.documentation),
        ...(evaluation === undefined ? [] : EVALUATED),
      ],
      formulas: ruleFormula(rule, (node) => isTensor(types, node)),
      sections: [
        { title: 'Args', names },
        { title: 'States', names: states },
      ],
    },
    1,
  )
}

const EVALUATED = [
  '',
  'Call ``eval()`` before the model is evaluated or saved, which puts other weights in its place, and ``train()`` before the next step.',
]

function hyperparameterText(source: Hyperparameter): string {
  return [...source.documentation, `In ${showInterval(source.interval)}.`].join(' ')
}

interface DocumentedState {
  readonly name: string
  readonly shape: string
}

function settings_states({ parameter, types }: StepPlan): readonly DocumentedState[] {
  const found = new Map<string, string>()
  for (const { program, states } of leavesOf(parameter))
    for (const { index } of states) {
      const { extent } = types.stateOf(index)
      const shape =
        extent === 'element'
          ? 'Shaped like the parameter.'
          : extent === 'parameter'
            ? 'One number.'
            : extent === 'per output' || extent === 'per input'
              ? `One number ${extent}, along dimensions of the parameter.`
              : `A ${extent}.`
      found.set(program.states[index]!.name, shape)
    }
  return [...found].map(([name, shape]) => ({ name, shape }))
}

function statesText(states: readonly DocumentedState[]): readonly DocumentedName[] {
  return states.map(({ name, shape }) => ({ name, text: shape }))
}

/** What the class says of the rule. */
function attributes({ options, plan, evaluation, told, around }: Settings): Lines {
  const lines: string[] = []
  if (options.length > 0) {
    const interval = around.need('Interval')
    const entries = options.map(({ source, name }) => {
      const { low, high, lowOpen, highOpen } = source.interval
      const ends = [low, high].map((end) => printCode(floatCode(end, around.build), python))
      const has = [!lowOpen && low > -Infinity, !highOpen && high < Infinity]
      return `"${name}": ${interval}(${[...ends, ...has.map((each) => (each ? 'True' : 'False'))].join(', ')}),`
    })
    around.importing('from typing import ClassVar')
    lines.push(`intervals: ClassVar[dict[str, ${interval}]] = {${entries.join(' ')}}`)
  }
  if (takesLists(plan)) lines.push('takes_lists = True')
  if (takesLists(plan) && readsShape(plan)) lines.push('reads_shape = True')
  if ([plan, ...(evaluation === undefined ? [] : [evaluation])].every(worksByElement))
    lines.push('by_element = True')
  if (told.has('updates')) lines.push('counts_updates = True')
  return lines.length === 0 ? [] : [...lines, '']
}

function readsShape({ parameter }: StepPlan): boolean {
  if (parameter.kind === 'branch') return true
  const roots = parameter.leaf.statements.map(({ node }) => node)
  return reachable(roots).some(
    (node) =>
      node.kind === 'apply' &&
      (node.operator.kind === 'shape' || axisOf(node.operator) !== undefined),
  )
}

function constructor_({ program, plan, options, told, around }: Settings): Lines {
  around.importing('from torch.optim.optimizer import ParamsT')
  const typed = (name: string, initial: number | undefined): string =>
    `${name}: ${around.need('Hyperparameter')}${initial === undefined ? '' : ` = ${printCode(numberCode(initial, around.build), python)}`}`
  const parameters = [
    'self',
    'params: ParamsT',
    ...options.map(({ source, name }) => typed(name, source.default)),
    '*',
    `total_steps: int${program.usesTotalSteps ? '' : ' | None = None'}`,
    ...(plan.draws ? ['seed: int = 0'] : []),
    ...(told.has('isHidden') ? [`hidden: ${around.need('Hidden')} | None = None`] : []),
    'maximize: bool = False',
    ...(takesLists(plan) ? ['foreach: bool | None = None'] : []),
    'stochastic_rounding: bool = False',
  ]
  const keys = parameters.slice(2).flatMap((each) => (each === '*' ? [] : [each.split(':')[0]!]))
  return [
    `def __init__(${parameters.join(', ')},) -> None:`,
    [`super().__init__(params, {${keys.map((key) => `"${key}": ${key}`).join(', ')}})`],
    '',
  ]
}

/** The parts of a plan's choice, for those that write each of them. */
export type PlanChoice = Choice<ParameterPlan>
