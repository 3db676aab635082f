import type { Fixity, Operator, Role } from './operator.ts'
import { arithmeticRows } from './rows/arithmetic.ts'
import { comparisonRows } from './rows/comparison.ts'
import { conditionRows } from './rows/condition.ts'
import { globalRows } from './rows/global.ts'
import { guardedRows } from './rows/guarded.ts'
import { matrixRows } from './rows/matrix.ts'
import { randomRows } from './rows/random.ts'
import { reductionRows } from './rows/reduction.ts'
import { shapeRows } from './rows/shape.ts'
import { smoothRows } from './rows/smooth.ts'
import type { Axis } from './type.ts'

const rows = [
  ...arithmeticRows,
  ...comparisonRows,
  ...conditionRows,
  ...smoothRows,
  ...guardedRows,
  ...reductionRows,
  ...globalRows,
  ...shapeRows,
  ...randomRows,
  ...matrixRows,
] as const

type NameOfDefined<Row> = Row extends {
  readonly name: infer Name
  readonly definition?: infer Definition
}
  ? string extends Definition
    ? never
    : [Definition] extends [never]
      ? never
      : Name
  : never

/** The name of an operator that is made of others: a target spells it where it knows better than the definition. */
export type DefinedName = NameOfDefined<(typeof rows)[number]>

/** The name of an operator that no definition stands for: what every target's table of spellings has to have. */
export type PrimitiveName = Exclude<
  (typeof rows)[number]['name'],
  DefinedName | (typeof globalRows)[number]['name']
>

/** The name of an operator of these kinds. */
export type NameOfKind<Kind extends Operator['kind']> = Extract<
  (typeof rows)[number],
  { readonly kind: Kind }
>['name']

/** Every operator of the language, one row each, in the order of the reference. */
export const operators: readonly Operator[] = rows

/** Operators written between their operands, and before them. */
export const infixOperators: readonly Operator[] = operators.filter(
  ({ fixity }) => fixity?.position === 'infix',
)
export const prefixOperators: readonly Operator[] = operators.filter(
  ({ fixity }) => fixity?.position === 'prefix',
)

/** Whether the symbol is a word, which blanks set apart from its operands. */
export function isWord({ symbol }: Fixity): boolean {
  return /^[a-z]/.test(symbol)
}

const byName = new Map(operators.map((operator) => [operator.name, operator]))

/** The row of that name. Throws a RangeError when there is none: names come from programs only through findOperator. */
export function operatorByName(name: string): Operator {
  const operator = byName.get(name)
  if (operator === undefined) throw new RangeError(`no operator has the name ${name}`)
  return operator
}

/** The operator with that role; each has one. */
function operatorInRole(role: Role): Operator {
  return operators.find((operator) => operator.role === role)!
}

/** The operators that the compiler itself puts into programs, and those by which people tell the parts of a formula. */
export const choiceOperator: Operator = operatorInRole('choice')
export const negationOperator: Operator = operatorInRole('negation')
export const productOperator: Operator = operatorInRole('multiplication')
export const sumOperator: Operator = operatorInRole('addition')
export const differenceOperator: Operator = operatorInRole('subtraction')
export const quotientOperator: Operator = operatorInRole('division')
export const powerOperator: Operator = operatorInRole('exponentiation')
export const limitOperator: Operator = operatorInRole('limit')

/** `a and b`. */
export const conjunctionOperator: Operator = operatorByName('and')

/** `min(a, b)`. */
export const minimumOperator: Operator = operatorByName('min')

const callable = new Map<string, Operator[]>()
for (const operator of operators) {
  if (operator.fixity !== undefined) continue
  const name = operator.callName ?? operator.name
  callable.set(name, [...(callable.get(name) ?? []), operator])
}

/** The rows a call by that name can mean, by their numbers of parameters; none when it is no operator. */
export function operatorsCalled(name: string): readonly Operator[] {
  return callable.get(name) ?? []
}

/** The axis that calls of an operator name: the one it reduces, where it reduces one and not all elements, or is of. */
export function axisOf(operator: Operator): Axis | undefined {
  if (operator.kind === 'matrix') return operator.of
  return operator.kind === 'reduction' ? operator.over : undefined
}

/** The arguments of a call of the operator: an axis as programs write it, behind the others or by itself. */
export function writtenArguments(
  operator: Operator,
  arguments_: readonly string[] = operator.parameters.map(({ name }) => name),
): readonly string[] {
  const axis = axisOf(operator)
  if (axis === undefined) return arguments_
  return [...arguments_, operator.kind === 'matrix' ? axis : `over = ${axis}`]
}

/** Whether a call by that name has an axis for its only argument, as in `eye(inputs)`. */
export function takesAxis(name: string): boolean {
  return operatorsCalled(name).some(
    (operator) => operator.kind === 'matrix' && operator.of !== undefined,
  )
}

/** Whether each place where the operator is written draws random numbers of its own: no argument tells them apart. */
export function isFreshDraw({ kind, parameters }: Operator): boolean {
  return kind === 'random' && parameters.length === 0
}

/** The operator that a call by that name with that many arguments means, and with that axis behind `over`. */
export function findOperator(
  name: string,
  argumentCount: number,
  over?: Axis,
): Operator | undefined {
  return operatorsCalled(name).find(
    (operator) => operator.parameters.length === argumentCount && axisOf(operator) === over,
  )
}

/** The names operators are called by. */
export const operatorCallNames: readonly string[] = [...callable.keys()]
