import type { TextEdit } from '../../src/diagnostics/diagnostic.ts'
import { OWNERS } from '../../src/diagnostics/habits.ts'
import * as token from '../tokens.ts'
import { imageAt, isDeclared, spanFrom, textOf, touches, typeAt } from './reading.ts'
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
  const lowered = loweredAt(reading, index)
  if (lowered !== undefined) return lowered
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

/** `m_t` and `m_t-1` without blanks, where `m` is known and `m_t` is not. */
function loweredAt(reading: Reading, index: number): Indexed | undefined {
  const name = imageAt(reading, index)
  if (!name.endsWith('_t') || isDeclared(reading, name)) return undefined
  const base = name.slice(0, -'_t'.length)
  if (base !== 'g' && base !== 'w' && !isDeclared(reading, base)) return undefined
  const next = typeAt(reading, index + 1)
  // A name that is assigned or given a default is declared in another way.
  const isPlain = next !== token.In && next !== token.LeftParen && next !== token.LeftBracket
  if (!isPlain) return undefined
  const isBefore =
    /^[-+]$/.test(imageAt(reading, index + 1)) &&
    touches(reading, index + 1) &&
    imageAt(reading, index + 2) === '1' &&
    touches(reading, index + 2)
  return { base, inside: isBefore ? 't - 1' : 't', end: index + (isBefore ? 3 : 1) }
}

/** Every index of a step in a file is one habit; what has a value of the step before is a state, and is declared with it. */
function findSteps(reading: Reading, index: number): Habit {
  const { base, end } = indexedAt(reading, index)!
  const missing = undeclaredBases(reading, index)
  const edits = reading.tokens.flatMap((_, place): TextEdit[] => {
    const own = missing.get(imageAt(reading, place).replace(/_t$/, ''))
    const isOwn = own !== undefined && imageAt(reading, place).endsWith('_t')
    const found = place < index ? undefined : indexedAt(reading, place)
    const isIndexed = found !== undefined && STEP.test(found.inside)
    if (!isIndexed && !isOwn) return []
    const span = spanFrom(reading, place, isIndexed ? found.end : place + 1)
    const name = isIndexed ? found.base : own!.name
    const declared = missing.get(name)
    if (declared === undefined || declared.target !== place) return [{ span, text: name }]
    const from = spanFrom(reading, declared.first, declared.first + 1)
    return [{ span: { start: from.start, end: span.end }, text: `state ${name} = 0\n${name}` }]
  })
  const state = missing.has(base) ? `state ${base} = 0` : undefined
  return {
    code: 'foreign-index',
    span: spanFrom(reading, index, end),
    message: `the step is not written: \`${base}\` holds the value of the step before until it is assigned, and the new one from there on`,
    help:
      state === undefined
        ? `write \`${base}\``
        : `declare it with its first value, \`${state}\`, and write \`${base}\``,
    edits,
    title:
      missing.size > 0
        ? 'declare what is kept, and leave the steps out'
        : edits.length === 1
          ? `replace it with \`${base}\``
          : 'leave the steps out',
  }
}

/** What is assigned and is to be declared. */
interface Undeclared {
  readonly name: string
  /** The places of its first target, and of the first token of that line. */
  readonly target: number
  readonly first: number
}

/** The names with an index of a step that nothing declares, and that are assigned on a line of their own, by name. */
function undeclaredBases(reading: Reading, index: number): ReadonlyMap<string, Undeclared> {
  const missing = new Map<string, Undeclared>()
  for (const [place] of reading.tokens.entries()) {
    const found = place < index ? undefined : indexedAt(reading, place)
    if (found === undefined || !STEP.test(found.inside)) continue
    const { base: name } = found
    if (missing.has(name) || name === 'g' || name === 'w' || isDeclared(reading, name)) continue
    for (const { first } of reading.lines) {
      const target = first + (typeAt(reading, first) === token.Let ? 1 : 0)
      const image = imageAt(reading, target)
      const indexed = indexedAt(reading, target)
      const isOwn = image === `${name}_t` || image === name
      const end = indexed?.base === name ? indexed.end : isOwn ? target + 1 : undefined
      if (end === undefined || typeAt(reading, end) !== token.Equals) continue
      missing.set(name, { name, target, first })
      break
    }
  }
  return missing
}
