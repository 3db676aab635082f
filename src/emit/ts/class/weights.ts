import type { MethodDescription } from '../text/description.ts'
import type { SupportName } from './support.ts'

/**
 * The methods that keep, save and restore an optimizer's numbers. `run`: members that hold one number for the whole run;
 * `states`: whether there are variables beside the parameters. Weights are the step count, the numbers of the run, the
 * variables in the order in which their parameters first came.
 */
export function weightMethods(
  className: string,
  run: readonly string[],
  states: boolean,
  support: (name: SupportName) => string,
): MethodDescription[] {
  const weights = ['await this.saveIterations()']
  if (run.length > 0) {
    const values = run.map((member) => `this.${member}`).join(', ')
    weights.push(`{ name: '${className}/run', tensor: ${support('toBits')}([${values}]) }`)
  }
  if (states)
    weights.push(
      '...Array.from(this.states, ([name, tensor]) => ({ name, tensor }))',
      '...this.restored',
    )
  const get: MethodDescription = {
    name: 'getWeights',
    parameters: [],
    returns: 'Promise<NamedTensor[]>',
    modifiers: ['override', 'async'],
    body: [`return [${weights.join(', ')}]`],
  }
  const set: MethodDescription = {
    name: 'setWeights',
    parameters: [{ name: 'weights', type: 'NamedTensor[]' }],
    returns: 'Promise<void>',
    modifiers: ['override', 'async'],
    body: setBody(run, states, support),
  }
  if (!states) return [get, set]
  return [stateMethod, get, set, disposeMethod]
}

function setBody(
  run: readonly string[],
  states: boolean,
  support: (name: SupportName) => string,
): string[] {
  const target =
    run.length > 0
      ? `const [run${states ? ', ...states' : ''}] = `
      : states
        ? 'const states = '
        : ''
  const body = [`${target}await this.extractIterations(weights)`]
  if (run.length > 0) {
    const targets = run.map((member) => `this.${member} = this.${member}`).join(', ')
    body.push(`if (run) [${targets}] = await ${support('fromBits')}(run.tensor)`)
  }
  if (states) {
    body.push(
      'const restored = states.map(({ name, tensor }) => ({ name, tensor: tf.variable(tensor, false) }))',
      'this.dispose()',
      'this.restored = restored',
    )
  }
  return body
}

const stateMethod: MethodDescription = {
  name: 'state',
  documentation:
    'The variable called `name`. Restored ones are taken in the order they were saved in: a loaded model\n' +
    'may call its weights differently.',
  parameters: [
    { name: 'name', type: 'string' },
    { name: 'initial', type: '() => tf.Tensor' },
  ],
  returns: 'tf.Variable',
  modifiers: ['private'],
  body: [
    'let variable = this.states.get(name)',
    `if (variable === undefined) {
variable = this.restored.shift()?.tensor ?? tf.variable(initial(), false)
this.states.set(name, variable)
}`,
    'return variable',
  ],
}

const disposeMethod: MethodDescription = {
  name: 'dispose',
  parameters: [],
  returns: 'void',
  modifiers: ['override'],
  body: [
    'super.dispose()',
    'for (const variable of this.states.values()) variable.dispose()',
    'for (const { tensor } of this.restored) tensor.dispose()',
    'this.states.clear()',
    'this.restored = []',
  ],
}
