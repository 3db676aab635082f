import { interval, joinIntervals } from '../interval.ts'
import type { Operator } from '../operator.ts'
import { binaryRow, infix, type Elementwise } from './row.ts'
import { elementwise } from '../type.ts'

const PRECEDENCE = 5

function comparison<const Name extends string, const Definition extends string = never>(
  name: Name,
  symbol: string,
  summary: string,
  formula: string,
  holds: (a: number, b: number) => boolean,
  definition?: Definition,
): Elementwise<Name, Definition> {
  return binaryRow({
    name,
    ...(definition !== undefined && { definition }),
    fixity: infix(symbol, PRECEDENCE, 'none'),
    family: 'comparison',
    summary,
    formula,
    boolean: true,
    tolerance: 0,
    meaning: (a, b) => (holds(a, b) ? 1 : 0),
    interval: () => interval(0, 1),
  })
}

/** Comparisons, false where either side is NaN (`!=` is true there), and the choice between two values. */
export const comparisonRows = [
  comparison('less', '<', 'Whether `a` is less than `b`.', 'a < b', (a, b) => a < b),
  comparison('less_equal', '<=', 'Whether `a` is at most `b`.', 'a \\le b', (a, b) => a <= b),
  comparison('greater', '>', 'Whether `a` is greater than `b`.', 'a > b', (a, b) => a > b, 'b < a'),
  comparison(
    'greater_equal',
    '>=',
    'Whether `a` is at least `b`.',
    'a \\ge b',
    (a, b) => a >= b,
    'b <= a',
  ),
  comparison('equal', '==', 'Whether `a` and `b` are equal.', 'a = b', (a, b) => a === b),
  comparison(
    'not_equal',
    '!=',
    'Whether `a` and `b` differ.',
    'a \\ne b',
    (a, b) => a !== b,
    'where(a == b, 0, 1) == 1',
  ),
  {
    kind: 'elementwise',
    name: 'where',
    role: 'choice',
    parameters: [{ name: 'condition', boolean: true }, { name: 'a' }, { name: 'b' }],
    family: 'selection',
    summary: '`a` where the condition holds, `b` elsewhere.',
    formula: '\\begin{cases} a & condition \\\\ b & \\text{otherwise} \\end{cases}',
    derivatives: ['where(condition, 1, 0)', 'where(condition, 0, 1)'],
    tolerance: 0,
    meaning: (condition, a, b) => (condition !== 0 ? a! : b!),
    placement: elementwise,
    interval: (_condition, a, b) => joinIntervals(a!, b!),
  },
] as const satisfies readonly Operator[]
