import { isMask, operands, reachable, reachableDownTo } from '../../../ir/build.ts'
import type { ApplyNode, GraphNode } from '../../../ir/graph.ts'
import { axisOf } from '../../../operators/table.ts'
import { deepValues } from '../../../plan/depth.ts'
import type { Kernel, KernelExtent, Store } from '../../../plan/kernels.ts'
import {
  isOne,
  lesserValues,
  loopsOf,
  meetRows,
  type Loops,
  type RowExtent,
} from '../../../plan/loops.ts'
import { countUses } from '../../../plan/order.ts'
import { call, name, number, printCode, type Code } from '../../code.ts'
import { numberText } from '../expression.ts'
import { createNamePool, type NamePool } from '../names.ts'
import type { PreludeName } from '../prelude-sources.ts'
import { sharedNames } from '../shared.ts'
import { createBuilder, noStream } from '../spellings.ts'
import { conditionOf, elementCode, reductionForm } from './spellings.ts'

/** What things in a kernel are called where that can be had. */
export interface KernelNames {
  readonly tensors: readonly string[]
  readonly numbers: readonly string[]
  readonly values: ReadonlyMap<GraphNode, string>
}

const OWN_NAMES = ['elements', 'inputs', 'outputs', 'draws', 'i', 'row', 'column']

type Need = (name: PreludeName) => PreludeName

/** A kernel as a function of the values of its tensors in JavaScript: one loop for each way through the elements. */
export function cpuKernel(kernel: Kernel, wanted: KernelNames, need: Need): string {
  const scope = createNamePool([...OWN_NAMES, ...sharedNames])
  const loops = loopsOf(kernel)
  const tensors = wanted.tensors.map((each) => scope.declare(each))
  const numbers = wanted.numbers.map((each) => scope.declare(each))
  const place: Place = {
    kernel,
    loops,
    scope,
    wanted,
    tensors,
    need,
    named: new Map(),
    rows: new Map(),
  }
  const lines = [...readNumbers(place, numbers), ...writeLoops(place)]
  const text = lines.join('\n')
  const sizes = ['elements', 'inputs', 'outputs'].filter((each) =>
    new RegExp(`\\b${each}\\b`).test(text),
  )
  const draws = loops.draws.length > 0
  const parameters = [
    `[${tensors.join(', ')}]`,
    ...(numbers.length > 0 || sizes.length > 0 || draws ? [`[${numbers.join(', ')}]`] : []),
    ...(sizes.length > 0 || draws ? [`{ ${sizes.join(', ')} }`] : []),
    ...(draws ? ['draws'] : []),
  ]
  return `(${parameters.join(', ')}) => {\n${text}\n}`
}

interface Place {
  readonly kernel: Kernel
  readonly loops: Loops
  readonly scope: NamePool
  readonly wanted: KernelNames
  readonly tensors: readonly string[]
  readonly need: Need
  /** Numbers that have a name. */
  readonly named: Map<GraphNode, Code>
  /** Arrays with one number for each output or input. */
  readonly rows: Map<GraphNode, string>
}

/** A 32-bit number: constants and arithmetic are rounded as tensors round them. */
const round = (code: Code): Code => call(name('Math', 'fround'), code)

function constantCode(value: number): Code {
  const { code } = numberText(value)
  return Math.fround(value) === value || Number.isNaN(value) ? code : round(code)
}

/** The loop that elements are in: how it finds the places in arrays. */
interface Turn {
  readonly places: Readonly<Record<RowExtent | 'element', Code>>
}

const FLAT: Turn = {
  places: { element: name('i'), 'per output': name('i'), 'per input': name('i') },
}

const NESTED: Turn = {
  places: { element: name('i'), 'per output': name('column'), 'per input': name('row') },
}

const at = (array: string, place: Code): Code => name(`${array}[${printCode(place)}]`)

function readNumbers(place: Place, numbers: readonly string[]): string[] {
  const { kernel, tensors, named, loops } = place
  return reachable(kernel.stores.map(({ node }) => node)).flatMap((node) => {
    if (node.kind === 'parameter') {
      const code = name(numbers[Number(node.name)]!)
      named.set(node, kernel.numbers[Number(node.name)]!.isCondition ? conditionOf(code) : code)
    }
    if (node.kind !== 'state' || !isOne(loops.extentOf(node))) return []
    // A tensor of one number is read before anything is written.
    const held = place.scope.declare(`${tensors[node.index]!}Value`)
    named.set(node, name(held))
    return [`const ${held} = ${tensors[node.index]!}[0]`]
  })
}

