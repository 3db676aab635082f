import { reachable } from '../ir/build.ts'
import type { Program } from '../ir/graph.ts'
import { specialize, type Rule } from '../ir/specialize.ts'
import type { ClassDescription, Description } from './ts-description.ts'
import { ruleFormula } from './ts-formula.ts'
import { camelCase, createScope, pascalCase } from './ts-names.ts'
import {
  describeConfiguration,
  describeConstructor,
  describeOptions,
  describeProperties,
} from './ts-options.ts'
import { hostStatesOf, leavesOf, rootsOf, shareStateNames } from './ts-rule.ts'
import { MEMBERS, nameOptions, type ModuleSurroundings, type Settings } from './ts-settings.ts'
import { describeStep } from './ts-step.ts'
import { weightMethods } from './ts-weights.ts'

/** The options interface and the class of a program. */
export function describeClass(program: Program, around: ModuleSurroundings): Description[] {
  const name = around.scope.declare(pascalCase(program.name))
  const rule = shareStateNames(
    specialize(program),
    new Set(program.states.map((state) => state.name)),
  )
  const leaves = leavesOf(rule)
  const options = nameOptions(program)
  const draws = leaves.some((leaf) =>
    reachable(rootsOf(leaf)).some(
      (node) => node.kind === 'apply' && node.operator.kind === 'random',
    ),
  )
  const members = createScope([...MEMBERS, ...options.map((option) => option.member)])
  const hostStates = hostStatesOf(leaves).map((state) => ({
    ...state,
    member: members.declare(camelCase(state.name)),
  }))
  const tensorStates = leaves.some((leaf) =>
    leaf.states.some((state) => state.stage !== 'schedule'),
  )

  const settings: Settings = {
    program,
    name,
    options,
    draws,
    around,
    hostStates,
    tensorStates,
  }
  const optionsInterface = describeOptions(settings)
  const description: ClassDescription = {
    kind: 'class',
    name,
    documentation: documentationOf(program, rule),
    extends: 'tf.Optimizer',
    properties: describeProperties(settings),
    constructor_: describeConstructor(settings, optionsInterface.name),
    methods: [
      describeStep(settings, rule),
      ...weightMethods(
        name,
        hostStates.map((state) => state.member),
        tensorStates,
        around.support,
      ),
      describeConfiguration(settings),
    ],
  }
  return [
    optionsInterface,
    description,
    { kind: 'text', text: `tf.serialization.registerClass(${name})` },
  ]
}

function documentationOf(program: Program, rule: Rule): string {
  const formula = ['```', ...ruleFormula(rule), '```']
  return [
    ...program.documentation,
    ...(program.documentation.length > 0 ? [''] : []),
    ...formula,
  ].join('\n')
}
