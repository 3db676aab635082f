import { layouts } from '../../operators/layout.ts'
import type { Matrix, MatrixOperator, Operator } from '../../operators/operator.ts'
import { usage } from './operator-usage.ts'

const SAMPLES: readonly (readonly number[])[] = [
  [-Infinity],
  [-2],
  [-0.5],
  [0],
  [0.5],
  [3],
  [Infinity],
  [NaN],
]
const PAIRS: readonly (readonly number[])[] = [
  [2, 3],
  [3, 2],
  [-1.5, 0.5],
]
const TRIPLES: readonly (readonly number[])[] = [
  [1, 2, 3],
  [0, 2, 3],
  [5, -1, 1],
]
/** All conditions there are, for operators of one and of two. */
const TRUTHS: readonly (readonly (readonly number[])[])[] = [
  [],
  [[1], [0]],
  [
    [1, 1],
    [1, 0],
    [0, 1],
    [0, 0],
  ],
]
const TENSOR = [3, -4, 0]
const SHAPE = [3, 3, 8, 16]

/** What the operator gives for some arguments, a line each; limits and NaN among those of functions of one number. */
export function examplesOf(operator: Operator): readonly string[] {
  switch (operator.kind) {
    case 'elementwise': {
      const isLogical = operator.parameters.every(({ boolean }) => boolean === true)
      const numbers = [[], SAMPLES, PAIRS, TRIPLES]
      const sets = (isLogical ? TRUTHS : numbers)[operator.parameters.length] ?? []
      return sets.map((values) => {
        const written = usage(
          operator,
          values.map((value, index) => exampleArgument(operator, value, index)),
        )
        return `${written} = ${resultText(operator, operator.meaning(...values))}`
      })
    }
    case 'reduction': {
      const tensors = operator.parameters.map(() => TENSOR)
      const written = usage(
        operator,
        tensors.map((tensor) => `[${tensor.join(', ')}]`),
      )
      return [`${written} = ${numberText(operator.meaning(...tensors))}`]
    }
    case 'shape':
      return layouts.flatMap((layout, index) => {
        const value = operator.meaning(SHAPE, layout)
        const isOther = index > 0 && value !== operator.meaning(SHAPE, layouts[0])
        if (index > 0 && !isOther) return []
        const where = isOther ? ` where it has its ${layout.replace('-', ' ')}` : ''
        return [`for a parameter of shape [${SHAPE.join(', ')}] it is ${numberText(value)}${where}`]
      })
    case 'matrix':
      return matrixExamples(operator)
    case 'global':
    case 'random':
      return []
  }
}

/** A matrix that every operator on matrices can be shown on, and the lengths of its axes. */
const MATRIX: Matrix = { rows: 2, columns: 2, values: [2, 1, 1, 2] }
const NUMBERS: Readonly<Record<string, number>> = { p: 2, max_extent: 1024 }

function matrixExamples(operator: MatrixOperator): readonly string[] {
  const matrices = operator.parameters.filter(({ matrix }) => matrix === true)
  const numbers = operator.parameters.flatMap(({ name }) => NUMBERS[name] ?? [])
  const written = usage(operator, [
    ...matrices.map(() => matrixText(MATRIX)),
    ...numbers.map(String),
  ])
  const given = {
    matrices: matrices.map(() => MATRIX),
    numbers,
    lengths: { inputs: 2, outputs: 2 },
  }
  return [`${written} = ${matrixText(operator.meaning(given))}`]
}

function matrixText({ rows, columns, values }: Matrix): string {
  if (rows === 1 && columns === 1) return numberText(values[0]!)
  const lines = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (__, column) => numberText(values[row * columns + column]!)),
  )
  return `[${lines.map((line) => `[${line.join(', ')}]`).join(', ')}]`
}

function exampleArgument(operator: Operator, value: number, index: number): string {
  if (operator.parameters[index]?.boolean === true) return value === 0 ? 'false' : 'true'
  return operator.fixity !== undefined && value < 0 ? `(${numberText(value)})` : numberText(value)
}

function resultText(operator: Operator, value: number): string {
  return operator.kind === 'elementwise' && operator.boolean === true
    ? String(value !== 0)
    : numberText(value)
}

/** A number in the notation of the language, to seven digits. */
export function numberText(value: number): string {
  return Number.isFinite(value)
    ? String(Number(value.toPrecision(7)))
    : String(value).replace('Infinity', 'inf')
}
