import * as tf from '@tensorflow/tfjs-core'

/** The polynomial with these coefficients, lowest power first, by Horner's rule. */
export function tensorPolynomial(x: tf.Tensor, coefficients: readonly number[]): tf.Tensor {
  return coefficients.reduceRight<tf.Tensor>((sum, c) => tf.add(tf.mul(sum, x), c), tf.zerosLike(x))
}

/** The error function to about 1e-7: tf.erf is good to 1e-7 of 1 only, not of small values. */
export function tensorErf(x: tf.Tensor): tf.Tensor {
  const near = [
    1.12837917, -0.376126385, 0.112837825, -0.0268654307, 0.00522103181, -0.000848408041,
    0.00011265959, -9.66704457e-6,
  ]
  const size = tf.abs(x)
  const small = tf.mul(x, tensorPolynomial(tf.square(tf.minimum(size, 1)), near))
  return tf.where(tf.less(size, 1), small, tf.mul(tf.sign(x), tf.sub(1, tensorErfc(size))))
}

/** The complement of the error function to about 1e-6, relative to its value however small. */
export function tensorErfc(x: tf.Tensor): tf.Tensor {
  const logScaled = [
    -1.26552837, 1.00049582, 0.368519333, 0.130923186, -0.301566454, 0.474128235, -1.16856715,
    0.959429459, 0.264539023, -0.865216751, 0.503167285, -0.100323616,
  ]
  const size = tf.minimum(tf.abs(x), 12)
  const t = tf.reciprocal(tf.add(1, tf.div(size, 2)))
  // exp(-x^2) = exp(-h^2) exp((h - x)(h + x)) with h so short that h^2 is exact.
  const h = tf.div(tf.floor(tf.mul(size, 16)), 16)
  const rest = tf.mul(tf.sub(h, size), tf.add(h, size))
  const scaled = tf.mul(t, tf.exp(tf.add(rest, tensorPolynomial(t, logScaled))))
  const positive = tf.mul(tf.exp(tf.neg(tf.square(h))), scaled)
  return tf.where(tf.less(x, 0), tf.sub(2, positive), positive)
}

/** The modified Bessel function of order 1 times exp(-|x|), to about 1e-6. */
export function tensorBesselI1e(x: tf.Tensor): tf.Tensor {
  const near = [
    0.5, 0.0625, 0.00260416667, 5.42534705e-5, 6.78168786e-7, 5.6513539e-9, 3.36432736e-11,
    1.49971724e-13, 5.28123932e-16, 1.31398209e-18, 4.77702796e-21,
  ]
  const far = [
    0.398942279, -0.149601922, -0.0469237957, -0.0333099554, -0.212271133, 1.45001833, -7.5975669,
    10.5454645,
  ]
  const size = tf.abs(x)
  const close = tf.minimum(size, 6)
  const small = tf.mul(tf.mul(x, tensorPolynomial(tf.square(close), near)), tf.exp(tf.neg(close)))
  const distance = tf.maximum(size, 6)
  const scaled = tensorPolynomial(tf.reciprocal(distance), far)
  const large = tf.mul(tf.sign(x), tf.div(scaled, tf.sqrt(distance)))
  return tf.where(tf.less(size, 6), small, large)
}

/** log(1 + exp(x)), without overflow. */
export function tensorSoftplus(x: tf.Tensor): tf.Tensor {
  return tf.add(tf.relu(x), tensorLog1p(tf.exp(tf.neg(tf.abs(x)))))
}

/** log(1 + exp(x) + 1e-7), without overflow. */
export function tensorLogOnePlusExp(x: tf.Tensor): tf.Tensor {
  const above = tf.relu(x)
  const epsilon = tf.mul(1e-7, tf.exp(tf.neg(above)))
  return tf.add(above, tensorLog1p(tf.add(tf.exp(tf.neg(tf.abs(x))), epsilon)))
}

/** x + 1e-7 with the rest of 1e-7 that 32 bits do not hold, which counts where the sum is close to 0. */
export function tensorAddEpsilon(x: tf.Tensor): tf.Tensor {
  return tf.add(tf.add(x, 1e-7), 1e-7 - Math.fround(1e-7))
}

/** a / sqrt(1 + b^2), also where b^2 overflows. */
export function tensorDamp(a: tf.Tensor | number, b: tf.Tensor): tf.Tensor {
  const size = tf.abs(b)
  const root = tf.sqrt(tf.add(1, tf.square(tf.minimum(size, 1e9))))
  return tf.div(a, tf.maximum(root, size))
}

/** IEEE 754's power: 1 to any power is 1, and so is -1 to an infinite one, which tf.pow does not promise on every backend. */
export function tensorPower(base: tf.Tensor | number, exponent: tf.Tensor | number): tf.Tensor {
  const endless = tf.equal(tf.abs(exponent), Infinity)
  const isOne = tf.logicalOr(tf.equal(base, 1), tf.logicalAnd(tf.equal(base, -1), endless))
  const power = tf.pow(base, exponent)
  return tf.where(isOne, tf.onesLike(power), power)
}

/** The remainder of a floored division, with the sign of `b`; exact, unlike tf.mod where the signs differ. */
export function tensorModulo(a: tf.Tensor | number, b: tf.Tensor | number): tf.Tensor {
  const negative = tf.less(b, 0)
  const size = tf.abs(b)
  const rest = tf.mod(tf.abs(a), size)
  const isOpposed = tf.logicalAnd(tf.logicalXor(tf.less(a, 0), negative), tf.notEqual(rest, 0))
  const value = tf.where(isOpposed, tf.sub(size, rest), rest)
  return tf.where(negative, tf.neg(value), value)
}