/** The lines that work out what `roots` share, and the values of the roots. */
function values(
  place: Place,
  roots: readonly GraphNode[],
  scope: NamePool,
  turn: Turn,
): { readonly lines: string[]; readonly of: (root: GraphNode) => Code } {
  const { loops, named, rows, tensors, wanted, need } = place
  const lines: string[] = []
  const known = new Map<GraphNode, Code>()
  const leaf = (node: GraphNode): Code | undefined => {
    if (node.kind === 'constant') return constantCode(node.value)
    const array = node.kind === 'state' ? tensors[node.index] : rows.get(node)
    const extent = loops.extentOf(node)
    return (
      named.get(node) ??
      (array === undefined || isOne(extent)
        ? undefined
        : at(array, turn.places[extent as RowExtent | 'element']))
    )
  }
  const isLeaf = (node: GraphNode): boolean => leaf(node) !== undefined
  const nodes = reachableDownTo(roots, isLeaf)
  const uses = countUses(roots, isLeaf, nodes)
  const deep = deepValues(nodes, (node) => uses.get(node)! > 1 || isLeaf(node))
  const valueOf = (node: GraphNode): Code => {
    const before = known.get(node)
    if (before !== undefined) return before
    const code = leaf(node) ?? apply(node as ApplyNode)
    const isAtom = node.kind === 'constant' || named.has(node)
    const kept = (uses.get(node)! > 1 && !isAtom) || deep.has(node) ? keep(node, code) : code
    known.set(node, kept)
    return kept
  }
  const keep = (node: GraphNode, code: Code): Code => {
    const suggested = node.kind === 'state' ? `${tensors[node.index]!}Value` : 'value'
    const held = scope.declare(wanted.values.get(node) ?? suggested)
    lines.push(`const ${held} = ${printCode(code)}`)
    return name(held)
  }
  const apply = (node: ApplyNode): Code => {
    const draw = loops.draws.findIndex((each) => each === node)
    const word = call(at('draws', number(draw)), turn.places.element)
    const build = createBuilder(noStream, need)
    const code = elementCode(node.operator, build, word, node.arguments.map(valueOf))
    return isMask(node) ? code : round(code)
  }
  deep.forEach(valueOf)
  roots.forEach(valueOf)
  return { lines, of: (root) => known.get(root)! }
}

/** The lines that work out what elements of `roots` meet that is less than one for each of them, and those among the roots. */
function hold(place: Place, roots: readonly GraphNode[]): string[] {
  const { loops, named, rows, scope, wanted, need } = place
  const { numbers, rows: ofRows } = lesserValues(
    loops,
    roots,
    (node) => named.has(node) || rows.has(node),
  )
  const { lines, of } = values(place, numbers, scope, FLAT)
  for (const node of numbers) {
    const code = of(node)
    const held = code.kind === 'name' ? code : name(scope.declare(wanted.values.get(node) ?? 'one'))
    if (code.kind !== 'name') lines.push(`const ${printCode(held)} = ${printCode(code)}`)
    named.set(node, held)
  }
  for (const { node, extent } of ofRows) {
    const array = scope.declare(wanted.values.get(node) ?? 'row')
    lines.push(
      `const ${array} = ${need('floats')}(${lengthOf(extent)})`,
      ...flatLoop(
        lengthOf(extent),
        (inner) => {
          const each = values(place, [node], inner, FLAT)
          return [...each.lines, `${array}[i] = ${printCode(each.of(node))}`]
        },
        scope,
      ),
    )
    rows.set(node, array)
  }
  return lines
}

const lengthOf = (extent: RowExtent): string => (extent === 'per output' ? 'outputs' : 'inputs')

function flatLoop(count: string, write: (scope: NamePool) => string[], scope: NamePool): string[] {
  return [`for (let i = 0; i < ${count}; i++) {`, ...write(scope.child()), '}']
}

/** A loop over all elements; `before` and `after` each row of inputs. */
function nestedLoop(
  scope: NamePool,
  write: (scope: NamePool) => string[],
  before: readonly string[] = [],
  after: readonly string[] = [],
): string[] {
  const inner = write(scope.child())
  const namesElement = inner.some((line) => /\[i\]|\(i\)/.test(line))
  return [
    'for (let row = 0; row < inputs; row++) {',
    ...before,
    'for (let column = 0; column < outputs; column++) {',
    ...(namesElement ? ['const i = row * outputs + column'] : []),
    ...inner,
    '}',
    ...after,
    '}',
  ]
}

