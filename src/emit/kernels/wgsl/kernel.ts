import { expandKernel, type Kernel, type KernelExtent, type Store } from '../../../plan/kernels.ts'
import { operands, reachableDownTo } from '../../../ir/build.ts'
import type { ApplyNode, GraphNode } from '../../../ir/graph.ts'
import { axisOf } from '../../../operators/table.ts'
import { isOne, loopsOf, type Loops } from '../../../plan/loops.ts'
import { bitsOf, createBuilder, declarationsOf, literal, type ShaderFunction } from './functions.ts'
import { difference } from './functions/arithmetic.ts'
import { firstWord } from './functions/random.ts'
import { finish, partial, reductionOf } from './reductions.ts'
import { isSpelled, spellingOf } from './spellings.ts'

/** What the invocations of a pass are for: all elements, outputs or inputs, one for each; workgroups that each accumulate; one workgroup. */
export type PassExtent = 'elements' | 'outputs' | 'inputs' | 'partials' | 'one'

/** A kernel as one shader of WGSL, whose entry points are run one after the other. */
export interface WgslKernel {
  /**
   * Binding 0 is a uniform of 32-bit words in fours: how many elements the parameter has, outputs, and inputs, and a 0; the numbers,
   * conditions as 1 or 0; and where there are draws the high and the low half of the key of each, and the step. Then come the
   * tensors, and last, where it is used, room for what passes leave for each other.
   */
  readonly code: string
  /** How many characters it has once every call stands for what it calls, as compilers of shaders take it. */
  readonly length: number
  readonly passes: readonly { readonly entry: string; readonly over: PassExtent }[]
  /** How many bytes that room has, and how many rows of floats behind them that are as long as the longer axis. */
  readonly room: { readonly bytes: number; readonly rows: number }
}

/** Invocations in a workgroup, and the most workgroups that accumulate. */
export const WORKGROUP = 256

/** How many words of the table stand before the numbers. */
const SIZES = 4

/** A kernel in WGSL. Throws a RangeError for an operator that is not written there. */
export function wgslKernel(source: Kernel): WgslKernel {
  const kernel = expandKernel(source, isSpelled)
  const place: Place = {
    kernel,
    loops: loopsOf(kernel),
    called: new Set(),
    held: new Map(),
    members: [],
    rows: 0,
    entries: [],
  }
  for (const [level, reductions] of place.loops.reduce.entries())
    writeReductions(place, reductions, level)
  writeStores(place)
  const { members, rows, entries } = place
  const hasRoom = members.length > 0 || rows > 0
  const code = [
    ...bindings(kernel, tableLength(place), hasRoom ? members : undefined),
    declarationsOf(place.called),
    ...entries.map(({ text }) => text),
  ].join('\n')
  return {
    code,
    length: inlinedLength(entries.map(({ text }) => text).join('\n'), place.called),
    passes: entries.map(({ entry, over }) => ({ entry, over })),
    room: { bytes: hasRoom ? bytesOf(members) : 0, rows },
  }
}

/** The length of a text in which calls of the functions stand for their texts, and so on. */
function inlinedLength(text: string, called: Iterable<ShaderFunction>): number {
  const lengths = new Map<string, number>()
  const lengthOf = ({ name, text: own, needs }: ShaderFunction): number => {
    const length = lengths.get(name) ?? inlined(own, needs)
    lengths.set(name, length)
    return length
  }
  const inlined = (own: string, needs: Iterable<ShaderFunction>): number => {
    let length = own.length
    for (const each of needs) length += (own.split(`${each.name}(`).length - 1) * lengthOf(each)
    return length
  }
  return inlined(text, called)
}

/** A place in the room for what passes leave, with its type of WGSL. */
interface Member {
  readonly name: string
  readonly type: string
  readonly bytes: number
}

interface Entry {
  readonly entry: string
  readonly over: PassExtent
  readonly text: string
}

