import { describe, expect, expectTypeOf, test } from 'vitest'
import { readPattern, type Pattern } from '../../src/ir/pattern.ts'
import type { ElementwiseOperator, Operator } from '../../src/operators/operator.ts'
import { childKey, createRandom, rootKey } from '../../src/operators/random.ts'
import {
  axisOf,
  operators,
  type DefinedName,
  type PrimitiveName,
} from '../../src/operators/table.ts'
import { corners, drawNumber, drawTuples, unitsOff } from './points.ts'

const defined = operators.filter(({ definition }) => definition !== undefined)
const primitives = operators.filter(({ definition }) => definition === undefined)

/** One number per element, or one for all of them on the host: in 64 bits until it meets a tensor. */
interface Value {
  readonly values: readonly number[]
  readonly host: boolean
}

type Variables = ReadonlyMap<string, Value>

const patterns = new Map(
  defined.map((row): [Operator, Pattern] => [row, readPattern(row.definition!)]),
)

/** What a pattern gives when every operator in it is a primitive or stands for its definition. */
function evaluate(pattern: Pattern, variables: Variables): Value {
  switch (pattern.kind) {
    case 'constant':
      return { values: [pattern.value], host: true }
    case 'variable':
      return variables.get(pattern.name)!
    case 'apply': {
      const { operator } = pattern
      const arguments_ = pattern.arguments.map((argument) => evaluate(argument, variables))
      const definition = patterns.get(operator)
      return definition === undefined
        ? applyPrimitive(operator, arguments_)
        : evaluate(definition, withParameters(operator, arguments_))
    }
  }
}

function withParameters({ parameters }: Operator, arguments_: readonly Value[]): Variables {
  return new Map(parameters.map(({ name }, index) => [name, arguments_[index]!]))
}

function applyPrimitive(operator: Operator, arguments_: readonly Value[]): Value {
  const host = arguments_.every((argument) => argument.host)
  const round = host ? (value: number): number => value : Math.fround
  const inputs = arguments_.map(({ values }) => values.map(round))
  const at = (values: readonly number[], index: number): number => values[index] ?? values[0]!
  switch (operator.kind) {
    case 'elementwise': {
      const length = Math.max(...inputs.map((values) => values.length))
      const values = Array.from({ length }, (_, index) =>
        round(operator.meaning(...inputs.map((input) => at(input, index)))),
      )
      return { values, host }
    }
    case 'reduction':
      return { values: [round(operator.meaning(...inputs))], host }
    case 'shape':
      return { values: [operator.meaning([inputs[0]!.length], 'outputs-last')], host: true }
    case 'global':
    case 'random':
    case 'matrix':
      throw new Error(
        'no definition draws random numbers, makes matrices or knows other parameters',
      )
  }
}

function evaluateDefinition(
  row: Operator,
  columns: readonly (readonly number[])[],
  host: boolean,
): readonly number[] {
  const arguments_ = columns.map((values) => ({ values, host }))
  return evaluate(patterns.get(row)!, withParameters(row, arguments_)).values
}

test.each(defined.map((row) => [row.name, row] as const))(
  '%s is made of other operators over its parameters',
  (name, row) => {
    const parts = patternsIn(patterns.get(row)!)
    const variables = parts.flatMap((part) => (part.kind === 'variable' ? [part.name] : []))
    const allowed = row.parameters.map((parameter) => parameter.name)
    expect(allowed).toEqual(expect.arrayContaining(variables))
    expect(namesBelow(row)).not.toContain(name)
    const last = patterns.get(row)!
    expect(last.kind === 'apply' && isBoolean(last.operator)).toBe(isBoolean(row))
  },
)

const isBoolean = (row: Operator): boolean => row.kind === 'elementwise' && row.boolean === true

function patternsIn(pattern: Pattern): readonly Pattern[] {
  return pattern.kind === 'apply' ? [pattern, ...pattern.arguments.flatMap(patternsIn)] : [pattern]
}

/** The operators of the definition, of their definitions and so on. */
function namesBelow(row: Operator): ReadonlySet<string> {
  const found = new Set<string>()
  const pending = [row]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const pattern = patterns.get(next)
    for (const part of pattern === undefined ? [] : patternsIn(pattern)) {
      if (part.kind !== 'apply' || found.has(part.operator.name)) continue
      found.add(part.operator.name)
      pending.push(part.operator)
    }
  }
  return found
}

