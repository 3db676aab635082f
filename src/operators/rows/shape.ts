import { exactly, interval } from '../interval.ts'
import { lengthsOf, type Layout } from '../layout.ts'
import type { Operator, ShapeOperator } from '../operator.ts'
import { parameters } from './row.ts'
import { countedFact, shapeFact } from '../type.ts'

const positive = interval(1, Infinity, { highOpen: true })

const product = (lengths: readonly number[]): number =>
  lengths.reduce((size, length) => size * length, 1)

function fact<const Name extends string>(
  name: Name,
  summary: string,
  formula: string,
  meaning: ShapeOperator['meaning'],
  range = positive,
  belowMatrix = range,
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
    belowMatrix,
  }
}

/** The size of a parameter without one of its dimensions; a vector's length, and 1 for a single number. */
function withoutDimension(shape: readonly number[], dimension: number): number {
  return product(shape.length < 2 ? shape : shape.toSpliced(dimension, 1))
}

/** Where the outputs of a kernel are, and where its inputs: what else it has is the receptive field, which multiplies both. */
const OUTPUTS: Readonly<Record<Layout, number>> = { 'outputs-last': -1, 'outputs-first': 0 }
const INPUTS: Readonly<Record<Layout, number>> = { 'outputs-last': -2, 'outputs-first': 1 }

/**
 * Facts about a parameter's shape. Fans follow the target: a kernel is [..., inputs, outputs] in tfjs and Keras, and
 * [outputs, inputs, ...] in PyTorch. A vector has its length as both, a single number 1.
 */
export const shapeRows = [
  fact(
    'rank',
    'The number of dimensions.',
    '\\operatorname{rank}(w)',
    (shape) => shape.length,
    interval(0, 6),
    interval(0, 1),
  ),
  fact('size', 'The number of elements.', '\\operatorname{size}(w)', product),
  fact(
    'fan_in',
    'The number of inputs of each output: all dimensions but that of the outputs, multiplied.',
    '\\operatorname{fan\\_in}(w)',
    (shape, layout) => withoutDimension(shape, OUTPUTS[layout]),
  ),
  fact(
    'fan_out',
    'The number of outputs of each input: all dimensions but that of the inputs, multiplied.',
    '\\operatorname{fan\\_out}(w)',
    (shape, layout) => withoutDimension(shape, INPUTS[layout]),
  ),
  fact(
    'input_count',
    'The length of the axis of inputs: the rows of the parameter as a matrix; 1 for a vector.',
    '\\operatorname{input\\_count}(w)',
    (shape, layout) => lengthsOf(shape, layout).inputs,
    positive,
    exactly(1),
  ),
  fact(
    'output_count',
    'The length of the axis of outputs, neurons or filters: the columns of the parameter as a matrix.',
    '\\operatorname{output\\_count}(w)',
    (shape, layout) => lengthsOf(shape, layout).outputs,
  ),
  {
    ...fact(
      'is_hidden',
      'Whether the parameter is the matrix of a hidden layer: of rank 2 or more, and nothing else by the word of the user of the ' +
        'optimizer, who names embeddings and the last layer with the option `notHidden`.',
      '\\operatorname{is\\_hidden}(w)',
      ({ length }, _, { isHidden = true } = {}) => (length >= 2 && isHidden ? 1 : 0),
      interval(0, 1),
      exactly(0),
    ),
    boolean: true,
    restsOn: 'isHidden',
  },
  {
    ...fact(
      'steps',
      'How many updates the parameter has had: fewer than `t` for one that came later or had no gradient at some steps.',
      '\\operatorname{steps}(w)',
      (_shape, _layout, { updates = 0 } = {}) => updates,
      interval(0, Infinity, { highOpen: true }),
    ),
    placement: countedFact,
    restsOn: 'updates',
  },
] as const satisfies readonly Operator[]