/** What the parts of a kernel have to agree about. */
interface Place {
  readonly kernel: Kernel
  readonly loops: Loops
  readonly called: Set<ShaderFunction>
  /** How the results of reductions are read, of all elements or at an output or input. */
  readonly held: Map<GraphNode, (position: Position) => string>
  readonly members: Member[]
  rows: number
  readonly entries: Entry[]
}

const tableLength = ({ kernel, loops: { draws } }: Place): number =>
  SIZES + kernel.numbers.length + (draws.length > 0 ? 2 * draws.length + 1 : 0)

/** A word of the table, a u32. */
const word = (index: number): string => `table[${index >> 2}].${'xyzw'[index & 3]!}`

const ELEMENTS = word(0)
const OUTPUTS = word(1)
const INPUTS = word(2)
const ZERO = word(3)

function bindings(
  { tensors }: Kernel,
  words: number,
  members: readonly Member[] | undefined,
): string[] {
  const room =
    members === undefined
      ? []
      : [
          `struct Room { ${[...members, { name: 'rows', type: 'array<f32>' }].map(({ name, type }) => `${name}: ${type}`).join(', ')} }`,
          `@group(0) @binding(${tensors.length + 1}) var<storage, read_write> room: Room;`,
        ]
  return [
    `@group(0) @binding(0) var<uniform> table: array<vec4u, ${Math.ceil(words / 4)}>;`,
    ...tensors.map(({ use }, index) => {
      const access = use === 'read' ? 'read' : 'read_write'
      return `@group(0) @binding(${index + 1}) var<storage, ${access}> tensor_${index}: array<f32>;`
    }),
    ...room,
  ]
}

/** The bytes of the members of a structure one after the other, each as if it had to begin at a multiple of 16, and a float. */
const bytesOf = (members: readonly Member[]): number =>
  members.reduce((sum, { bytes }) => sum + Math.ceil(bytes / 16) * 16, 16)

/** Where an invocation is, as expressions. */
interface Position {
  readonly element: string
  readonly output: string
  readonly input: string
}

/** The lines that work out values at a position, each under a name, and how they are read. */
function values(
  place: Place,
  roots: readonly GraphNode[],
  position: Position,
): { readonly lines: string[]; readonly of: (root: GraphNode) => string } {
  const { kernel, loops, called, held } = place
  const lines: string[] = []
  const known = new Map<GraphNode, string>()
  const index = (extent: KernelExtent): string => {
    if (isOne(extent)) return '0'
    if (extent === 'element') return position.element
    return extent === 'per output' ? position.output : position.input
  }
  const read = (node: GraphNode): string | undefined => {
    if (node.kind === 'constant') return constant(node.value)
    if (node.kind === 'parameter') {
      const at = Number(node.name)
      const bits = word(SIZES + at)
      return kernel.numbers[at]!.isCondition ? `(${bits} != 0u)` : `bitcast<f32>(${bits})`
    }
    if (node.kind === 'state') return `tensor_${node.index}[${index(loops.extentOf(node))}]`
    return held.get(node)?.(position)
  }
  for (const node of reachableDownTo(roots, (each) => held.has(each))) {
    const own = read(node)
    const text = own ?? apply(node as ApplyNode)
    if (node.kind === 'constant' || node.kind === 'parameter') {
      known.set(node, text)
      continue
    }
    const name = `v${node.id}`
    lines.push(`  let ${name} = ${text};`)
    known.set(node, name)
  }
  return { lines, of: (root) => known.get(root)! }

  function apply(node: ApplyNode): string {
    const draw = loops.draws.findIndex((each) => each === node)
    const first = SIZES + kernel.numbers.length
    const build = createBuilder(called, {
      zero: () => ZERO,
      word: () => {
        called.add(firstWord)
        const key = `vec2u(${word(first + 2 * draw)}, ${word(first + 2 * draw + 1)})`
        return `first_word(${key}, ${word(first + 2 * loops.draws.length)}, ${position.element})`
      },
    })
    return spellingOf(node.operator)(build, ...node.arguments.map((each) => known.get(each)!))
  }
}