function writeLoops(place: Place): string[] {
  const { loops, kernel } = place
  const among = (...extents: readonly KernelExtent[]): readonly Store[] =>
    loops.stores.filter(({ tensor }) => extents.includes(kernel.tensors[tensor]!.extent))
  return [
    ...loops.reduce.flatMap((reductions) => [
      ...hold(place, reductions.flatMap(operands)),
      ...reduceLoop(place, reductions),
    ]),
    ...hold(
      place,
      kernel.stores.map(({ node }) => node),
    ),
    ...mapLoop(place, among('element')),
    ...mapLoop(place, among('per output'), 'outputs'),
    ...mapLoop(place, among('per input'), 'inputs'),
    ...among('run', 'parameter').map(({ tensor, node }) => {
      const { of } = values(place, [node], place.scope, FLAT)
      return `${place.tensors[tensor]!}[0] = ${printCode(of(node))}`
    }),
  ]
}

function mapLoop(place: Place, stores: readonly Store[], count?: string): string[] {
  if (stores.length === 0) return []
  const roots = stores.map(({ node }) => node)
  const isNested = count === undefined && meetRows(place.loops, roots)
  const write = (scope: NamePool): string[] => {
    const { lines, of } = values(place, swapped(stores), scope, isNested ? NESTED : FLAT)
    const writes = stores.map(({ tensor, node, subtracts }) => {
      const target = at(place.tensors[tensor]!, name('i'))
      const value = of(node)
      const result =
        subtracts === true
          ? round({ kind: 'binary', operator: '-', left: target, right: value })
          : value
      return `${printCode(target)} = ${printCode(result)}`
    })
    return [...lines, ...writes]
  }
  return isNested
    ? nestedLoop(place.scope, write)
    : flatLoop(count ?? 'elements', write, place.scope)
}

/** The values of stores, those twice that rest on a tensor which another store changes: they are kept before anything is written. */
function swapped(stores: readonly Store[]): readonly GraphNode[] {
  const changed = new Set(stores.map(({ tensor }) => tensor))
  return stores.flatMap(({ node, tensor }) => {
    const reads = reachable([node]).some(
      (each) => each.kind === 'state' && each.index !== tensor && changed.has(each.index),
    )
    return reads ? [node, node] : [node]
  })
}

function reduceLoop(place: Place, reductions: readonly ApplyNode[]): string[] {
  const { scope, wanted, named, rows, need } = place
  const each = reductions.map((node) => {
    const axis = axisOf(node.operator)
    const form = reductionForm(node.operator)
    const sum = scope.declare('total')
    const result = scope.declare(
      wanted.values.get(node) ?? `${node.operator.callName ?? node.operator.name}Value`,
    )
    return {
      node,
      axis,
      form,
      sum: axis === 'inputs' ? at(sum, name('column')) : name(sum),
      array: sum,
      result,
    }
  })
  const roots = reductions.flatMap(operands)
  const isNested = each.some(({ axis }) => axis !== undefined) || meetRows(place.loops, roots)
  const write = (inner: NamePool): string[] => {
    const { lines, of } = values(place, roots, inner, isNested ? NESTED : FLAT)
    const adds = each.map(
      ({ node, form, sum }) =>
        `${printCode(sum)} = ${printCode(form.add(sum, ...node.arguments.map(of)))}`,
    )
    return [...lines, ...adds]
  }
  const lines: string[] = []
  const [before, after, end]: string[][] = [[], [], []]
  for (const { node, axis, form, sum, array, result } of each) {
    const finish = (of: Code, count: string): string =>
      printCode(round(form.finish(of, name(count))))
    if (axis === undefined) {
      lines.push(`let ${array} = 0`)
      end!.push(`const ${result} = ${finish(sum, 'elements')}`)
      named.set(node, name(result))
    } else if (axis === 'outputs') {
      lines.push(`const ${result} = ${need('floats')}(inputs)`)
      before!.push(`let ${array} = 0`)
      after!.push(`${result}[row] = ${finish(sum, 'outputs')}`)
      rows.set(node, result)
    } else {
      lines.push(`const ${array} = ${need('doubles')}(outputs)`)
      end!.push(
        `const ${result} = ${need('floats')}(outputs)`,
        ...flatLoop(
          'outputs',
          () => [`${result}[i] = ${finish(at(array, name('i')), 'inputs')}`],
          scope,
        ),
      )
      rows.set(node, result)
    }
  }
  return [
    ...lines,
    ...(isNested ? nestedLoop(scope, write, before, after) : flatLoop('elements', write, scope)),
    ...end!,
  ]
}
