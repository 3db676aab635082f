import type { ElementwiseOperator, RandomOperator } from '../../operators/operator.ts'
import { power } from '../../operators/rows/arithmetic.ts'
import { powerOperator } from '../../operators/table.ts'

/**
 * Fills the lanes from `first` to before `end` of `result` with the operator's meaning on its arguments. An
 * argument is an array and a place in it: of lane 0, or of a number that is the same for all lanes.
 */
export type LaneLoop = (
  result: Float32Array | Float64Array,
  first: number,
  end: number,
  ...arguments_: readonly (Float32Array | Float64Array | number)[]
) => void

/** What a loop finds at an argument: lanes, one number for all of them, or an operator that it applies itself, rounded. */
export type LoopArgument =
  | 'lanes'
  | 'number'
  | { readonly operator: ElementwiseOperator; readonly arguments: readonly LoopArgument[] }

type LoopOperator = ElementwiseOperator | RandomOperator

const loops = new Map<LoopOperator, Map<string, LaneLoop>>()

/**
 * The loop of an operator for such arguments, in the order of a walk; for operators that draw, the draws come first. With 32
 * bits of precision what is read and worked out on the way is rounded; lanes round what they are given themselves.
 */
export function laneLoop(
  operator: LoopOperator,
  arguments_: readonly LoopArgument[],
  precision: 32 | 64,
): LaneLoop {
  const shapes = loops.get(operator) ?? new Map<string, LaneLoop>()
  loops.set(operator, shapes)
  const shape = `${precision} ${nameOf(arguments_)}`
  const known = shapes.get(shape)
  if (known !== undefined) return known
  const made = makeLoop(operator, arguments_, precision)
  shapes.set(shape, made)
  return made
}

function nameOf(arguments_: readonly LoopArgument[]): string {
  let name = ''
  for (const each of arguments_)
    name +=
      typeof each === 'string' ? `${each},` : `${each.operator.name}(${nameOf(each.arguments)}),`
  return name
}

/**
 * Each loop is made from a text of its own: machine code is specialised per place in a source, so that one loop for all
 * operators would call each meaning instead of containing it. Numbers are handed over in arrays, where they need no memory
 * of their own.
 */
function makeLoop(
  operator: LoopOperator,
  arguments_: readonly LoopArgument[],
  precision: 32 | 64,
): LaneLoop {
  const round = precision === 32 ? 'Math.fround' : ''
  const meanings: LoopOperator['meaning'][] = []
  const parameters: string[] = []
  const numbers: string[] = []
  const apply = (applied: LoopOperator, inner: readonly LoopArgument[]): string => {
    const meaning = `meaning${meanings.push(applied.meaning) - 1}`
    return `${meaning}(${inner.map(value).join(', ')})`
  }
  const value = (argument: LoopArgument): string => {
    if (typeof argument !== 'string')
      return `${round}(${apply(argument.operator, argument.arguments)})`
    const place = parameters.push(`a${parameters.length}, i${parameters.length}`) - 1
    if (argument === 'lanes') return `a${place}[i${place} + lane]`
    numbers.push(`const n${place} = ${round}(a${place}[i${place}]);`)
    return `n${place}`
  }
  const body = apply(operator, arguments_)
  const names = meanings.map((_, index) => `meaning${index}`)
  const text = `return (result, first, end, ${parameters.join(', ')}) => {
    ${numbers.join(' ')}
    for (let lane = first; lane < end; lane++) result[lane] = ${body}
  }`
  return (new Function(...names, text) as (...given: unknown[]) => LaneLoop)(...meanings)
}

const LEAST_NORMAL = 2 ** -126

/** A loop over the first argument alone where the second is a constant that allows a faster way to the same numbers. */
export function loopForConstant(
  operator: ElementwiseOperator | RandomOperator,
  constant: number,
): LaneLoop | undefined {
  return operator === powerOperator && constant === 3 ? (cubes as LaneLoop) : undefined
}

/**
 * Third powers by products. The cube of a 32-bit number is at least 16 units in the last place of 64 bits away from every
 * place between two 32-bit numbers where rounding turns, unless it is such a place: a product and a power that is right to
 * a few units round to the same 32-bit number. At such places, where results lose bits, and for NaN the meaning is asked.
 */
function cubes(
  result: Float32Array,
  first: number,
  end: number,
  x: Float32Array,
  place: number,
): void {
  for (let lane = first; lane < end; lane++) {
    const value = x[place + lane]!
    const product = value * value * value
    const rounded = Math.fround(product)
    const rest = product - rounded
    const beyond = rounded + 2 * rest
    const isSafe =
      Math.abs(product) >= LEAST_NORMAL && (rest === 0 || Math.fround(beyond) !== beyond)
    result[lane] = isSafe ? rounded : power(value, 3)
  }
}
