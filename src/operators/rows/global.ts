import type { GlobalOperator, Operator, ReductionOperator } from '../operator.ts'
import { overall } from '../type.ts'
import { dotRow, maxAbsRow, normRow, sumRow } from './reduction.ts'

function global<const Name extends string>(
  name: Name,
  part: ReductionOperator,
  whole: ReductionOperator,
  summary: string,
  formula: string,
): GlobalOperator & { readonly name: Name } {
  const { parameters, interval, intervalOfSame, unsigned } = part
  return {
    kind: 'global',
    name,
    parameters,
    family: 'global',
    placement: overall,
    summary,
    formula,
    part,
    whole,
    ...(unsigned === true && { unsigned }),
    // Those of the elements of one parameter hold whatever their number is.
    interval,
    ...(intervalOfSame !== undefined && { intervalOfSame }),
  }
}

/**
 * One 32-bit number for the run, known once all gradients are. Parameters without a gradient in a step add nothing to it. What
 * is reduced has one number for each element: smaller extents are spread out first.
 */
export const globalRows = [
  global(
    'global_sum',
    sumRow,
    sumRow,
    'The sum of all elements of all parameters.',
    '\\sum_{w} \\sum_i x_i',
  ),
  global(
    'global_norm',
    normRow,
    normRow,
    'The euclidean norm of all elements of all parameters.',
    '\\lVert x \\rVert_{2, w}',
  ),
  global(
    'global_max_abs',
    maxAbsRow,
    maxAbsRow,
    'The largest size of an element of any parameter.',
    '\\max_{w} \\max_i |x_i|',
  ),
  global(
    'global_dot',
    dotRow,
    sumRow,
    'The sum of the products of the elements of all parameters.',
    '\\sum_{w} \\sum_i a_i b_i',
  ),
] as const satisfies readonly Operator[]
