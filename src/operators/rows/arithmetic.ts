import * as arithmetic from '../interval-arithmetic.ts'
import { contains } from '../interval.ts'
import type { Operator, SpellingException } from '../operator.ts'
import { binaryRow, form, hazard, infix, plainerByConstants, spell, unaryRow } from './row.ts'

const divisionByZero = hazard('division-by-zero', 1, (divisor) => contains(divisor, 0))

/** IEEE 754's pow: 1 to any power is 1, NaN included, and -1 to an infinite one. */
export function power(base: number, exponent: number): number {
  return isUnitPower(base, exponent) ? 1 : base ** exponent
}

function isUnitPower(base: number, exponent: number): boolean {
  return base === 1 || (base === -1 && Math.abs(exponent) === Infinity)
}

/** ECMAScript keeps an older rule at these points, and so do JavaScript's `**` and the backends built on it. */
export const oldPower: SpellingException = {
  forms: ['scalar', 'byNumbers'],
  reason: '1 to a power that is infinite or NaN, and -1 to an infinite one, are NaN in JavaScript',
  holds: (base, exponent) => Math.abs(base!) === 1 && !Number.isFinite(exponent!),
}

/** Remainder of a floored division: it has the sign of the divisor, also where it is 0. */
function floorModulo(a: number, b: number): number {
  const rest = a % b
  if (rest === 0) return b < 0 ? -0 : 0
  return rest < 0 !== b < 0 ? rest + b : rest
}

