import * as arithmetic from '../interval-arithmetic.ts'
import { contains } from '../interval.ts'
import type { Operator } from '../operator.ts'
import { binaryRow, hazard, infix, unaryRow } from './row.ts'

const divisionByZero = hazard('division-by-zero', 1, (divisor) => contains(divisor, 0))

/** IEEE 754's pow: 1 to any power is 1, NaN included, and -1 to an infinite one. */
export function power(base: number, exponent: number): number {
  return isUnitPower(base, exponent) ? 1 : base ** exponent
}

function isUnitPower(base: number, exponent: number): boolean {
  return base === 1 || (base === -1 && Math.abs(exponent) === Infinity)
}

/** Remainder of a floored division: it has the sign of the divisor, also where it is 0. */
function floorModulo(a: number, b: number): number {
  const rest = a % b
  if (rest === 0) return b < 0 ? -0 : 0
  return rest < 0 !== b < 0 ? rest + b : rest
}

/** Sums, products, powers and what is close to them. */
export const arithmeticRows = [
  binaryRow({
    name: 'add',
    role: 'addition',
    fixity: infix('+', 10),
    family: 'arithmetic',
    summary: 'The sum.',
    formula: 'a + b',
    derivatives: ['1', '1'],
    commutative: true,
    tolerance: 0,
    meaning: (a, b) => a + b,
    interval: arithmetic.add,
  }),
  binaryRow({
    name: 'subtract',
    role: 'subtraction',
    fixity: infix('-', 10),
    family: 'arithmetic',
    summary: 'The difference.',
    formula: 'a - b',
    derivatives: ['1', '-1'],
    tolerance: 0,
    meaning: (a, b) => a - b,
    interval: arithmetic.subtract,
  }),
  binaryRow({
    name: 'multiply',
    role: 'multiplication',
    fixity: infix('*', 20),
    family: 'arithmetic',
    summary: 'The product.',
    formula: 'a \\cdot b',
    derivatives: ['b', 'a'],
    commutative: true,
    tolerance: 0,
    meaning: (a, b) => a * b,
    interval: arithmetic.multiply,
  }),
  binaryRow({
    name: 'divide',
    role: 'division',
    fixity: infix('/', 20),
    family: 'arithmetic',
    summary: 'The quotient; infinite or NaN where `b` is 0, as in IEEE 754.',
    formula: '\\frac{a}{b}',
    derivatives: ['1 / b', '-a / b^2'],
    tolerance: 0,
    hazards: [divisionByZero],
    meaning: (a, b) => a / b,
    interval: arithmetic.divide,
  }),
  unaryRow({
    name: 'neg',
    role: 'negation',
    fixity: { symbol: '-', position: 'prefix', precedence: 30, associativity: 'none' },
    family: 'arithmetic',
    summary: 'The number with the other sign.',
    formula: '-x',
    derivatives: ['-1'],
    tolerance: 0,
    meaning: (x) => -x,
    interval: arithmetic.negate,
  }),
  binaryRow({
    name: 'power',
    role: 'exponentiation',
    names: ['base', 'exponent'],
    fixity: infix('^', 40, 'right'),
    family: 'arithmetic',
    summary: 'The power; NaN for a negative base with an exponent that is not a whole number.',
    formula: 'base^{exponent}',
    derivatives: ['exponent * base^(exponent - 1)', 'base^exponent * log(base)'],
    // Primitive: exp(exponent * log(base)) loses digits, and has no negative base.
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
  }),
  unaryRow({
    name: 'abs',
    unsigned: true,
    family: 'arithmetic',
    summary: 'The size of a number without its sign.',
    formula: '|x|',
    derivatives: ['sign(x)'],
    tolerance: 0,
    meaning: Math.abs,
    interval: arithmetic.abs,
  }),
  unaryRow({
    name: 'sign',
    family: 'arithmetic',
    summary: '1 for positive numbers, -1 for negative ones, 0 for 0.',
    formula: '\\operatorname{sign}(x)',
    derivatives: ['0'],
    definition: 'where(x > 0, 1, where(x < 0, -1, x))',
    tolerance: 0,
    meaning: Math.sign,
    interval: arithmetic.sign,
  }),
  binaryRow({
    name: 'min',
    family: 'arithmetic',
    summary: 'The smaller of two numbers, -0 being smaller than 0; NaN if either is.',
    formula: '\\min(a, b)',
    derivatives: ['where(a < b, 1, 0)', 'where(b < a, 1, 0)'],
    // Primitive, as `max` is, since every target has both.
    commutative: true,
    tolerance: 0,
    meaning: Math.min,
    interval: arithmetic.min,
  }),
  binaryRow({
    name: 'max',
    family: 'arithmetic',
    summary: 'The larger of two numbers, 0 being larger than -0; NaN if either is.',
    formula: '\\max(a, b)',
    derivatives: ['where(a > b, 1, 0)', 'where(b > a, 1, 0)'],
    // Primitive: where(a > b, a, b) is `b` for a NaN in `a`, and may be -0 where the other is 0.
    commutative: true,
    tolerance: 0,
    meaning: Math.max,
    interval: arithmetic.max,
  }),
  unaryRow({
    name: 'square',
    unsigned: true,
    family: 'arithmetic',
    summary: 'The square; `x^2` is the same.',
    formula: 'x^2',
    derivatives: ['2 * x'],
    definition: 'x * x',
    tolerance: 0,
    meaning: (x) => x * x,
    interval: arithmetic.square,
  }),
  unaryRow({
    name: 'reciprocal',
    family: 'arithmetic',
    summary: 'One divided by the number.',
    formula: '\\frac{1}{x}',
    derivatives: ['-1 / x^2'],
    definition: '1 / x',
    tolerance: 0,
    hazards: [hazard('division-by-zero', 0, (x) => contains(x, 0))],
    meaning: (x) => 1 / x,
    interval: (x) => arithmetic.reciprocal(x),
  }),
  unaryRow({
    name: 'floor',
    family: 'arithmetic',
    summary: 'The largest whole number that is not larger.',
    formula: '\\lfloor x \\rfloor',
    derivatives: ['0'],
    tolerance: 0,
    meaning: Math.floor,
    interval: arithmetic.floor,
  }),
  binaryRow({
    name: 'mod',
    family: 'arithmetic',
    summary: 'The remainder of a floored division, with the sign of the divisor, as in Python.',
    formula: 'a \\bmod b',
    derivatives: ['1', '-floor(a / b)'],
    // Primitive: a - floor(a / b) * b is not exact, and NaN where the quotient is infinite.
    tolerance: 0,
    hazards: [divisionByZero],
    meaning: floorModulo,
    interval: arithmetic.modulo,
  }),
] as const satisfies readonly Operator[]