/**
 * A float. What no literal can be is made of bits that the compiler does not know; so is -0, since compilers take equal constants
 * for one.
 */
function constant(value: number): string {
  const rounded = Math.fround(value)
  if (Number.isFinite(rounded) && !Object.is(rounded, -0)) return literal(value)
  return `bitcast<f32>(${bitsOf(value)}u + ${ZERO})`
}

const BUILTINS = '@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u'

/** An entry point whose invocations go through the numbers below `count`. */
function strided(entry: string, count: string, lines: readonly string[]): string {
  return `
@compute @workgroup_size(${WORKGROUP})
fn ${entry}(${BUILTINS}) {
  for (var i = id.x; i < ${count}; i += groups.x * ${WORKGROUP}u) {
${lines.join('\n')}
  }
}`
}

const ELEMENT: Position = { element: 'i', output: `(i % ${OUTPUTS})`, input: `(i / ${OUTPUTS})` }

function writeReductions(place: Place, reductions: readonly ApplyNode[], level: number): void {
  const along = (axis: ReturnType<typeof axisOf>): readonly ApplyNode[] =>
    reductions.filter(({ operator }) => axisOf(operator) === axis)
  const whole = along(undefined)
  if (whole.length > 0) writeWhole(place, whole, level)
  writeAlong(place, along('inputs'), level, 'outputs')
  writeAlong(place, along('outputs'), level, 'inputs')
}

/** Numbers of all elements: what each workgroup accumulates, then what one makes of that. */
function writeWhole(place: Place, whole: readonly ApplyNode[], level: number): void {
  const { called, members, held, entries } = place
  const { lines, of } = values(place, whole.flatMap(operands), ELEMENT)
  const each = whole.map((node, at) => {
    const reduction = reductionOf(node.operator)
    const name = `whole_${level}_${at}`
    members.push({
      name: `${name}_parts`,
      type: `array<${reduction.type}, ${WORKGROUP}>`,
      bytes: 16 * WORKGROUP,
    })
    members.push({ name: `${name}_value`, type: 'f32', bytes: 4 })
    const own = partial(name, reduction, WORKGROUP)
    const last = finish(`${name}_last`, reduction, WORKGROUP, `room.${name}_parts`)
    for (const used of [own, last, reduction.add]) called.add(used)
    return { node, name, reduction, own, last }
  })
  const lane = '@builtin(local_invocation_index) lane: u32, @builtin(workgroup_id) group: vec3u'
  entries.push({
    entry: `parts_${level}`,
    over: 'partials',
    text: `
@compute @workgroup_size(${WORKGROUP})
fn parts_${level}(${BUILTINS}, ${lane}) {
${each.map(({ name, reduction }) => `  var ${name}: ${reduction.type} = ${reduction.empty};`).join('\n')}
  for (var i = id.x; i < ${ELEMENTS}; i += groups.x * ${WORKGROUP}u) {
${lines.join('\n')}
${each.map(({ node, name, reduction }) => `  ${name} = ${reduction.add.name}(${[name, ...node.arguments.map(of), ZERO].join(', ')});`).join('\n')}
  }
${each.map(({ name, own }) => `  let ${name}_all = ${own.name}(${name}, lane, ${ZERO});`).join('\n')}
  if (lane == 0u) {
${each.map(({ name }) => `    room.${name}_parts[group.x] = ${name}_all;`).join('\n')}
  }
}`,
  })
  entries.push({
    entry: `whole_${level}`,
    over: 'one',
    text: `
@compute @workgroup_size(${WORKGROUP})
fn whole_${level}(@builtin(local_invocation_index) lane: u32) {
  let parts = min(${WORKGROUP}u, (${ELEMENTS} + ${WORKGROUP - 1}u) / ${WORKGROUP}u);
${each.map(({ name, last }) => `  let ${name}_result = ${last.name}(parts, ${ELEMENTS}, lane, ${ZERO});`).join('\n')}
  if (lane == 0u) {
${each.map(({ name }) => `    room.${name}_value = ${name}_result;`).join('\n')}
  }
}`,
  })
  for (const { node, name } of each) held.set(node, () => `room.${name}_value`)
}

