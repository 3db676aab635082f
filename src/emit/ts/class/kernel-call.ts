import type { GraphNode } from '../../../ir/graph.ts'
import type { GivenTensor, KernelCall } from '../../../plan/kernels.ts'
import { loopsOf } from '../../../plan/loops.ts'
import { suggestName } from '../../../plan/names.ts'
import type { PlannedStatement } from '../../../plan/plan.ts'
import { isFull, isTensor } from '../../tensors.ts'
import { elementsOf, expressionOf, type Vocabulary } from '../expression.ts'
import type { KernelTable } from '../kernels/table.ts'
import { camelCase, type NamePool } from '../names.ts'

/** Writes the statements of a parameter, each with the names of those before it. */
export interface StatementWriter {
  write(statement: PlannedStatement): string | []
  readonly words: Vocabulary
  /** What the values that have a name are called. */
  readonly locals: Map<GraphNode, string>
  readonly scope: NamePool
}

/** The kernels of the class with that name. */
export interface ClassKernels {
  readonly table: KernelTable
  readonly owner: string
}

/** The line that runs a kernel, and how many buffers of WebGPU that binds. */
export interface WrittenKernel {
  readonly line: string
  readonly buffers: number
}

const IDENTIFIER = /^[\p{L}_$][\p{L}\p{N}_$]*$/u

/** The line that runs a kernel. Values that it makes, and states that it changes, have their names behind it. */
export function writeKernel(
  call: KernelCall,
  { words, locals, scope }: StatementWriter,
  { table, owner }: ClassKernels,
): WrittenKernel {
  const { kernel, names } = call
  const given = call.tensors.flatMap((tensor, at) =>
    tensor.kind === 'made' ? [] : [{ text: tensorText(tensor, words), at }],
  )
  const numbers = call.numbers.map((node) => expressionOf(node, words).text)
  const made = call.tensors.flatMap((tensor) => {
    if (tensor.kind === 'state' && tensor.stands !== undefined)
      locals.set(tensor.stands, words.state(tensor.index))
    if (tensor.kind !== 'made') return []
    const name = scope.declare(camelCase(tensor.name ?? 'part'))
    locals.set(tensor.node, name)
    return [name]
  })
  const called = (text: string | undefined, other: string): string =>
    text !== undefined && IDENTIFIER.test(text) ? text : other
  const unnamed = [...made]
  const { name, buffers } = table.declare(
    kernel,
    {
      tensors: call.tensors.map((tensor, at) =>
        tensor.kind === 'made'
          ? unnamed.shift()!
          : called(given.find((each) => each.at === at)?.text, 'tensor'),
      ),
      numbers: numbers.map((text, at) => called(text, nameOfNumber(call.numbers[at]!))),
      values: new Map([...names].map(([node, wanted]) => [node, camelCase(wanted)])),
    },
    owner,
  )
  words.need('runKernel')
  const arguments_ = [
    name,
    'w',
    `[${given.map(({ text }) => text).join(', ')}]`,
    `[${numbers.join(', ')}]`,
    ...(loopsOf(kernel).draws.length > 0 ? ['[this.seed, index, t]'] : []),
  ]
  const run = `runKernel(${arguments_.join(', ')})`
  return { line: made.length === 0 ? run : `const [${made.join(', ')}] = ${run}`, buffers }
}

const nameOfNumber = (node: GraphNode): string =>
  camelCase(suggestName(node, undefined, () => undefined, true))

/** A tensor that a kernel is given, with all numbers of its extent. */
function tensorText(tensor: Exclude<GivenTensor, { kind: 'made' }>, words: Vocabulary): string {
  if (tensor.kind === 'parameter') return 'w'
  if (tensor.kind === 'state') return words.state(tensor.index)
  const { node } = tensor
  const expression = expressionOf(node, words)
  const { extent } = words.types.placementOf(node)
  const isOne = extent === 'run' || extent === 'parameter'
  if (isOne || node.kind !== 'apply' || isFull(node, words.types, extent)) return expression.text
  return isTensor(words.types, node)
    ? elementsOf(node, expression, words, extent).text
    : expression.text
}
