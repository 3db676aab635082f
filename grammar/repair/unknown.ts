import { removeFix } from '../fixes.ts'
import * as token from '../tokens.ts'
import type { IToken } from '../tokens.ts'
import { put, report, type RepairState } from './state.ts'

/** Takes characters of which nothing is known for names, where they are letters, or leaves them out. */
export function repairUnknown(state: RepairState, current: IToken): void {
  const { image } = current
  if (/^[\p{L}\p{M}\p{N}_]+$/u.test(image)) repairName(state, current)
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

function repairName(state: RepairState, current: IToken): void {
  const { image } = current
  report(
    state,
    'unknown-character',
    current,
    `names are made of the letters a to z, digits and \`_\`, and \`${image}\` is not`,
    { label: 'not a name' },
  )
  put(state, token.Identifier, current)
}

function describeCharacter(character: string): string {
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)
    ? `\`${character}\``
    : `the character U+${code}`
}
