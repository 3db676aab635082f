import * as arithmetic from '../interval-arithmetic.ts'
import type { Operator, SpellingException } from '../operator.ts'
import { besselI1e } from '../special/bessel-i1e.ts'
import { erf, erfc } from '../special/erf.ts'
import { form, hazard, spell, unaryRow } from './row.ts'

/** The largest number whose exponential is a 32-bit float. */
const LARGEST_EXPONENT = 88.72283172607422

/** Where bessel_i1e is largest: it rises up to there and falls from there on. */
const BESSEL_PEAK = 1.5451272579925

const sigmoid = (x: number): number => {
  const e = Math.exp(-Math.abs(x))
  return (x >= 0 ? 1 : e) / (1 + e)
}

/** x / (1 + |x|), and where it tends to at the infinities. */
const softsignOrLimit = (x: number): number =>
  Number.isFinite(x) ? x / (1 + Math.abs(x)) : Math.sign(x)

const overflow = hazard('overflow', 0, (x) => x.high > LARGEST_EXPONENT)

/** Backends that compute with 32 bits throughout, such as wasm, lose a large angle's place in the turn. */
const largeAngle: SpellingException = {
  forms: ['tensor'],
  reason: 'for angles above 100,000 the wasm backend gives any number in [-1, 1]',
  holds: (x) => Math.abs(x!) > 1e5,
}

