import type { MethodDescription } from '../text/description.ts'
import { hasLateNumbers, isLate, type Settings } from './settings.ts'

/** The methods that every class has in the same words: they save, restore and free its numbers, and tell of its groups. */
export function weightMethods(settings: Settings): MethodDescription[] {
  const { plan, numbers, around } = settings
  const names = plan.runStates.map(({ index }) => `'${numbers.get(index)!}'`)
  const hasNumbers = names.length > 0
  const isLateHere = hasLateNumbers(plan)
  const free = isLateHere ? [`${around.need('disposeNumbers')}(this.run)`] : []
  around.need('NamedTensor')
  return [
    {
      name: 'getWeights',
      documentation:
        "The steps taken and all states, for `setWeights`. The tensors stay the optimizer's: do not dispose of them.",
      parameters: [],
      returns: 'Promise<NamedTensor[]>',
      modifiers: ['override', 'async'],
      body: [
        `return ${around.need('saveSteps')}(this.steps, this.iterations${hasNumbers ? `, ${isLateHere ? `await ${around.need('readNumbers')}(this.run)` : 'this.run'}` : ''})`,
      ],
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
        hasNumbers
          ? `const { iterations, run } = await ${around.need('restoreSteps')}(this.steps, weights, [${names.join(', ')}])`
          : `const { iterations } = await ${around.need('restoreSteps')}(this.steps, weights)`,
        'this.iterations_ = iterations',
        ...free,
        ...(hasNumbers ? [`this.run = ${restoredText(plan, numbers)}`] : []),
      ],
    },
    {
      name: 'dispose',
      documentation: 'Frees all states. A step after it is the first of a new run.',
      parameters: [],
      returns: 'void',
      modifiers: ['override'],
      body: [
        'super.dispose()',
        `${around.need('disposeSteps')}(this.steps)`,
        'this.iterations_ = 0',
        ...free,
        ...(hasNumbers ? ['this.run = []'] : []),
      ],
    },
    {
      name: 'unmatched',
      documentation:
        'The names of variables that no group has, and what groups match that no variable has: names, RegExps, and the places\n' +
        'of functions. Of the variables of all steps so far when none are given.',
      parameters: [
        {
          name: 'variables',
          type: `readonly ${around.need('NamedShape')}[]`,
          initializer: '[...this.steps.seen.values()]',
        },
      ],
      returns: '{ variables: string[]; matches: string[] }',
      modifiers: [],
      body: [`return ${around.need('unmatchedBy')}(this.steps.groups, variables)`],
    },
  ]
}

/** The numbers of the run from those that were saved, `run`. */
function restoredText(plan: Settings['plan'], numbers: Settings['numbers']): string {
  if (!hasLateNumbers(plan)) return 'run'
  const kept = plan.runStates.flatMap((state) => {
    const name = numbers.get(state.index)!
    return isLate(plan, state) ? [`${name}: tf.keep(tf.scalar(each.${name}))`] : []
  })
  return `run.map((each) => ({ ...each, ${kept.join(', ')} }))`
}