/** The sine; small angles by its series, since tf.sin is good to 1e-7 of 1 only on some backends. */
export function tensorSin(x: tf.Tensor): tf.Tensor {
  const series = tensorPolynomial(tf.square(x), [1, -1 / 6, 1 / 120, -1 / 5040])
  return tf.where(tf.less(tf.abs(x), 0.5), tf.mul(x, series), tf.sin(x))
}

/**
 * The euclidean norm of all elements, or over some axes, which it keeps; unlike in tf.norm, squares neither overflow nor
 * vanish.
 */
export function tensorNorm(x: tf.Tensor, axes?: number[]): tf.Tensor {
  const keepsAxes = axes !== undefined
  const largest = tf.max(tf.abs(x), axes, keepsAxes)
  // A smaller divisor would be taken for 0 where subnormal numbers are.
  const unit = tf.where(tf.isFinite(largest), tf.maximum(largest, 2 ** -126), 1)
  return tf.mul(unit, tf.sqrt(tf.sum(tf.square(tf.div(x, unit)), axes, keepsAxes)))
}

/** The axes of the inputs of a parameter: all but the last. */
export function inputAxes({ rank }: tf.Tensor): number[] {
  return Array.from({ length: Math.max(0, rank - 1) }, (_, axis) => axis)
}

/** The axis of the outputs of a parameter, the last; a number has none. */
export function outputAxes({ rank }: tf.Tensor): number[] {
  return rank === 0 ? [] : [rank - 1]
}

/** One number for each output or input of `w`: its shape with length 1 along the axes of the others. */
export function spreadAlong(w: tf.Tensor, axes: number[], x: tf.Tensor | number): tf.Tensor {
  const shape = w.shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
  return typeof x === 'number' ? tf.fill(shape, x) : tf.broadcastTo(x, shape)
}

/** x / (1 + |x|). */
export function tensorSoftsign(x: tf.Tensor): tf.Tensor {
  return tf.div(x, tf.add(1, tf.abs(x)))
}

/** 1 - tanh(x)^2, also where tanh(x) rounds to 1. */
export function tensorTanhDerivative(x: tf.Tensor): tf.Tensor {
  return tf.mul(4, tensorSigmoidDerivative(tf.mul(2, x)))
}

/** The derivative of the logistic function. */
export function tensorSigmoidDerivative(x: tf.Tensor): tf.Tensor {
  const e = tf.exp(tf.neg(tf.abs(x)))
  return tf.div(e, tf.square(tf.add(1, e)))
}

/** x limited to [-|bound|, |bound|]. */
export function tensorClip(x: tf.Tensor | number, bound: tf.Tensor | number): tf.Tensor {
  const limit = tf.abs(bound)
  return tensorMinimum(tf.maximum(x, tf.neg(limit)), limit)
}

/** The sign of each element. tf.sign makes 0 of NaN, and on the wasm backend of sizes below 1e-7. */
export function tensorSign(x: tf.Tensor): tf.Tensor {
  // So large a multiple of any number but 0 is beyond 1.
  const large = tf.mul(tf.mul(x, 2 ** 126), 2 ** 126)
  return tf.where(tf.isNaN(x), x, tf.clipByValue(large, -1, 1))
}

/** `a` where the condition holds, else `b`. Numbers are spread out first, which tf.where is slow at on the wasm backend. */
export function tensorWhere(
  condition: tf.Tensor,
  a: tf.Tensor | number,
  b: tf.Tensor | number,
): tf.Tensor {
  const spread = (x: tf.Tensor | number): tf.Tensor =>
    typeof x === 'number' ? tf.fill(condition.shape, x) : x
  return tf.where(condition, spread(a), spread(b))
}

/**
 * The larger of two: NaN if either is, and 0 rather than -0. Of two zeros tf.maximum takes the first on some backends and the
 * second on others, and on some it drops a second that is NaN.
 */
export function tensorMaximum(a: tf.Tensor | number, b: tf.Tensor | number): tf.Tensor {
  const larger = tf.maximum(a, b)
  if (typeof b === 'number' && Math.abs(b) > 0) return larger
  if (Object.is(b, 0) || Number.isNaN(b)) return tf.add(larger, b)
  return tf.add(larger, zeroLike(tf.maximum(b, a)))
}

/** The smaller of two: NaN if either is, and -0 rather than 0. */
export function tensorMinimum(a: tf.Tensor | number, b: tf.Tensor | number): tf.Tensor {
  if (typeof b === 'number' && Math.abs(b) > 0) return tf.minimum(a, b)
  const negated = (x: tf.Tensor | number): tf.Tensor | number =>
    typeof x === 'number' ? -x : tf.neg(x)
  return tf.neg(tensorMaximum(negated(a), negated(b)))
}

/** NaN where x is, else the zero of its sign. */
export function zeroLike(x: tf.Tensor): tf.Tensor {
  return tf.mul(0, tf.maximum(tf.minimum(x, 1), -1))
}

/** log(1 + x), exact for small x on every backend: what 1 + x loses to rounding is made up for. */
export function tensorLog1p(x: tf.Tensor): tf.Tensor {
  const sum = tf.add(1, x)
  const log = tf.log(sum)
  const lost = tf.sub(x, tf.sub(sum, 1))
  return tf.where(tf.isFinite(log), tf.add(log, tf.div(lost, sum)), log)
}

/** log(|x| + 1e-7), also where the sum is so close to 1 that 32 bits lose what is added. */
export function tensorLogAbs(x: tf.Tensor): tf.Tensor {
  const size = tf.abs(x)
  const isNear = tf.less(tf.abs(tf.sub(size, 1)), 0.5)
  const above = tf.add(tf.sub(size, 1), 1e-7)
  return tf.where(isNear, tensorLog1p(above), tf.log(tf.add(size, 1e-7)))
}
