import { spellingOf, isSpelled, type Builder } from '../../../../src/emit/kernels/wasm/spellings.ts'
import { readPattern, type Pattern } from '../../../../src/ir/pattern.ts'
import type { ElementwiseOperator, Operator } from '../../../../src/operators/operator.ts'
import { increase, repeatBelow } from '../../../../src/wasm/control.ts'
import type { Encoding } from '../../../../src/wasm/encode.ts'
import { defineFunction, type ExportedFunction } from '../../../../src/wasm/function.ts'
import { f32x4, i32, v128 } from '../../../../src/wasm/operations.ts'
import { get, sequence, type Vector } from '../../../../src/wasm/tree.ts'
import { FREE, instantiate } from '../../../wasm/instantiate.ts'

const noWords: Builder = {
  words: () => {
    throw new Error('no random words here')
  },
}

/** The operator on vectors: its spelling, or its definition where it has none. */
function applyRow(operator: Operator, arguments_: readonly Vector[]): Vector {
  if (isSpelled(operator)) return spellingOf(operator)(noWords, ...arguments_)
  const variables = new Map(operator.parameters.map(({ name }, at) => [name, arguments_[at]!]))
  const write = (pattern: Pattern): Vector => {
    switch (pattern.kind) {
      case 'constant':
        return f32x4.constant(pattern.value)
      case 'variable':
        return variables.get(pattern.name)!
      case 'apply':
        return applyRow(pattern.operator, pattern.arguments.map(write))
    }
  }
  return write(readPattern(operator.definition!))
}

const MOST_ARGUMENTS = 3

/** Runs over vectors from addresses `x0`, `x1`, `x2` and writes to `y`, up to `end`. Conditions are numbers, 0 for false. */
export function rowKernel(row: ElementwiseOperator): ExportedFunction {
  return defineFunction('run', ['y', 'end', 'x0', 'x1', 'x2'], (p) => {
    const pointers = [p.x0, p.x1, p.x2]
    const operands = row.parameters.map(({ boolean }, index) => {
      const value = v128.load(get(pointers[index]!))
      return boolean === true ? f32x4.ne(value, f32x4.constant(0)) : value
    })
    const result = applyRow(row, operands)
    const number = row.boolean === true ? v128.and(result, f32x4.constant(1)) : result
    return repeatBelow(
      p.y,
      get(p.end),
      sequence(
        v128.store(get(p.y), number),
        ...[p.y, ...pointers].map((pointer) => increase(pointer, i32.constant(16))),
      ),
    )
  })
}

/** The row as a function of columns of 32-bit floats, one for each argument. */
export function compileRow(
  row: ElementwiseOperator,
  encoding: Encoding,
  mostPoints = 65536,
): (columns: readonly Float32Array[]) => Float32Array {
  const bytes = 4 * mostPoints
  const pages = Math.ceil((FREE + (MOST_ARGUMENTS + 1) * bytes) / 65536)
  const { memory, functions } = instantiate([rowKernel(row)], encoding, pages)
  const at = (place: number): number => FREE + place * bytes
  return (columns) => {
    const length = columns[0]!.length
    if (length > mostPoints) throw new RangeError(`${length} points`)
    columns.forEach((column, index) =>
      new Float32Array(memory.buffer, at(index + 1), length).set(column),
    )
    const end = at(0) + 16 * Math.ceil(length / 4)
    functions['run']!(at(0), end, at(1), at(2), at(3))
    return new Float32Array(memory.buffer, at(0), length).slice()
  }
}
