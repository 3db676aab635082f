// Written from the files of prelude by `npm run generate`.

/** The name of a function of the prelude. */
export type PreludeName =
  | 'dropout'
  | 'threefry'
  | 'rotate'
  | 'erf'
  | 'erfc'
  | 'besselI1e'
  | 'softplus'
  | 'logOnePlusExp'
  | 'softsign'
  | 'sigmoidDerivative'
  | 'floorModulo'
  | 'clip'
  | 'polynomial'
  | 'tensorErf'
  | 'tensorErfc'
  | 'tensorBesselI1e'
  | 'tensorSoftplus'
  | 'tensorLogOnePlusExp'
  | 'tensorAddEpsilon'
  | 'tensorDamp'
  | 'tensorPower'
  | 'tensorModulo'
  | 'tensorSin'
  | 'tensorNorm'
  | 'inputAxes'
  | 'outputAxes'
  | 'spreadAlong'
  | 'tensorSoftsign'
  | 'tensorTanhDerivative'
  | 'tensorSigmoidDerivative'
  | 'tensorClip'
  | 'tensorSign'
  | 'tensorWhere'
  | 'tensorMaximum'
  | 'tensorMinimum'
  | 'zeroLike'
  | 'tensorLog1p'
  | 'tensorLogAbs'

/** A function of the prelude: its text, the others that it calls, and whether it needs tfjs. */
export interface PreludeFunction {
  readonly text: string
  readonly calls: readonly PreludeName[]
  readonly usesTensors: boolean
}

