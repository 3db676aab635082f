import type { Program } from '../../../ir/graph.ts'
import { leavesOf, mapChoice } from '../../../plan/choice.ts'
import { planEvaluation } from '../../../plan/evaluation.ts'
import { planStep, type StepPlan } from '../../../plan/plan.ts'
import { joinTotals } from '../../../plan/totals.ts'
import type { ClassDescription, Description } from '../text/description.ts'
import { isTensor } from '../../tensors.ts'
import { ruleFormula } from '../../formula.ts'
import { describeEvaluation } from './evaluation.ts'
import {
  describeConfiguration,
  describeConstructor,
  describeOptions,
  describeProperties,
} from './options.ts'
import { nameOptions, nameRunStates, type ModuleSurroundings, type Settings } from './settings.ts'
import { describeStep } from './step.ts'
import { weightMethods } from './weights.ts'

/** The options interface and the class of a program, which is called `name`. */
export function describeClass(
  program: Program,
  name: string,
  around: ModuleSurroundings,
): Description[] {
  const plan = planStep(program)
  const evaluation = planEvaluation(program)
  const told = new Set([...plan.told, ...(evaluation?.told ?? [])])
  const options = nameOptions(program)
  const numbers = nameRunStates(plan)
  const stateNames = [
    ...(told.has('updates') ? ['steps'] : []),
    ...new Set(
      leavesOf(plan.parameter).flatMap(({ program, states }) =>
        states.map(({ index }) => program.states[index]!.name),
      ),
    ),
  ]
  const settings: Settings = {
    program,
    plan,
    evaluation,
    told,
    name,
    options,
    around,
    numbers,
    stateNames,
  }
  const optionsInterface = describeOptions(settings)
  // The prelude stands in the order in which a reader meets it.
  const properties = describeProperties(settings)
  const constructor_ = describeConstructor(settings, optionsInterface.name)
  const step = describeStep(settings)
  const evaluating = describeEvaluation(settings)
  const description: ClassDescription = {
    kind: 'class',
    name,
    documentation: documentationOf(plan),
    extends: 'tf.Optimizer',
    properties: [...properties, ...evaluating.properties],
    constructor_: { ...constructor_, body: [...constructor_.body, ...evaluating.begin] },
    methods: [
      step,
      ...evaluating.methods,
      ...weightMethods(settings),
      describeConfiguration(settings),
    ],
  }
  return [
    optionsInterface,
    description,
    { kind: 'text', text: `tf.serialization.registerClass(${name})` },
  ]
}

function documentationOf({ program, parameter, types }: StepPlan): string {
  const rule = mapChoice(parameter, (leaf) => joinTotals(leaf.program))
  const formula = ['```', ...ruleFormula(rule, (node) => isTensor(types, node)), '```']
  return [
    ...program.documentation,
    ...(program.documentation.length > 0 ? [''] : []),
    ...formula,
  ].join('\n')
}
