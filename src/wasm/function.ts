import {
  get,
  type Expression,
  type FunctionBody,
  type FunctionDefinition,
  type Local,
  type Statement,
  type ValueType,
} from './tree.ts'

/** Hands out a function's locals while its body is written. */
export interface FunctionScope {
  local<Type extends ValueType>(type: Type): Local<Type>
  locals<Type extends ValueType>(type: Type, count: number): Local<Type>[]
}

type Locals<Types extends readonly ValueType[]> = {
  readonly [Index in keyof Types]: Local<Types[Index]>
}

type Expressions<Types extends readonly ValueType[]> = {
  readonly [Index in keyof Types]: Expression<Types[Index]>
}

/** A function that `write` writes when it is first asked for: it gets the parameters and returns the body. */
export function makeFunction<
  const Parameters extends readonly ValueType[],
  Result extends ValueType | undefined,
>(
  parameters: Parameters,
  result: Result,
  write: (scope: FunctionScope, ...parameters: Locals<Parameters>) => Statement,
): FunctionDefinition<Parameters, Result> {
  let body: FunctionBody | undefined
  return { parameters, result, body: () => (body ??= writeBody(parameters, write)) }
}

function writeBody<Parameters extends readonly ValueType[]>(
  parameters: Parameters,
  write: (scope: FunctionScope, ...parameters: Locals<Parameters>) => Statement,
): FunctionBody {
  const locals: ValueType[] = []
  const local = <Type extends ValueType>(type: Type): Local<Type> => {
    locals.push(type)
    return { index: parameters.length + locals.length - 1, type }
  }
  const scope: FunctionScope = {
    local,
    locals: (type, count) => Array.from({ length: count }, () => local(type)),
  }
  const own = parameters.map((type, index) => ({ index, type })) as unknown as Locals<Parameters>
  return { statement: write(scope, ...own), locals }
}

/** A function that is one expression over its parameters. */
export function expressionFunction<
  const Parameters extends readonly ValueType[],
  Result extends ValueType,
>(
  parameters: Parameters,
  result: Result,
  write: (...parameters: Expressions<Parameters>) => Expression<Result>,
): FunctionDefinition<Parameters, Result> {
  return makeFunction(parameters, result, (_, ...locals) => {
    const values = locals.map((local: Local) => get(local)) as unknown as Expressions<Parameters>
    return { kind: 'return', value: write(...values) as Expression }
  })
}

/** A function that the host calls, under its name. */
export interface ExportedFunction {
  readonly name: string
  readonly definition: FunctionDefinition
}

/** A function for the host, without a result: `write` gets its parameters, all i32, and returns its body. */
export function defineFunction<Names extends string>(
  name: string,
  parameters: readonly Names[],
  write: (parameters: Readonly<Record<Names, Local<'i32'>>>, scope: FunctionScope) => Statement,
): ExportedFunction {
  const types = parameters.map((): 'i32' => 'i32')
  const definition = makeFunction(types, undefined, (scope, ...locals) => {
    const entries = parameters.map((parameter, index) => [parameter, locals[index]] as const)
    return write(Object.fromEntries(entries) as Record<Names, Local<'i32'>>, scope)
  })
  return { name, definition }
}
