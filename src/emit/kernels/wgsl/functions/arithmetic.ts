import { shaderFunction, type ShaderFunction } from '../functions.ts'

/**
 * WGSL lets compilers reassociate sums and products and round a product together with the sum that it is part of, and they do: of
 * x - 1 + 1e-7 they make one sum, (1e30 * x) * 1e30 is infinite for them, and graphics cards have instructions for a * b + c.
 * What is done to the bits of the result is opaque to them as long as they do not know that `zero` is 0.
 */
const held = (name: string, operator: '+' | '-' | '*'): ShaderFunction =>
  shaderFunction(`
fn ${name}(a: f32, b: f32, zero: u32) -> f32 {
  return bitcast<f32>(bitcast<u32>(a ${operator} b) ^ zero);
}`)

export const sum = held('sum_of', '+')
export const difference = held('difference_of', '-')
export const product = held('product_of', '*')
