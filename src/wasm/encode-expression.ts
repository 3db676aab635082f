import { signed, unsigned } from './bytes.ts'
import { f32x4, f64x2, RELAXED } from './operations.ts'
import type {
  Conditional,
  Constant,
  Expression,
  FunctionDefinition,
  MultiplyAdd,
  ValueType,
} from './tree.ts'

/** What a function's code refers to outside of it. */
export interface Surroundings {
  readonly indexOf: (callee: FunctionDefinition) => number
  /** Whether multiplications and additions become instructions of relaxed SIMD. */
  readonly relaxed: boolean
}

/** The encoding of types. */
export const TYPE_BYTES: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
}

export const IF = 0x04
const ELSE = 0x05
export const END = 0x0b
const CALL = 0x10
const LOCAL_GET = 0x20
const LOCAL_TEE = 0x22

/** Writes the expressions of a function. */
export interface ExpressionWriter {
  /** Adds what pushes the values of `roots`, the operands of one statement, to the code. */
  readonly push: (...roots: readonly Expression[]) => void
  /** The types of the locals that keep what stands at several places of a statement. */
  readonly temporaries: readonly ValueType[]
}

/** A writer that adds to `code`; its temporaries are the locals from `firstTemporary` on. */
export function createExpressionWriter(
  code: number[],
  firstTemporary: number,
  surroundings: Surroundings,
): ExpressionWriter {
  const temporaries: ValueType[] = []
  const push = (...roots: readonly Expression[]): void => {
    const shared = repeatedNodes(roots)
    const places = new Map<Expression, number>()
    const free = temporaries.map((_, index) => index)
    const takePlace = (type: ValueType): number => {
      const at = free.findIndex((index) => temporaries[index] === type)
      return at < 0 ? temporaries.push(type) - 1 : free.splice(at, 1)[0]!
    }
    const pushNew = (node: Expression): void => {
      if (node.kind === 'conditional') return pushConditional(node)
      const written = codeOf(node, surroundings)
      for (const operand of written.operands) pushNode(operand)
      code.push(...written.code)
    }
    const pushConditional = ({ type, operands: [condition, ...values] }: Conditional): void => {
      pushNode(condition)
      code.push(IF, TYPE_BYTES[type])
      values.forEach((value, index) => {
        if (index > 0) code.push(ELSE)
        // What is computed on one side is not known behind it.
        const before = [...places]
        pushNode(value)
        places.clear()
        for (const [node, place] of before) places.set(node, place)
      })
      code.push(END)
    }
    const pushNode = (node: Expression): void => {
      const known = places.get(node)
      if (known !== undefined) return void code.push(LOCAL_GET, ...unsigned(known))
      pushNew(node)
      if (!shared.has(node)) return
      const place = firstTemporary + takePlace(node.type)
      places.set(node, place)
      code.push(LOCAL_TEE, ...unsigned(place))
    }
    roots.forEach(pushNode)
  }
  return { push, temporaries }
}

/** What pushes a node, behind what pushes the operands. */
interface NodeCode {
  readonly operands: readonly Expression[]
  readonly code: readonly number[]
}

function codeOf(node: Exclude<Expression, Conditional>, surroundings: Surroundings): NodeCode {
  switch (node.kind) {
    case 'constant':
      return { operands: [], code: constantCode(node) }
    case 'read':
      return { operands: [], code: [LOCAL_GET, ...unsigned(node.local.index)] }
    case 'operation':
      return { operands: node.operands, code: [...node.opcode, ...node.immediates] }
    case 'call':
      return {
        operands: node.operands,
        code: [CALL, ...unsigned(surroundings.indexOf(node.callee))],
      }
    case 'multiply-add':
      return multiplyAddCode(node, surroundings)
  }
}

const CONSTANT: Readonly<Record<ValueType, readonly number[]>> = {
  i32: [0x41],
  i64: [0x42],
  f32: [0x43],
  f64: [0x44],
  v128: [0xfd, ...unsigned(0x0c)],
}

/** Engines take what does not change out of loops, constant vectors too. */
function constantCode({ type, bytes }: Constant): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  if (type === 'i32') return [...CONSTANT.i32, ...signed(BigInt(view.getInt32(0, true)))]
  if (type === 'i64') return [...CONSTANT.i64, ...signed(view.getBigInt64(0, true))]
  return [...CONSTANT[type], ...bytes]
}

function multiplyAddCode(node: MultiplyAdd, { relaxed }: Surroundings): NodeCode {
  const [a, b, c] = node.operands
  if (relaxed)
    return { operands: [a, b, c], code: RELAXED[node.lanes][node.negated ? 'nmadd' : 'madd'] }
  const { add, sub, mul } = node.lanes === 'f32x4' ? f32x4 : f64x2
  const sum = node.negated ? sub(c, mul(a, b)) : add(c, mul(a, b))
  return { operands: sum.operands, code: sum.opcode }
}

/** The nodes below `roots` that stand at several places and are worth keeping. */
function repeatedNodes(roots: readonly Expression[]): ReadonlySet<Expression> {
  const seen = new Set<Expression>()
  const repeated = new Set<Expression>()
  const visit = (node: Expression): void => {
    if (node.kind === 'constant' || node.kind === 'read') return
    if (seen.has(node)) return void repeated.add(node)
    seen.add(node)
    for (const operand of node.operands) visit(operand)
  }
  roots.forEach(visit)
  return repeated
}
