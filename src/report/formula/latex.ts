/** A piece of a formula in the LaTeX that the operator table is written in. */
export type Part =
  | {
      readonly kind: 'number' | 'letter' | 'parameter' | 'function' | 'operator' | 'relation'
      readonly text: string
    }
  | { readonly kind: 'comma' }
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'fraction'; readonly over: Row; readonly under: Row }
  | { readonly kind: 'root'; readonly inside: Row }
  | { readonly kind: 'script'; readonly base: Part; readonly above?: Row; readonly below?: Row }
  | {
      readonly kind: 'fence'
      readonly open: string
      readonly close: string
      readonly inside: Row
    }
  | { readonly kind: 'cases'; readonly lines: readonly (readonly Row[])[] }

export type Row = readonly Part[]

/** Signs and relations by their commands; a product's sign is a sign like the others. */
const SIGNS: Readonly<Record<string, string>> = {
  cdot: '·',
  bmod: 'mod',
  land: '∧',
  lor: '∨',
  lnot: '¬',
}
const RELATIONS: Readonly<Record<string, string>> = { le: '≤', ge: '≥', ne: '≠' }
const LETTERS: Readonly<Record<string, string>> = { sigma: 'σ' }
const BIG: Readonly<Record<string, string>> = { sum: '∑' }
const FENCES: Readonly<Record<string, readonly [open: string, close: string, end: string]>> = {
  '(': ['(', ')', ')'],
  '|': ['|', '|', '|'],
  '\\lfloor': ['⌊', '⌋', '\\rfloor'],
  '\\lceil': ['⌈', '⌉', '\\rceil'],
  '\\lVert': ['‖', '‖', '\\rVert'],
}

const BEGIN_CASES = '\\begin{cases}'
const END_CASES = '\\end{cases}'
/** Commands whose argument is no mathematics are one token with it. */
const TOKEN =
  /\\(?:begin|end|operatorname|text)\{[^}]*\}|\\[a-zA-Z]+|\\\\|\d+(?:\.\d+)?|[a-zA-Z]+|[^\s]/g

/** How far the reading of a formula has come. */
interface Reading {
  readonly text: string
  readonly parameters: readonly string[]
  readonly tokens: readonly string[]
  /** The index of the next token. */
  next: number
}

/**
 * The parts of a formula of the operator table. `parameters`: the words that stand for arguments. Throws a RangeError for
 * LaTeX that the table does not use.
 */
export function readLatex(text: string, parameters: readonly string[]): Row {
  const tokens =
    text.match(TOKEN)?.flatMap((token) =>
      // Letters side by side are a product, unless together they name an argument.
      /^[a-zA-Z]{2,}$/.test(token) && !parameters.includes(token) ? [...token] : [token],
    ) ?? []
  const reading: Reading = { text, parameters, tokens, next: 0 }
  const parts = readRow(reading)
  return reading.next < tokens.length ? fail(reading) : parts
}

function fail({ text, tokens, next }: Reading): never {
  throw new RangeError(`${text}: cannot read ${tokens[next] ?? 'the end'}`)
}

/** Whether the next token is this one, which is then read. */
function take(reading: Reading, token: string): boolean {
  if (reading.tokens[reading.next] !== token) return false
  reading.next += 1
  return true
}

function expect(reading: Reading, token: string): void {
  if (!take(reading, token)) fail(reading)
}

function readRow(reading: Reading, ...ends: readonly string[]): Row {
  const { tokens } = reading
  const parts: Part[] = []
  while (reading.next < tokens.length && !ends.includes(tokens[reading.next]!))
    parts.push(readScripted(reading))
  return parts
}

function readGroup(reading: Reading): Row {
  if (!take(reading, '{')) return [readPart(reading)]
  const inside = readRow(reading, '}')
  expect(reading, '}')
  return inside
}

function readScripted(reading: Reading): Part {
  const base = readPart(reading)
  let above: Row | undefined
  let below: Row | undefined
  for (;;) {
    if (take(reading, '^')) above = readGroup(reading)
    else if (take(reading, '_')) below = readGroup(reading)
    else break
  }
  if (above === undefined && below === undefined) return base
  return { kind: 'script', base, ...(above && { above }), ...(below && { below }) }
}

function readCases(reading: Reading): Part {
  const lines: Row[][] = [[]]
  while (!take(reading, END_CASES)) {
    if (reading.next >= reading.tokens.length) fail(reading)
    lines.at(-1)!.push(readRow(reading, '&', '\\\\', END_CASES))
    if (!take(reading, '&') && take(reading, '\\\\')) lines.push([])
  }
  return { kind: 'cases', lines }
}

function readPart(reading: Reading): Part {
  const token = reading.tokens[reading.next] ?? fail(reading)
  const simple = simplePart(token, reading.parameters)
  if (simple !== undefined) {
    reading.next += 1
    return simple
  }
  if (take(reading, BEGIN_CASES)) return readCases(reading)
  const fence = FENCES[token]
  const command = /^\\([a-z]+)$/i.exec(token)?.[1]
  if (fence === undefined && command === undefined) return fail(reading)
  reading.next += 1
  return fence === undefined ? readCommand(reading, command!) : readFence(reading, fence)
}

/** The part that a token is by itself, if it needs no other. */
function simplePart(token: string, parameters: readonly string[]): Part | undefined {
  if (parameters.includes(token)) return { kind: 'parameter', text: token }
  if (/^\d/.test(token)) return { kind: 'number', text: token }
  if (/^[a-zA-Z]$/.test(token)) return { kind: 'letter', text: token }
  if (token === ',') return { kind: 'comma' }
  if (token === '-') return { kind: 'operator', text: '−' }
  if (token === '+') return { kind: 'operator', text: token }
  if (['<', '>', '='].includes(token)) return { kind: 'relation', text: token }
  const [, name, words] = /^\\(text|operatorname)\{(.*)\}$/.exec(token) ?? []
  return words === undefined
    ? undefined
    : { kind: name === 'text' ? 'words' : 'function', text: words.replaceAll('\\', '') }
}

function readFence(reading: Reading, [open, close, end]: (typeof FENCES)[string]): Part {
  const inside = readRow(reading, end)
  expect(reading, end)
  return { kind: 'fence', open, close, inside }
}

function readCommand(reading: Reading, name: string): Part {
  if (SIGNS[name] !== undefined) return { kind: 'operator', text: SIGNS[name] }
  if (RELATIONS[name] !== undefined) return { kind: 'relation', text: RELATIONS[name] }
  if (LETTERS[name] !== undefined) return { kind: 'letter', text: LETTERS[name] }
  if (BIG[name] !== undefined) return { kind: 'function', text: BIG[name] }
  switch (name) {
    case 'frac':
      return { kind: 'fraction', over: readGroup(reading), under: readGroup(reading) }
    case 'sqrt':
      return { kind: 'root', inside: readGroup(reading) }
    default:
      // Everything else that LaTeX knows by a word here is a function written upright.
      return { kind: 'function', text: name }
  }
}
