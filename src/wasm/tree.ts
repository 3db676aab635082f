/**
 * WebAssembly functions as trees: expressions give a value, statements do something. Trees are plain data, so one function
 * can be encoded in several ways (`encode.ts`).
 */

/** Type of a value. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'

/** A parameter or local of the function that is being written. */
export interface Local<Type extends ValueType = ValueType> {
  readonly index: number
  readonly type: Type
}

/**
 * A value without side effects. A node that stands at several places of one statement is computed once; every
 * statement computes its nodes anew, since locals and memory may have changed. What several statements share is kept in a local.
 */
export type Expression<Type extends ValueType = ValueType> =
  Constant<Type> | Read<Type> | Operation<Type> | Call<Type> | MultiplyAdd<Type> | Conditional<Type>

/** A constant: its bytes in memory. */
export interface Constant<Type extends ValueType = ValueType> {
  readonly kind: 'constant'
  readonly type: Type
  readonly bytes: Uint8Array
}

/** The value of a local. */
export interface Read<Type extends ValueType = ValueType> {
  readonly kind: 'read'
  readonly type: Type
  readonly local: Local<Type>
}

/** An instruction on the values of its operands; `immediates` are the bytes behind its opcode. */
export interface Operation<Type extends ValueType = ValueType> {
  readonly kind: 'operation'
  readonly type: Type
  readonly opcode: readonly number[]
  readonly operands: readonly Expression[]
  readonly immediates: readonly number[]
}

/** The result of another function, which must not touch what this statement reads. */
export interface Call<Type extends ValueType = ValueType> {
  readonly kind: 'call'
  readonly type: Type
  readonly callee: FunctionDefinition<readonly ValueType[], Type>
  readonly operands: readonly Expression[]
}

/**
 * a b + c, or c - a b where `negated`, lane by lane: rounded once where the encoding has relaxed SIMD and the machine the
 * instruction, twice elsewhere.
 */
export interface MultiplyAdd<Type extends ValueType = ValueType> {
  readonly kind: 'multiply-add'
  readonly type: Type
  readonly lanes: 'f32x4' | 'f64x2'
  readonly negated: boolean
  readonly operands: readonly [Expression<'v128'>, Expression<'v128'>, Expression<'v128'>]
}

/** One of two values, of which only that one is computed: the first where the condition is not 0. */
export interface Conditional<Type extends ValueType = ValueType> {
  readonly kind: 'conditional'
  readonly type: Type
  readonly operands: readonly [
    condition: Expression<'i32'>,
    then: Expression<Type>,
    otherwise: Expression<Type>,
  ]
}

/** Something done. */
export type Statement =
  | { readonly kind: 'sequence'; readonly parts: readonly Statement[] }
  | { readonly kind: 'write'; readonly local: Local; readonly value: Expression }
  | {
      readonly kind: 'effect'
      readonly opcode: readonly number[]
      readonly operands: readonly Expression[]
      readonly immediates: readonly number[]
    }
  /** Where branches to it go on: at its end for a block, at its beginning for a loop. */
  | { readonly kind: 'block' | 'loop'; readonly label: Label; readonly body: Statement }
  /** A jump to a label around it; always where there is no condition. */
  | { readonly kind: 'branch'; readonly label: Label; readonly condition?: Expression<'i32'> }
  | { readonly kind: 'if'; readonly condition: Expression<'i32'>; readonly body: Statement }
  | { readonly kind: 'return'; readonly value?: Expression }

/** A place that branches lead to, known by identity. */
export interface Label {
  readonly kind: 'label'
}

/** What a function consists of, its locals beside its parameters. */
export interface FunctionBody {
  readonly locals: readonly ValueType[]
  readonly statement: Statement
}

/** A function, known by identity. `body` gives the same body every time. */
export interface FunctionDefinition<
  Parameters extends readonly ValueType[] = readonly ValueType[],
  Result extends ValueType | undefined = ValueType | undefined,
> {
  readonly parameters: Parameters
  readonly result: Result
  readonly body: () => FunctionBody
}

/** A vector of 128 bits, a 32-bit integer: what most expressions are, and most locals. */
export type Vector = Expression<'v128'>
export type Integer = Expression<'i32'>
export type VectorLocal = Local<'v128'>
export type IntegerLocal = Local<'i32'>

/** The value of a local. */
export const get = <Type extends ValueType>(local: Local<Type>): Read<Type> => ({
  kind: 'read',
  type: local.type,
  local,
})

/** Sets a local. */
export const set = <Type extends ValueType>(
  local: Local<Type>,
  value: Expression<Type>,
): Statement => ({ kind: 'write', local, value: value as Expression })

/** Statements one after another. */
export const sequence = (...parts: readonly Statement[]): Statement => ({ kind: 'sequence', parts })

/** The result of a function that has one. */
export const call = <Parameters extends readonly ValueType[], Result extends ValueType>(
  callee: FunctionDefinition<Parameters, Result>,
  ...operands: { readonly [Index in keyof Parameters]: Expression<Parameters[Index]> }
): Expression<Result> => ({ kind: 'call', type: callee.result, callee, operands })
