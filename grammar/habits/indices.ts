import { OWNERS } from '../../src/diagnostics/habits.ts'
import * as token from '../tokens.ts'
import { imageAt, spanFrom, textOf, touches, typeAt } from './reading.ts'
import type { Find, Habit, Reading } from './reading.ts'

/** The step in an index: `t`, `t-1`, `t + 1`. */
const STEP = /^t\s*(?:[-+]\s*1)?$/

/** A value and an index of it: `m[t-1]`, `m_{t-1}`, `group["lr"]`. */
interface Indexed {
  readonly base: string
  readonly inside: string
  /** The place after its last token. */
  readonly end: number
}

/** There are no indices: a state holds the value of the step before until it is assigned. */
export const findIndex: Find = (reading, index) => {
  const found = indexedAt(reading, index)
  if (found === undefined) return undefined
  const { base, inside, end } = found
  const span = spanFrom(reading, index, end)
  const shown = textOf(reading, index, end)
  if (STEP.test(inside)) return findSteps(reading, index)
  const [, quoted] = /^["'](.*?)["']?$/.exec(inside) ?? []
  if (quoted !== undefined && OWNERS.has(base) && /^[A-Za-z_]\w*$/.test(quoted))
    return {
      code: 'foreign-index',
      span,
      message: `states and hyperparameters are known by their name alone: \`${quoted}\``,
      edits: [{ span, text: quoted }],
      title: `replace it with \`${quoted}\``,
    }
  return {
    code: 'foreign-index',
    span,
    message: `there are no indices, as in \`${shown}\``,
    help: 'a rule is applied to every element; `optc explain limits` says what the language lacks',
    edits: [{ span, text: base }],
  }
}

function indexedAt(reading: Reading, index: number): Indexed | undefined {
  const type = typeAt(reading, index)
  if (type !== token.Identifier && type !== token.State) return undefined
  const opener = typeAt(reading, index + 1)
  const name = imageAt(reading, index)
  const isLatex = opener === token.LeftBrace && name.endsWith('_')
  if ((opener !== token.LeftBracket && !isLatex) || !touches(reading, index + 1)) return undefined
  const close = reading.partners.get(index + 1)
  if (close === undefined) return undefined
  return {
    base: isLatex ? name.slice(0, -1) : name,
    inside: textOf(reading, index + 2, close),
    end: close + 1,
  }
}

/** Every index of a step in a file is one habit. */
function findSteps(reading: Reading, index: number): Habit {
  const { base, end } = indexedAt(reading, index)!
  const edits = reading.tokens.flatMap((_, place) => {
    const found = place < index ? undefined : indexedAt(reading, place)
    return found !== undefined && STEP.test(found.inside)
      ? [{ span: spanFrom(reading, place, found.end), text: found.base }]
      : []
  })
  return {
    code: 'foreign-index',
    span: spanFrom(reading, index, end),
    message: `the step is not written: \`${base}\` holds the value of the step before until it is assigned, and the new one from there on`,
    help: `write \`${base}\``,
    edits,
    title: edits.length === 1 ? `replace it with \`${base}\`` : 'leave the steps out',
  }
}
