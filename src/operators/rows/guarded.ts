import * as arithmetic from '../interval-arithmetic.ts'
import { contains, exactly } from '../interval.ts'
import type { Operator } from '../operator.ts'
import { power } from './arithmetic.ts'
import { binaryRow, unaryRow } from './row.ts'
import { elementwise } from '../type.ts'

const SOURCE = 'Morgan and Hougen, 2024, https://arxiv.org/abs/2404.06679'

/** What the published search adds to divisors and to the arguments of logarithms. */
const EPSILON = 1e-7

/** ln(|x| + 1e-7); around 1, where the logarithm is small, without what the sum would lose. */
const logAbs = (x: number): number => {
  const size = Math.abs(x)
  return size > 0.5 && size < 2 ? Math.log1p(size - 1 + EPSILON) : Math.log(size + EPSILON)
}

/** ln(1 + e^x + 1e-7) without overflow: e^x is taken out of the logarithm where it is above 1. */
const logOnePlusExp = (x: number): number =>
  Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)) + EPSILON * Math.exp(-Math.max(x, 0)))

/** exp(-|x|), on which the derivatives of the squashing functions are exact for large x too. */
const fade = (x: number): number => Math.exp(-Math.abs(x))

/** Composites of the published search space, most of them guarded against division by 0 and the logarithm of 0. */
export const guardedRows = [
  unaryRow({
    name: 'log_abs',
    family: 'guarded',
    summary: 'The logarithm of the size of a number, kept finite at 0.',
    formula: '\\ln(|x| + 10^{-7})',
    derivatives: ['sign(x) / (abs(x) + 1e-7)'],
    source: SOURCE,
    definition: 'where(abs(abs(x) - 1) < 0.5, log1p(abs(x) - 1 + 1e-7), log(abs(x) + 1e-7))',
    tolerance: 8,
    meaning: logAbs,
    interval: arithmetic.even(arithmetic.increasing(logAbs)),
  }),
  unaryRow({
    name: 'sqrt_abs',
    family: 'guarded',
    summary: 'The square root of the size of a number.',
    formula: '\\sqrt{|x|}',
    derivatives: ['sign(x) / (2 * sqrt(abs(x)))'],
    source: SOURCE,
    definition: 'sqrt(abs(x))',
    tolerance: 0,
    meaning: (x) => Math.sqrt(Math.abs(x)),
    interval: arithmetic.even(arithmetic.increasing(Math.sqrt)),
  }),
  unaryRow({
    name: 'log_one_plus_exp',
    family: 'guarded',
    summary: 'The logarithm of 1 + exp(x) + 1e-7, a guarded `softplus`.',
    formula: '\\ln(|1 + e^{x}| + 10^{-7})',
    derivatives: ['exp(x) / (1 + exp(x) + 1e-7)'],
    source: SOURCE,
    definition: 'relu(x) + log1p(exp(-abs(x)) + 1e-7 * exp(-relu(x)))',
    tolerance: 4,
    meaning: logOnePlusExp,
    interval: arithmetic.increasing(logOnePlusExp),
  }),
  unaryRow({
    name: 'inverse_one_plus_abs',
    family: 'guarded',
    summary: '1 / (1 + |x|), from 0 to 1: what softsign is the product of x with.',
    formula: '\\frac{1}{1 + |x|}',
    derivatives: ['-sign(x) / (1 + abs(x))^2'],
    source: SOURCE,
    definition: '1 / (1 + abs(x))',
    tolerance: 2,
    meaning: (x) => 1 / (1 + Math.abs(x)),
    interval: arithmetic.even(arithmetic.decreasing((size) => 1 / (1 + size))),
  }),
  unaryRow({
    name: 'safe_reciprocal',
    family: 'guarded',
    summary: 'One divided by the number plus 1e-7.',
    formula: '\\frac{1}{x + 10^{-7}}',
    derivatives: ['-1 / (x + 1e-7)^2'],
    source: SOURCE,
    definition: 'safe_divide(1, x)',
    tolerance: 4,
    meaning: (x) => 1 / (x + EPSILON),
    interval: (x) => arithmetic.reciprocal(arithmetic.add(x, exactly(EPSILON))),
  }),
  unaryRow({
    name: 'negative_part',
    family: 'guarded',
    summary: 'The number where it is negative, else 0.',
    formula: '\\min(x, 0)',
    derivatives: ['where(x < 0, 1, 0)'],
    source: SOURCE,
    definition: 'min(x, 0)',
    tolerance: 0,
    meaning: (x) => Math.min(x, 0),
    interval: arithmetic.increasing((x) => Math.min(x, 0)),
  }),
  unaryRow({
    name: 'tanh_derivative',
    family: 'guarded',
    summary: 'The derivative of tanh, from 0 to 1.',
    formula: '1 - \\tanh(x)^2',
    derivatives: ['-2 * tanh(x) * tanh_derivative(x)'],
    source: SOURCE,
    definition: '4 * sigmoid_derivative(2 * x)',
    tolerance: 8,
    meaning: (x) => (4 * fade(2 * x)) / (1 + fade(2 * x)) ** 2,
    interval: arithmetic.even(
      arithmetic.decreasing((size) => (4 * fade(2 * size)) / (1 + fade(2 * size)) ** 2),
    ),
  }),
  unaryRow({
    name: 'sigmoid_derivative',
    family: 'guarded',
    summary: 'The derivative of the logistic function, from 0 to 1/4.',
    formula: '\\sigma(x) (1 - \\sigma(x))',
    derivatives: ['sigmoid_derivative(x) * (1 - 2 * sigmoid(x))'],
    source: SOURCE,
    definition: 'exp(-abs(x)) / square(1 + exp(-abs(x)))',
    tolerance: 8,
    meaning: (x) => fade(x) / (1 + fade(x)) ** 2,
    interval: arithmetic.even(arithmetic.decreasing((size) => fade(size) / (1 + fade(size)) ** 2)),
  }),
  binaryRow({
    name: 'safe_divide',
    family: 'guarded',
    summary: 'The quotient with 1e-7 added to the divisor.',
    formula: '\\frac{a}{b + 10^{-7}}',
    derivatives: ['1 / (b + 1e-7)', '-a / (b + 1e-7)^2'],
    source: SOURCE,
    // 1e-7 as a 32-bit number and the rest, which counts where the sum is close to 0.
    definition: 'a / (b + 1.0000000116860974e-7 - 1.1686097468332243e-15)',
    tolerance: 4,
    meaning: (a, b) => a / (b + EPSILON),
    interval: (a, b) => arithmetic.divide(a, arithmetic.add(b, exactly(EPSILON))),
  }),
  binaryRow({
    name: 'damp',
    family: 'guarded',
    summary: '`a`, smaller where `b` is large.',
    formula: '\\frac{a}{\\sqrt{1 + b^2}}',
    derivatives: ['1 / sqrt(1 + b^2)', '-a * b / (1 + b^2)^1.5'],
    source: SOURCE,
    // Where the square would overflow, the root is the size.
    definition: 'a / max(sqrt(1 + square(min(abs(b), 1e9))), abs(b))',
    tolerance: 4,
    meaning: (a, b) => a / Math.hypot(1, b),
    interval: (a, b) =>
      arithmetic.divide(
        a,
        arithmetic.increasing(Math.sqrt)(arithmetic.add(exactly(1), arithmetic.square(b))),
      ),
  }),
  binaryRow({
    name: 'blend',
    family: 'guarded',
    summary: '95 % of `a` and 5 % of `b`.',
    formula: '0.95 a + 0.05 b',
    derivatives: ['0.95', '0.05'],
    source: SOURCE,
    definition: '0.95 * a + 0.05 * b',
    tolerance: 2,
    scale: (a, b) => Math.max(Math.abs(0.95 * a!), Math.abs(0.05 * b!)),
    meaning: (a, b) => 0.95 * a + 0.05 * b,
    interval: (a, b) =>
      arithmetic.add(arithmetic.multiply(exactly(0.95), a), arithmetic.multiply(exactly(0.05), b)),
  }),
  binaryRow({
    name: 'abs_power',
    family: 'guarded',
    summary: 'The size of `a` to the power `b`.',
    formula: '|a|^{b}',
    derivatives: ['b * abs(a)^(b - 1) * sign(a)', 'abs(a)^b * log(abs(a))'],
    source: SOURCE,
    definition: 'abs(a) ^ b',
    tolerance: 1,
    hazards: [
      {
        code: 'division-by-zero',
        argument: 0,
        possible: (a, b) => contains(a!, 0) && b!.low < 0,
      },
    ],
    meaning: (a, b) => power(Math.abs(a), b),
    interval: (a, b) => arithmetic.power(arithmetic.abs(a), b),
  }),
  binaryRow({
    name: 'clip',
    names: ['x', 'bound'],
    family: 'guarded',
    summary: 'The number limited to [-|bound|, |bound|].',
    formula: '\\operatorname{clip}(x, bound)',
    derivatives: [
      'where(abs(x) < abs(bound), 1, 0)',
      'where(abs(x) > abs(bound), sign(x) * sign(bound), 0)',
    ],
    definition: 'clip(x, -abs(bound), abs(bound))',
    tolerance: 0,
    meaning: (x, bound) => Math.min(Math.max(x, -Math.abs(bound)), Math.abs(bound)),
    interval: (x, bound) => {
      const size = arithmetic.abs(bound)
      return arithmetic.clamp(x, arithmetic.negate(size), size)
    },
  }),
  {
    kind: 'elementwise',
    name: 'clip_between',
    role: 'limit',
    callName: 'clip',
    parameters: [{ name: 'x' }, { name: 'low' }, { name: 'high' }],
    family: 'guarded',
    summary: 'The number limited to [low, high]; `high` where `low` is above it.',
    formula: '\\min(\\max(x, low), high)',
    derivatives: [
      'where(x > low and x < high, 1, 0)',
      'where(x < low and low < high, 1, 0)',
      'where(max(x, low) > high, 1, 0)',
    ],
    definition: 'min(max(x, low), high)',
    tolerance: 0,
    meaning: (x, low, high) => Math.min(Math.max(x!, low!), high!),
    placement: elementwise,
    interval: (x, low, high) => arithmetic.clamp(x!, low!, high!),
  },
] as const satisfies readonly Operator[]
