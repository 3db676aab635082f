import type { Description, FunctionDescription } from '../text/description.ts'

/** A shared function; `needs` are other shared functions that it calls. */
interface Support extends Omit<FunctionDescription, 'kind' | 'name' | 'exported'> {
  readonly needs?: readonly string[]
}

/** Functions that emitted classes share; each module carries those it calls, below its classes. */
const SUPPORT = {
  gradientPairs: {
    documentation: 'Each variable and its gradient, null where the loss does not depend on it.',
    parameters: [{ name: 'gradients', type: 'tf.NamedTensorMap | NamedTensor[]' }],
    returns: '{ w: tf.Variable; g: tf.Tensor | null }[]',
    body: [
      `const named = Array.isArray(gradients)
? gradients
: Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }))`,
      // A layer that stands twice in a model has its variables twice, each time with the whole gradient.
      'const byName = new Map(named.map(({ name, tensor }) => [name, tensor]))',
      `const twice = named.find(({ name, tensor }) => byName.get(name) !== tensor)
if (twice !== undefined) throw new Error(\`\${twice.name} has two gradients\`)`,
      `return Array.from(byName, ([name, tensor]) => {
const w = tf.engine().registeredVariables[name]
if (w === undefined) throw new Error(\`there is no variable called \${name}\`)
return { w, g: tensor ?? null }
})`,
    ],
  },
  valueAt: {
    documentation:
      'The value of a hyperparameter at step `t` of `T`. Throws a RangeError where it is outside its interval, a TypeError where\n' +
      'it is no number, an Error where it depends on a `T` that is not given.',
    parameters: [
      { name: 'name', type: 'string' },
      { name: 'hyperparameter', type: 'Hyperparameter' },
      { name: 't', type: 'number' },
      { name: 'T', type: 'number' },
      { name: 'limits', type: 'Limits' },
    ],
    returns: 'number',
    body: [
      `const value = typeof hyperparameter === 'function'
? hyperparameter(t, T === Infinity ? NaN : T)
: Array.isArray(hyperparameter)
? hyperparameter[Math.min(t, hyperparameter.length - 1)]
: hyperparameter`,
      `if (Number.isNaN(value) && T === Infinity) {
throw new Error(\`\${name} is no number at step \${t}; if it depends on the number of steps, give totalSteps\`)
}`,
      'return within(name, value, limits, true)',
    ],
    needs: ['within'],
  },
  checked: {
    documentation:
      '`value` itself. Throws a RangeError when it is a number outside its interval, or a list that is empty or holds one; a\n' +
      'TypeError when it is nothing of the kind.',
    parameters: [
      { name: 'name', type: 'string' },
      { name: 'value', type: 'Hyperparameter' },
      { name: 'limits', type: 'Limits' },
    ],
    returns: 'Hyperparameter',
    body: [
      "if (typeof value === 'function') return value",
      'if (!Array.isArray(value)) return within(name, value, limits, false)',
      'if (value.length === 0) throw new RangeError(`${name} is an empty list`)',
      'for (const x of value) within(name, x, limits, true)',
      'return value',
    ],
    needs: ['within'],
  },
  within: {
    documentation:
      '`x` itself. Throws a TypeError when it is no number, a RangeError when it is outside the interval that `name` has. What\n' +
      'changes from step to step may reach finite ends of it: a learning rate warms up from 0.',
    parameters: [
      { name: 'name', type: 'string' },
      { name: 'x', type: 'unknown' },
      { name: 'limits', type: 'Limits' },
      { name: 'isScheduled', type: 'boolean' },
    ],
    returns: 'number',
    body: [
      `if (typeof x !== 'number') {
throw new TypeError(\`\${name} must be a number, a function or a list of numbers; it is of type \${typeof x}\`)
}`,
      'const limit = limits[name]',
      `if (limit !== undefined && !isWithin(x, limit, isScheduled)) {
const [begin, low, high, end] = limit
const interval = \`\${begin}\${low}, \${high}\${end}\`.replaceAll('Infinity', 'inf')
throw new RangeError(\`\${name} is \${x}; it must be in \${interval}\`)
}`,
      'return x',
    ],
    needs: ['isWithin'],
  },
  isWithin: {
    documentation:
      'Whether `x` is in the interval, or where it changes from step to step, at a finite end of it.',
    parameters: [
      { name: 'x', type: 'number' },
      { name: '[begin, low, high, end]', type: 'Limits[string]' },
      { name: 'isScheduled', type: 'boolean' },
    ],
    returns: 'boolean',
    body: [
      'const reachesEnd = isScheduled && Number.isFinite(x)',
      "const isAbove = x > low || (x === low && (begin === '[' || reachesEnd))",
      "const isBelow = x < high || (x === high && (end === ']' || reachesEnd))",
      'return isAbove && isBelow',
    ],
  },
  serialized: {
    documentation:
      'A hyperparameter as JSON can hold it and the constructor takes it: of a function, its values at every step; a number at\n' +
      'an end of its interval as a list. Throws as `valueAt` does, and an Error for a function without a number of steps.',
    parameters: [
      { name: 'name', type: 'string' },
      { name: 'value', type: 'Hyperparameter' },
      { name: 'T', type: 'number' },
      { name: 'limits', type: 'Limits' },
    ],
    returns: 'number | number[]',
    body: [
      `if (typeof value === 'function') {
if (T === Infinity) throw new Error(\`\${name} is a function: to save its values, give totalSteps\`)
return Array.from({ length: T }, (_, t) => valueAt(name, value, t, T, limits))
}`,
      'if (Array.isArray(value)) return value.map((x) => within(name, x, limits, true))',
      // What is set between steps may be at an end, which the constructor takes in a list alone.
      'const x = within(name, value, limits, true)',
      'const limit = limits[name]',
      'return limit === undefined || isWithin(x, limit, false) ? x : [x]',
    ],
    needs: ['valueAt', 'within'],
  },
  requiredSteps: {
    documentation:
      'The option `totalSteps`. Throws a RangeError when it is missing or no whole number.',
    parameters: [{ name: 'options', type: '{ totalSteps: number } | undefined' }],
    returns: 'number',
    body: [
      'const steps = options?.totalSteps',
      `if (steps === undefined || !Number.isInteger(steps) || steps < 1) {
throw new RangeError(\`totalSteps is \${steps}; the rule needs the number of steps of the whole run\`)
}`,
      'return steps',
    ],
  },
  givenSteps: {
    documentation:
      'The option `totalSteps`, Infinity when it is not given. Throws a RangeError when it is no positive whole number.',
    parameters: [{ name: 'options', type: '{ totalSteps?: number | null }' }],
    returns: 'number',
    body: [
      // JSON has null for the Infinity of a saved optimizer.
      'const steps = options.totalSteps ?? Infinity',
      `if (steps !== Infinity && (!Number.isInteger(steps) || steps < 1)) {
throw new RangeError(\`totalSteps is \${steps}; it must be a positive whole number\`)
}`,
      'return steps',
    ],
  },
} as const satisfies Record<string, Support>

