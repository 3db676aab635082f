import { shaderFunction } from '../functions.ts'

/** The upper 32 bits of a product of two words. */
export const highProduct = shaderFunction(`
fn high_product(a: u32, b: u32) -> u32 {
  let a_low = a & 0xffffu;
  let a_high = a >> 16u;
  let b_low = b & 0xffffu;
  let b_high = b >> 16u;
  let middle = a_high * b_low + ((a_low * b_low) >> 16u);
  let other = a_low * b_high + (middle & 0xffffu);
  return a_high * b_high + (middle >> 16u) + (other >> 16u);
}`)

/** The same of whole numbers with a sign: the product of a and a fraction b / 2^32 between -1/2 and 1/2, rounded down. */
export const fractionOf = shaderFunction(
  `
fn fraction_of(a: i32, b: i32) -> i32 {
  let product = bitcast<i32>(high_product(bitcast<u32>(a), bitcast<u32>(b)));
  return product - select(0, b, a < 0) - select(0, a, b < 0);
}`,
  highProduct,
)
