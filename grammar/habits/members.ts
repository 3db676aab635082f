import {
  FUNCTIONS,
  INFIX_FUNCTIONS,
  LIBRARIES,
  MEMBERS,
  OWNERS,
  PLAIN_METHODS,
  TRANSPOSES,
} from '../../src/diagnostics/habits.ts'
import type { TextEdit } from '../../src/diagnostics/diagnostic.ts'
import { operatorCallNames } from '../../src/operators/table.ts'
import * as token from '../tokens.ts'
import { findAxes, reducedMethod } from './axes.ts'
import { imageAt, isForeign, operandStart, spanFrom, textOf, touches, typeAt } from './reading.ts'
import type { Find, Habit, Reading } from './reading.ts'

const OPERATORS: ReadonlySet<string> = new Set(operatorCallNames)

/** A member of a value: `.name`, or `.name(arguments)`. */
interface Link {
  readonly name: string
  readonly arguments: string | undefined
  /** The places of the first of its arguments, and after the last. */
  readonly places: readonly [number, number]
}

/** `self.m`, `torch.sqrt(x)`, `g.abs()`: there are no members. */
export const findMember: Find = (reading, index) => {
  const owner = imageAt(reading, index)
  if (LIBRARIES.has(owner) || OWNERS.has(owner)) return findOwned(reading, index, owner)
  return isDot(reading, index) ? findChain(reading, index) : undefined
}

/** Whether a name, on the same line and without a blank, follows the point at `index`. */
function isDot(reading: Reading, index: number): boolean {
  return (
    typeAt(reading, index) === token.Foreign &&
    imageAt(reading, index) === '.' &&
    touches(reading, index) &&
    isName(reading, index + 1) &&
    touches(reading, index + 1)
  )
}

const isName = (reading: Reading, index: number): boolean =>
  /^[A-Za-z_]/.test(imageAt(reading, index))

/** The place of the last name of `a.b.c` that starts at `index`. */
export function lastOfPath(reading: Reading, index: number): number {
  let last = index
  while (isDot(reading, last + 1)) last += 2
  return last
}

/** Every `torch.` of a file is one habit. */
function findOwned(reading: Reading, index: number, owner: string): Habit | undefined {
  // Most words that may own something do not, and the others are not looked for.
  if (!isDot(reading, index + 1) || isDot(reading, index - 1)) return undefined
  const places = reading.tokens.flatMap(({ image }, place) =>
    image === owner && isDot(reading, place + 1) && !isDot(reading, place - 1) ? [place] : [],
  )
  if (places[0] !== index) return undefined
  const last = lastOfPath(reading, index)
  const path = textOf(reading, index, last)
  const edits = places.flatMap((place) => ownedEdits(reading, place, lastOfPath(reading, place)))
  const inside = habitsInside(reading, last)
  const all = [...edits, ...inside.flatMap((each) => each.edits)]
  const name = imageAt(reading, last)
  const how = LIBRARIES.has(owner)
    ? 'operators are called by their name alone'
    : 'states and hyperparameters are known by their name alone'
  const isPlain = inside.length === 0
  const write = isPlain ? name : writtenCall(reading, index, last, all)
  return {
    code: 'foreign-member',
    span: spanFrom(reading, index, last),
    message: `there is no \`${path}\` before a name`,
    label: 'not needed',
    help: `${how}: ${isPlain ? '' : 'write '}\`${write}\``,
    edits: all.sort((a, b) => a.span.start - b.span.start),
    title: isPlain ? `remove \`${path}\`` : `write \`${write}\``,
  }
}

/** What else is written as elsewhere in the call at `name`: in `torch.norm(p.grad, dim=0)` a member and an axis. */
function habitsInside(reading: Reading, name: number): readonly Habit[] {
  const close = reading.partners.get(name + 1)
  if (close === undefined || typeAt(reading, name + 1) !== token.LeftParen) return []
  const axes = findAxes(reading, name)
  const found: Habit[] = axes?.title === undefined ? [] : [axes]
  for (let place = name + 2; place < close; place++) {
    const before = imageAt(reading, place - 1)
    const isOwned = LIBRARIES.has(before) || OWNERS.has(before)
    const chain = isDot(reading, place) && !isOwned ? findChain(reading, place) : undefined
    if (chain?.title === undefined) continue
    const isApart = chain.edits.every(({ span }) =>
      found.every((each) =>
        each.edits.every((edit) => edit.span.end <= span.start || span.end <= edit.span.start),
      ),
    )
    if (isApart) found.push(chain)
  }
  return found
}