/** Sums, products, powers and what is close to them. */
export const arithmeticRows: readonly Operator[] = [
  binaryRow({
    name: 'add',
    fixity: infix('+', 10),
    family: 'arithmetic',
    summary: 'The sum.',
    formula: 'a + b',
    commutative: true,
    tolerance: 0,
    meaning: (a, b) => a + b,
    interval: arithmetic.add,
    spellings: spell('$0 + $1', 'tf.add($0, $1)'),
  }),
  binaryRow({
    name: 'subtract',
    fixity: infix('-', 10),
    family: 'arithmetic',
    summary: 'The difference.',
    formula: 'a - b',
    tolerance: 0,
    meaning: (a, b) => a - b,
    interval: arithmetic.subtract,
    spellings: spell('$0 - $1', 'tf.sub($0, $1)'),
  }),
  binaryRow({
    name: 'multiply',
    fixity: infix('*', 20),
    family: 'arithmetic',
    summary: 'The product.',
    formula: 'a \\cdot b',
    commutative: true,
    tolerance: 0,
    meaning: (a, b) => a * b,
    interval: arithmetic.multiply,
    spellings: spell('$0 * $1', 'tf.mul($0, $1)'),
  }),
  binaryRow({
    name: 'divide',
    fixity: infix('/', 20),
    family: 'arithmetic',
    summary: 'The quotient; infinite or NaN where `b` is 0, as in IEEE 754.',
    formula: '\\frac{a}{b}',
    tolerance: 0,
    hazards: [divisionByZero],
    meaning: (a, b) => a / b,
    interval: arithmetic.divide,
    spellings: spell('$0 / $1', 'tf.div($0, $1)'),
  }),
  unaryRow({
    name: 'neg',
    fixity: { symbol: '-', position: 'prefix', precedence: 30, associativity: 'none' },
    family: 'arithmetic',
    summary: 'The number with the other sign.',
    formula: '-x',
    tolerance: 0,
    meaning: (x) => -x,
    interval: arithmetic.negate,
    spellings: spell('-$0', 'tf.neg($0)'),
  }),
  binaryRow({
    name: 'power',
    names: ['base', 'exponent'],
    fixity: infix('^', 40, 'right'),
    family: 'arithmetic',
    summary: 'The power; NaN for a negative base with an exponent that is not a whole number.',
    formula: 'base^{exponent}',
    tolerance: 1,
    hazards: [
      {
        code: 'division-by-zero',
        argument: 0,
        possible: (base, exponent) => contains(base!, 0) && exponent!.low < 0,
      },
      {
        code: 'undefined-power',
        argument: 0,
        possible: (base, exponent) =>
          base!.low < 0 && !(exponent!.low === exponent!.high && Number.isInteger(exponent!.low)),
      },
    ],
    meaning: power,
    interval: arithmetic.power,
    spellings: spell(
      '$0 ** $1',
      form('tensorPower($0, $1)', 'tensorPower'),
      'tf.pow($0, $1)',
      oldPower,
    ),
  }),
  unaryRow({
    name: 'abs',
    unsigned: true,
    family: 'arithmetic',
    summary: 'The size of a number without its sign.',
    formula: '|x|',
    tolerance: 0,
    meaning: Math.abs,
    interval: arithmetic.abs,
    spellings: spell('Math.abs($0)', 'tf.abs($0)'),
  }),
  unaryRow({
    name: 'sign',
    family: 'arithmetic',
    summary: '1 for positive numbers, -1 for negative ones, 0 for 0.',
    formula: '\\operatorname{sign}(x)',
    tolerance: 0,
    meaning: Math.sign,
    interval: arithmetic.sign,
    spellings: spell('Math.sign($0)', form('tensorSign($0)', 'tensorSign')),
  }),
  binaryRow({
    name: 'min',
    family: 'arithmetic',
    summary: 'The smaller of two numbers, -0 being smaller than 0; NaN if either is.',
    formula: '\\min(a, b)',
    commutative: true,
    tolerance: 0,
    meaning: Math.min,
    interval: arithmetic.min,
    spellings: plainerByConstants(
      spell('Math.min($0, $1)', form('tensorMinimum($0, $1)', 'tensorMinimum')),
      'tf.minimum($0, $1)',
    ),
  }),
  binaryRow({
    name: 'max',
    family: 'arithmetic',
    summary: 'The larger of two numbers, 0 being larger than -0; NaN if either is.',
    formula: '\\max(a, b)',
    commutative: true,
    tolerance: 0,
    meaning: Math.max,
    interval: arithmetic.max,
    spellings: plainerByConstants(
      spell('Math.max($0, $1)', form('tensorMaximum($0, $1)', 'tensorMaximum')),
      'tf.maximum($0, $1)',
    ),
  }),
  unaryRow({
    name: 'square',
    unsigned: true,
    family: 'arithmetic',
    summary: 'The square; `x^2` is the same.',
    formula: 'x^2',
    tolerance: 0,
    meaning: (x) => x * x,
    interval: arithmetic.square,
    spellings: spell('$0 ** 2', 'tf.square($0)'),
  }),
  unaryRow({
    name: 'reciprocal',
    family: 'arithmetic',
    summary: 'One divided by the number.',
    formula: '\\frac{1}{x}',
    tolerance: 0,
    hazards: [hazard('division-by-zero', 0, (x) => contains(x, 0))],
    meaning: (x) => 1 / x,
    interval: (x) => arithmetic.reciprocal(x),
    spellings: spell('1 / $0', 'tf.reciprocal($0)'),
  }),
  unaryRow({
    name: 'floor',
    family: 'arithmetic',
    summary: 'The largest whole number that is not larger.',
    formula: '\\lfloor x \\rfloor',
    tolerance: 0,
    meaning: Math.floor,
    interval: arithmetic.floor,
    spellings: spell('Math.floor($0)', 'tf.floor($0)'),
  }),
  binaryRow({
    name: 'mod',
    family: 'arithmetic',
    summary: 'The remainder of a floored division, with the sign of the divisor, as in Python.',
    formula: 'a \\bmod b',
    tolerance: 0,
    hazards: [divisionByZero],
    meaning: floorModulo,
    interval: arithmetic.modulo,
    spellings: spell(
      form('floorModulo($0, $1)', 'floorModulo'),
      form('tensorModulo($0, $1)', 'tensorModulo'),
    ),
  }),
]
