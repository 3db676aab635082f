import type { MethodDescription, PropertyDescription } from '../text/description.ts'
import type { PreludeName } from '../prelude-sources.ts'
import type { Settings } from './settings.ts'

/** How a class keeps what it saves: the member that holds it, and the functions of the prelude that work on that. */
interface Keeper {
  readonly member: string
  readonly create: PreludeName
  readonly save: PreludeName
  readonly restore: PreludeName
  readonly dispose: PreludeName
}

const STATES: Keeper = {
  member: 'states',
  create: 'createStates',
  save: 'saveStates',
  restore: 'restoreStates',
  dispose: 'disposeStates',
}

/** Of a class that keeps no states of variables. */
const RUN: Keeper = {
  member: 'saved',
  create: 'createSavedRun',
  save: 'saveRun',
  restore: 'restoreRun',
  dispose: 'disposeRun',
}

const keeperOf = ({ stateNames }: Settings): Keeper => (stateNames.length > 0 ? STATES : RUN)

/** The member that holds what a class saves. */
export function describeKeeper(settings: Settings): PropertyDescription {
  const { name, stateNames, around } = settings
  const { member, create } = keeperOf(settings)
  around.need(create)
  const names = `[${stateNames.map((state) => `'${state}'`).join(', ')}]`
  return {
    name: member,
    initializer: `${create}('${name}'${stateNames.length > 0 ? `, ${names}` : ''})`,
    modifiers: ['private', 'readonly'],
  }
}

/** The methods that save, restore and free an optimizer's numbers. */
export function weightMethods(settings: Settings): MethodDescription[] {
  const { plan, members, around } = settings
  const { member, save, restore, dispose } = keeperOf(settings)
  for (const name of ['NamedTensor', save, restore, dispose] as const) around.need(name)
  const run = plan.runStates.map(({ index }) => `this.${members.get(index)!}`)
  const numbers = run.length > 0 ? `, [${run.join(', ')}]` : ''
  return [
    {
      name: 'getWeights',
      documentation:
        "The steps taken and all states, for `setWeights`. The tensors stay the optimizer's: do not dispose of them.",
      parameters: [],
      returns: 'Promise<NamedTensor[]>',
      modifiers: ['override', 'async'],
      body: [`return ${save}(this.${member}, this.iterations${numbers})`],
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
          ? `const { iterations, run } = await ${restore}(this.${member}, weights, ${run.length})`
          : `const { iterations } = await ${restore}(this.${member}, weights)`,
        'this.iterations_ = iterations',
        ...run.map((target, index) => `${target} = run[${index}] ?? NaN`),
      ],
    },
    {
      name: 'dispose',
      documentation: 'Frees all states. A step after it is the first of a new run.',
      parameters: [],
      returns: 'void',
      modifiers: ['override'],
      body: ['super.dispose()', `${dispose}(this.${member})`, 'this.iterations_ = 0'],
    },
  ]
}
