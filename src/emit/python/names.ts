import { createPool, startWithLetter, words, type NamePool } from '../names.ts'

/** Words that Python keeps for itself, some of them only in certain places. */
const KEYWORDS =
  'False None True and as assert async await break case class continue def del elif else except finally for from global if ' +
  'import in is lambda match nonlocal not or pass raise return self try type while with yield'

/** Names that emitted code means what Python has under them. */
const BUILTINS =
  'abs all any bool dict enumerate filter float int isinstance len list map max min next object range reversed round set slice ' +
  'sorted str sum super tuple zip Exception RuntimeError TypeError ValueError property staticmethod'

/** Letters that are hard to tell from numbers: linters refuse them as names. */
const AMBIGUOUS = 'l O I'

const RESERVED: ReadonlySet<string> = new Set(
  [KEYWORDS, BUILTINS, AMBIGUOUS].flatMap((all) => all.split(' ')),
)

/** `mHat` as it is, `m-hat` as `m_hat`, and never with an underscore in front: those are private. */
export function snakeCase(name: string): string {
  // Python reads names in this form.
  return startWithLetter(words(name.normalize('NFKC')).join('_'))
}

/** A pool in which `taken` cannot be had; what Python keeps for itself gets an underscore behind it. */
export function createPythonNames(taken: Iterable<string> = []): NamePool {
  return createPool(
    (name) => RESERVED.has(name),
    taken,
    (name) => `${name}_`,
  )
}
