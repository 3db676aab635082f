/** `decay_cosine` as `DecayCosine`; numbers stay apart (`opt4_1` as `Opt4_1`). */
export function pascalCase(name: string): string {
  return capitalize(
    startWithLetter(
      words(name).reduce(
        (text, word) => text + (/\d$/.test(text) && /^\d/.test(word) ? '_' : '') + capitalize(word),
        '',
      ),
    ),
  )
}

/** `decayCosine`, `DecayCosine` and `decay_cosine` as `decay-cosine`. */
export function kebabCase(name: string): string {
  const parts = words(name).flatMap((word) => word.split(/(?<=[a-z\d])(?=[A-Z])/))
  return parts.map((part) => part.toLowerCase()).join('-') || 'module'
}

export function words(name: string): string[] {
  return name
    .normalize('NFC')
    .split(/[^\p{L}\p{Nd}]+/u)
    .filter((word) => word !== '')
}

export function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

export function startWithLetter(name: string): string {
  return /^\p{L}/u.test(name) ? name : `value${name}`
}

/** Hands out names, each once. */
export interface NamePool {
  /** `wanted`, or something like it when that is taken or reserved. */
  declare(wanted: string): string
  /** A pool inside this one: names of this one are taken, also those it hands out later. */
  child(): NamePool
}

/**
 * A pool in which `taken` cannot be had, and no name that `isReserved` in the language. A name that is taken gets a number behind
 * it; so does one that is reserved, unless `unreserved` makes another of it.
 */
export function createPool(
  isReserved: (name: string) => boolean,
  taken: Iterable<string> = [],
  unreserved: (name: string) => string = (name) => name,
  isTakenOutside: (name: string) => boolean = () => false,
): NamePool {
  const names = new Set(taken)
  const isTaken = (name: string): boolean => names.has(name) || isTakenOutside(name)
  return {
    declare: (given) => {
      const wanted = isReserved(given) ? unreserved(given) : given
      let name = wanted
      for (let number = 2; isTaken(name) || isReserved(name); number++) {
        name = `${wanted}${/\d$/.test(wanted) ? '_' : ''}${number}`
      }
      names.add(name)
      return name
    },
    child: () => createPool(isReserved, [], unreserved, isTaken),
  }
}
