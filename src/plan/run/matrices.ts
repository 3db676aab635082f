import type { ApplyNode, GraphNode } from '../../ir/graph.ts'
import { lengthsOf, type Layout } from '../../operators/layout.ts'
import type { Matrix, MatrixOperator, ReductionOperator } from '../../operators/operator.ts'
import { isOwnMatrix, matrixAxes, type Extent } from '../../operators/type.ts'
import { fill, type Instruction, type Numbers, type Source } from './lanes.ts'

/** How many numbers a value of an extent has for each run: what there is one of for less than an element is spread out. */
export function numbersPerRun(extent: Extent, shape: readonly number[], layout: Layout): number {
  const lengths = lengthsOf(shape, layout)
  const axes = isOwnMatrix(extent) ? matrixAxes(extent) : undefined
  const [rows, columns] = axes ?? ['inputs', 'outputs']
  return lengths[rows] * lengths[columns]
}

/** The instruction, for lanes of which each run has `own` where a parameter has `size` elements. */
export function onLanes(size: number, own: number, instruction: Instruction): Instruction {
  if (size === own) return instruction
  return (base, t, first, end) => instruction(base, t, (first / size) * own, (end / size) * own)
}

/** Gives `own` lanes of each run the number that all elements of the run share. */
export function spreadNumbers(
  shared: Numbers,
  target: Numbers,
  size: number,
  own: number,
): Instruction {
  return (_base, _t, first, end) => {
    for (let run = first / size; run < end / size; run++)
      fill(target, shared[run * size]!, run * own, (run + 1) * own)
  }
}

/** Where the matrix of each run stands among lanes. */
interface MatrixPlace {
  readonly rows: number
  readonly columns: number
  readonly ofRow: number
  readonly ofColumn: number
}

/** Matrices stand row after row; what there is one of for each element stands as the layout says. */
function placeOf(extent: Extent, shape: readonly number[], layout: Layout): MatrixPlace {
  const lengths = lengthsOf(shape, layout)
  const [first, second] = matrixAxes(extent) ?? ['inputs', 'outputs']
  const [rows, columns] = [lengths[first], lengths[second]]
  return extent === 'element' && layout === 'outputs-first'
    ? { rows, columns, ofRow: 1, ofColumn: rows }
    : { rows, columns, ofRow: columns, ofColumn: 1 }
}

/** A matrix operator on the matrices of each run. A number is given to all elements of the run. */
export function matrixOperation(
  node: ApplyNode,
  { meaning, parameters }: MatrixOperator,
  result: Numbers,
  { shape, layout, table, extentOf, sourceOf }: MatrixRuns,
): Instruction {
  const isMatrix = (index: number): boolean => parameters[index]!.matrix === true
  const matrices = node.arguments.flatMap((argument, index) => {
    const source = isMatrix(index) ? sourceOf(argument) : undefined
    if (source?.kind !== 'lanes') return []
    return [{ values: source.values, place: placeOf(extentOf(argument), shape, layout) }]
  })
  const numbers = node.arguments.flatMap((argument, index) =>
    isMatrix(index) ? [] : [sourceOf(argument)],
  )
  const extent = extentOf(node)
  const place = matrixAxes(extent) && placeOf(extent, shape, layout)
  const lengths = lengthsOf(shape, layout)
  const size = lengths.inputs * lengths.outputs
  const numberOf = (source: Source, base: number, run: number): number =>
    source.kind === 'number' ? table()[base + source.slot]! : source.values[run * size]!
  return (base, _, first, end) => {
    for (let run = first / size; run < end / size; run++) {
      const value = meaning({
        matrices: matrices.map((each) => readMatrix(each.values, each.place, run)),
        numbers: numbers.map((source) => numberOf(source, base, run)),
        lengths,
      })
      if (place === undefined) fill(result, value.values[0]!, run * size, (run + 1) * size)
      else writeMatrix(value, result, place, run)
    }
  }
}

/** What the operators on matrices of some runs share. */
export interface MatrixRuns {
  readonly shape: readonly number[]
  readonly layout: Layout
  /** The numbers of the host. */
  readonly table: () => Float64Array
  readonly extentOf: (node: GraphNode) => Extent
  /** Where the value of a node is read. */
  readonly sourceOf: (node: GraphNode) => Source
}

function readMatrix(
  lanes: Numbers,
  { rows, columns, ofRow, ofColumn }: MatrixPlace,
  run: number,
): Matrix {
  const values = new Float64Array(rows * columns)
  const start = run * values.length
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      values[row * columns + column] = lanes[start + row * ofRow + column * ofColumn]!
  return { rows, columns, values }
}

function writeMatrix(
  { rows, columns, values }: Matrix,
  lanes: Numbers,
  { ofRow, ofColumn }: MatrixPlace,
  run: number,
): void {
  const start = run * values.length
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      lanes[start + row * ofRow + column * ofColumn] = values[row * columns + column]!
}

/** One number of all `own` lanes of each run's matrix, written to all elements of the run. */
export function matrixReduction(
  { meaning }: ReductionOperator,
  sources: readonly Source[],
  result: Numbers,
  own: number,
  { shape, layout, table }: MatrixRuns,
  round: (value: number) => number,
): Instruction {
  const size = numbersPerRun('element', shape, layout)
  const inputs = sources.map(() => new Float64Array(own))
  return (base, _, first, end) => {
    for (let run = first / size; run < end / size; run++) {
      for (const [index, source] of sources.entries()) {
        if (source.kind === 'number') inputs[index]!.fill(round(table()[base + source.slot]!))
        else
          for (let place = 0; place < own; place++)
            inputs[index]![place] = source.values[run * own + place]!
      }
      fill(result, meaning(...inputs), run * size, (run + 1) * size)
    }
  }
}
