import {
  createBuilder,
  declarationsOf,
  literal,
  type Builder,
  type ShaderFunction,
} from '../../../../src/emit/kernels/wgsl/functions.ts'
import { isSpelled, spellingOf } from '../../../../src/emit/kernels/wgsl/spellings.ts'
import { readPattern, type Pattern } from '../../../../src/ir/pattern.ts'
import type { ElementwiseOperator, Operator } from '../../../../src/operators/operator.ts'
import { compileShader } from './shader.ts'

const WORKGROUP = 64

/** A function of WGSL is changed before it is compiled. */
export type Change = (text: string) => string

/** What builders are asked for in {@link compileElements}; `words` is the column of random words. */
export const inElements = (words?: string): Pick<Builder, 'word' | 'zero'> => ({
  word: () => {
    if (words === undefined) throw new Error('no random words here')
    return words
  },
  zero: () => '(id.x >> 31u)',
})

/** Runs the expression that `write` gives, of type `type`, for each element of columns `x0`, `x1`, ... of 32-bit words. */
export async function compileElements(
  device: GPUDevice,
  columns: readonly string[],
  type: 'f32' | 'u32',
  write: (called: Set<ShaderFunction>, columns: readonly string[]) => string,
  change: Change = (text) => text,
): Promise<(...given: readonly (Float32Array | Uint32Array)[]) => Promise<ArrayBuffer>> {
  const called = new Set<ShaderFunction>()
  const result = write(
    called,
    columns.map((_, index) => `x${index}[at]`),
  )
  const bindings = [
    ['y', 'read_write', type],
    ...columns.map((each, index) => [`x${index}`, 'read', each]),
  ]
  const shader = await compileShader(
    device,
    `${bindings
      .map(
        ([name, access, each], index) =>
          `@group(0) @binding(${index}) var<storage, ${access}> ${name}: array<${each}>;\n`,
      )
      .join('')}
${change(declarationsOf(called))}

@compute @workgroup_size(${WORKGROUP})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let at = id.x;
  if (at < arrayLength(&y)) { y[at] = ${result}; }
}`,
  )
  return (...given) => {
    const { length, byteLength } = given[0]!
    return shader.run(given, byteLength, Math.ceil(length / WORKGROUP))
  }
}

/** A pattern on expressions by the names of its variables. */
function applyPattern(
  called: Set<ShaderFunction>,
  pattern: Pattern,
  variables: ReadonlyMap<string, string>,
): string {
  switch (pattern.kind) {
    case 'constant':
      return literal(pattern.value)
    case 'variable':
      return variables.get(pattern.name)!
    case 'apply':
      return applyRow(
        called,
        pattern.operator,
        pattern.arguments.map((argument) => applyPattern(called, argument, variables)),
      )
  }
}

/** The operator on expressions: its spelling, or its definition where it has none. */
function applyRow(
  called: Set<ShaderFunction>,
  operator: Operator,
  arguments_: readonly string[],
): string {
  if (isSpelled(operator))
    return spellingOf(operator)(createBuilder(called, inElements()), ...arguments_)
  const variables = new Map(operator.parameters.map(({ name }, at) => [name, arguments_[at]!]))
  return applyPattern(called, readPattern(operator.definition!), variables)
}

/** An expression of the language as a function of columns of 32-bit floats, one for each of its variables. */
export async function compilePattern(
  device: GPUDevice,
  text: string,
  variables: readonly string[],
): Promise<(columns: readonly Float32Array[]) => Promise<Float32Array>> {
  const run = await compileElements(
    device,
    variables.map(() => 'f32'),
    'f32',
    (called, columns) =>
      applyPattern(
        called,
        readPattern(text),
        new Map(variables.map((name, at) => [name, columns[at]!])),
      ),
  )
  return async (columns) => new Float32Array(await run(...columns))
}

/** The row as a function of columns of 32-bit floats, one for each argument. Conditions are numbers, 0 for false. */
export async function compileRow(
  device: GPUDevice,
  row: ElementwiseOperator,
  change?: Change,
): Promise<(columns: readonly Float32Array[]) => Promise<Float32Array>> {
  const write = (called: Set<ShaderFunction>, columns: readonly string[]): string => {
    const operands = row.parameters.map(({ boolean }, index) =>
      // By bits, since a subnormal number may be taken for 0.
      boolean === true ? `((bitcast<u32>(${columns[index]}) << 1u) != 0u)` : columns[index]!,
    )
    const result = applyRow(called, row, operands)
    return row.boolean === true ? `select(0.0f, 1.0f, ${result})` : result
  }
  const run = await compileElements(
    device,
    row.parameters.map(() => 'f32'),
    'f32',
    write,
    change,
  )
  return async (columns) => new Float32Array(await run(...columns))
}
