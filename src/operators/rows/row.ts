import type {
  ElementwiseOperator,
  Fixity,
  Form,
  Hazard,
  OperatorParameter,
  Spelling,
  SpellingException,
} from '../operator.ts'
import type { Interval } from '../interval.ts'

/** Text that needs nothing of the prelude, or names what it needs. */
export function form(text: string, ...needs: readonly string[]): Form {
  return needs.length === 0 ? { text } : { text, needs }
}

/** The spellings of a row. */
export function spell(
  scalar: string | Form,
  tensor: string | Form,
  byNumbers?: string,
  exception?: SpellingException,
): { readonly ts: Spelling } {
  const toForm = (written: string | Form): Form =>
    typeof written === 'string' ? form(written) : written
  return {
    ts: {
      scalar: toForm(scalar),
      tensor: toForm(tensor),
      ...(byNumbers !== undefined && { byNumbers: form(byNumbers) }),
      ...(exception !== undefined && { exception }),
    },
  }
}

/** The spellings with a plainer one on a tensor and constants other than 0. */
export function plainerByConstants(
  { ts }: { readonly ts: Spelling },
  byConstants: string,
): { readonly ts: Spelling } {
  return { ts: { ...ts, byConstants: form(byConstants) } }
}

/** Parameters that take any number. */
export function parameters(...names: readonly string[]): readonly OperatorParameter[] {
  return names.map((name) => ({ name }))
}

/** An operator written between its operands. */
export function infix(
  symbol: string,
  precedence: number,
  associativity: Fixity['associativity'] = 'left',
): Fixity {
  return { symbol, position: 'infix', precedence, associativity }
}

type Details = Omit<ElementwiseOperator, 'kind' | 'parameters' | 'meaning' | 'interval'>

/** An elementwise row of one argument. */
export function unaryRow(
  details: Details & {
    readonly meaning: (x: number) => number
    readonly interval: (x: Interval) => Interval
  },
): ElementwiseOperator {
  const { meaning, interval, ...rest } = details
  return {
    kind: 'elementwise',
    parameters: parameters('x'),
    ...rest,
    meaning: (x) => meaning(x!),
    interval: (x) => interval(x!),
  }
}

/** An elementwise row of two arguments, called `a` and `b` unless `names` says otherwise. */
export function binaryRow(
  details: Details & {
    readonly names?: readonly [string, string]
    readonly meaning: (a: number, b: number) => number
    readonly interval: (a: Interval, b: Interval) => Interval
  },
): ElementwiseOperator {
  const { meaning, interval, names = ['a', 'b'], ...rest } = details
  return {
    kind: 'elementwise',
    parameters: parameters(...names),
    ...rest,
    meaning: (a, b) => meaning(a!, b!),
    interval: (a, b) => interval(a!, b!),
  }
}

/** A warning about argument `argument` wherever its interval makes `possible` true. */
export function hazard(
  code: Hazard['code'],
  argument: number,
  possible: (range: Interval) => boolean,
): Hazard {
  return { code, argument, possible: (...ranges) => possible(ranges[argument]!) }
}
