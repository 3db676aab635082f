import { showInterval } from '../../../operators/interval.ts'
import type {
  ClassDescription,
  InterfaceDescription,
  MemberDescription,
  MethodDescription,
  PropertyDescription,
} from '../text/description.ts'
import { numberText } from '../expression.ts'
import { registryKey } from '../names.ts'
import { isLate, keyType, type Settings } from './settings.ts'

/** The options of a class. */
export function describeOptions({
  program,
  name,
  options,
  plan: { draws },
  told,
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
  if (told.has('isHidden')) {
    members.push({
      name: 'notHidden',
      type: around.need('Match'),
      optional: true,
      documentation:
        'Variables of rank 2 or more that are in no hidden layer: embeddings, the last layer. None when not given.',
    })
  }
  if (options.length > 0) around.need('Hyperparameter')
  return {
    kind: 'interface',
    name: around.scope.declare(`${name}Options`),
    documentation: `Options of {@link ${name}}.`,
    extends: `${around.need('StepOptions')}<${keyType(options)}>`,
    members,
  }
}

/** The members that hold options, states and what was restored. */
export function describeProperties(settings: Settings): PropertyDescription[] {
  const { program, options, name, plan, numbers, stateNames, told, around } = settings
  const { draws, runStates } = plan
  const properties: PropertyDescription[] = [
    {
      name: 'className',
      initializer: `'${registryKey(program.name)}'`,
      modifiers: ['static', 'readonly'],
    },
    ...(options.length === 0 ? [] : [limitsOf(options, around)]),
    ...options.map(({ member }): PropertyDescription => ({
      name: member,
      type: 'Hyperparameter',
      modifiers: [],
    })),
  ]
  properties.push({ name: 'totalSteps', type: 'number', modifiers: ['readonly'] })
  if (draws) properties.push({ name: 'seed', type: 'number', modifiers: ['readonly'] })
  if (told.has('isHidden')) {
    const type = `${around.need('Match')} | undefined`
    properties.push({ name: 'notHidden', type, modifiers: ['readonly'] })
  }
  const states = stateNames.map((state) => `'${state}'`).join(', ')
  properties.push(
    {
      name: 'steps',
      type: `${around.need('Steps')}<${keyType(options)}>`,
      modifiers: ['readonly'],
    },
    {
      name: 'states',
      initializer: `${around.need('createStates')}('${name}', [${states}])`,
      modifiers: ['private', 'readonly'],
    },
  )
  if (told.has('updates')) {
    properties.push({
      name: 'counts',
      type: around.need('Updates'),
      initializer: 'new WeakMap()',
      modifiers: ['private', 'readonly'],
    })
  }
  if (runStates.length > 0) {
    // The first step sets them, for each group.
    properties.push({
      name: 'run',
      type: `{ ${runStates.map((state) => `${numbers.get(state.index)!}: ${isLate(plan, state) ? 'tf.Tensor' : 'number'}`).join('; ')} }[]`,
      initializer: '[]',
      modifiers: ['private'],
    })
  }
  return properties
}

function limitsOf(options: Settings['options'], around: Settings['around']): PropertyDescription {
  const entries = options.map(({ source, key }) => {
    const { low, high, lowOpen, highOpen } = source.interval
    const ends = `${numberText(low).text}, ${numberText(high).text}`
    return `${key}: ['${lowOpen ? '(' : '['}', ${ends}, '${highOpen ? ')' : ']'}'],`
  })
  return {
    name: 'limits',
    type: around.need('Limits'),
    initializer: `{\n${entries.join('\n')}\n}`,
    modifiers: ['private', 'static', 'readonly'],
  }
}

/** The constructor that takes and checks the options. */
export function describeConstructor(
  { program, plan, name, options, told, around }: Settings,
  optionsName: string,
): ClassDescription['constructor_'] {
  const keys = [
    ...options.map(({ key }) => key),
    'totalSteps',
    ...(plan.draws ? ['seed'] : []),
    ...(told.has('isHidden') ? ['notHidden'] : []),
  ]
  const body = [
    'super()',
    `const given = ${around.need('optionsOf')}(options, [${keys.map((key) => `'${key}'`).join(', ')}])`,
    `this.totalSteps = ${around.need(program.usesTotalSteps ? 'requiredSteps' : 'givenSteps')}(given)`,
  ]
  for (const { source, key, member } of options) {
    const value = `given.${key}${source.default === undefined ? '' : ` ?? ${numberText(source.default).text}`}`
    body.push(`this.${member} = ${around.need('checked')}('${key}', ${value}, ${name}.limits)`)
  }
  if (plan.draws) body.push('this.seed = given.seed ?? 0')
  if (told.has('isHidden'))
    body.push(`this.notHidden = ${around.need('checkedNotHidden')}(given.notHidden)`)
  const limits = options.length === 0 ? '{}' : `${name}.limits`
  body.push(`this.steps = ${around.need('createSteps')}(this.states, given, ${limits})`)
  const required = options.filter(({ source }) => source.default === undefined)
  const isOptional = !program.usesTotalSteps && required.length === 0
  // A learning rate alone is enough where nothing else has to be given.
  const takesRate =
    !program.usesTotalSteps &&
    options.some(({ key }) => key === 'lr') &&
    required.every(({ key }) => key === 'lr')
  const type = takesRate ? `${optionsName} | number` : optionsName
  return {
    parameters: [{ name: 'options', type, ...(isOptional && { initializer: '{}' }) }],
    body,
  }
}

/** The method that gives the options as JSON. */
export function describeConfiguration({
  name,
  options,
  plan: { draws },
  told,
  around,
}: Settings): MethodDescription {
  const entries = options.map(
    ({ key, member }) =>
      `${key}: ${around.need('serialized')}('${key}', this.${member}, this.totalSteps, ${name}.limits),`,
  )
  entries.push('totalSteps: this.totalSteps,')
  if (draws) entries.push('seed: this.seed,')
  if (told.has('isHidden'))
    entries.push(`...${around.need('serializedNotHidden')}(this.notHidden),`)
  const limits = options.length === 0 ? '{}' : `${name}.limits`
  entries.push(`...${around.need('serializedSteps')}(this.steps, this.totalSteps, ${limits}),`)
  return {
    name: 'getConfig',
    parameters: [],
    returns: 'tf.serialization.ConfigDict',
    modifiers: ['override'],
    body: [`return {\n${entries.join('\n')}\n}`],
  }
}