/** The prelude of emitted TypeScript: each function by its name. */
export const preludeSources: Readonly<Record<PreludeName, PreludeFunction>> = {
  dropout: {
    text: "/**\n * x / (1 - rate), or 0 with probability `rate`. The random numbers follow from `stream` (the seed, the place in the rule,\n * the index of the parameter, the step) and the element alone, so that equal runs draw equal numbers.\n */\nfunction dropout(\n  x: tf.Tensor,\n  rate: number,\n  stream: readonly [seed: number, site: number, parameter: number, step: number],\n): tf.Tensor {\n  const [seed, site, parameter, step] = stream\n  let key: readonly [number, number] = [Math.floor(seed / 2 ** 32), seed]\n  for (const letter of 'dropout') key = threefry(key, letter.charCodeAt(0), 1)\n  for (const number of [site, parameter]) key = threefry(key, number, 0)\n  const kept = new Uint8Array(x.size)\n  const rounded = Math.fround(rate)\n  const threshold = rounded * 2 ** 24\n  for (let element = 0; element < x.size; element++) {\n    kept[element] = threefry(key, step, element)[0] >>> 8 >= threshold ? 1 : 0\n  }\n  return tf.where(tf.tensor(kept, x.shape, 'bool'), tf.div(x, 1 - rounded), tf.zerosLike(x))\n}",
    calls: ['threefry'],
    usesTensors: true,
  },
  threefry: {
    text: "/** Two random 32-bit words for a key and a counter: Threefry-2x32-20, Salmon and others, SC 2011. */\nfunction threefry(\n  [high, low]: readonly [number, number],\n  first: number,\n  second: number,\n): readonly [number, number] {\n  let next = low | 0\n  let afterNext = 0x1bd11bda ^ high ^ low\n  let last = high | 0\n  let a = (first + high) | 0\n  let b = (second + low) | 0\n  for (let group = 1; group <= 5; group++) {\n    const isOdd = group % 2 === 1\n    a = (a + b) | 0\n    b = rotate(b, isOdd ? 13 : 17) ^ a\n    a = (a + b) | 0\n    b = rotate(b, isOdd ? 15 : 29) ^ a\n    a = (a + b) | 0\n    b = rotate(b, isOdd ? 26 : 16) ^ a\n    a = (a + b) | 0\n    b = rotate(b, isOdd ? 6 : 24) ^ a\n    a = (a + next) | 0\n    b = (b + afterNext + group) | 0\n    const used = next\n    next = afterNext\n    afterNext = last\n    last = used\n  }\n  return [a >>> 0, b >>> 0]\n}",
    calls: ['rotate'],
    usesTensors: false,
  },
  rotate: {
    text: "/** The 32-bit word with its bits moved up, those pushed out coming back below. */\nfunction rotate(word: number, bits: number): number {\n  return (word << bits) | (word >>> (32 - bits))\n}",
    calls: [],
    usesTensors: false,
  },
  erf: {
    text: "/** The error function, by its series: every term is positive, so no digits are lost. */\nfunction erf(x: number): number {\n  if (Math.abs(x) > 6) return Math.sign(x)\n  let term = x\n  let sum = x\n  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {\n    term *= (2 * x * x) / (2 * n + 1)\n    sum += term\n  }\n  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum\n}",
    calls: [],
    usesTensors: false,
  },
  erfc: {
    text: "/** The complement of the error function, by its continued fraction where it is small. */\nfunction erfc(x: number): number {\n  if (x < 2) return 1 - erf(x)\n  let fraction = x\n  for (let n = 60; n > 0; n--) fraction = x + n / 2 / fraction\n  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction)\n}",
    calls: ['erf'],
    usesTensors: false,
  },
  besselI1e: {
    text: "/** The modified Bessel function of order 1 times exp(-|x|): its series, or far out its asymptotic one. */\nfunction besselI1e(x: number): number {\n  const size = Math.abs(x)\n  const far = size > 30\n  let term = far ? 1 / Math.sqrt(2 * Math.PI * size) : (x / 2) * Math.exp(-size)\n  let sum = term\n  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {\n    term *= far ? ((2 * n - 1) ** 2 - 4) / (8 * n * size) : x ** 2 / (4 * n * (n + 1))\n    sum += term\n  }\n  return far ? Math.sign(x) * sum : sum\n}",
    calls: [],
    usesTensors: false,
  },
  softplus: {
    text: "/** log(1 + exp(x)), without overflow. */\nfunction softplus(x: number): number {\n  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))\n}",
    calls: [],
    usesTensors: false,
  },
  logOnePlusExp: {
    text: "/** log(1 + exp(x) + 1e-7), without overflow. */\nfunction logOnePlusExp(x: number): number {\n  const above = Math.max(x, 0)\n  return above + Math.log1p(Math.exp(-Math.abs(x)) + 1e-7 * Math.exp(-above))\n}",
    calls: [],
    usesTensors: false,
  },
  softsign: {
    text: "/** x / (1 + |x|). */\nfunction softsign(x: number): number {\n  return x / (1 + Math.abs(x))\n}",
    calls: [],
    usesTensors: false,
  },
  sigmoidDerivative: {
    text: "/** The derivative of the logistic function. */\nfunction sigmoidDerivative(x: number): number {\n  const e = Math.exp(-Math.abs(x))\n  return e / (1 + e) ** 2\n}",
    calls: [],
    usesTensors: false,
  },
  floorModulo: {
    text: "/** The remainder of a floored division: it has the sign of the divisor, also where it is 0. */\nfunction floorModulo(a: number, b: number): number {\n  const rest = a % b\n  if (rest === 0) return b < 0 ? -0 : 0\n  return rest < 0 !== b < 0 ? rest + b : rest\n}",
    calls: [],
    usesTensors: false,
  },
  clip: {
    text: "/** x limited to [-|bound|, |bound|]. */\nfunction clip(x: number, bound: number): number {\n  return Math.min(Math.max(x, -Math.abs(bound)), Math.abs(bound))\n}",
    calls: [],
    usesTensors: false,
  },
  polynomial: {
    text: "/** The polynomial with these coefficients, lowest power first, by Horner's rule. */\nfunction polynomial(x: tf.Tensor, coefficients: readonly number[]): tf.Tensor {\n  return coefficients.reduceRight<tf.Tensor>((sum, c) => tf.add(tf.mul(sum, x), c), tf.zerosLike(x))\n}",
    calls: [],
    usesTensors: true,
  },
  tensorErf: {
    text: "/** The error function to about 1e-7: tf.erf is good to 1e-7 of 1 only, not of small values. */\nfunction tensorErf(x: tf.Tensor): tf.Tensor {\n  const near = [\n    1.12837917, -0.376126385, 0.112837825, -0.0268654307, 0.00522103181, -0.000848408041,\n    0.00011265959, -9.66704457e-6,\n  ]\n  const size = tf.abs(x)\n  const small = tf.mul(x, polynomial(tf.square(tf.minimum(size, 1)), near))\n  return tf.where(tf.less(size, 1), small, tf.mul(tf.sign(x), tf.sub(1, tensorErfc(size))))\n}",
    calls: ['polynomial', 'tensorErfc'],
    usesTensors: true,
  },
  tensorErfc: {
    text: "/** The complement of the error function to about 1e-6, relative to its value however small. */\nfunction tensorErfc(x: tf.Tensor): tf.Tensor {\n  const logScaled = [\n    -1.26552837, 1.00049582, 0.368519333, 0.130923186, -0.301566454, 0.474128235, -1.16856715,\n    0.959429459, 0.264539023, -0.865216751, 0.503167285, -0.100323616,\n  ]\n  const size = tf.minimum(tf.abs(x), 12)\n  const t = tf.reciprocal(tf.add(1, tf.div(size, 2)))\n  // exp(-x^2) = exp(-h^2) exp((h - x)(h + x)) with h so short that h^2 is exact.\n  const h = tf.div(tf.floor(tf.mul(size, 16)), 16)\n  const rest = tf.mul(tf.sub(h, size), tf.add(h, size))\n  const scaled = tf.mul(t, tf.exp(tf.add(rest, polynomial(t, logScaled))))\n  const positive = tf.mul(tf.exp(tf.neg(tf.square(h))), scaled)\n  return tf.where(tf.less(x, 0), tf.sub(2, positive), positive)\n}",
    calls: ['polynomial'],
    usesTensors: true,
  },
  tensorBesselI1e: {
    text: "/** The modified Bessel function of order 1 times exp(-|x|), to about 1e-6. */\nfunction tensorBesselI1e(x: tf.Tensor): tf.Tensor {\n  const near = [\n    0.5, 0.0625, 0.00260416667, 5.42534705e-5, 6.78168786e-7, 5.6513539e-9, 3.36432736e-11,\n    1.49971724e-13, 5.28123932e-16, 1.31398209e-18, 4.77702796e-21,\n  ]\n  const far = [\n    0.398942279, -0.149601922, -0.0469237957, -0.0333099554, -0.212271133, 1.45001833, -7.5975669,\n    10.5454645,\n  ]\n  const size = tf.abs(x)\n  const close = tf.minimum(size, 6)\n  const small = tf.mul(tf.mul(x, polynomial(tf.square(close), near)), tf.exp(tf.neg(close)))\n  const distant = tf.reciprocal(tf.maximum(size, 6))\n  const large = tf.mul(tf.sign(x), tf.mul(tf.sqrt(distant), polynomial(distant, far)))\n  return tf.where(tf.less(size, 6), small, large)\n}",
    calls: ['polynomial'],
    usesTensors: true,
  },
  tensorSoftplus: {
    text: "/** log(1 + exp(x)), without overflow. */\nfunction tensorSoftplus(x: tf.Tensor): tf.Tensor {\n  return tf.add(tf.relu(x), tensorLog1p(tf.exp(tf.neg(tf.abs(x)))))\n}",
    calls: ['tensorLog1p'],
    usesTensors: true,
  },
  tensorLogOnePlusExp: {
    text: "/** log(1 + exp(x) + 1e-7), without overflow. */\nfunction tensorLogOnePlusExp(x: tf.Tensor): tf.Tensor {\n  const above = tf.relu(x)\n  const epsilon = tf.mul(1e-7, tf.exp(tf.neg(above)))\n  return tf.add(above, tensorLog1p(tf.add(tf.exp(tf.neg(tf.abs(x))), epsilon)))\n}",
    calls: ['tensorLog1p'],
    usesTensors: true,
  },
  tensorAddEpsilon: {
    text: "/** x + 1e-7 with the rest of 1e-7 that 32 bits do not hold, which counts where the sum is close to 0. */\nfunction tensorAddEpsilon(x: tf.Tensor): tf.Tensor {\n  return tf.add(tf.add(x, 1e-7), 1e-7 - Math.fround(1e-7))\n}",
    calls: [],
    usesTensors: true,
  },
  tensorDamp: {
    text: "/** a / sqrt(1 + b^2), also where b^2 overflows. */\nfunction tensorDamp(a: tf.Tensor | number, b: tf.Tensor): tf.Tensor {\n  const size = tf.abs(b)\n  const root = tf.sqrt(tf.add(1, tf.square(tf.minimum(size, 1e9))))\n  return tf.div(a, tf.maximum(root, size))\n}",
    calls: [],
    usesTensors: true,
  },
  tensorPower: {
    text: "/** IEEE 754's power: 1 to any power is 1, and so is -1 to an infinite one, which tf.pow does not promise on every backend. */\nfunction tensorPower(base: tf.Tensor | number, exponent: tf.Tensor | number): tf.Tensor {\n  const endless = tf.equal(tf.abs(exponent), Infinity)\n  const isOne = tf.logicalOr(tf.equal(base, 1), tf.logicalAnd(tf.equal(base, -1), endless))\n  const power = tf.pow(base, exponent)\n  return tf.where(isOne, tf.onesLike(power), power)\n}",
    calls: [],
    usesTensors: true,
  },
  tensorModulo: {
    text: "/** The remainder of a floored division, with the sign of `b`; exact, unlike tf.mod where the signs differ. */\nfunction tensorModulo(a: tf.Tensor | number, b: tf.Tensor | number): tf.Tensor {\n  const negative = tf.less(b, 0)\n  const size = tf.abs(b)\n  const rest = tf.mod(tf.abs(a), size)\n  const isOpposed = tf.logicalAnd(tf.logicalXor(tf.less(a, 0), negative), tf.notEqual(rest, 0))\n  const value = tf.where(isOpposed, tf.sub(size, rest), rest)\n  return tf.where(negative, tf.neg(value), value)\n}",
    calls: [],
    usesTensors: true,
  },
  tensorSin: {
    text: "/** The sine; small angles by its series, since tf.sin is good to 1e-7 of 1 only on some backends. */\nfunction tensorSin(x: tf.Tensor): tf.Tensor {\n  const series = polynomial(tf.square(x), [1, -1 / 6, 1 / 120, -1 / 5040])\n  return tf.where(tf.less(tf.abs(x), 0.5), tf.mul(x, series), tf.sin(x))\n}",
    calls: ['polynomial'],
    usesTensors: true,
  },
  tensorNorm: {
    text: "/**\n * The euclidean norm of all elements, or over some axes, which it keeps; unlike in tf.norm, squares neither overflow nor\n * vanish.\n */\nfunction tensorNorm(x: tf.Tensor, axes?: number[]): tf.Tensor {\n  const keepsAxes = axes !== undefined\n  const largest = tf.max(tf.abs(x), axes, keepsAxes)\n  const isUsable = tf.logicalAnd(tf.greater(largest, 0), tf.isFinite(largest))\n  const unit = tf.where(isUsable, largest, 1)\n  return tf.mul(unit, tf.sqrt(tf.sum(tf.square(tf.div(x, unit)), axes, keepsAxes)))\n}",
    calls: [],
    usesTensors: true,
  },
  inputAxes: {
    text: "/** The axes of the inputs of a parameter: all but the last. */\nfunction inputAxes({ rank }: tf.Tensor): number[] {\n  return Array.from({ length: Math.max(0, rank - 1) }, (_, axis) => axis)\n}",
    calls: [],
    usesTensors: true,
  },
  outputAxes: {
    text: "/** The axis of the outputs of a parameter, the last; a number has none. */\nfunction outputAxes({ rank }: tf.Tensor): number[] {\n  return rank === 0 ? [] : [rank - 1]\n}",
    calls: [],
    usesTensors: true,
  },
  spreadAlong: {
    text: "/** One number for each output or input of `w`: its shape with length 1 along the axes of the others. */\nfunction spreadAlong(w: tf.Tensor, axes: number[], x: tf.Tensor | number): tf.Tensor {\n  const shape = w.shape.map((length, axis) => (axes.includes(axis) ? 1 : length))\n  return typeof x === 'number' ? tf.fill(shape, x) : tf.broadcastTo(x, shape)\n}",
    calls: [],
    usesTensors: true,
  },
  tensorSoftsign: {
    text: "/** x / (1 + |x|). */\nfunction tensorSoftsign(x: tf.Tensor): tf.Tensor {\n  return tf.div(x, tf.add(1, tf.abs(x)))\n}",
    calls: [],
    usesTensors: true,
  },
  tensorTanhDerivative: {
    text: "/** 1 - tanh(x)^2, also where tanh(x) rounds to 1. */\nfunction tensorTanhDerivative(x: tf.Tensor): tf.Tensor {\n  return tf.mul(4, tensorSigmoidDerivative(tf.mul(2, x)))\n}",
    calls: ['tensorSigmoidDerivative'],
    usesTensors: true,
  },
  tensorSigmoidDerivative: {
    text: "/** The derivative of the logistic function. */\nfunction tensorSigmoidDerivative(x: tf.Tensor): tf.Tensor {\n  const e = tf.exp(tf.neg(tf.abs(x)))\n  return tf.div(e, tf.square(tf.add(1, e)))\n}",
    calls: [],
    usesTensors: true,
  },
  tensorClip: {
    text: "/** x limited to [-|bound|, |bound|]. */\nfunction tensorClip(x: tf.Tensor | number, bound: tf.Tensor | number): tf.Tensor {\n  const limit = tf.abs(bound)\n  return tensorMinimum(tf.maximum(x, tf.neg(limit)), limit)\n}",
    calls: ['tensorMinimum'],
    usesTensors: true,
  },
  tensorSign: {
    text: "/** The sign of each element. tf.sign makes 0 of NaN, and on the wasm backend of sizes below 1e-7. */\nfunction tensorSign(x: tf.Tensor): tf.Tensor {\n  // So large a multiple of any number but 0 is beyond 1.\n  const large = tf.mul(tf.mul(x, 2 ** 126), 2 ** 126)\n  return tf.where(tf.isNaN(x), x, tf.clipByValue(large, -1, 1))\n}",
    calls: [],
    usesTensors: true,
  },
  tensorWhere: {
    text: "/** `a` where the condition holds, else `b`. Numbers are spread out first, which tf.where is slow at on the wasm backend. */\nfunction tensorWhere(\n  condition: tf.Tensor,\n  a: tf.Tensor | number,\n  b: tf.Tensor | number,\n): tf.Tensor {\n  const spread = (x: tf.Tensor | number): tf.Tensor =>\n    typeof x === 'number' ? tf.fill(condition.shape, x) : x\n  return tf.where(condition, spread(a), spread(b))\n}",
    calls: [],
    usesTensors: true,
  },
  tensorMaximum: {
    text: "/**\n * The larger of two: NaN if either is, and 0 rather than -0. On some backends tf.maximum drops a `b` that is NaN, and takes\n * `a` of two zeros.\n */\nfunction tensorMaximum(a: tf.Tensor | number, b: tf.Tensor | number): tf.Tensor {\n  const larger = tf.maximum(a, b)\n  if (typeof b !== 'number') return tf.add(larger, zeroLike(b))\n  return Math.abs(b) > 0 ? larger : tf.add(larger, b)\n}",
    calls: ['zeroLike'],
    usesTensors: true,
  },
  tensorMinimum: {
    text: "/** The smaller of two: NaN if either is, and -0 rather than 0. */\nfunction tensorMinimum(a: tf.Tensor | number, b: tf.Tensor | number): tf.Tensor {\n  if (typeof b === 'number' && Math.abs(b) > 0) return tf.minimum(a, b)\n  const negated = (x: tf.Tensor | number): tf.Tensor | number =>\n    typeof x === 'number' ? -x : tf.neg(x)\n  return tf.neg(tensorMaximum(negated(a), negated(b)))\n}",
    calls: ['tensorMaximum'],
    usesTensors: true,
  },
  zeroLike: {
    text: "/** NaN where x is, else the zero of its sign. */\nfunction zeroLike(x: tf.Tensor): tf.Tensor {\n  return tf.mul(0, tf.maximum(tf.minimum(x, 1), -1))\n}",
    calls: [],
    usesTensors: true,
  },
  tensorLog1p: {
    text: "/** log(1 + x), exact for small x on every backend: what 1 + x loses to rounding is made up for. */\nfunction tensorLog1p(x: tf.Tensor): tf.Tensor {\n  const sum = tf.add(1, x)\n  const log = tf.log(sum)\n  const lost = tf.sub(x, tf.sub(sum, 1))\n  return tf.where(tf.isFinite(log), tf.add(log, tf.div(lost, sum)), log)\n}",
    calls: [],
    usesTensors: true,
  },
  tensorLogAbs: {
    text: "/** log(|x| + 1e-7), also where the sum is so close to 1 that 32 bits lose what is added. */\nfunction tensorLogAbs(x: tf.Tensor): tf.Tensor {\n  const size = tf.abs(x)\n  const isNear = tf.less(tf.abs(tf.sub(size, 1)), 0.5)\n  const above = tf.add(tf.sub(size, 1), 1e-7)\n  return tf.where(isNear, tensorLog1p(above), tf.log(tf.add(size, 1e-7)))\n}",
    calls: ['tensorLog1p'],
    usesTensors: true,
  },
}
