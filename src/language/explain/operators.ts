import { name, printCode } from '../../emit/code.ts'
import { createBuilder, isSpelled, spellingOf, type Form } from '../../emit/ts/spellings.ts'
import { finite, type Interval } from '../../operators/interval.ts'
import { layouts } from '../../operators/layout.ts'
import type { Matrix, MatrixOperator, Operator } from '../../operators/operator.ts'
import { axisOf, isWord, operators, writtenArguments } from '../../operators/table.ts'
import { HIDDEN, indent, wrap, type Topic } from './topic.ts'

const SAMPLES: readonly (readonly number[])[] = [[-2], [-0.5], [0], [0.5], [3]]
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

/** A topic for each operator, under its name and, where it has one, its symbol. */
export function operatorTopics(): readonly Topic[] {
  return operators.flatMap((operator) => {
    const written = usage(operator)
    const isPlain = operator.fixity === undefined && operator.parameters.length === 1
    const topic: Topic = {
      name: operator.fixity?.symbol ?? operator.callName ?? operator.name,
      group: `Operators: ${operator.family}`,
      summary: (isPlain ? '' : `${written}: `) + operator.summary.replace(/\.$/, ''),
      page: (columns) => page(operator, columns),
    }
    const isOther = operator.name !== topic.name
    return isOther ? [topic, { ...topic, name: operator.name, group: HIDDEN }] : [topic]
  })
}

function page(operator: Operator, columns: number): string {
  const { summary, formula, definition, source, hazards = [], parameters } = operator
  const parts = [`${usage(operator)}\n${wrap(summary, columns)}`, `Formula:\n\n${indent(formula)}`]
  if (definition !== undefined)
    parts.push(`Made of other operators:\n\n${indent(wrap(definition, columns - 4))}`)
  // An example is one tensor of three elements, which has no two axes.
  const examples =
    operator.kind === 'reduction' && axisOf(operator) !== undefined ? [] : examplesOf(operator)
  if (examples.length > 0) parts.push(`Examples:\n\n${indent(examples.join('\n'))}`)
  if (operator.kind !== 'shape') {
    const range = operator.interval(...parameters.map(() => finite))
    if (range.low > -Infinity || range.high < Infinity)
      parts.push(
        `Values for finite arguments: ${intervalText(range)}${range.nan ? ', or NaN' : ''}`,
      )
  }
  if (hazards.length > 0) {
    const lines = hazards.map(
      ({ code, argument }) => `\`${code}\` about ${parameters[argument]?.name ?? 'an argument'}`,
    )
    parts.push(`Warnings it can give: ${lines.join(', ')}`)
  }
  if (source !== undefined) parts.push(wrap(`Source: ${source}`, columns))
  if (isSpelled(operator)) {
    const { scalar, tensor } = spellingOf(operator)
    const lines = [`numbers  ${spelled(scalar, operator)}`, `tensors  ${spelled(tensor, operator)}`]
    parts.push(`In TypeScript, with tfjs:\n\n${indent(lines.join('\n'))}`)
  }
  return parts.join('\n\n')
}

/** How a program writes the operator: `a + b`, `clip(x, low, high)`. */
function usage(
  operator: Operator,
  arguments_: readonly string[] = operator.parameters.map(({ name }) => name),
): string {
  const { fixity, callName, name } = operator
  if (fixity === undefined)
    return `${callName ?? name}(${writtenArguments(operator, arguments_).join(', ')})`
  return fixity.position === 'prefix'
    ? `${fixity.symbol}${isWord(fixity) ? ' ' : ''}${arguments_[0]}`
    : arguments_.join(` ${fixity.symbol} `)
}

const build = createBuilder([name('$seed'), name('$site'), name('$parameter'), name('$step')])

function spelled(form: Form, { parameters }: Operator): string {
  return printCode(form(build, ...parameters.map((parameter) => name(parameter.name))))
}

function examplesOf(operator: Operator): readonly string[] {
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
  return operator.fixity !== undefined && value < 0 ? `(${value})` : String(value)
}

function resultText(operator: Operator, value: number): string {
  return operator.kind === 'elementwise' && operator.boolean === true
    ? String(value !== 0)
    : numberText(value)
}

function numberText(value: number): string {
  return Number.isFinite(value)
    ? String(Number(value.toPrecision(7)))
    : String(value).replace('Infinity', 'inf')
}

function intervalText({ low, high, lowOpen, highOpen }: Interval): string {
  return `${lowOpen ? '(' : '['}${numberText(low)}, ${numberText(high)}${highOpen ? ')' : ']'}`
}
