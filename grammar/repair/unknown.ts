import { removeFix, replaceFix } from '../fixes.ts'
import { spanOf } from '../lex.ts'
import * as token from '../tokens.ts'
import type { IToken } from '../tokens.ts'
import { BY_SYMBOL, put, report, type RepairState } from './state.ts'

/** Signs of typeset mathematics, and how they are typed here. */
const TYPESET: Readonly<Record<string, string>> = {
  '−': '-',
  '–': '-',
  '×': '*',
  '·': '*',
  '⋅': '*',
  '∗': '*',
  '÷': '/',
  '∕': '/',
  '≤': '<=',
  '≥': '>=',
  '≠': '!=',
  '←': '=',
  '²': '^2',
  '³': '^3',
  '“': '"',
  '”': '"',
  '（': '(',
  '）': ')',
  '，': ',',
}

/** Greek letters and others that papers use, by the name a program gives them. */
const LETTERS: Readonly<Record<string, string>> = {
  α: 'alpha',
  β: 'beta',
  γ: 'gamma',
  δ: 'delta',
  ε: 'epsilon',
  ϵ: 'epsilon',
  ζ: 'zeta',
  η: 'eta',
  θ: 'theta',
  κ: 'kappa',
  λ: 'lambda',
  μ: 'mu',
  µ: 'mu',
  ν: 'nu',
  ξ: 'xi',
  π: 'pi',
  ρ: 'rho',
  σ: 'sigma',
  τ: 'tau',
  φ: 'phi',
  χ: 'chi',
  ψ: 'psi',
  ω: 'omega',
}
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

/** Takes characters that are part of no token for what is typed in their place, or leaves them out. */
export function repairUnknown(state: RepairState, current: IToken): void {
  const { image } = current
  if (Object.hasOwn(TYPESET, image)) repairTypeset(state, current, TYPESET[image]!)
  else if (/^[\p{L}\p{M}\p{N}_]+$/u.test(image)) repairName(state, current)
  else {
    const points = [...image]
    report(
      state,
      'unknown-character',
      current,
      points.length === 1
        ? `${describeCharacter(points[0]!)} has no meaning here`
        : `these ${points.length} characters have no meaning here`,
      { fix: { ...removeFix(current), title: 'remove it' } },
    )
  }
}

function repairTypeset(state: RepairState, current: IToken, typed: string): void {
  report(state, 'unknown-character', current, `\`${current.image}\` is typed \`${typed}\` here`, {
    fix: replaceFix(spanOf(current), typed),
  })
  const type = BY_SYMBOL.get(typed)
  if (type !== undefined) put(state, type, current)
}

function repairName(state: RepairState, current: IToken): void {
  const { image } = current
  const spelled = [...image].map((letter) => LETTERS[letter] ?? letter).join('')
  report(
    state,
    'unknown-character',
    current,
    `names are made of the letters a to z, digits and \`_\`, and \`${image}\` is not`,
    {
      label: 'not a name',
      ...(NAME.test(spelled) && { fix: replaceFix(spanOf(current), spelled) }),
    },
  )
  put(state, token.Identifier, current)
}

function describeCharacter(character: string): string {
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)
    ? `\`${character}\``
    : `the character U+${code}`
}