test('about forty operators have no definition, and a table has to have each of them', () => {
  // A reduction over one axis is the same one on other elements, and one over all parameters is made of two.
  const own = primitives.filter((row) => axisOf(row) === undefined && row.kind !== 'global')
  expect(own.length).toBeLessThan(50)
  type Table = Record<PrimitiveName, 1> & Partial<Record<DefinedName, 1>>
  expectTypeOf<Omit<Table, 'softplus' | 'norm' | 'not_equal'>>().toExtend<Table>()
  expectTypeOf<Omit<Table, 'add'>>().not.toExtend<Table>()
  expectTypeOf<Omit<Table, 'where'>>().not.toExtend<Table>()
  expectTypeOf<Omit<Table, 'rank'>>().not.toExtend<Table>()
})

const RANDOM_POINTS = 5000

const elementwise = defined.filter((row): row is ElementwiseOperator => row.kind === 'elementwise')

/** The values of the definition at corner points and others. */
function valuesOf(row: ElementwiseOperator, host: boolean): [tuple: number[], value: number][] {
  const random = createRandom(childKey(rootKey(6), row.name))
  const tuples = drawTuples(row.parameters.length, random, RANDOM_POINTS)
  const columns = row.parameters.map((_, index) => tuples.map((tuple) => tuple[index]!))
  const values = evaluateDefinition(row, columns, host)
  return tuples.map((tuple, index) => [tuple, values[index]!])
}

/** As for targets, but nothing is flushed to 0, and a zero has its sign. */
function strictUnitsOff(value: number, wanted: number, scale?: number): number {
  if (value === 0 && wanted === 0) return Object.is(value, wanted) ? 0 : Infinity
  return value === 0 ? unitsOff(wanted, 0, scale) : unitsOff(value, wanted, scale)
}

function expectWithin(row: ElementwiseOperator, tuple: readonly number[], value: number): void {
  const wanted = row.meaning(...tuple)
  const off = strictUnitsOff(value, wanted, row.scale?.(...tuple))
  if (off > Math.max(row.tolerance, 0.5))
    expect.fail(`${row.name}(${tuple.join(', ')}) is ${value}, not ${wanted}: ${off} units off`)
}

describe('in steps of 32 bits a definition is within the tolerance of the meaning', () => {
  test.each(elementwise.map((row) => [row.name, row] as const))('%s', (_, row) => {
    for (const [tuple, value] of valuesOf(row, false)) expectWithin(row, tuple, value)
  })
})

/** How far a definition in 64 bits may be from the meaning, relative to it. */
const RELATIVE_TOLERANCE = 1e-14

describe('in steps of 64 bits a definition is the meaning but for rounding', () => {
  test.each(elementwise.map((row) => [row.name, row] as const))('%s', (name, row) => {
    for (const [tuple, value] of valuesOf(row, true)) {
      const wanted = row.meaning(...tuple)
      const size = Math.max(Math.abs(wanted), row.scale?.(...tuple) ?? 0)
      if (!Object.is(value, wanted) && !(Math.abs(value - wanted) <= RELATIVE_TOLERANCE * size))
        expect.fail(`${name}(${tuple.join(', ')}) is ${value}, not ${wanted}`)
    }
  })
})

const LARGEST = 3.4e38

describe('definitions of reductions', () => {
  const reductions = defined.filter((row) => row.kind === 'reduction')
  test.each(reductions.map((row) => [row.name, row] as const))('%s', (name, row) => {
    const random = createRandom(childKey(rootKey(7), name))
    const vectors = (length: number, draw: (index: number) => number): number[][] =>
      row.parameters.map(() => Array.from({ length }, (_, index) => Math.fround(draw(index))))
    const cases = [
      ...corners.flatMap((corner) => [
        vectors(1, () => corner),
        vectors(5, () => corner),
        vectors(5, (index) => (index === 3 ? corner : random.normal())),
      ]),
      ...Array.from({ length: 20 }, () => vectors(1000, () => random.normal())),
      ...Array.from({ length: 40 }, () => {
        const size = drawNumber(random)
        return vectors(100, () => size * random.normal())
      }),
      ...Array.from({ length: 200 }, () => vectors(7, () => drawNumber(random))),
    ]
    for (const columns of cases) {
      const [value] = evaluateDefinition(row, columns, false)
      const wanted = row.meaning(...columns)
      const scale = row.scale?.(...columns)
      // A sum of 32-bit numbers may overflow on the way to a result that would not.
      const terms = scale ?? 0
      if (terms > LARGEST && !Number.isFinite(value)) continue
      const off = strictUnitsOff(value!, wanted, scale)
      if (off > row.tolerance)
        expect.fail(`${name} of ${columns.map(String).join(' and ')} is ${value}, not ${wanted}`)
    }
  })
})