/** Roots, exponentials, logarithms, and the functions that squash or smooth. */
export const smoothRows: readonly Operator[] = [
  unaryRow({
    name: 'sqrt',
    family: 'smooth',
    summary: 'The square root; NaN for negative numbers.',
    formula: '\\sqrt{x}',
    tolerance: 0,
    hazards: [hazard('negative-root', 0, (x) => x.low < 0)],
    meaning: Math.sqrt,
    interval: arithmetic.increasingFrom(0, Math.sqrt),
    spellings: spell('Math.sqrt($0)', 'tf.sqrt($0)'),
  }),
  unaryRow({
    name: 'exp',
    family: 'smooth',
    summary: 'The exponential.',
    formula: 'e^{x}',
    tolerance: 2,
    hazards: [overflow],
    meaning: Math.exp,
    interval: arithmetic.increasing(Math.exp),
    spellings: spell('Math.exp($0)', 'tf.exp($0)'),
  }),
  unaryRow({
    name: 'log',
    family: 'smooth',
    summary: 'The natural logarithm; NaN for negative numbers.',
    formula: '\\ln x',
    tolerance: 2,
    hazards: [
      hazard('negative-log', 0, (x) => x.low < 0),
      hazard('log-of-zero', 0, (x) => x.low === 0 && !x.lowOpen),
    ],
    meaning: Math.log,
    interval: arithmetic.increasingFrom(0, Math.log),
    spellings: spell('Math.log($0)', 'tf.log($0)'),
  }),
  unaryRow({
    name: 'log1p',
    family: 'smooth',
    summary: 'The natural logarithm of 1 + x, exact for small x; NaN below -1.',
    formula: '\\ln(1 + x)',
    tolerance: 2,
    hazards: [
      hazard('negative-log', 0, (x) => x.low < -1),
      hazard('log-of-zero', 0, (x) => x.low === -1 && !x.lowOpen),
    ],
    meaning: Math.log1p,
    interval: arithmetic.increasingFrom(-1, Math.log1p),
    spellings: spell('Math.log1p($0)', form('tensorLog1p($0)', 'tensorLog1p')),
  }),
  unaryRow({
    name: 'expm1',
    family: 'smooth',
    summary: 'The exponential less 1, exact for small x.',
    formula: 'e^{x} - 1',
    tolerance: 2,
    hazards: [overflow],
    meaning: Math.expm1,
    interval: arithmetic.increasing(Math.expm1),
    spellings: spell('Math.expm1($0)', 'tf.expm1($0)'),
  }),
  unaryRow({
    name: 'sigmoid',
    family: 'smooth',
    summary: 'The logistic function, from 0 to 1.',
    formula: '\\frac{1}{1 + e^{-x}}',
    tolerance: 4,
    meaning: sigmoid,
    interval: arithmetic.increasing(sigmoid),
    spellings: spell('1 / (1 + Math.exp(-$0))', 'tf.sigmoid($0)'),
  }),
  unaryRow({
    name: 'softplus',
    family: 'smooth',
    summary: 'A smooth version of `relu`.',
    formula: '\\ln(1 + e^{x})',
    tolerance: 2,
    meaning: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    interval: arithmetic.increasing((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
    spellings: spell(
      form('softplus($0)', 'softplus'),
      form('tensorSoftplus($0)', 'tensorSoftplus'),
    ),
  }),
  unaryRow({
    name: 'softsign',
    family: 'smooth',
    summary: 'x / (1 + |x|), from -1 to 1; NaN at the infinities.',
    formula: '\\frac{x}{1 + |x|}',
    tolerance: 2,
    meaning: (x) => x / (1 + Math.abs(x)),
    interval: (x) => ({
      ...arithmetic.increasing(softsignOrLimit)(x),
      nan: x.nan || x.low === -Infinity || x.high === Infinity,
    }),
    spellings: spell(
      form('softsign($0)', 'softsign'),
      form('tensorSoftsign($0)', 'tensorSoftsign'),
    ),
  }),
  unaryRow({
    name: 'tanh',
    family: 'smooth',
    summary: 'The hyperbolic tangent, from -1 to 1.',
    formula: '\\tanh x',
    tolerance: 4,
    meaning: Math.tanh,
    interval: arithmetic.increasing(Math.tanh),
    spellings: spell('Math.tanh($0)', 'tf.tanh($0)'),
  }),
  unaryRow({
    name: 'atan',
    family: 'smooth',
    summary: 'The arctangent, from -pi/2 to pi/2.',
    formula: '\\arctan x',
    tolerance: 2,
    meaning: Math.atan,
    interval: arithmetic.increasing(Math.atan),
    spellings: spell('Math.atan($0)', 'tf.atan($0)'),
  }),
  unaryRow({
    name: 'asinh',
    family: 'smooth',
    summary: 'The inverse of the hyperbolic sine: linear near 0, logarithmic far from it.',
    formula: '\\operatorname{arcsinh} x',
    tolerance: 4,
    meaning: Math.asinh,
    interval: arithmetic.increasing(Math.asinh),
    spellings: spell('Math.asinh($0)', 'tf.asinh($0)'),
  }),
  unaryRow({
    name: 'erf',
    family: 'smooth',
    summary: 'The error function, from -1 to 1.',
    formula: '\\operatorname{erf} x',
    tolerance: 8,
    meaning: erf,
    interval: arithmetic.increasing(erf),
    spellings: spell(form('erf($0)', 'erf'), form('tensorErf($0)', 'tensorErf')),
  }),
  unaryRow({
    name: 'erfc',
    family: 'smooth',
    summary: '1 - erf(x), from 2 down to 0, without losing digits where it is small.',
    formula: '\\operatorname{erfc} x',
    tolerance: 8,
    meaning: erfc,
    interval: arithmetic.decreasing(erfc),
    spellings: spell(form('erfc($0)', 'erfc'), form('tensorErfc($0)', 'tensorErfc')),
  }),
  unaryRow({
    name: 'bessel_i1e',
    family: 'smooth',
    summary: 'The modified Bessel function of order 1 times exp(-|x|), between -0.22 and 0.22.',
    formula: 'e^{-|x|} I_1(x)',
    tolerance: 8,
    meaning: besselI1e,
    interval: arithmetic.turningAt([-BESSEL_PEAK, BESSEL_PEAK], besselI1e),
    spellings: spell(
      form('besselI1e($0)', 'besselI1e'),
      form('tensorBesselI1e($0)', 'tensorBesselI1e'),
    ),
  }),
  unaryRow({
    name: 'sin',
    family: 'smooth',
    summary: 'The sine of an angle in radians.',
    formula: '\\sin x',
    tolerance: 4,
    scale: (x) => Math.min(1, Math.abs(x!)),
    meaning: Math.sin,
    interval: (x) => ({
      ...arithmetic.bounded(-1, 1)(x),
      nan: x.nan || Math.max(-x.low, x.high) === Infinity,
    }),
    spellings: spell('Math.sin($0)', form('tensorSin($0)', 'tensorSin'), undefined, largeAngle),
  }),
  unaryRow({
    name: 'cos',
    family: 'smooth',
    summary: 'The cosine of an angle in radians.',
    formula: '\\cos x',
    tolerance: 4,
    scale: () => 1,
    meaning: Math.cos,
    interval: (x) => ({
      ...arithmetic.bounded(-1, 1)(x),
      nan: x.nan || Math.max(-x.low, x.high) === Infinity,
    }),
    spellings: spell('Math.cos($0)', 'tf.cos($0)', undefined, largeAngle),
  }),
  unaryRow({
    name: 'relu',
    family: 'smooth',
    summary: 'The number where it is positive, else 0.',
    formula: '\\max(x, 0)',
    tolerance: 0,
    meaning: (x) => Math.max(x, 0),
    interval: arithmetic.increasing((x) => Math.max(x, 0)),
    spellings: spell('Math.max($0, 0)', form('tensorMaximum($0, 0)', 'tensorMaximum')),
  }),
]
