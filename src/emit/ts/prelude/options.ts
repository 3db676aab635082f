/**
 * The options of a class; a number is the learning rate, as in tf.train. Throws a TypeError for what is neither, and for an
 * option that is neither one of its `own` nor of all classes; a RangeError for a seed that is no whole number.
 */
export function optionsOf<Options extends object>(
  options: Options | number,
  own: readonly string[],
): Options {
  const names = [...own, 'groups', 'onNonFinite', 'accumulate']
  if (typeof options === 'number' && names.includes('lr')) return { lr: options } as Options
  const given: unknown = options ?? {}
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new TypeError(`the options must be an object with some of ${names.join(', ')}`)
  }
  for (const name of Object.keys(given)) {
    // A loaded model adds its custom objects. One seed is given to several rules, also to those that draw nothing.
    if (!names.includes(name) && name !== 'customObjects' && name !== 'seed') {
      throw new TypeError(`there is no option ${name}; there are ${names.join(', ')}`)
    }
  }
  if ('seed' in given && given.seed !== undefined && !Number.isSafeInteger(given.seed)) {
    throw new RangeError(`seed is ${String(given.seed)}; it must be a whole number`)
  }
  return given as Options
}

/** The option `totalSteps`. Throws a RangeError when it is missing or no whole number. */
export function requiredSteps({ totalSteps }: { totalSteps: number }): number {
  if (totalSteps === undefined || !Number.isInteger(totalSteps) || totalSteps < 1) {
    throw new RangeError(
      `totalSteps is ${totalSteps}; the rule needs the number of steps of the whole run`,
    )
  }
  return totalSteps
}

/** The option `totalSteps`, Infinity when it is not given. Throws a RangeError when it is no positive whole number. */
export function givenSteps({ totalSteps }: { totalSteps?: number | null }): number {
  // JSON has null for the Infinity of a saved optimizer.
  const steps = totalSteps ?? Infinity
  if (steps !== Infinity && (!Number.isInteger(steps) || steps < 1)) {
    throw new RangeError(`totalSteps is ${steps}; it must be a positive whole number`)
  }
  return steps
}
