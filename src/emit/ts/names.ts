import { capitalize, createPool, startWithLetter, words, type NamePool } from '../names.ts'

export { capitalize, kebabCase, pascalCase, type NamePool } from '../names.ts'

/** Words that TypeScript keeps for itself, in a module or where something is declared. */
const KEYWORDS =
  'abstract any arguments as async await bigint boolean break case catch class const continue debugger declare default ' +
  'delete do else enum eval export extends false finally for from function get if implements import in infer instanceof ' +
  'interface is keyof let module namespace never new null number object of package private protected public readonly ' +
  'return set static string super switch symbol this throw true try type typeof undefined unique unknown var void while ' +
  'with yield'

/** What everything in JavaScript can name: emitted code, and the code that compilers put around it, means these. */
const GLOBALS =
  'Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError Float32Array ' +
  'Float64Array Function Infinity Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise ' +
  'Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String Symbol SyntaxError TypeError URIError ' +
  'Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet console globalThis isFinite isNaN ' +
  'parseFloat parseInt structuredClone'

/** Types that are there without an import. */
const TYPES =
  'ArrayLike Awaited Capitalize ConstructorParameters Exclude Extract InstanceType Iterable IterableIterator NonNullable ' +
  'Omit OmitThisParameter Parameters Partial Pick PromiseLike PropertyKey Readonly ReadonlyArray ReadonlyMap ReadonlySet ' +
  'Record Required ReturnType ThisType Uppercase'

/** What modules are wrapped in; and a module that exports `then` passes for a promise when it is imported. */
const MODULE_WORDS = 'exports require then tf'

const RESERVED: ReadonlySet<string> = new Set(
  [KEYWORDS, GLOBALS, TYPES, MODULE_WORDS].flatMap((words) => words.split(' ')),
)

/** Names that the bodies of every class and schedule have of their own: nothing that they mean may be called so. */
export const LOCAL_NAMES = ['t', 'T', 'w', 'g', 'index', 'gradients', 'options', 'updates'] as const

/** What every object answers to, whether it has it or not. */
export const INHERITED_NAMES: readonly string[] = Object.getOwnPropertyNames(Object.prototype)

/** `m_hat` as `mHat`. Never holds an underscore: tfjs drops those from the keys of a saved optimizer. */
export function camelCase(name: string): string {
  const [first = '', ...others] = words(name)
  return startWithLetter(
    first.charAt(0).toLowerCase() + first.slice(1) + others.map(capitalize).join(''),
  )
}

/**
 * The key under which tfjs keeps the class of an optimizer, beside those of all packages: another one for every name. tfjs
 * drops underscores when it loads a model, and a file may be called anything.
 */
export function registryKey(name: string): string {
  const escaped = name.replace(/[^\p{L}\p{N}-]/gu, (letter) =>
    letter === '_' ? '.' : `~${letter.codePointAt(0)!.toString(16)}~`,
  )
  return `Optc${escaped}`
}

/** A pool in which `taken` cannot be had, and no name that TypeScript, or what is around modules, needs itself. */
export function createNamePool(taken: Iterable<string> = []): NamePool {
  return createPool((name) => RESERVED.has(name), taken)
}