/** The call that starts at `first` with its name at `last`, once it is edited. */
function writtenCall(
  reading: Reading,
  first: number,
  last: number,
  edits: readonly TextEdit[],
): string {
  const { start, end } = spanFrom(reading, first, reading.partners.get(last + 1)! + 1)
  return edits
    .filter(({ span }) => start <= span.start && span.end <= end)
    .toSorted((a, b) => b.span.start - a.span.start)
    .reduce(
      (text, { span, text: written }) =>
        text.slice(0, span.start - start) + written + text.slice(span.end - start),
      reading.text.slice(start, end),
    )
}

function ownedEdits(reading: Reading, place: number, last: number): readonly TextEdit[] {
  const name = imageAt(reading, last)
  const prefix = { span: spanFrom(reading, place, last), text: '' }
  const open = last + 1
  const called = typeAt(reading, open) === token.LeftParen
  const infix = called && Object.hasOwn(INFIX_FUNCTIONS, name) ? infixEdits(reading, last) : []
  if (infix.length > 0) return [prefix, ...infix]
  const renamed = called && Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined
  return renamed === undefined
    ? [prefix]
    : [prefix, { span: spanFrom(reading, last, open), text: renamed }]
}

/** `pow(a, b)` as `(a^b)`, where it has two arguments. */
function infixEdits(reading: Reading, name: number): readonly TextEdit[] {
  const close = reading.partners.get(name + 1)
  if (close === undefined) return []
  const commas: number[] = []
  for (let place = name + 2; place < close; place++) {
    if (typeAt(reading, place) === token.LeftParen) place = reading.partners.get(place) ?? place
    if (typeAt(reading, place) === token.Comma) commas.push(place)
  }
  const [comma] = commas
  if (comma === undefined || commas.length > 1) return []
  const operator = INFIX_FUNCTIONS[imageAt(reading, name)]!
  const between = spanFrom(reading, comma, comma + 1)
  const after = reading.tokens[comma + 1]!.startOffset
  return [
    { span: spanFrom(reading, name, name + 1), text: '' },
    { span: { start: between.start, end: after }, text: operator },
  ]
}

/** A value with members behind it, all of them at once. */
function findChain(reading: Reading, index: number): Habit | undefined {
  const start = operandStart(reading, index - 1)
  if (start === undefined || isDot(reading, start - 1)) return undefined
  const links: Link[] = []
  let end = index
  while (isDot(reading, end)) {
    const name = imageAt(reading, end + 1)
    const close =
      typeAt(reading, end + 2) === token.LeftParen ? reading.partners.get(end + 2) : undefined
    if (close !== undefined && isForeign(reading, end + 3, close)) return undefined
    links.push({
      name,
      arguments: close === undefined ? undefined : textOf(reading, end + 3, close),
      places: [end + 3, close ?? end + 3],
    })
    end = (close ?? end + 1) + 1
  }
  const value = textOf(reading, start, index)
  let reason = ''
  const written = links.reduce<string | undefined>((inner, link) => {
    const called = Object.hasOwn(FUNCTIONS, link.name) ? FUNCTIONS[link.name]! : link.name
    const reduced = inner && reducedMethod(reading, called, withoutParentheses(inner), link.places)
    if (!reduced) return applyLink(inner, link)
    reason = `${reduced.reason}: `
    return reduced.write
  }, value)
  const span = spanFrom(reading, start, end)
  const found = {
    code: 'foreign-member',
    span,
    message: `values have no members: there is no \`.${links[0]!.name}\``,
  } as const
  if (written === undefined)
    return {
      ...found,
      help: 'functions are called by their name alone: `sqrt(x)`; `optc explain` lists them',
      edits: [{ span: spanFrom(reading, index, end), text: '' }],
    }
  return {
    ...found,
    help: `${reason}write \`${written}\``,
    edits: [{ span, text: written }],
    title: `replace it with \`${written}\``,
  }
}

/** What is written for a member of a value; undefined where nothing is known of it. */
function applyLink(value: string | undefined, link: Link): string | undefined {
  if (value === undefined) return undefined
  const { name } = link
  const transposed = Object.hasOwn(TRANSPOSES, name) ? TRANSPOSES[name]! : undefined
  if (transposed !== undefined)
    return OPERATORS.has(transposed) ? `${transposed}(${withoutParentheses(value)})` : undefined
  if (link.arguments === undefined)
    return Object.hasOwn(MEMBERS, name) ? MEMBERS[name]!(value) : undefined
  if (PLAIN_METHODS.has(name)) return value
  if (Object.hasOwn(INFIX_FUNCTIONS, name) && link.arguments !== '')
    return `(${value}${INFIX_FUNCTIONS[name]!}${link.arguments})`
  const called = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]! : name
  if (!OPERATORS.has(called)) return undefined
  return `${called}(${[withoutParentheses(value), link.arguments].filter((each) => each !== '').join(', ')})`
}

/** An operand as an argument: a group needs no parentheses of its own. */
const withoutParentheses = (value: string): string =>
  value.startsWith('(') && value.endsWith(')') ? value.slice(1, -1) : value
