import { operands, reachable } from '../../../ir/build.ts'
import type { ApplyNode, GraphNode } from '../../../ir/graph.ts'
import { axisOf } from '../../../operators/table.ts'
import { expandKernel, type Kernel, type KernelExtent, type Store } from '../../../plan/kernels.ts'
import {
  isOne,
  lesserValues,
  loopsOf,
  meetRows,
  type Draw,
  type Loops,
  type RowExtent,
} from '../../../plan/loops.ts'
import { increase } from '../../../wasm/control.ts'
import { makeFunction, type ExportedFunction, type FunctionScope } from '../../../wasm/function.ts'
import { f32, f32x4, i32, v128 } from '../../../wasm/operations.ts'
import {
  get,
  sequence,
  set,
  type Integer,
  type IntegerLocal,
  type Local,
  type Statement,
  type Vector,
} from '../../../wasm/tree.ts'
import { elementLoop, outputLoop, rowLoop, type Elements, type Lengths } from './element-loop.ts'
import { elementValues } from './element-values.ts'
import { threefry } from './functions/random.ts'
import type { Accumulation } from './functions/reduction.ts'
import { isSpelled, reducerOf, type Builder } from './spellings.ts'

/** A kernel as a function of WebAssembly, in the memory that holds its tensors. */
export interface WasmKernel {
  /**
   * Called with the address of a table of 32-bit words: how many elements the parameter has, outputs, and inputs, and where there is
   * room for `scratch`; the addresses of the tensors; the numbers, as floats, conditions as 1 or 0; and where there are draws the
   * high and the low half of the key of each, and the step.
   */
  readonly function: ExportedFunction
  /** How many rows of floats it needs room for that have one for each output, and for each input. */
  readonly scratch: { readonly outputs: number; readonly inputs: number }
}

/** The name under which a module exports the function of a kernel. */
export const RUN = 'run'

/** How many words of the table stand before the addresses of the tensors. */
const SIZES = 4

/** A kernel in WebAssembly. Throws a RangeError for an operator that is not written there. */
export function wasmKernel(source: Kernel): WasmKernel {
  const kernel = expandKernel(source, isSpelled)
  const scratch = { outputs: 0, inputs: 0 }
  const definition = makeFunction(['i32'], undefined, (scope, table) => {
    const loops = loopsOf(kernel)
    const word = (): Local<'i32'> => scope.local('i32')
    const [elements, outputs, inputs, room] = [word(), word(), word(), word()]
    const columns = scope.locals('i32', kernel.tensors.length)
    const place: Place = {
      scope,
      loops,
      kernel,
      lengths: { elements, outputs, inputs },
      columns,
      held: new Map(),
      rows: new Map(),
      addRow: (extent) => {
        const row = scope.local('i32')
        const isOfOutputs = extent === 'per output'
        scratch[isOfOutputs ? 'outputs' : 'inputs'] += 1
        const reserve = sequence(
          set(row, get(room)),
          increase(room, get(isOfOutputs ? outputs : inputs)),
        )
        return { row, reserve }
      },
      random: { keys: new Map(), step: scope.local('v128') },
    }
    const sizes = [elements, outputs, inputs].map((local, slot) =>
      set(local, i32.shl(i32.load(get(table), 4 * slot), i32.constant(2))),
    )
    const addresses = [room, ...columns].map((local, slot) =>
      set(local, i32.load(get(table), 4 * (SIZES - 1 + slot))),
    )
    const first = SIZES + columns.length
    return sequence(
      ...sizes,
      ...addresses,
      readNumbers(place, table, first),
      readKeys(place, table, first + kernel.numbers.length),
      writeLoops(place),
    )
  })
  // The body says how much room it takes.
  definition.body()
  return { function: { name: RUN, definition }, scratch }
}

/** What the parts of a kernel have to agree about. */
interface Place {
  readonly scope: FunctionScope
  readonly kernel: Kernel
  readonly loops: Loops
  readonly lengths: Lengths
  /** The addresses of the tensors. */
  readonly columns: readonly IntegerLocal[]
  /** The numbers that are known so far, in all lanes. */
  readonly held: Map<GraphNode, Vector>
  /** The addresses of values for each output or input that are known so far. */
  readonly rows: Map<GraphNode, IntegerLocal>
  /** Takes room for such values. */
  readonly addRow: (extent: KernelExtent) => { row: Local<'i32'>; reserve: Statement }
  /** The two halves of the key of each draw, and the step, in all lanes. */
  readonly random: {
    readonly keys: Map<GraphNode, readonly [Vector, Vector]>
    readonly step: Local<'v128'>
  }
}

const rootsOf = ({ kernel }: Place): readonly GraphNode[] => kernel.stores.map(({ node }) => node)

