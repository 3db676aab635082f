/** When a value is known, from early to late: when compiling, when the optimizer is made, once the step is, with the gradient. */
export type Known = 'constant' | 'build' | 'step' | 'gradient'

/** The two sides of a parameter of rank 2 and more: neurons or filters, and what each of them reads. */
export type Axis = 'inputs' | 'outputs'

/** The axes of a matrix: of its rows, then of its columns. */
export type MatrixAxes = readonly [rows: Axis, columns: Axis]

/**
 * What there is one number for. A matrix of inputs and outputs is one number for each element, and is called `element`: the
 * gradient is one, where its parameter has two sides. The other matrices have elements of their own. Into any matrix broadcast
 * numbers of the run and the parameter; into one of inputs and outputs also what there is one of for each output or input. No
 * two different matrices meet, and nothing else does: one number for each input could be one for each row of
 * `matrix(inputs, inputs)`, or for each column.
 */
export type Extent =
  'run' | 'parameter' | 'per output' | 'per input' | 'element' | `matrix(${Axis}, ${Axis})`

/** When a value is known and one for what: two answers that do not depend on each other. */
export interface Placement {
  readonly known: Known
  readonly extent: Extent
}

/** Where the value of an operator is known and of what extent, from where its arguments are. */
export type PlacementRule = (...arguments_: readonly Placement[]) => Placement

const ORDER: Readonly<Record<Known, number>> = { constant: 0, build: 1, step: 2, gradient: 3 }

/** The extents that broadcast into each extent, itself included. */
const FITS: Readonly<Record<string, readonly Extent[]>> = {
  run: ['run'],
  parameter: ['run', 'parameter'],
  'per output': ['run', 'parameter', 'per output'],
  'per input': ['run', 'parameter', 'per input'],
  element: ['run', 'parameter', 'per output', 'per input', 'element'],
}

/** The later of two. */
export function joinKnown(a: Known, b: Known): Known {
  return ORDER[a] < ORDER[b] ? b : a
}

/**
 * The smallest extent both broadcast into: one per output with one per input make one per element. A matrix over inputs and
 * outputs is one per element; no other matrix meets elements.
 */
export function joinExtents(a: Extent, b: Extent): Extent {
  if (a === b || b === 'run') return a
  if (a === 'run') return b
  if (broadcasts(a, b)) return b
  return broadcasts(b, a) ? a : 'element'
}

/** Whether a value of extent `from` can stand where one of extent `to` is wanted. */
export function broadcasts(from: Extent, to: Extent): boolean {
  return (FITS[to] ?? ['run', 'parameter', to]).includes(from)
}

/** Whether there is something that both broadcast into. */
export function meets(a: Extent, b: Extent): boolean {
  return (
    broadcasts(a, b) || broadcasts(b, a) || (broadcasts(a, 'element') && broadcasts(b, 'element'))
  )
}

const MATRICES: ReadonlyMap<Extent, MatrixAxes> = new Map<Extent, MatrixAxes>([
  ['element', ['inputs', 'outputs']],
  ['matrix(inputs, inputs)', ['inputs', 'inputs']],
  ['matrix(outputs, outputs)', ['outputs', 'outputs']],
  ['matrix(outputs, inputs)', ['outputs', 'inputs']],
])

/** The axes of a matrix; undefined for what is none. */
export function matrixAxes(extent: Extent): MatrixAxes | undefined {
  return MATRICES.get(extent)
}

/** The extent of a matrix with these axes. */
export function matrixExtent([rows, columns]: MatrixAxes): Extent {
  return rows === 'inputs' && columns === 'outputs' ? 'element' : `matrix(${rows}, ${columns})`
}

/** Whether it is a matrix with elements of its own, which are not those of the parameter. */
export function isOwnMatrix(extent: Extent): boolean {
  return extent !== 'element' && MATRICES.has(extent)
}

/** Placed as late and as wide as any of the given. */
export function joinPlacements(...placements: readonly Placement[]): Placement {
  let known: Known = 'constant'
  let extent: Extent = 'run'
  for (const placement of placements) {
    known = joinKnown(known, placement.known)
    extent = joinExtents(extent, placement.extent)
  }
  return placedAt(known, extent)
}

const placed = new Map<Extent, Partial<Record<Known, Placement>>>()

/** There are few placements, and one is asked for at every node. */
function placedAt(known: Known, extent: Extent): Placement {
  let ofExtent = placed.get(extent)
  if (ofExtent === undefined) placed.set(extent, (ofExtent = {}))
  return (ofExtent[known] ??= { known, extent })
}

/** Whether a value placed at `actual` may stand where one placed at `wanted` is expected. */
export function fits(actual: Placement, wanted: Placement): boolean {
  return ORDER[actual.known] <= ORDER[wanted.known] && broadcasts(actual.extent, wanted.extent)
}

/**
 * Whether the value is a 64-bit number of the host: one for the run or for the parameter, and known before the gradient.
 * Every other value is one or more 32-bit numbers.
 */
export function isHost({ known, extent }: Placement): boolean {
  return known !== 'gradient' && (extent === 'run' || extent === 'parameter')
}

/** Whether the value is one number for the run that is known before the gradient: what schedules are, and take. */
export function isStepNumber({ known, extent }: Placement): boolean {
  return known !== 'gradient' && extent === 'run'
}

/** The rule of operators that work element by element: as late and as wide as their arguments. */
export const elementwise: PlacementRule = joinPlacements

/** The rule of operators that make one number of each parameter's tensor. */
export const reduced: PlacementRule = () => placedAt('gradient', 'parameter')

/** The rule of operators that make one number of all parameters. */
export const overall: PlacementRule = () => placedAt('gradient', 'run')

/** The rule of operators that make one number for each place of the other axis. */
export function reducedOver(axis: Axis): PlacementRule {
  const kept: Extent = axis === 'inputs' ? 'per output' : 'per input'
  return () => placedAt('gradient', kept)
}

/**
 * The rule of operators that make a matrix of matrices, from the axes of those. While one of them is not known to be a matrix,
 * as a state before anything is known of what it is assigned, the result is as small as can be.
 */
export function ofMatrices(
  axesOf: (...matrices: readonly MatrixAxes[]) => MatrixAxes | undefined,
  matrices: number,
): PlacementRule {
  return (...arguments_) => {
    const axes = arguments_.slice(0, matrices).map(({ extent }) => matrixAxes(extent))
    const known = axes.flatMap((each) => (each === undefined ? [] : [each]))
    const own = known.length < axes.length ? undefined : axesOf(...known)
    if (own === undefined) return placedAt('gradient', 'parameter')
    return placedAt(joinPlacements(...arguments_).known, matrixExtent(own))
  }
}

/** The rule of facts about a parameter's shape, whatever stands in their brackets. */
export const shapeFact: PlacementRule = () => placedAt('build', 'parameter')

/** The rule of what is counted for each parameter. */
export const countedFact: PlacementRule = () => placedAt('step', 'parameter')

/** The rule of operators that draw a number for each element. */
export const drawn: PlacementRule = () => placedAt('gradient', 'element')
