import { literal, polynomial, shaderFunction } from '../functions.ts'
import { rounded } from './bits.ts'
import { quotient, roughQuotient, roughRoot } from './division.ts'
import { fractionOf, highProduct } from './whole-numbers.ts'

const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const

const group = (number: number): string =>
  [
    ...ROTATIONS[number % 2]!.flatMap((count) => [
      'a += b;',
      `b = ((b << ${count}u) | (b >> ${32 - count}u)) ^ a;`,
    ]),
    `a += keys[${(number + 1) % 3}];`,
    `b += keys[${(number + 2) % 3}] + ${number + 1}u;`,
  ]
    .map((line) => `  ${line}\n`)
    .join('')

/** The first word of Threefry-2x32-20 (Salmon and others, SC 2011) for a key, its high word first, and two counters. */
export const firstWord = shaderFunction(`
fn first_word(key: vec2u, first: u32, second: u32) -> u32 {
  let keys = vec3u(key, key.x ^ key.y ^ 0x1bd11bdau);
  var a = first + key.x;
  var b = second + key.y;
${[0, 1, 2, 3, 4].map(group).join('')}  return a;
}`)

/** x / (1 - rate), or 0 with all bits cleared where the uniform number of the word is below the rate. */
export const dropped = shaderFunction(
  `
fn dropout_of(word: u32, x: f32, rate: f32) -> f32 {
  let uniform = f32(word >> 8u) * ${literal(2 ** -24)};
  return select(0.0f, quotient_of(x, 1.0f - rate), uniform >= rate);
}`,
  quotient,
)

/** A polynomial in fixed point: higher powers in floats, since a power of a fraction makes up for their digits. */
interface FixedPolynomial {
  /** Coefficients of the powers from 6 on, the highest first. */
  readonly higher: readonly number[]
  /** Those below, in units of 2^-28. */
  readonly lower: readonly number[]
}

/** The quantile over q in (2 q)^2 - 0.36125, for |q| up to 0.425. */
const CENTRE: FixedPolynomial = {
  higher: [
    132.191818, 89.9549713, -7.53926325, -4.75976467, 11.6753168, 8.16464233, 4.14644814, 3.0137372,
    2.32627177, 1.74956822,
  ],
  lower: [362602240, 292399698, 250946185, 239608544, 286373575, 753427525],
}

/** -log(t + 0.75) up to |t| = 0.25. */
const LOGARITHM: FixedPolynomial = {
  higher: [
    -4.60081768, 3.72391534, -2.02704883, 1.67524803, -1.4853313, 1.25301456, -1.07009721,
    0.936344087,
  ],
  lower: [-226237308, 212097429, -212097149, 238609293, -357913941, 77224068],
}

/** The size of the quantile in (sqrt(-log(p)) - 3.25) / 4, for p up to 0.075. */
const TAIL: FixedPolynomial = {
  higher: [
    3.3153131, -2.16946578, -0.144206166, -0.288989276, 0.784172714, -0.615405917, 0.491155982,
    -0.463158876, 0.436748296, -0.411339253,
  ],
  lower: [105598995, -102817683, 102422051, -105563792, 1634101449, 1086530620],
}

/** A function of a fraction in units of 2^-32 that gives units of 2^-28. */
const fixedPolynomial = (name: string, { higher, lower }: FixedPolynomial) =>
  shaderFunction(
    `
fn ${name}(t: i32) -> i32 {
  let x = f32(t) * ${literal(2 ** -32)};
  var sum = i32(${literal(2 ** 28)} * ${polynomial(higher, 'x')});
${lower.map((each) => `  sum = fraction_of(sum, t) + ${each};\n`).join('')}  return sum;
}`,
    fractionOf,
  )

/**
 * The standard normal number of a word: the quantile of (word + 1/2) / 2^32. Floats have too few digits for it: it is worked out
 * in whole numbers, to about 2^-28 of the size, and rounded once, so that it is the float of 64-bit arithmetic or, for about one
 * word in a hundred, the next one to it.
 */
export const normal = shaderFunction(
  `
fn normal_of(word: u32) -> f32 {
  let sign = ~word & 0x80000000u;
  let tail = select(word, ~word, sign == 0u);
  let halves = 2u * tail + 1u;
  if (halves > 644245094u) {
    // q is so many times 2^-33.
    let q = ~(2u * tail);
    let t = bitcast<i32>(high_product(q, q) - 1551556936u);
    let ratio = bitcast<u32>(central_ratio(t));
    let high = high_product(q, ratio);
    let low = q * ratio;
    if (high == 0u) {
      let zeros = countLeadingZeros(low);
      return rounded(sign, low << zeros, false, 97 - i32(zeros));
    }
    let zeros = countLeadingZeros(high);
    let top = (high << zeros) | ((low >> 1u) >> (31u - zeros));
    return rounded(sign, top, (low << zeros) != 0u, 129 - i32(zeros));
  }
  // -log(p) in units of 2^-27, and its root: of 16 digits, and what they leave over.
  let zeros = countLeadingZeros(halves);
  let power = high_product(zeros << 27u, 2977044472u) + 93032640u;
  let log_of_rest = negative_log(bitcast<i32>((halves << zeros) - 0xc0000000u));
  let size = power + u32((log_of_rest + 1) >> 1u);
  let start = u32(rough_root(f32(size) * ${literal(2 ** -27)}) * ${literal(2 ** 13)});
  let rest = f32(bitcast<i32>(size - 2u * start * start)) * ${literal(2 ** -27)};
  let root = f32(start) * ${literal(2 ** -13)};
  let first = rough_quotient(rest, 2.0f * root);
  let step = first - rough_quotient(first * first, 2.0f * root);
  let t = bitcast<i32>((start << 17u) + bitcast<u32>(i32(step * ${literal(2 ** 30)})) - 3489660928u);
  let quantile = bitcast<u32>(tail_size(t));
  let shift = countLeadingZeros(quantile);
  return rounded(sign, quantile << shift, false, 130 - i32(shift));
}`,
  highProduct,
  rounded,
  roughRoot,
  roughQuotient,
  fixedPolynomial('central_ratio', CENTRE),
  fixedPolynomial('negative_log', LOGARITHM),
  fixedPolynomial('tail_size', TAIL),
)
