import type { ReductionOperator } from '../operators/operator.ts'
import type { LaneLoop } from './lane-loop.ts'

/** One operation of a step on the lanes from `first` to before `end`. */
export type Instruction = (step: number, first: number, end: number) => void

/** Where an argument is read: lanes from the place `step * perStep` on, or one number per step for all lanes. */
export type Source =
  | { readonly isNumber: false; readonly values: Float32Array; readonly perStep: number }
  | { readonly isNumber: true; readonly values: readonly number[] }

/** Writes what a source has at a step to the lanes of `target`, rounded. */
export function load(
  target: Float32Array,
  source: Source,
  step: number,
  first: number,
  end: number,
): void {
  if (source.isNumber) target.fill(source.values[step]!, first, end)
  else {
    const { values } = source
    const base = step * source.perStep
    for (let lane = first; lane < end; lane++) target[lane] = values[base + lane]!
  }
}

/** The loop on its arguments; usual numbers of them without making a list for each step. */
export function elementwise(
  loop: LaneLoop,
  arguments_: readonly Source[],
  result: Float32Array,
): Instruction {
  const values = arguments_.map((source) => source.values)
  const strides = arguments_.map((source) => (source.isNumber ? 1 : source.perStep))
  const [a, b, c, d] = values
  const [i, j, k, l] = strides as [number, number, number, number]
  switch (values.length) {
    case 1:
      return (step, first, end) => loop(result, first, end, a!, step * i)
    case 2:
      return (step, first, end) => loop(result, first, end, a!, step * i, b!, step * j)
    case 3:
      return (step, first, end) =>
        loop(result, first, end, a!, step * i, b!, step * j, c!, step * k)
    case 4:
      return (step, first, end) =>
        loop(result, first, end, a!, step * i, b!, step * j, c!, step * k, d!, step * l)
    default:
      return (step, first, end) =>
        loop(result, first, end, ...values.flatMap((each, index) => [each, step * strides[index]!]))
  }
}

/** One number per run, written to all its lanes. */
export function reduction(
  { meaning }: ReductionOperator,
  arguments_: readonly Source[],
  result: Float32Array,
  size: number,
): Instruction {
  const inputs = arguments_.map(() => new Float64Array(size))
  return (step, first, end) => {
    for (let start = first; start < end; start += size) {
      for (let index = 0; index < inputs.length; index++) {
        const source = arguments_[index]!
        const input = inputs[index]!
        if (source.isNumber) input.fill(Math.fround(source.values[step]!))
        else {
          const base = start + step * source.perStep
          for (let element = 0; element < size; element++)
            input[element] = source.values[base + element]!
        }
      }
      result.fill(meaning(...inputs), start, start + size)
    }
  }
}
