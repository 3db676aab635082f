import { showInterval } from '../../../operators/interval.ts'
import type {
  ClassDescription,
  InterfaceDescription,
  MemberDescription,
  MethodDescription,
  PropertyDescription,
} from '../text/description.ts'
import { numberText, writeOut, type Vocabulary } from '../expression.ts'
import { registryKey } from '../names.ts'
import type { Settings } from './settings.ts'

/** The options of a class. */
export function describeOptions({
  program,
  name,
  options,
  plan: { draws },
  around,
}: Settings): InterfaceDescription {
  const members: MemberDescription[] = options.map(({ source, key }) => {
    const { low, high } = source.interval
    const range =
      low === -Infinity && high === Infinity ? [] : [`In ${showInterval(source.interval)}`]
    const start =
      source.default === undefined ? [] : [`${numberText(source.default).text} when not given`]
    const text = [...range, ...start].map((part) => `${part}.`).join(' ')
    return {
      name: key,
      type: 'Hyperparameter',
      documentation: [...source.documentation, text].join(' '),
      ...(source.default !== undefined && { optional: true as const }),
    }
  })
  members.push(
    program.usesTotalSteps
      ? { name: 'totalSteps', type: 'number', documentation: 'Number of steps of the whole run.' }
      : {
          name: 'totalSteps',
          type: 'number',
          optional: true,
          documentation:
            'Number of steps of the whole run, for hyperparameters that depend on it; they get NaN when not given.',
        },
  )
  if (draws) {
    members.push({
      name: 'seed',
      type: 'number',
      optional: true,
      documentation: 'Where the random numbers start; 0 when not given.',
    })
  }
  return {
    kind: 'interface',
    name: around.scope.declare(`${name}Options`),
    documentation: `Options of {@link ${name}}.`,
    members,
  }
}

/** The members that hold options, states and what was restored. */
export function describeProperties({
  program,
  options,
  plan: { draws, runStates },
  members,
  keepsTensors,
}: Settings): PropertyDescription[] {
  const properties: PropertyDescription[] = [
    {
      name: 'className',
      initializer: `'${registryKey(program.name)}'`,
      modifiers: ['static', 'readonly'],
    },
    ...(options.length === 0 ? [] : [limitsOf(options)]),
    ...options.map(({ member }): PropertyDescription => ({
      name: member,
      type: 'Hyperparameter',
      modifiers: [],
    })),
  ]
  properties.push({ name: 'totalSteps', type: 'number', modifiers: ['readonly'] })
  if (draws) properties.push({ name: 'seed', type: 'number', modifiers: ['readonly'] })
  for (const { index, initial } of runStates) {
    const member = members.get(index)!
    properties.push(
      initial.kind === 'constant' && initial.value >= 0
        ? { name: member, initializer: numberText(initial.value).text, modifiers: ['private'] }
        : { name: member, type: 'number', modifiers: ['private'] },
    )
  }
  if (keepsTensors) {
    properties.push(
      {
        name: 'states',
        type: 'Map<string, tf.Variable>',
        initializer: 'new Map()',
        modifiers: ['private', 'readonly'],
      },
      {
        name: 'restored',
        type: '{ name: string; tensor: tf.Variable }[]',
        initializer: '[]',
        modifiers: ['private'],
      },
    )
  }
  return properties
}

function limitsOf(options: Settings['options']): PropertyDescription {
  const entries = options.map(({ source, key }) => {
    const { low, high, lowOpen, highOpen } = source.interval
    const ends = `${numberText(low).text}, ${numberText(high).text}`
    return `${key}: ['${lowOpen ? '(' : '['}', ${ends}, '${highOpen ? ')' : ']'}'],`
  })
  return {
    name: 'limits',
    type: 'Limits',
    initializer: `{\n${entries.join('\n')}\n}`,
    modifiers: ['private', 'static', 'readonly'],
  }
}

/** The constructor that takes and checks the options. */
export function describeConstructor(
  { program, plan, name, options, around, members }: Settings,
  optionsName: string,
): ClassDescription['constructor_'] {
  const body = ['super()']
  body.push(
    `this.totalSteps = ${around.support(program.usesTotalSteps ? 'requiredSteps' : 'givenSteps')}(options)`,
  )
  for (const { source, key, member } of options) {
    const given = `options.${key}${source.default === undefined ? '' : ` ?? ${numberText(source.default).text}`}`
    body.push(`this.${member} = ${around.support('checked')}('${key}', ${given}, ${name}.limits)`)
  }
  if (plan.draws) body.push('this.seed = options.seed ?? 0')
  const start: Vocabulary = {
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
  for (const { index, initial } of plan.runStates) {
    const member = members.get(index)!
    if (initial.kind === 'constant' && initial.value >= 0) continue
    body.push(`this.${member} = ${writeOut(initial, start).text}`)
  }
  const required =
    program.usesTotalSteps || options.some(({ source }) => source.default === undefined)
  return {
    parameters: [{ name: 'options', type: optionsName, ...(!required && { initializer: '{}' }) }],
    body,
  }
}

/** The method that gives the options as JSON. */
export function describeConfiguration({
  options,
  plan: { draws },
  around,
}: Settings): MethodDescription {
  const entries = options.map(
    ({ key, member }) =>
      `${key}: ${around.support('serialized')}('${key}', this.${member}, this.totalSteps),`,
  )
  entries.push('totalSteps: this.totalSteps,')
  if (draws) entries.push('seed: this.seed,')
  return {
    name: 'getConfig',
    parameters: [],
    returns: 'tf.serialization.ConfigDict',
    modifiers: ['override'],
    body: [`return {\n${entries.join('\n')}\n}`],
  }
}
