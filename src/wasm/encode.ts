import { section, sized, text, unsigned, vector } from './bytes.ts'
import { constantsInCode, tableInMemory } from './constant-table.ts'
import { encodeFunction, TYPE_BYTES } from './encode-function.ts'
import type { ExportedFunction } from './function.ts'
import type { Expression, FunctionDefinition, Statement } from './tree.ts'

/** How a module is encoded. */
export interface Encoding {
  /** Whether multiplications and additions become instructions of relaxed SIMD; not when absent. */
  readonly relaxed?: boolean
  /** Where constant vectors stand: in the code when absent, or in memory at the address that is imported as `env.constants`. */
  readonly constants?: 'code' | 'memory'
}

/** A module and what it needs. */
export interface EncodedModule {
  readonly binary: Uint8Array<ArrayBuffer>
  /** The size of what it writes to `env.constants` when it is instantiated; 0 where it does not import that. */
  readonly constantBytes: number
}

/**
 * A module that imports the memory `env.memory`, and exports functions under their names. What they call is part of it.
 * (WebAssembly Core Specification 2.0, section 5.5.)
 */
export function encodeModule(
  functions: readonly ExportedFunction[],
  { relaxed = false, constants = 'code' }: Encoding = {},
): EncodedModule {
  const all = withCallees(functions.map(({ definition }) => definition))
  const indices = new Map(all.map((definition, index) => [definition, index]))
  const table = constants === 'code' ? constantsInCode : tableInMemory(CONSTANTS_ADDRESS)
  const bodies = all.map((definition) =>
    sized(
      encodeFunction(definition, {
        indexOf: (callee) => indices.get(callee)!,
        constants: table,
        relaxed,
      }),
    ),
  )
  const data = table.bytes()
  const memory = [...text('env'), ...text('memory'), 0x02, 0x00, 1]
  const address = [...text('env'), ...text('constants'), 0x03, TYPE_BYTES.i32, 0x00]
  const exports = functions.map(({ name, definition }) => [
    ...text(name),
    0x00,
    ...unsigned(indices.get(definition)!),
  ])
  const binary = new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, all.map(signature)),
    ...section(2, data.length > 0 ? [memory, address] : [memory]),
    ...section(
      3,
      all.map((_, index) => unsigned(index)),
    ),
    ...section(7, exports),
    ...section(10, bodies),
    ...section(11, data.length > 0 ? [[0, ...GET_CONSTANTS, 0x0b, ...sized(data)]] : []),
  ])
  return { binary, constantBytes: data.length }
}

/** The address of the constants: the first global. */
const GET_CONSTANTS = [0x23, 0]
const CONSTANTS_ADDRESS: Expression<'i32'> = {
  kind: 'operation',
  type: 'i32',
  opcode: GET_CONSTANTS,
  operands: [],
  immediates: [],
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
