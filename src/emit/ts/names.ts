/** Words that cannot name a variable in a TypeScript module, and globals that emitted code relies on. */
const RESERVED: ReadonlySet<string> = new Set(
  (
    'abstract any arguments as async await boolean break case catch class const continue debugger declare default delete ' +
    'do else enum eval export extends false finally for from function get if implements import in infer instanceof ' +
    'interface is keyof let module namespace never new null number object of package private protected public readonly ' +
    'require return set static string super switch symbol this throw true try type typeof undefined unique unknown var ' +
    'void while with yield Array Error Float64Array Infinity Int32Array Map Math NaN Number Object RangeError Math tf'
  ).split(' '),
)

/** `m_hat` as `mHat`. Never holds an underscore: tfjs drops those from the keys of a saved optimizer. */
export function camelCase(name: string): string {
  const [first = '', ...others] = words(name)
  return startWithLetter(
    first.charAt(0).toLowerCase() + first.slice(1) + others.map(capitalize).join(''),
  )
}

/** `decay_cosine` as `DecayCosine`; numbers stay apart (`opt4_1` as `Opt4_1`). */
export function pascalCase(name: string): string {
  return startWithLetter(
    words(name).reduce(
      (text, word) => text + (/\d$/.test(text) && /^\d/.test(word) ? '_' : '') + capitalize(word),
      '',
    ),
  )
}

/** `decayCosine`, `DecayCosine` and `decay_cosine` as `decay-cosine`. */
export function kebabCase(name: string): string {
  const parts = words(name).flatMap((word) => word.split(/(?<=[a-z\d])(?=[A-Z])/))
  return parts.map((part) => part.toLowerCase()).join('-') || 'module'
}

function words(name: string): string[] {
  return name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
}

export function capitalize(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function startWithLetter(name: string): string {
  return /^\p{L}/u.test(name) ? name : `value${name}`
}

/** Hands out names, each once. */
export interface NamePool {
  /** `wanted`, or `wanted` with a number behind it when that is taken or reserved. */
  declare(wanted: string): string
  /** A pool inside this one: names of this one are taken, also those it hands out later. */
  child(): NamePool
}

/** A pool in which `taken` cannot be had. */
export function createNamePool(
  taken: Iterable<string> = [],
  isTakenOutside: (name: string) => boolean = () => false,
): NamePool {
  const names = new Set(taken)
  const isTaken = (name: string): boolean => names.has(name) || isTakenOutside(name)
  return {
    declare: (wanted) => {
      let name = wanted
      for (let number = 2; isTaken(name) || RESERVED.has(name); number++) {
        name = `${wanted}${/\d$/.test(wanted) ? '_' : ''}${number}`
      }
      names.add(name)
      return name
    },
    child: () => createNamePool([], isTaken),
  }
}
