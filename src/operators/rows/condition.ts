import * as arithmetic from '../interval-arithmetic.ts'
import { exactly } from '../interval.ts'
import type { Operator, OperatorParameter } from '../operator.ts'
import { elementwise } from '../type.ts'
import { infix } from './row.ts'

/** Conditions, which are 1 or 0 and never NaN. */
const conditions = (...names: readonly string[]): readonly OperatorParameter[] =>
  names.map((name) => ({ name, boolean: true }))

/** What joins and negates conditions. All bind weaker than comparisons: `not` tightest, then `and`, then `or`. */
export const conditionRows = [
  {
    kind: 'elementwise',
    name: 'and',
    definition: 'where(a, where(b, 1, 0), 0) == 1',
    fixity: infix('and', 3),
    parameters: conditions('a', 'b'),
    family: 'condition',
    summary: 'Whether both conditions hold.',
    formula: 'a \\land b',
    boolean: true,
    commutative: true,
    tolerance: 0,
    meaning: (a, b) => (a !== 0 && b !== 0 ? 1 : 0),
    placement: elementwise,
    interval: (a, b) => arithmetic.min(a!, b!),
  },
  {
    kind: 'elementwise',
    name: 'or',
    definition: 'where(a, 1, where(b, 1, 0)) == 1',
    fixity: infix('or', 2),
    parameters: conditions('a', 'b'),
    family: 'condition',
    summary: 'Whether one of the conditions holds, or both.',
    formula: 'a \\lor b',
    boolean: true,
    commutative: true,
    tolerance: 0,
    meaning: (a, b) => (a !== 0 || b !== 0 ? 1 : 0),
    placement: elementwise,
    interval: (a, b) => arithmetic.max(a!, b!),
  },
  {
    kind: 'elementwise',
    name: 'not',
    definition: 'where(a, 0, 1) == 1',
    fixity: { symbol: 'not', position: 'prefix', precedence: 4, associativity: 'none' },
    parameters: conditions('a'),
    family: 'condition',
    summary: 'Whether the condition does not hold.',
    formula: '\\lnot a',
    boolean: true,
    tolerance: 0,
    meaning: (a) => (a !== 0 ? 0 : 1),
    placement: elementwise,
    interval: (a) => arithmetic.subtract(exactly(1), a!),
  },
] as const satisfies readonly Operator[]
