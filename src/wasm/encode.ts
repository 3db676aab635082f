import { section, sized, text, unsigned, vector } from './bytes.ts'
import { TYPE_BYTES } from './encode-expression.ts'
import { encodeFunction } from './encode-function.ts'
import type { ExportedFunction } from './function.ts'
import type { Expression, FunctionDefinition, Statement } from './tree.ts'

/** How a module is encoded. */
export interface Encoding {
  /** Whether multiplications and additions become instructions of relaxed SIMD; not when absent. */
  readonly relaxed?: boolean
}

/**
 * A module that imports the memory `env.memory`, and exports functions under their names. What they call is part of it.
 * (WebAssembly Core Specification 2.0, section 5.5.)
 */
export function encodeModule(
  functions: readonly ExportedFunction[],
  { relaxed = false }: Encoding = {},
): Uint8Array<ArrayBuffer> {
  const all = withCallees(functions.map(({ definition }) => definition))
  const indices = new Map(all.map((definition, index) => [definition, index]))
  const surroundings = { indexOf: (callee: FunctionDefinition) => indices.get(callee)!, relaxed }
  const memory = [...text('env'), ...text('memory'), 0x02, 0x00, 1]
  const exports = functions.map(({ name, definition }) => [
    ...text(name),
    0x00,
    ...unsigned(indices.get(definition)!),
  ])
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, all.map(signature)),
    ...section(2, [memory]),
    ...section(
      3,
      all.map((_, index) => unsigned(index)),
    ),
    ...section(7, exports),
    ...section(
      10,
      all.map((definition) => sized(encodeFunction(definition, surroundings))),
    ),
  ])
}

const signature = ({ parameters, result }: FunctionDefinition): number[] => [
  0x60,
  ...vector(parameters.map((type) => [TYPE_BYTES[type]])),
  ...vector(result === undefined ? [] : [[TYPE_BYTES[result]]]),
]

/** The functions, and behind them all that they call. */
function withCallees(roots: readonly FunctionDefinition[]): readonly FunctionDefinition[] {
  const found = new Set(roots)
  for (const definition of found)
    for (const callee of calleesOf(definition.body().statement)) found.add(callee)
  return [...found]
}

function calleesOf(body: Statement): readonly FunctionDefinition[] {
  const callees: FunctionDefinition[] = []
  const seen = new Set<Expression>()
  const visit = (node: Expression): void => {
    if (node.kind === 'constant' || node.kind === 'read' || seen.has(node)) return
    seen.add(node)
    if (node.kind === 'call') callees.push(node.callee)
    node.operands.forEach(visit)
  }
  const enter = (statement: Statement): void => {
    switch (statement.kind) {
      case 'sequence':
        return statement.parts.forEach(enter)
      case 'effect':
        return statement.operands.forEach(visit)
      case 'block':
      case 'loop':
        return enter(statement.body)
      case 'if':
        visit(statement.condition)
        return enter(statement.body)
      case 'branch':
        return void (statement.condition !== undefined && visit(statement.condition))
      case 'write':
      case 'return':
        return void (statement.value !== undefined && visit(statement.value))
    }
  }
  enter(body)
  return callees
}
