import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/source.ts'
import type { Expression, SpaceEntry, SpaceGroup, SpaceList } from '../../syntax/ast.ts'

/**
 * A space of the file at `path` while it is read. The functions that read its entries add what they cannot use to
 * `diagnostics`, and give something of the right type all the same.
 */
export interface Reading {
  readonly path: string
  readonly diagnostics: Diagnostic[]
  /** The entries that were asked for. */
  readonly read: Set<SpaceEntry>
}

/** Which numbers an entry may have, none of which is negative. */
export interface NumberRange {
  readonly text: string
  readonly holds: (value: number) => boolean
}

/** The numbers that are probabilities. */
export const PROBABILITY: NumberRange = {
  text: 'a number from 0 to 1',
  holds: (value) => value <= 1,
}

/** Stands for a group that a space lacks: that its entries are missing, too, is not worth a word. */
const NO_GROUP: SpaceGroup = { kind: 'space-group', entries: [], span: { start: 0, end: 0 } }

/** Says that the space cannot be used because of what is at `span`. */
export function reportSpace(
  { path, diagnostics }: Reading,
  span: Span,
  message: string,
  label: string,
): void {
  diagnostics.push(diagnose('unusable-space', { path, span, message, label }))
}

/** The first entry of that name, whether it will be read or not. */
export function lookUp(group: SpaceGroup, key: string): SpaceEntry | undefined {
  return group.entries.find((entry) => entry.name.name === key)
}

/** The value of the entry of that name, which the group must have. */
export function readValue(
  reading: Reading,
  group: SpaceGroup,
  key: string,
): SpaceEntry['value'] | undefined {
  const found = lookUp(group, key)
  if (found !== undefined) reading.read.add(found)
  else if (group !== NO_GROUP) {
    const { start, end } = group.span
    const brace = { start, end: Math.min(start + 1, end) }
    const message = `the space has no entry \`${key}\` here`
    reportSpace(reading, brace, message, `\`${key}\` is missing`)
  }
  return found?.value
}

/** The group of that name inside a group. */
export function readGroup(reading: Reading, group: SpaceGroup, key: string): SpaceGroup {
  const value = readValue(reading, group, key)
  if (value?.kind === 'space-group') return value
  if (value !== undefined)
    reportSpace(reading, value.span, `\`${key}\` must be a group of entries`, 'not `{ ... }`')
  return NO_GROUP
}

/** The expression of that name, if it is one. */
export function readExpression(
  reading: Reading,
  group: SpaceGroup,
  key: string,
): Expression | undefined {
  const value = readValue(reading, group, key)
  if (value?.kind !== 'space-group' && value?.kind !== 'space-list') return value
  reportSpace(reading, value.span, `\`${key}\` must be one expression`, 'not an expression')
  return undefined
}

/** The list of that name, which has at least one choice. */
export function readList(reading: Reading, group: SpaceGroup, key: string): SpaceList | undefined {
  const value = readValue(reading, group, key)
  if (value === undefined) return undefined
  if (value.kind === 'space-list' && value.choices.length > 0) return value
  const message = `\`${key}\` must be a list with at least one choice`
  reportSpace(reading, value.span, message, 'not `[ ... ]`')
  return undefined
}

/** A value as a number of the range. */
export function numberOf(
  reading: Reading,
  value: SpaceEntry['value'],
  key: string,
  range: NumberRange,
): number {
  if (value.kind === 'number' && range.holds(value.value)) return value.value
  reportSpace(reading, value.span, `\`${key}\` must be ${range.text}`, 'not such a number')
  return 0
}

/** The number of that name. */
export function readNumber(
  reading: Reading,
  group: SpaceGroup,
  key: string,
  range: NumberRange,
): number {
  const value = readValue(reading, group, key)
  return value === undefined ? 0 : numberOf(reading, value, key, range)
}

/** The probability of that name. */
export function readProbability(reading: Reading, group: SpaceGroup, key: string): number {
  return readNumber(reading, group, key, PROBABILITY)
}

/** An entry that nothing reads is a mistake: it would silently leave the space as it was. */
export function reportUnread(reading: Reading, group: SpaceGroup): void {
  for (const entry of group.entries) {
    const { name, value } = entry
    if (!reading.read.has(entry)) {
      const message = `a search reads no entry \`${name.name}\` here`
      reportSpace(reading, name.span, message, 'nothing reads this')
    } else if (value.kind === 'space-group') reportUnread(reading, value)
  }
}
