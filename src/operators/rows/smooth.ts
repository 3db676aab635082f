import * as arithmetic from '../interval-arithmetic.ts'
import type { Operator } from '../operator.ts'
import { besselI1e } from '../special/bessel-i1e.ts'
import { erf, erfc } from '../special/erf.ts'
import { hazard, unaryRow } from './row.ts'

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

/** Roots, exponentials, logarithms, and the functions that squash or smooth. */
export const smoothRows = [
  unaryRow({
    name: 'sqrt',
    family: 'smooth',
    summary: 'The square root; NaN for negative numbers.',
    formula: '\\sqrt{x}',
    derivatives: ['1 / (2 * sqrt(x))'],
    // Primitive: x^0.5 is 0 at -0 and infinite at -infinity.
    tolerance: 0,
    hazards: [hazard('negative-root', 0, (x) => x.low < 0)],
    meaning: Math.sqrt,
    interval: arithmetic.increasingFrom(0, Math.sqrt),
  }),
  unaryRow({
    name: 'exp',
    family: 'smooth',
    summary: 'The exponential.',
    formula: 'e^{x}',
    derivatives: ['exp(x)'],
    tolerance: 2,
    hazards: [overflow],
    meaning: Math.exp,
    interval: arithmetic.increasing(Math.exp),
  }),
  unaryRow({
    name: 'log',
    family: 'smooth',
    summary: 'The natural logarithm; NaN for negative numbers.',
    formula: '\\ln x',
    derivatives: ['1 / x'],
    tolerance: 2,
    hazards: [
      hazard('negative-log', 0, (x) => x.low < 0),
      hazard('log-of-zero', 0, (x) => x.low === 0 && !x.lowOpen),
    ],
    meaning: Math.log,
    interval: arithmetic.increasingFrom(0, Math.log),
  }),
  unaryRow({
    name: 'log1p',
    family: 'smooth',
    summary: 'The natural logarithm of 1 + x, exact for small x; NaN below -1.',
    formula: '\\ln(1 + x)',
    derivatives: ['1 / (1 + x)'],
    // Primitive: log(1 + x) loses the digits of a small x.
    tolerance: 2,
    hazards: [
      hazard('negative-log', 0, (x) => x.low < -1),
      hazard('log-of-zero', 0, (x) => x.low === -1 && !x.lowOpen),
    ],
    meaning: Math.log1p,
    interval: arithmetic.increasingFrom(-1, Math.log1p),
  }),
  unaryRow({
    name: 'expm1',
    family: 'smooth',
    summary: 'The exponential less 1, exact for small x.',
    formula: 'e^{x} - 1',
    derivatives: ['exp(x)'],
    // Primitive: exp(x) - 1 loses the digits of a small x.
    tolerance: 2,
    hazards: [overflow],
    meaning: Math.expm1,
    interval: arithmetic.increasing(Math.expm1),
  }),
  unaryRow({
    name: 'sigmoid',
    family: 'smooth',
    summary: 'The logistic function, from 0 to 1.',
    formula: '\\frac{1}{1 + e^{-x}}',
    derivatives: ['sigmoid_derivative(x)'],
    definition: 'exp(min(x, 0)) / (1 + exp(-abs(x)))',
    tolerance: 4,
    meaning: sigmoid,
    interval: arithmetic.increasing(sigmoid),
  }),
  unaryRow({
    name: 'softplus',
    family: 'smooth',
    summary: 'A smooth version of `relu`.',
    formula: '\\ln(1 + e^{x})',
    derivatives: ['sigmoid(x)'],
    definition: 'relu(x) + log1p(exp(-abs(x)))',
    tolerance: 2,
    meaning: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    interval: arithmetic.increasing((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  }),
  unaryRow({
    name: 'softsign',
    family: 'smooth',
    summary: 'x / (1 + |x|), from -1 to 1; NaN at the infinities.',
    formula: '\\frac{x}{1 + |x|}',
    derivatives: ['1 / (1 + abs(x))^2'],
    definition: 'x / (1 + abs(x))',
    tolerance: 2,
    meaning: (x) => x / (1 + Math.abs(x)),
    interval: (x) => ({
      ...arithmetic.increasing(softsignOrLimit)(x),
      nan: x.nan || x.low === -Infinity || x.high === Infinity,
    }),
  }),
  unaryRow({
    name: 'tanh',
    family: 'smooth',
    summary: 'The hyperbolic tangent, from -1 to 1.',
    formula: '\\tanh x',
    derivatives: ['tanh_derivative(x)'],
    definition: '-sign(x) * expm1(-2 * abs(x)) / (2 + expm1(-2 * abs(x)))',
    tolerance: 4,
    meaning: Math.tanh,
    interval: arithmetic.increasing(Math.tanh),
  }),
  unaryRow({
    name: 'atan',
    family: 'smooth',
    summary: 'The arctangent, from -pi/2 to pi/2.',
    formula: '\\arctan x',
    derivatives: ['1 / (1 + x^2)'],
    tolerance: 2,
    meaning: Math.atan,
    interval: arithmetic.increasing(Math.atan),
  }),
  unaryRow({
    name: 'asinh',
    family: 'smooth',
    summary: 'The inverse of the hyperbolic sine: linear near 0, logarithmic far from it.',
    formula: '\\operatorname{arcsinh} x',
    derivatives: ['1 / sqrt(1 + x^2)'],
    definition:
      'sign(x) * where(abs(x) < 1e9, log1p(abs(x) + square(x) / (1 + sqrt(1 + square(x)))), log(abs(x)) + log(2))',
    tolerance: 4,
    meaning: Math.asinh,
    interval: arithmetic.increasing(Math.asinh),
  }),
  unaryRow({
    name: 'erf',
    family: 'smooth',
    summary: 'The error function, from -1 to 1.',
    formula: '\\operatorname{erf} x',
    derivatives: ['2 / sqrt(pi) * exp(-x^2)'],
    // Primitive: 1 - erfc(x) loses the digits of a small x.
    tolerance: 8,
    meaning: erf,
    interval: arithmetic.increasing(erf),
  }),
  unaryRow({
    name: 'erfc',
    family: 'smooth',
    summary: '1 - erf(x), from 2 down to 0, without losing digits where it is small.',
    formula: '\\operatorname{erfc} x',
    derivatives: ['-2 / sqrt(pi) * exp(-x^2)'],
    // Primitive: 1 - erf(x) loses the digits of a large x.
    tolerance: 8,
    meaning: erfc,
    interval: arithmetic.decreasing(erfc),
  }),
  unaryRow({
    name: 'bessel_i1e',
    family: 'smooth',
    summary: 'The modified Bessel function of order 1 times exp(-|x|), between -0.22 and 0.22.',
    formula: 'e^{-|x|} I_1(x)',
    // Its derivative takes I_0, which the language does not have.
    tolerance: 8,
    meaning: besselI1e,
    interval: arithmetic.turningAt([-BESSEL_PEAK, BESSEL_PEAK], besselI1e),
  }),
  unaryRow({
    name: 'sin',
    family: 'smooth',
    summary: 'The sine of an angle in radians.',
    formula: '\\sin x',
    derivatives: ['cos(x)'],
    tolerance: 4,
    scale: (x) => Math.min(1, Math.abs(x!)),
    meaning: Math.sin,
    interval: (x) => ({
      ...arithmetic.bounded(-1, 1)(x),
      nan: x.nan || Math.max(-x.low, x.high) === Infinity,
    }),
  }),
  unaryRow({
    name: 'cos',
    family: 'smooth',
    summary: 'The cosine of an angle in radians.',
    formula: '\\cos x',
    derivatives: ['-sin(x)'],
    // Primitive: sin(x + pi / 2) rounds the angle.
    tolerance: 4,
    scale: () => 1,
    meaning: Math.cos,
    interval: (x) => ({
      ...arithmetic.bounded(-1, 1)(x),
      nan: x.nan || Math.max(-x.low, x.high) === Infinity,
    }),
  }),
  unaryRow({
    name: 'relu',
    family: 'smooth',
    summary: 'The number where it is positive, else 0.',
    formula: '\\max(x, 0)',
    derivatives: ['where(x > 0, 1, 0)'],
    definition: 'max(x, 0)',
    tolerance: 0,
    meaning: (x) => Math.max(x, 0),
    interval: arithmetic.increasing((x) => Math.max(x, 0)),
  }),
] as const satisfies readonly Operator[]
