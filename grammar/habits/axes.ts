import { AXIS_WORDS, FUNCTIONS, KEEPING, POSITIONAL_AXES } from '../../src/diagnostics/habits.ts'
import type { TextEdit } from '../../src/diagnostics/diagnostic.ts'
import { axisOf, operators } from '../../src/operators/table.ts'
import type { Axis } from '../../src/operators/type.ts'
import * as token from '../tokens.ts'
import {
  expressionEnd,
  imageAt,
  isDeclared,
  spanFrom,
  textOf,
  typeAt,
  type Find,
  type Reading,
} from './reading.ts'

/** The names of the operators that reduce an axis. */
const REDUCING: ReadonlySet<string> = new Set(
  operators.flatMap((row) => (axisOf(row) === undefined ? [] : [row.callName ?? row.name])),
)

/** An argument of a call: its tokens, and what it says of axes. */
interface Written {
  readonly first: number
  readonly last: number
  /** `axis`, `dim`, or the place that stands for it; undefined where the argument keeps dimensions. */
  readonly word: string | undefined
  readonly position: string
}

/** `mean(g, dim=0)`, `sum(g, axis=1, keepdims=True)`, `mean(g, 0)`: axes have names here. */
export const findAxes: Find = (reading, index) => {
  const name = imageAt(reading, index)
  const called = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name]! : name
  const close = reading.partners.get(index + 1)
  if (!REDUCING.has(called) || typeAt(reading, index + 1) !== token.LeftParen) return undefined
  if (close === undefined || isDeclared(reading, name)) return undefined
  const arguments_ = argumentsOf(reading, index + 2, close)
  const [first, ...others] = arguments_
  const found = others.flatMap((range) => writtenOf(reading, called, range, others.length))
  const [only] = found
  if (first === undefined || first[0] === first[1] || only === undefined) return undefined
  const asked = found.find(({ word }) => word !== undefined)
  const axis = asked && axisAt(asked)
  const edits = found.map((each): TextEdit => {
    const span = {
      start: spanFrom(reading, 0, commaBefore(reading, each.first)).end,
      end: spanFrom(reading, each.first, each.last).end,
    }
    return { span, text: each === asked && axis !== undefined ? `, over = ${axis}` : '' }
  })
  const kept = notAmong(found, arguments_).map((range) => textOf(reading, ...range))
  const write = reducedBy(called, kept, axis)
  const isKnown = asked === undefined || axis !== undefined || isAll(asked)
  return {
    code: 'unknown-argument',
    span: spanFrom(reading, only.first, found.at(-1)!.last),
    message: `axes have names instead of positions, and \`${called}\` takes \`over = inputs\` or \`over = outputs\``,
    label: 'not known here',
    help: isKnown ? `${reasonOf(asked, axis)}: write \`${write}\`` : NAMES,
    edits,
    ...(isKnown && { title: `write \`${write}\`` }),
  }
}

/**
 * A method that reduces `value`, its arguments from `first` to `close`, as a call with a named axis, and why; undefined where
 * nothing is known of it or no axis is asked for.
 */
export function reducedMethod(
  reading: Reading,
  called: string,
  value: string,
  [first, close]: readonly [number, number],
): { readonly write: string; readonly reason: string } | undefined {
  if (!REDUCING.has(called)) return undefined
  const ranges = argumentsOf(reading, first, close)
  const found = ranges.flatMap((range) => writtenOf(reading, called, range, ranges.length))
  if (found.length === 0) return undefined
  const asked = found.find(({ word }) => word !== undefined)
  const axis = asked && axisAt(asked)
  if (asked !== undefined && axis === undefined && !isAll(asked)) return undefined
  const kept = notAmong(found, ranges).map((range) => textOf(reading, ...range))
  return { write: reducedBy(called, [value, ...kept], axis), reason: reasonOf(asked, axis) }
}

/** The other arguments. Nothing stands behind the last comma of some calls. */
const notAmong = (
  found: readonly Written[],
  ranges: readonly (readonly [number, number])[],
): readonly (readonly [number, number])[] =>
  ranges.filter(([start, end]) => start < end && found.every((each) => each.first !== start))

const reducedBy = (called: string, values: readonly string[], axis: Axis | undefined): string =>
  `${called}(${values.join(', ')}${axis === undefined ? '' : `, over = ${axis}`})`

const NAMES =
  '`over = inputs` gives one number for each output (neuron or filter), `over = outputs` one for each input, and without it there is one number for all elements'

/** The places of the first tokens of arguments, and after their last ones. */
function argumentsOf(
  reading: Reading,
  start: number,
  close: number,
): readonly (readonly [first: number, last: number])[] {
  const ranges: (readonly [number, number])[] = []
  for (let first = start; first < close;) {
    let last = expressionEnd(reading, first)
    // A value behind `=` is an expression of its own.
    while (last < close && typeAt(reading, last) !== token.Comma)
      last = expressionEnd(reading, last + 1)
    const next = last + 1
    while (first < last && typeAt(reading, first) === token.LineBreak) first += 1
    while (first < last && typeAt(reading, last - 1) === token.LineBreak) last -= 1
    ranges.push([first, last])
    first = next
  }
  return ranges
}

/** The place of the comma before the argument at `first`. */
function commaBefore(reading: Reading, first: number): number {
  let comma = first - 1
  while (typeAt(reading, comma) === token.LineBreak) comma -= 1
  return comma
}

function writtenOf(
  reading: Reading,
  called: string,
  [first, last]: readonly [number, number],
  others: number,
): readonly Written[] {
  const isNamed = typeAt(reading, first + 1) === token.Equals
  const name = imageAt(reading, first)
  if (isNamed && KEEPING.has(name)) return [{ first, last, word: undefined, position: '' }]
  const position = textOf(reading, isNamed ? first + 2 : first, last).replaceAll(' ', '')
  if (isNamed) return AXIS_WORDS.has(name) ? [{ first, last, word: name, position }] : []
  const positions = Object.hasOwn(POSITIONAL_AXES, called) ? POSITIONAL_AXES[called]! : []
  return others === 1 && positions.includes(position)
    ? [{ first, last, word: 'dim', position }]
    : []
}

/** The axis of a matrix at a position: `dim` as in PyTorch, whose outputs come first, `axis` where they come last. */
function axisAt({ word, position }: Written): Axis | undefined {
  const place = ['0', '-2'].includes(position) ? 0 : ['1', '-1'].includes(position) ? 1 : undefined
  if (place === undefined) return undefined
  return (place === 0) === word!.startsWith('dim') ? 'outputs' : 'inputs'
}

/** Whether all axes are asked for, which is what a reduction without one is over. */
function isAll({ position }: Written): boolean {
  return position === 'None' || /^[([]-?\d+(,-?\d+)+,?[)\]]$/.test(position)
}

function reasonOf(asked: Written | undefined, axis: Axis | undefined): string {
  if (asked === undefined) return 'what is reduced meets every element by itself'
  if (axis === undefined) return 'without an axis there is one number for all elements'
  const kept = axis === 'inputs' ? 'output' : 'input'
  const layout = asked.word!.startsWith('dim')
    ? 'in the layout of PyTorch, outputs first,'
    : 'in the layout of Keras and JAX, outputs last,'
  return `${layout} that is one number for each ${kept}`
}
