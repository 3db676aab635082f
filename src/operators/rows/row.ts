import type { ElementwiseOperator, Fixity, Hazard, OperatorParameter } from '../operator.ts'
import type { Interval } from '../interval.ts'
import { elementwise } from '../type.ts'

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

/** An elementwise row whose name the type knows. */
export type Elementwise<Name extends string> = ElementwiseOperator & { readonly name: Name }
type Details<Name extends string> = Omit<
  Elementwise<Name>,
  'kind' | 'parameters' | 'placement' | 'meaning' | 'interval'
>

/** An elementwise row of one argument. */
export function unaryRow<const Name extends string>(
  details: Details<Name> & {
    readonly meaning: (x: number) => number
    readonly interval: (x: Interval) => Interval
  },
): Elementwise<Name> {
  const { meaning, interval, ...rest } = details
  return {
    kind: 'elementwise',
    parameters: parameters('x'),
    placement: elementwise,
    ...rest,
    meaning: (x) => meaning(x!),
    interval: (x) => interval(x!),
  }
}

/** An elementwise row of two arguments, called `a` and `b` unless `names` says otherwise. */
export function binaryRow<const Name extends string>(
  details: Details<Name> & {
    readonly names?: readonly [string, string]
    readonly meaning: (a: number, b: number) => number
    readonly interval: (a: Interval, b: Interval) => Interval
  },
): Elementwise<Name> {
  const { meaning, interval, names = ['a', 'b'], ...rest } = details
  return {
    kind: 'elementwise',
    parameters: parameters(...names),
    placement: elementwise,
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
