import { element } from '../../draw/svg-element.ts'
import { digits, identifier, sign } from './markup.ts'

const GREEK: ReadonlyMap<string, string> = new Map([
  ['alpha', 'α'],
  ['beta', 'β'],
  ['gamma', 'γ'],
  ['delta', 'δ'],
  ['eps', 'ε'],
  ['epsilon', 'ε'],
  ['eta', 'η'],
  ['theta', 'θ'],
  ['kappa', 'κ'],
  ['lambda', 'λ'],
  ['mu', 'μ'],
  ['nu', 'ν'],
  ['xi', 'ξ'],
  ['rho', 'ρ'],
  ['sigma', 'σ'],
  ['tau', 'τ'],
  ['phi', 'φ'],
  ['psi', 'ψ'],
  ['omega', 'ω'],
])

/** The customary symbols of things that programs call by words. */
const CUSTOMARY: ReadonlyMap<string, string> = new Map([
  ['lr', 'eta'],
  ['weight_decay', 'lambda'],
  ['average', 'm'],
  ['velocity', 'b'],
  ['largest', 'M'],
  ['published_lr', 'eta'],
  ['published_momentum', 'mu'],
])

/** The symbols of a program's names as MathML: `v_hat` has a hat, `a4` an index, `beta` is Greek, `new_m` has a prime. */
export interface Symbols {
  readonly markup: (name: string) => string
  /** Whether the symbol is another word than the name. */
  readonly isCustomary: (name: string) => boolean
}

/**
 * Symbols for names that stand in one formula. A customary symbol is used unless two names would share it or the program
 * has that name itself. `kinds` of names, such as parameters and functions, may share one.
 */
export function createSymbols(...kinds: readonly (readonly string[])[]): Symbols {
  const shown = new Map<string, string>()
  for (const names of kinds) {
    const stems = names.map((name) => ({ name, ...splitNumber(name) }))
    for (const { name, stem, index } of stems) {
      const wanted = CUSTOMARY.has(name) ? name : stem
      const custom = CUSTOMARY.get(wanted)
      const isTaken = stems.some(
        (other) =>
          other.name !== name &&
          (other.stem === custom || (other.stem !== stem && CUSTOMARY.get(other.stem) === custom)),
      )
      // The only average left of three needs no number.
      const isAlone = stems.every((other) => other.name === name || other.stem !== stem)
      if (custom !== undefined && !isTaken) shown.set(name, isAlone ? custom : `${custom}${index}`)
    }
  }
  return {
    markup: (name) => draw(shown.get(name) ?? name),
    isCustomary: (name) => shown.has(name),
  }
}

/** `average_2` is the second of the averages. */
function splitNumber(name: string): { readonly stem: string; readonly index: string } {
  const [, stem = name, index = ''] = /^(.*\D)_(\d+)$/.exec(name) ?? []
  return { stem, index: index === '' ? '' : `_${index}` }
}

function draw(name: string): string {
  if (name.startsWith('new_')) return element('msup', {}, draw(name.slice(4)), sign('′'))
  if (/._hat$/.test(name))
    return element('mover', { accent: 'true' }, draw(name.slice(0, -4)), sign('^'))
  const [, letter, number] = /^([a-zA-Z]|[a-z]+(?=_)|[a-z]+(?=\d))_?(\d+)$/.exec(name) ?? []
  if (letter !== undefined && (letter.length === 1 || GREEK.has(letter)))
    return element('msub', {}, identifier(GREEK.get(letter) ?? letter), digits(number!))
  return identifier(GREEK.get(name) ?? name)
}
