import type { RandomOperator, ReductionOperator } from '../../operators/operator.ts'
import { threefry, type Key } from '../../operators/random.ts'
import type { Groups } from './axes.ts'
import type { LaneLoop } from './lane-loop.ts'

/** One number per lane: lane `run * size + element`. */
export type Numbers = Float32Array | Float64Array

/** One operation on the lanes from `first` to before `end`; numbers of the host begin at `base` of their table. */
export type Instruction = (base: number, t: number, first: number, end: number) => void

/** Where an argument is read: lanes, or one number of the host for all of them. */
export type Source =
  | { readonly kind: 'lanes'; readonly values: Numbers }
  | { readonly kind: 'number'; readonly slot: number }

/** The numbers of a random stream at each step, spread over all runs. */
export type DrawnSteps = (target: Numbers, t: number, first: number, end: number) => void

/** What an operator draws from the stream of a key for a parameter of `size` elements; `isKept`: for many runs in turn. */
export function createDraws(
  { draw }: RandomOperator,
  key: Key,
  size: number,
  isKept: boolean,
): DrawnSteps {
  const known: Float32Array[] = []
  return (target, t, first, end) => {
    const values =
      known[t] ?? Float32Array.from({ length: size }, (_, at) => draw(threefry(key, t, at)[0]))
    if (isKept) known[t] = values
    for (let lane = first; lane < end; lane++) target[lane] = values[lane % size]!
  }
}

/** The loop on its arguments; usual numbers of them without making a list for each step: averages have four. */
export function elementwise(
  loop: LaneLoop,
  sources: readonly Source[],
  result: Numbers,
  table: () => Float64Array,
): Instruction {
  const slots = sources.map((source) => (source.kind === 'number' ? source.slot : 0))
  const lanes = sources.map((source) => (source.kind === 'lanes' ? source.values : undefined))
  const array = (index: number): Numbers => lanes[index] ?? table()
  const place = (index: number, base: number): number =>
    lanes[index] === undefined ? base + slots[index]! : 0
  switch (sources.length) {
    case 1:
      return (base, _, first, end) => loop(result, first, end, array(0), place(0, base))
    case 2:
      return (base, _, first, end) =>
        loop(result, first, end, array(0), place(0, base), array(1), place(1, base))
    case 4:
      return (base, _, first, end) =>
        loop(
          result,
          first,
          end,
          array(0),
          place(0, base),
          array(1),
          place(1, base),
          array(2),
          place(2, base),
          array(3),
          place(3, base),
        )
    default:
      return (base, _, first, end) =>
        loop(
          result,
          first,
          end,
          ...sources.flatMap((__, index) => [array(index), place(index, base)]),
        )
  }
}

/** Like the method of that name, which takes longer to begin than a few lanes take. */
export function fill(target: Numbers, value: number, first: number, end: number): void {
  for (let lane = first; lane < end; lane++) target[lane] = value
}

/** One number per group of a run's elements, written to all lanes of the group. */
export function reduction(
  { meaning }: ReductionOperator,
  sources: readonly Source[],
  result: Numbers,
  elements: number,
  groups: Groups,
  precision: 32 | 64,
  table: () => Float64Array,
): Instruction {
  const { count, size, between, within } = groups
  const inputs = sources.map(() => new Float64Array(size))
  const round = precision === 32 ? Math.fround : (value: number): number => value
  const read = (source: Source, input: Float64Array, start: number, base: number): void => {
    if (source.kind === 'number') input.fill(round(table()[base + source.slot]!))
    else
      for (let index = 0; index < size; index++)
        input[index] = source.values[start + index * within]!
  }
  return (base, _, first, end) => {
    for (let run = first; run < end; run += elements) {
      for (let group = 0; group < count; group++) {
        const start = run + group * between
        for (let index = 0; index < inputs.length; index++)
          read(sources[index]!, inputs[index]!, start, base)
        const value = meaning(...inputs)
        for (let index = 0; index < size; index++) result[start + index * within] = value
      }
    }
  }
}
