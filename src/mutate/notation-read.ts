import type { Space } from './space/space.ts'
import { productOperator } from '../operators/table.ts'
import type { Expression, Let, Module } from '../syntax/ast.ts'
import * as build from '../syntax/build.ts'
import {
  decayNotation,
  EDGE,
  FORM_SEPARATOR,
  OUTER_FORMS,
  partsOf,
  ruleNotation,
  type Notation,
  type NotationRow,
  type SpellingPart,
} from './notation.ts'
import { ROOT, ruleModule, updateOf } from './sample.ts'
import { fill } from './template.ts'

/** The longest line that is read, in UTF-16 units; the longest of the published log has 260. */
export const longestNotation = 2000

/** What is wrong with a line, and the offset in it where it stops being a rule. */
export interface NotationError {
  readonly offset: number
  readonly message: string
}

/**
 * The rule that a line `outer form ~ update` of the published log writes, as a module of the shape the space draws: a
 * `let` per node, the same text being the same node, and the outer form as the update. `space` is the published one.
 */
export function readNotation(
  space: Space,
  line: string,
): { readonly module: Module } | { readonly error: NotationError } {
  if (line.length > longestNotation) {
    const message = `the line is longer than ${longestNotation} characters`
    return { error: { offset: longestNotation, message } }
  }
  const form = OUTER_FORMS.findIndex((name) => line.startsWith(name + FORM_SEPARATOR))
  if (form < 0) {
    const forms = OUTER_FORMS.map((name) => `\`${name}${FORM_SEPARATOR}\``).join(', ')
    return { error: { offset: 0, message: `a rule begins with one of ${forms}` } }
  }
  const problem = createProblem()
  const read = createRuleReader(line, problem)
  const hits = read(OUTER_FORMS[form]!.length + FORM_SEPARATOR.length)
  const whole = hits.find((hit) => hit.end === line.length)
  if (whole !== undefined) return { module: moduleOf(space, form, whole.value) }
  problem.note(Math.max(0, ...hits.map((hit) => hit.end)), 'the end of the rule')
  return { error: problem.error() }
}

/** What a text says, before equal nodes are joined. */
type Tree =
  | {
      readonly row: NotationRow
      readonly arguments: readonly Tree[]
      readonly text: string
      readonly decay?: undefined
    }
  | { readonly decay: Expression; readonly value: Tree }

/** A value that begins where it was looked for, and where it ends. */
interface Hit<Value> {
  readonly end: number
  readonly value: Value
}

/** All values that begin at an offset: `g` and `g^2`. */
type Read<Value> = (start: number) => readonly Hit<Value>[]

function createRuleReader(line: string, problem: Problem): Read<Tree> {
  const decay = createReader<Expression>(line, problem, decayNotation, (row, arguments_) =>
    fill(row.template, arguments_),
  )
  const edge = partsOf(EDGE)
  const edges: Read<Tree> = (start) =>
    matchParts<Expression | Tree>(line, problem, edge, start, (hole) =>
      hole === 'decay' ? decay : value,
    ).map(({ end, value: [multiplier, multiplied] }) => ({
      end,
      value: { decay: multiplier as Expression, value: multiplied as Tree },
    }))
  const value = createReader<Tree>(
    line,
    problem,
    ruleNotation,
    (row, arguments_, text) => ({ row, arguments: arguments_, text }),
    edges,
  )
  return value
}

/** A reader of values of one notation. A spelling that begins with a hole goes on from what was read for the hole. */
function createReader<Value>(
  line: string,
  problem: Problem,
  { operands, operators }: Notation,
  make: (row: NotationRow, arguments_: readonly Value[], text: string) => Value,
  others: Read<Value> = () => [],
): Read<Value> {
  const rows = [...operators, ...operands].map((row) => ({ row, parts: partsOf(row.spelling) }))
  const starting = rows.filter(({ parts }) => 'literal' in parts[0]!)
  const continuing = rows.filter(({ parts }) => 'hole' in parts[0]!)
  const known = new Map<number, readonly Hit<Value>[]>()

  const read: Read<Value> = (start) => {
    const before = known.get(start)
    if (before !== undefined) return before
    const hits: Hit<Value>[] = [...others(start)]
    for (const { row, parts } of starting) {
      for (const { end, value } of matchParts(line, problem, parts, start, () => read))
        hits.push({ end, value: make(row, value, line.slice(start, end)) })
    }
    // Grows while it is walked through: what was read may be continued again.
    for (const { end, value } of hits) {
      for (const { row, parts } of continuing) {
        const first = line.slice(start, end)
        const rest = parts.map((part) => ('hole' in part ? first : part.literal)).join('')
        if (line.startsWith(rest, start))
          hits.push({ end: start + rest.length, value: make(row, [value], rest) })
      }
    }
    if (hits.length === 0) problem.note(start, 'an operand or an operator')
    known.set(start, hits)
    return hits
  }
  return read
}

/** The ways to read the parts of a spelling from `start` on: the values of its holes, each of which stands there once. */
function matchParts<Value>(
  line: string,
  problem: Problem,
  parts: readonly SpellingPart[],
  start: number,
  readerOf: (hole: string) => Read<Value>,
): readonly Hit<readonly Value[]>[] {
  let open: readonly Hit<readonly Value[]>[] = [{ end: start, value: [] }]
  for (const [index, part] of parts.entries()) {
    open = open.flatMap(({ end, value }) => {
      if ('hole' in part)
        return readerOf(part.hole)(end).map((hit) => ({
          end: hit.end,
          value: [...value, hit.value],
        }))
      if (line.startsWith(part.literal, end)) return [{ end: end + part.literal.length, value }]
      if (index > 0) problem.note(end, `\`${part.literal}\``)
      return []
    })
  }
  return open
}

/** Collects what was looked for in vain, and keeps what lies furthest to the right. */
interface Problem {
  readonly note: (offset: number, expected: string) => void
  readonly error: () => NotationError
}

function createProblem(): Problem {
  let furthest = 0
  const expected = new Set<string>()
  return {
    note: (offset, what) => {
      if (offset < furthest) return
      if (offset > furthest) expected.clear()
      furthest = offset
      expected.add(what)
    },
    error: () => {
      const all = [...expected]
      const list = all.length === 1 ? all[0]! : `${all.slice(0, -1).join(', ')} or ${all.at(-1)!}`
      return { offset: furthest, message: `expected ${list} here` }
    },
  }
}

function moduleOf(space: Space, form: number, tree: Tree): Module {
  const lets: Let[] = []
  const names = new Map<string, string>()
  const node = (row: NotationRow, arguments_: readonly Tree[]): Expression =>
    fill(row.template, arguments_.map(argument))
  const argument = (each: Tree): Expression => {
    if (each.decay !== undefined)
      return build.binary(productOperator.name, each.decay, argument(each.value))
    if (each.arguments.length === 0) return node(each.row, [])
    let name = names.get(each.text)
    if (name === undefined) {
      const value = node(each.row, each.arguments)
      name = `h${names.size + 1}`
      names.set(each.text, name)
      lets.push(build.letStatement(name, value))
    }
    return build.name(name)
  }
  if (tree.decay !== undefined || tree.arguments.length === 0)
    return ruleModule(space, [], updateOf(space, form, argument(tree)))
  const root = build.letStatement(ROOT, node(tree.row, tree.arguments))
  return ruleModule(space, [...lets, root], updateOf(space, form))
}
