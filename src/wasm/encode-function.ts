import { unsigned } from './bytes.ts'
import {
  createExpressionWriter,
  END,
  IF,
  TYPE_BYTES,
  type ExpressionWriter,
  type Surroundings,
} from './encode-expression.ts'
import type { FunctionDefinition, Label, Statement } from './tree.ts'

/** The code of a function with its locals: what stands in the code section behind its size. */
export function encodeFunction(
  definition: FunctionDefinition,
  surroundings: Surroundings,
): readonly number[] {
  const { locals, statement } = definition.body()
  const code: number[] = []
  const firstTemporary = definition.parameters.length + locals.length
  const expressions = createExpressionWriter(code, firstTemporary, surroundings)
  writeStatement(statement, code, expressions)
  // Behind a `return` nothing is reached, yet the types have to fit.
  if (definition.result !== undefined) code.push(UNREACHABLE)
  const types = [...locals, ...expressions.temporaries]
  const declared = types.flatMap((type) => [1, TYPE_BYTES[type]])
  return [...unsigned(types.length), ...declared, ...code, END]
}

const UNREACHABLE = 0x00
const BLOCK = { block: 0x02, loop: 0x03 } as const
const BRANCH = 0x0c
const BRANCH_IF = 0x0d
const RETURN = 0x0f
const LOCAL_SET = 0x21
const NO_RESULT = 0x40

function writeStatement(body: Statement, code: number[], { push }: ExpressionWriter): void {
  const labels: Label[] = []
  const inside = (label: Label, opening: readonly number[], body: Statement): void => {
    code.push(...opening)
    labels.push(label)
    write(body)
    labels.pop()
    code.push(END)
  }

  const write = (statement: Statement): void => {
    switch (statement.kind) {
      case 'sequence':
        return statement.parts.forEach(write)
      case 'write':
        push(statement.value)
        return void code.push(LOCAL_SET, ...unsigned(statement.local.index))
      case 'effect':
        push(...statement.operands)
        return void code.push(...statement.opcode, ...statement.immediates)
      case 'block':
      case 'loop':
        return inside(statement.label, [BLOCK[statement.kind], NO_RESULT], statement.body)
      case 'if':
        push(statement.condition)
        return inside({ kind: 'label' }, [IF, NO_RESULT], statement.body)
      case 'branch': {
        if (statement.condition !== undefined) push(statement.condition)
        const opcode = statement.condition === undefined ? BRANCH : BRANCH_IF
        const depth = labels.length - 1 - labels.lastIndexOf(statement.label)
        return void code.push(opcode, ...unsigned(depth))
      }
      case 'return':
        if (statement.value !== undefined) push(statement.value)
        return void code.push(RETURN)
    }
  }
  write(body)
}
