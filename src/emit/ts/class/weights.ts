import type { MethodDescription, PropertyDescription } from '../text/description.ts'
import type { Settings } from './settings.ts'

/**
 * The member that keeps, saves and restores an optimizer's states: `States` where there are variables beside the
 * parameters, else `SavedRun`.
 */
export function describeKeeper({ name, stateNames, around }: Settings): PropertyDescription {
  const keeper = keeperOf(stateNames)
  around.need(keeper.kind)
  const names = `[${stateNames.map((state) => `'${state}'`).join(', ')}]`
  return {
    name: keeper.member,
    initializer: `new ${keeper.kind}('${name}'${stateNames.length > 0 ? `, ${names}` : ''})`,
    modifiers: ['private', 'readonly'],
  }
}

/** The methods that save, restore and free an optimizer's numbers. */
export function weightMethods({
  stateNames,
  plan,
  members,
  around,
}: Settings): MethodDescription[] {
  around.need('NamedTensor')
  const keeper = `this.${keeperOf(stateNames).member}`
  const run = plan.runStates.map(({ index }) => `this.${members.get(index)!}`)
  const given = run.length > 0 ? `, [${run.join(', ')}]` : ''
  return [
    {
      name: 'getWeights',
      documentation:
        "The steps taken and all states, for `setWeights`. The tensors stay the optimizer's: do not dispose of them.",
      parameters: [],
      returns: 'Promise<NamedTensor[]>',
      modifiers: ['override', 'async'],
      body: [`return ${keeper}.save(this.iterations${given})`],
    },
    {
      name: 'setWeights',
      documentation:
        'Goes on from what `getWeights` gave, or from the start for an empty list. Throws an Error, and changes nothing, for\n' +
        'weights of another class.',
      parameters: [{ name: 'weights', type: 'NamedTensor[]' }],
      returns: 'Promise<void>',
      modifiers: ['override', 'async'],
      body: [
        run.length > 0
          ? `const { iterations, run } = await ${keeper}.restore(weights, ${run.length})`
          : `const { iterations } = await ${keeper}.restore(weights)`,
        'this.iterations_ = iterations',
        ...run.map((member, index) => `${member} = run[${index}] ?? NaN`),
      ],
    },
    {
      name: 'dispose',
      documentation: 'Frees all states. A step after it is the first of a new run.',
      parameters: [],
      returns: 'void',
      modifiers: ['override'],
      body: ['super.dispose()', `${keeper}.dispose()`, 'this.iterations_ = 0'],
    },
  ]
}

/** The class of the prelude that keeps the states of these names, and the member that holds it. */
export function keeperOf(stateNames: readonly string[]): {
  readonly kind: 'States' | 'SavedRun'
  readonly member: string
} {
  return stateNames.length > 0
    ? { kind: 'States', member: 'states' }
    : { kind: 'SavedRun', member: 'saved' }
}