/** Reads the numbers, and the tensors that are one number. */
function readNumbers(place: Place, table: IntegerLocal, first: number): Statement {
  const { scope, kernel, columns, held, loops } = place
  const statements = reachable(rootsOf(place)).flatMap((node) => {
    if (node.kind !== 'parameter' && node.kind !== 'state') return []
    if (node.kind === 'state' && !isOne(loops.extentOf(node))) return []
    const number =
      node.kind === 'state'
        ? v128.load32_splat(get(columns[node.index]!))
        : v128.load32_splat(get(table), 4 * (first + Number(node.name)))
    const isCondition = node.kind === 'parameter' && kernel.numbers[Number(node.name)]!.isCondition
    const local = scope.local('v128')
    held.set(node, get(local))
    return [set(local, isCondition ? f32x4.ne(number, f32x4.constant(0)) : number)]
  })
  return sequence(...statements)
}

/** Reads the keys of what is drawn, and the step behind them. */
function readKeys(
  { scope, random, loops: { draws } }: Place,
  table: IntegerLocal,
  first: number,
): Statement {
  if (draws.length === 0) return sequence()
  const word = (slot: number): Vector => v128.load32_splat(get(table), 4 * (first + slot))
  const keys = draws.flatMap((node: Draw, index) => {
    const [high, low] = [scope.local('v128'), scope.local('v128')]
    random.keys.set(node, [get(high), get(low)])
    return [set(high, word(2 * index)), set(low, word(2 * index + 1))]
  })
  return sequence(...keys, set(random.step, word(2 * draws.length)))
}

function writeLoops(place: Place): Statement {
  const { loops, kernel } = place
  const { stores, reduce } = loops
  const extentOfStore = ({ tensor }: Store): KernelExtent => kernel.tensors[tensor]!.extent
  const among = (...extents: readonly KernelExtent[]): readonly Store[] =>
    stores.filter((store) => extents.includes(extentOfStore(store)))
  const rows = reduce.flatMap((reductions) => {
    const before = hold(place, reductions.flatMap(operands))
    return [before, reduceLoops(place, reductions)]
  })
  return sequence(
    ...rows,
    hold(place, rootsOf(place)),
    mapLoop(place, among('element')),
    ...(['per output', 'per input'] as const).map((extent) =>
      mapLoop(place, among(extent), extent),
    ),
    ...among('run', 'parameter').map((store) => storeNumber(place, store)),
  )
}

const lengthOf = ({ lengths }: Place, extent: RowExtent): IntegerLocal =>
  extent === 'per output' ? lengths.outputs : lengths.inputs

/** What is no operator on elements: what is held, a constant, or where `elements` are given one of a column. */
function leafIn(place: Place, elements?: Elements): (node: GraphNode) => Vector | undefined {
  const { held, rows, columns, loops } = place
  return (node) => {
    const known = held.get(node)
    if (known !== undefined) return known
    if (node.kind === 'constant') return f32x4.constant(node.value)
    const column = node.kind === 'state' ? columns[node.index] : rows.get(node)
    return column === undefined ? undefined : elements?.load(column, loops.extentOf(node))
  }
}

/** What operators on elements may ask for. */
const buildIn =
  ({ random: { keys, step } }: Place, elements?: Elements) =>
  (node: ApplyNode): Builder => ({
    words: () => {
      if (elements === undefined) throw new RangeError('random numbers are drawn for elements')
      return threefry(...keys.get(node)!, get(step), elements.numbers)
    },
  })

/**
 * Works out, once, the numbers that elements of `roots` meet and those among them, then what they meet that there is one of for
 * each output or input.
 */
function hold(place: Place, roots: readonly GraphNode[]): Statement {
  const { scope, held, rows, loops } = place
  const { numbers: found, rows: ofRows } = lesserValues(
    loops,
    roots,
    (node) => held.has(node) || rows.has(node),
  )
  const values = elementValues(scope, found, leafIn(place), buildIn(place))
  for (const node of found) held.set(node, values.of(node))
  const each = (['per output', 'per input'] as const).map((extent) => {
    const nodes = ofRows.flatMap((each) => (each.extent === extent ? [each.node] : []))
    const made = nodes.map((node) => ({ node, ...place.addRow(extent) }))
    const loop = columnsOf(place, lengthOf(place, extent), nodes, (elements, of) =>
      made.map(({ node, row }) => elements.store(row, of(node))),
    )
    for (const { node, row } of made) rows.set(node, row)
    return sequence(...made.map(({ reserve }) => reserve), loop)
  })
  return sequence(values.compute, ...each)
}

/** A loop over columns of one length, with the values of `roots`. */
function columnsOf(
  place: Place,
  bytes: IntegerLocal,
  roots: readonly GraphNode[],
  write: (elements: Elements, of: (root: GraphNode) => Vector) => readonly Statement[],
): Statement {
  if (roots.length === 0) return sequence()
  return elementLoop(place.scope, bytes, turnOf(place, roots, write))
}

