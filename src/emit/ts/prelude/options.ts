/**
 * The options of a class; a number is the learning rate, as in tf.train. Throws a TypeError for what is neither, and for an
 * option that is none of `names`; a RangeError for a seed that is no whole number.
 */
export function optionsOf<Options extends object>(
  options: Options | number,
  names: readonly string[],
): Options {
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
