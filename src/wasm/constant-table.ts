import { signed, unsigned } from './bytes.ts'
import { v128 } from './operations.ts'
import type { Constant, Expression, ValueType } from './tree.ts'

/** Where vectors stand that are constant. */
export interface ConstantTable {
  /** What pushes the constant. */
  readonly push: (constant: Constant) => readonly number[] | Expression
  /** The table's bytes, those of all constants so far. */
  readonly bytes: () => readonly number[]
}

/**
 * A table in memory, at the address `address`, of the vectors that are not all zeros or ones; a number that repeats stands
 * there once. One load is one instruction of the machine, while V8 builds an immediate vector anew, from several, at each
 * use.
 */
export function tableInMemory(address: Expression<'i32'>): ConstantTable {
  const bytes: number[] = []
  const known = new Map<string, number>()
  const placed = (content: Uint8Array): number => {
    const key = content.join()
    let at = known.get(key)
    if (at === undefined) {
      while (bytes.length % content.length !== 0) bytes.push(0)
      at = bytes.length
      bytes.push(...content)
      known.set(key, at)
    }
    return at
  }
  return {
    push: (constant) => {
      const content = constant.bytes
      if (constant.type !== 'v128' || content.every((byte) => byte === content[0]))
        return immediate(constant)
      if (repeats(content, 4)) return v128.load32_splat(address, placed(content.subarray(0, 4)))
      if (repeats(content, 8)) return v128.load64_splat(address, placed(content.subarray(0, 8)))
      return v128.load(address, placed(content))
    },
    bytes: () => bytes,
  }
}

/** No table: every constant stands in the code. */
export const constantsInCode: ConstantTable = { push: immediate, bytes: () => [] }

const repeats = (content: Uint8Array, period: number): boolean =>
  content.every((byte, index) => byte === content[index % period])

const OPCODES: Readonly<Record<ValueType, readonly number[]>> = {
  i32: [0x41],
  i64: [0x42],
  f32: [0x43],
  f64: [0x44],
  v128: [0xfd, ...unsigned(0x0c)],
}

function immediate({ type, bytes }: Constant): readonly number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  if (type === 'i32') return [...OPCODES.i32, ...signed(BigInt(view.getInt32(0, true)))]
  if (type === 'i64') return [...OPCODES.i64, ...signed(view.getBigInt64(0, true))]
  return [...OPCODES[type], ...bytes]
}