/** Numbers of each output, or each input: an invocation each, which goes along the other axis. */
function writeAlong(
  place: Place,
  reductions: readonly ApplyNode[],
  level: number,
  over: 'outputs' | 'inputs',
): void {
  if (reductions.length === 0) return
  const { called, held, entries } = place
  const isOfOutputs = over === 'outputs'
  const position: Position = isOfOutputs
    ? { element: `(k * ${OUTPUTS} + i)`, output: 'i', input: 'k' }
    : { element: `(i * ${OUTPUTS} + k)`, output: 'k', input: 'i' }
  const [count, length] = isOfOutputs ? [OUTPUTS, INPUTS] : [INPUTS, OUTPUTS]
  const { lines, of } = values(place, reductions.flatMap(operands), position)
  const each = reductions.map((node, at) => {
    const reduction = reductionOf(node.operator)
    called.add(reduction.add)
    called.add(reduction.finish)
    return { node, reduction, name: `${over}_${level}_${at}`, row: place.rows++ }
  })
  const results = each.map(({ name, reduction, row }) => {
    return `  ${rowPlace(row, 'i')} = ${reduction.finish.name}(${name}, ${length});`
  })
  entries.push({
    entry: `${over}_${level}`,
    over,
    text: strided(`${over}_${level}`, count, [
      ...each.map(
        ({ name, reduction }) => `  var ${name}: ${reduction.type} = ${reduction.empty};`,
      ),
      `  for (var k = 0u; k < ${length}; k++) {`,
      ...lines,
      ...each.map(
        ({ node, name, reduction }) =>
          `  ${name} = ${reduction.add.name}(${[name, ...node.arguments.map(of), ZERO].join(', ')});`,
      ),
      '  }',
      ...results,
    ]),
  })
  for (const { node, row } of each)
    held.set(node, ({ output, input }) => rowPlace(row, isOfOutputs ? output : input))
}

const rowPlace = (row: number, at: string): string =>
  `room.rows[${row}u * max(${OUTPUTS}, ${INPUTS}) + ${at}]`

const ONE: Position = { element: '0', output: '0', input: '0' }

/** What is written, elements first: all else that is read for them is still what it was. */
function writeStores(place: Place): void {
  const { kernel, entries } = place
  const among = (...extents: readonly KernelExtent[]): readonly Store[] =>
    kernel.stores.filter(({ tensor }) => extents.includes(kernel.tensors[tensor]!.extent))
  const kinds = [
    { over: 'elements', stores: among('element'), count: ELEMENTS, position: ELEMENT, at: 'i' },
    {
      over: 'outputs',
      stores: among('per output'),
      count: OUTPUTS,
      position: { ...ONE, output: 'i' },
      at: 'i',
    },
    {
      over: 'inputs',
      stores: among('per input'),
      count: INPUTS,
      position: { ...ONE, input: 'i' },
      at: 'i',
    },
    { over: 'one', stores: among('run', 'parameter'), count: '1u', position: ONE, at: '0' },
  ] as const
  for (const { over, stores, count, position, at } of kinds) {
    if (stores.length === 0) continue
    const roots = stores.map(({ node }) => node)
    const { lines, of } = values(place, roots, position)
    const writes = stores.map(({ tensor, node, subtracts }) => {
      const target = `tensor_${tensor}[${at}]`
      if (subtracts !== true) return `  ${target} = ${of(node)};`
      place.called.add(difference)
      return `  ${target} = ${difference.name}(${target}, ${of(node)}, ${ZERO});`
    })
    entries.push({
      entry: `write_${over}`,
      over,
      text: strided(`write_${over}`, count, [...lines, ...writes]),
    })
  }
}
