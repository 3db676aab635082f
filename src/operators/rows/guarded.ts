import * as arithmetic from '../interval-arithmetic.ts'
import { contains, exactly } from '../interval.ts'
import type { Operator } from '../operator.ts'
import { oldPower, power } from './arithmetic.ts'
import { binaryRow, form, plainerByConstants, spell, unaryRow } from './row.ts'

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
export const guardedRows: readonly Operator[] = [
  unaryRow({
    name: 'log_abs',
    family: 'guarded',
    summary: 'The logarithm of the size of a number, kept finite at 0.',
    formula: '\\ln(|x| + 10^{-7})',
    source: SOURCE,
    tolerance: 8,
    meaning: logAbs,
    interval: arithmetic.even(arithmetic.increasing(logAbs)),
    spellings: spell('Math.log(Math.abs($0) + 1e-7)', form('tensorLogAbs($0)', 'tensorLogAbs')),
  }),
  unaryRow({
    name: 'sqrt_abs',
    family: 'guarded',
    summary: 'The square root of the size of a number.',
    formula: '\\sqrt{|x|}',
    source: SOURCE,
    tolerance: 0,
    meaning: (x) => Math.sqrt(Math.abs(x)),
    interval: arithmetic.even(arithmetic.increasing(Math.sqrt)),
    spellings: spell('Math.sqrt(Math.abs($0))', 'tf.sqrt(tf.abs($0))'),
  }),
  unaryRow({
    name: 'log_one_plus_exp',
    family: 'guarded',
    summary: 'The logarithm of 1 + exp(x) + 1e-7, a guarded `softplus`.',
    formula: '\\ln(|1 + e^{x}| + 10^{-7})',
    source: SOURCE,
    tolerance: 4,
    meaning: logOnePlusExp,
    interval: arithmetic.increasing(logOnePlusExp),
    spellings: spell(
      form('logOnePlusExp($0)', 'logOnePlusExp'),
      form('tensorLogOnePlusExp($0)', 'tensorLogOnePlusExp'),
    ),
  }),
  unaryRow({
    name: 'inverse_one_plus_abs',
    family: 'guarded',
    summary: '1 / (1 + |x|), from 0 to 1: what softsign is the product of x with.',
    formula: '\\frac{1}{1 + |x|}',
    source: SOURCE,
    tolerance: 2,
    meaning: (x) => 1 / (1 + Math.abs(x)),
    interval: arithmetic.even(arithmetic.decreasing((size) => 1 / (1 + size))),
    spellings: spell('1 / (1 + Math.abs($0))', 'tf.reciprocal(tf.add(1, tf.abs($0)))'),
  }),
  unaryRow({
    name: 'safe_reciprocal',
    family: 'guarded',
    summary: 'One divided by the number plus 1e-7.',
    formula: '\\frac{1}{x + 10^{-7}}',
    source: SOURCE,
    tolerance: 4,
    meaning: (x) => 1 / (x + EPSILON),
    interval: (x) => arithmetic.reciprocal(arithmetic.add(x, exactly(EPSILON))),
    spellings: spell(
      '1 / ($0 + 1e-7)',
      form('tf.reciprocal(tensorAddEpsilon($0))', 'tensorAddEpsilon'),
    ),
  }),
  unaryRow({
    name: 'negative_part',
    family: 'guarded',
    summary: 'The number where it is negative, else 0.',
    formula: '\\min(x, 0)',
    source: SOURCE,
    tolerance: 0,
    meaning: (x) => Math.min(x, 0),
    interval: arithmetic.increasing((x) => Math.min(x, 0)),
    spellings: spell('Math.min($0, 0)', 'tf.minimum($0, 0)'),
  }),
  unaryRow({
    name: 'tanh_derivative',
    family: 'guarded',
    summary: 'The derivative of tanh, from 0 to 1.',
    formula: '1 - \\tanh(x)^2',
    source: SOURCE,
    tolerance: 8,
    meaning: (x) => (4 * fade(2 * x)) / (1 + fade(2 * x)) ** 2,
    interval: arithmetic.even(
      arithmetic.decreasing((size) => (4 * fade(2 * size)) / (1 + fade(2 * size)) ** 2),
    ),
    spellings: spell(
      '1 - Math.tanh($0) ** 2',
      form('tensorTanhDerivative($0)', 'tensorTanhDerivative'),
    ),
  }),
  unaryRow({
    name: 'sigmoid_derivative',
    family: 'guarded',
    summary: 'The derivative of the logistic function, from 0 to 1/4.',
    formula: '\\sigma(x) (1 - \\sigma(x))',
    source: SOURCE,
    tolerance: 8,
    meaning: (x) => fade(x) / (1 + fade(x)) ** 2,
    interval: arithmetic.even(arithmetic.decreasing((size) => fade(size) / (1 + fade(size)) ** 2)),
    spellings: spell(
      form('sigmoidDerivative($0)', 'sigmoidDerivative'),
      form('tensorSigmoidDerivative($0)', 'tensorSigmoidDerivative'),
    ),
  }),
  binaryRow({
    name: 'safe_divide',
    family: 'guarded',
    summary: 'The quotient with 1e-7 added to the divisor.',
    formula: '\\frac{a}{b + 10^{-7}}',
    source: SOURCE,
    tolerance: 4,
    meaning: (a, b) => a / (b + EPSILON),
    interval: (a, b) => arithmetic.divide(a, arithmetic.add(b, exactly(EPSILON))),
    spellings: spell(
      '$0 / ($1 + 1e-7)',
      form('tf.div($0, tensorAddEpsilon($1))', 'tensorAddEpsilon'),
      'tf.div($0, $1 + 1e-7)',
    ),
  }),
  binaryRow({
    name: 'damp',
    family: 'guarded',
    summary: '`a`, smaller where `b` is large.',
    formula: '\\frac{a}{\\sqrt{1 + b^2}}',
    source: SOURCE,
    tolerance: 4,
    meaning: (a, b) => a / Math.hypot(1, b),
    interval: (a, b) =>
      arithmetic.divide(
        a,
        arithmetic.increasing(Math.sqrt)(arithmetic.add(exactly(1), arithmetic.square(b))),
      ),
    spellings: spell(
      '$0 / Math.hypot(1, $1)',
      form('tensorDamp($0, $1)', 'tensorDamp'),
      'tf.div($0, Math.hypot(1, $1))',
    ),
  }),
  binaryRow({
    name: 'blend',
    family: 'guarded',
    summary: '95 % of `a` and 5 % of `b`.',
    formula: '0.95 a + 0.05 b',
    source: SOURCE,
    tolerance: 2,
    scale: (a, b) => Math.max(Math.abs(0.95 * a!), Math.abs(0.05 * b!)),
    meaning: (a, b) => 0.95 * a + 0.05 * b,
    interval: (a, b) =>
      arithmetic.add(arithmetic.multiply(exactly(0.95), a), arithmetic.multiply(exactly(0.05), b)),
    spellings: spell('0.95 * $0 + 0.05 * $1', 'tf.add(tf.mul(0.95, $0), tf.mul(0.05, $1))'),
  }),
  binaryRow({
    name: 'abs_power',
    family: 'guarded',
    summary: 'The size of `a` to the power `b`.',
    formula: '|a|^{b}',
    source: SOURCE,
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
    spellings: spell(
      'Math.abs($0) ** $1',
      form('tensorPower(tf.abs($0), $1)', 'tensorPower'),
      'tf.pow(tf.abs($0), $1)',
      oldPower,
    ),
  }),
  binaryRow({
    name: 'clip',
    names: ['x', 'bound'],
    family: 'guarded',
    summary: 'The number limited to [-|bound|, |bound|].',
    formula: '\\operatorname{clip}(x, bound)',
    tolerance: 0,
    meaning: (x, bound) => Math.min(Math.max(x, -Math.abs(bound)), Math.abs(bound)),
    interval: (x, bound) => {
      const size = arithmetic.abs(bound)
      return arithmetic.clamp(x, arithmetic.negate(size), size)
    },
    spellings: spell(form('clip($0, $1)', 'clip'), form('tensorClip($0, $1)', 'tensorClip')),
  }),
  {
    kind: 'elementwise',
    name: 'clip_between',
    callName: 'clip',
    parameters: [{ name: 'x' }, { name: 'low' }, { name: 'high' }],
    family: 'guarded',
    summary: 'The number limited to [low, high]; `high` where `low` is above it.',
    formula: '\\min(\\max(x, low), high)',
    tolerance: 0,
    meaning: (x, low, high) => Math.min(Math.max(x!, low!), high!),
    interval: (x, low, high) => arithmetic.clamp(x!, low!, high!),
    spellings: plainerByConstants(
      spell(
        'Math.min(Math.max($0, $1), $2)',
        form('tensorMinimum(tensorMaximum($0, $1), $2)', 'tensorMinimum', 'tensorMaximum'),
      ),
      'tf.minimum(tf.maximum($0, $1), $2)',
    ),
  },
]
