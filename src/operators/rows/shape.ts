import { interval } from '../interval.ts'
import type { Operator, ShapeOperator } from '../operator.ts'
import { parameters } from './row.ts'
import { shapeFact } from '../type.ts'

const positive = interval(1, Infinity, { highOpen: true })

const product = (lengths: readonly number[]): number =>
  lengths.reduce((size, length) => size * length, 1)

function fact<const Name extends string>(
  name: Name,
  summary: string,
  formula: string,
  meaning: (shape: readonly number[]) => number,
  range = positive,
): ShapeOperator & { readonly name: Name } {
  return {
    kind: 'shape',
    name,
    parameters: parameters('w'),
    family: 'shape',
    summary,
    formula,
    meaning,
    placement: shapeFact,
    interval: () => range,
  }
}

/**
 * Facts about a parameter's shape. Fans follow tfjs and Keras: a kernel is [..., inputs, outputs], what stands before is
 * the receptive field, which multiplies both. A vector has its length as both, a single number 1.
 */
export const shapeRows = [
  fact(
    'rank',
    'The number of dimensions.',
    '\\operatorname{rank}(w)',
    (shape) => shape.length,
    interval(0, 6),
  ),
  fact('size', 'The number of elements.', '\\operatorname{size}(w)', product),
  fact(
    'fan_in',
    'The number of inputs of each output: all dimensions but the last, multiplied.',
    '\\operatorname{fan\\_in}(w)',
    (shape) => (shape.length < 2 ? product(shape) : product(shape.slice(0, -1))),
  ),
  fact(
    'fan_out',
    'The number of outputs of each input: all dimensions but the last but one, multiplied.',
    '\\operatorname{fan\\_out}(w)',
    (shape) => (shape.length < 2 ? product(shape) : product(shape) / shape.at(-2)!),
  ),
] as const satisfies readonly Operator[]