/** What a turn of a loop does with the values of `roots`. */
function turnOf(
  place: Place,
  roots: readonly GraphNode[],
  write: (elements: Elements, of: (root: GraphNode) => Vector) => readonly Statement[],
): (elements: Elements) => Statement {
  return (elements) => {
    const leaf = leafIn(place, elements)
    const values = elementValues(place.scope, roots, leaf, buildIn(place, elements))
    return sequence(values.compute, ...write(elements, values.of))
  }
}

interface Reduction {
  readonly node: ApplyNode
  readonly accumulation: Accumulation
}

function reduceLoops(place: Place, reductions: readonly ApplyNode[]): Statement {
  const each = reductions.map((node): Reduction => ({
    node,
    accumulation: reducerOf(node.operator)(place.scope),
  }))
  const along = (axis: ReturnType<typeof axisOf>): readonly Reduction[] =>
    each.filter(({ node }) => axisOf(node.operator) === axis)
  const down = along('inputs')
  return sequence(
    overElements(place, along(undefined), along('outputs')),
    down.length === 0 ? sequence() : overInputs(place, down),
  )
}

/** The turns of a loop that accumulates. */
function accumulate(
  place: Place,
  reductions: readonly Reduction[],
): (elements: Elements) => Statement {
  const roots = [...new Set(reductions.flatMap(({ node }) => operands(node)))]
  return turnOf(place, roots, (elements, of) =>
    reductions.map(({ node, accumulation }) =>
      accumulation.add(...operands(node).map((root) => elements.counted(of(root)))),
    ),
  )
}

const countOf = (bytes: IntegerLocal): Integer => i32.shr_u(get(bytes), i32.constant(2))

/** One way through all elements for numbers of all of them, and for those of each input. */
function overElements(
  place: Place,
  whole: readonly Reduction[],
  ofInputs: readonly Reduction[],
): Statement {
  const { scope, lengths, held } = place
  const all = [...whole, ...ofInputs]
  if (all.length === 0) return sequence()
  const turn = accumulate(place, all)
  const rows = ofInputs.map((each) => ({ ...each, ...place.addRow('per input') }))
  const byRows =
    rows.length > 0 ||
    meetRows(
      place.loops,
      all.flatMap(({ node }) => operands(node)),
    )
  const around = {
    before: sequence(...ofInputs.map(({ accumulation }) => accumulation.clear)),
    after: (store: Elements['store']) =>
      sequence(
        ...rows.map(({ row, accumulation }) =>
          store(row, f32x4.splat(accumulation.total(countOf(lengths.outputs)))),
        ),
      ),
  }
  const loop = byRows
    ? rowLoop(scope, lengths, turn, around)
    : elementLoop(scope, lengths.elements, turn)
  for (const { node, row } of rows) place.rows.set(node, row)
  const totals = whole.map(({ node, accumulation }) => {
    const local = scope.local('v128')
    held.set(node, get(local))
    return set(local, f32x4.splat(accumulation.total(countOf(lengths.elements))))
  })
  return sequence(
    ...rows.map(({ reserve }) => reserve),
    ...whole.map(({ accumulation }) => accumulation.clear),
    loop,
    ...totals,
  )
}

/** One way down the inputs for numbers of each output. */
function overInputs(place: Place, reductions: readonly Reduction[]): Statement {
  const { scope, lengths } = place
  const turn = accumulate(place, reductions)
  const rows = reductions.map((each) => ({ ...each, ...place.addRow('per output') }))
  const loop = outputLoop(scope, lengths, turn, {
    before: sequence(...reductions.map(({ accumulation }) => accumulation.clear)),
    after: (store) =>
      sequence(
        ...rows.map(({ row, accumulation }) =>
          store(row, accumulation.lanes(countOf(lengths.inputs))),
        ),
      ),
  })
  for (const { node, row } of rows) place.rows.set(node, row)
  return sequence(...rows.map(({ reserve }) => reserve), loop)
}

function mapLoop(place: Place, stores: readonly Store[], extent?: RowExtent): Statement {
  const { scope, columns, lengths } = place
  if (stores.length === 0) return sequence()
  const roots = [...new Set(stores.map(({ node }) => node))]
  const turn = turnOf(place, roots, (elements, of) =>
    stores.map(({ tensor, node, subtracts }) => {
      const column = columns[tensor]!
      const value = of(node)
      const subtracted = (): Vector => f32x4.sub(elements.load(column), value)
      return elements.store(column, subtracts === true ? subtracted() : value)
    }),
  )
  if (extent !== undefined) return elementLoop(scope, lengthOf(place, extent), turn)
  return meetRows(place.loops, roots)
    ? rowLoop(scope, lengths, turn)
    : elementLoop(scope, lengths.elements, turn)
}

function storeNumber(place: Place, { tensor, node }: Store): Statement {
  const value = leafIn(place)(node)!
  return f32.store(get(place.columns[tensor]!), f32x4.extract_lane(value, 0))
}