/** The name of a function that emitted classes share. */
export type SupportName = keyof typeof SUPPORT

/** Every shared name, also those a module does not call: no other name may be one of them. */
export const supportNames: readonly SupportName[] = Object.keys(SUPPORT) as SupportName[]

/** The functions of the given names, in the order of this file. */
export function supportFunctions(needed: ReadonlySet<SupportName>): FunctionDescription[] {
  const table: Readonly<Record<string, Support>> = SUPPORT
  const all = new Set<string>(needed)
  // What is added to the set while it is walked is walked too.
  for (const name of all) for (const other of table[name]!.needs ?? []) all.add(other)
  return supportNames
    .filter((name) => all.has(name))
    .map((name) => {
      const { needs: _, ...described } = table[name]!
      return { kind: 'function', name, exported: false, ...described }
    })
}

/** The type of an option that is a hyperparameter. */
export const hyperparameterType = {
  kind: 'type',
  name: 'Hyperparameter',
  documentation:
    'A number; a function of the steps taken and the number of steps of the run; or a number for each step.',
  type: 'number | ((t: number, T: number) => number) | readonly number[]',
  exported: false,
} as const satisfies Description

/** The type of the table of intervals that every class with hyperparameters has. */
export const limitsType = {
  kind: 'type',
  name: 'Limits',
  documentation:
    'The interval of each hyperparameter, with square brackets at ends that belong to it.',
  type: "Record<string, readonly [begin: '[' | '(', low: number, high: number, end: ']' | ')']>",
  exported: false,
} as const satisfies Description
