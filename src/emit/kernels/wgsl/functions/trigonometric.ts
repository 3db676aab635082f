import { literal, polynomial, shaderFunction } from '../functions.ts'
import { floatOf, isNotANumber, size, withSign } from './bits.ts'
import { quotient } from './division.ts'
import { highProduct } from './whole-numbers.ts'

/** (sin(r) - r) / r^3 and (cos(r) - 1 + r^2 / 2) / r^4 in r^2, up to pi / 4. */
const SINE = [-0.000195878907, 0.00833274797, -0.166666642] as const
const COSINE = [2.45479423e-5, -0.00138883025, 0.0416666642] as const

/** (atan(t) - t) / t^3 in t^2, up to sqrt(2) - 1. */
const ARC = [-0.0645192787, 0.107437313, -0.142639562, 0.199995399, -0.333333313] as const

/** What a float of pi / 4 leaves over. */
const QUARTER_TAIL = Math.PI / 4 - Math.fround(Math.PI / 4)

/**
 * An angle above pi / 4 in quarters of a turn (x) and what is left, from -pi / 4 to pi / 4 (y). The angle is a whole number times a
 * power of 2, of whose product with 2 / pi only the digits count that are no whole turns: 94 of them behind two (Payne and Hanek).
 */
const quarters = shaderFunction(
  `
fn quarters_of(x: f32) -> vec2f {
  var digits = array<u32, 8>(
    0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu
  );
  let n = bitcast<u32>(x) & 0x7fffffffu;
  let whole = (n & 0x7fffffu) | 0x800000u;
  let place = (n >> 23u) - 120u;
  let at = place >> 5u;
  let shift = place & 31u;
  let back = 31u - shift;
  let high = (digits[at] << shift) | ((digits[at + 1u] >> 1u) >> back);
  let middle = (digits[at + 1u] << shift) | ((digits[at + 2u] >> 1u) >> back);
  let low = (digits[at + 2u] << shift) | ((digits[at + 3u] >> 1u) >> back);
  let tail = whole * middle;
  let fraction = tail + high_product(whole, low);
  let turned = whole * high + high_product(whole, middle) + select(0u, 1u, fraction < tail);
  let quarter = (turned + 0x20000000u) >> 30u;
  let rest = bitcast<i32>(turned - (quarter << 30u));
  let angle = (f32(rest) + f32(fraction) * ${literal(2 ** -32)}) * ${literal(Math.PI * 2 ** -31)};
  return vec2f(f32(quarter), select(angle, -angle, bitcast<u32>(x) >= 0x80000000u));
}`,
  highProduct,
)

/** The sine of an angle and as many quarters of a turn. */
const turnedSine = shaderFunction(`
fn turned_sine(r: f32, quarter: i32) -> f32 {
  let squared = r * r;
  let sine = r + r * squared * ${polynomial(SINE, 'squared')};
  let cosine = 1.0f + (squared * squared * ${polynomial(COSINE, 'squared')} - 0.5f * squared);
  let value = select(sine, cosine, (quarter & 1) == 1);
  return select(value, -value, (quarter & 2) == 2);
}`)

/** The sine, of any angle. */
export const sine = shaderFunction(
  `
fn sin_of(x: f32) -> f32 {
  let n = bitcast<u32>(x) & 0x7fffffffu;
  if (n < 0x39800000u || is_nan(x)) { return x; }
  if (n == 0x7f800000u) { return float_of(0x7fc00000u); }
  if (n < 0x3f490fdbu) { return turned_sine(x, 0); }
  let turn = quarters_of(x);
  return turned_sine(turn.y, select(i32(turn.x), -i32(turn.x), bitcast<u32>(x) >= 0x80000000u));
}`,
  isNotANumber,
  floatOf,
  quarters,
  turnedSine,
)

/** The cosine, of any angle. */
export const cosine = shaderFunction(
  `
fn cos_of(x: f32) -> f32 {
  let n = bitcast<u32>(x) & 0x7fffffffu;
  if (is_nan(x)) { return x; }
  if (n == 0x7f800000u) { return float_of(0x7fc00000u); }
  if (n < 0x3f490fdbu) { return turned_sine(x, 1); }
  let turn = quarters_of(size_of(x));
  return turned_sine(turn.y, i32(turn.x) + 1);
}`,
  isNotANumber,
  floatOf,
  size,
  quarters,
  turnedSine,
)

/** The arctangent: that of 1 or of infinity, and the rest by the addition theorem. */
export const arcTangent = shaderFunction(
  `
fn atan_of(x: f32) -> f32 {
  let a = size_of(x);
  if (a < 2.4414062e-4f || is_nan(x)) { return x; }
  let is_large = a > 2.4142137f;
  let is_middle = a > 0.41421357f && !is_large;
  let over = select(select(a, a - 1.0f, is_middle), -1.0f, is_large);
  let under = select(select(1.0f, a + 1.0f, is_middle), a, is_large);
  let t = quotient_of(over, under);
  let squared = t * t;
  let base = select(select(0.0f, ${literal(Math.PI / 4)}, is_middle), ${literal(Math.PI / 2)}, is_large);
  let base_tail = select(select(0.0f, ${literal(QUARTER_TAIL)}, is_middle), ${literal(2 * QUARTER_TAIL)}, is_large);
  return with_sign(base + (t + (t * squared * ${polynomial(ARC, 'squared')} + base_tail)), x);
}`,
  size,
  isNotANumber,
  withSign,
  quotient,
)
