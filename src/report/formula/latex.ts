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
const SIGNS: Readonly<Record<string, string>> = { cdot: '·', bmod: 'mod' }
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
  let next = 0
  const fail = (): never => {
    throw new RangeError(`${text}: cannot read ${tokens[next] ?? 'the end'}`)
  }
  const expect = (token: string): void => {
    if (tokens[next] !== token) fail()
    next += 1
  }
  const row = (...ends: readonly string[]): Row => {
    const parts: Part[] = []
    while (next < tokens.length && !ends.includes(tokens[next]!)) parts.push(scripted())
    return parts
  }
  const group = (): Row => {
    if (tokens[next] !== '{') return [part()]
    expect('{')
    const inside = row('}')
    expect('}')
    return inside
  }
  const scripted = (): Part => {
    const base = part()
    let above: Row | undefined
    let below: Row | undefined
    while (tokens[next] === '^' || tokens[next] === '_') {
      next += 1
      if (tokens[next - 1] === '^') above = group()
      else below = group()
    }
    if (above === undefined && below === undefined) return base
    return { kind: 'script', base, ...(above && { above }), ...(below && { below }) }
  }
  const cases = (): Part => {
    const lines: Row[][] = [[]]
    while (tokens[next] !== END_CASES) {
      if (next >= tokens.length) fail()
      lines.at(-1)!.push(row('&', '\\\\', END_CASES))
      if (tokens[next] === '&') next += 1
      else if (tokens[next] === '\\\\') {
        next += 1
        lines.push([])
      }
    }
    next += 1
    return { kind: 'cases', lines }
  }
  const part = (): Part => {
    const token = tokens[next] ?? fail()
    const fence = FENCES[token]
    next += 1
    if (fence !== undefined) {
      const [open, close, end] = fence
      const inside = row(end)
      expect(end)
      return { kind: 'fence', open, close, inside }
    }
    if (parameters.includes(token)) return { kind: 'parameter', text: token }
    if (/^\d/.test(token)) return { kind: 'number', text: token }
    if (/^[a-zA-Z]$/.test(token)) return { kind: 'letter', text: token }
    if (token === ',') return { kind: 'comma' }
    if (token === '+' || token === '-')
      return { kind: 'operator', text: token === '-' ? '−' : token }
    if (token === '<' || token === '>' || token === '=') return { kind: 'relation', text: token }
    if (token === BEGIN_CASES) return cases()
    const [, name = '', words] = /^\\([a-z]+)(?:\{(.*)\})?$/i.exec(token) ?? []
    if (words !== undefined)
      return { kind: name === 'text' ? 'words' : 'function', text: words.replaceAll('\\', '') }
    if (name !== '') return command(name)
    next -= 1
    return fail()
  }
  const command = (name: string): Part => {
    if (SIGNS[name] !== undefined) return { kind: 'operator', text: SIGNS[name] }
    if (RELATIONS[name] !== undefined) return { kind: 'relation', text: RELATIONS[name] }
    if (LETTERS[name] !== undefined) return { kind: 'letter', text: LETTERS[name] }
    if (BIG[name] !== undefined) return { kind: 'function', text: BIG[name] }
    switch (name) {
      case 'frac':
        return { kind: 'fraction', over: group(), under: group() }
      case 'sqrt':
        return { kind: 'root', inside: group() }
      default:
        // Everything else that LaTeX knows by a word here is a function written upright.
        return { kind: 'function', text: name }
    }
  }
  const parts = row()
  return next < tokens.length ? fail() : parts
}
