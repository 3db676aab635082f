import { placementName } from '../../check/placement-name.ts'
import { finite, type Interval } from '../../operators/interval.ts'
import type { Operator, OperatorParameter } from '../../operators/operator.ts'
import { axisOf, operators } from '../../operators/table.ts'
import { code, fenced, joined, table } from '../markdown/write.ts'
import type { Topic } from '../topic.ts'
import { examplesOf, numberText } from './operator-examples.ts'
import { targetRows } from './operator-targets.ts'
import { usage } from './operator-usage.ts'

/** A topic for each operator, under its name and, where it has one, its symbol. */
export function operatorTopics(): readonly Topic[] {
  return operators.map((operator) => {
    const isPlain = operator.fixity === undefined && operator.parameters.length === 1
    const name = operator.fixity?.symbol ?? operator.callName ?? operator.name
    return {
      name,
      ...(operator.name !== name && { also: [operator.name] }),
      group: `Operators: ${operator.family}`,
      summary: (isPlain ? '' : `${usage(operator)}: `) + operator.summary.replace(/\.$/, ''),
      page: () => page(operator),
    }
  })
}

function page(operator: Operator): string {
  const { summary, formula, definition, source } = operator
  // An example is one tensor of three elements, which has no two axes.
  const examples =
    operator.kind === 'reduction' && axisOf(operator) !== undefined ? [] : examplesOf(operator)
  return joined(
    fenced('text', usage(operator)),
    summary,
    'Formula:',
    fenced('math', mathOf(formula, operator.parameters)),
    ...(definition === undefined ? [] : ['Made of other operators:', fenced('text', definition)]),
    ...derivativeParts(operator),
    ...(examples.length === 0 ? [] : ['Examples:', fenced('text', examples.join('\n'))]),
    ...factParts(operator),
    source === undefined ? undefined : `Source: ${source}`,
    ...targetParts(operator),
  )
}

/** A formula in which words that stand for arguments are no products of letters. */
function mathOf(formula: string, parameters: readonly OperatorParameter[]): string {
  const long = parameters.map(({ name }) => name).filter((name) => name.length > 1)
  return long.reduce(
    (text, name) =>
      text.replace(
        new RegExp(`(?<![\\\\\\w])${name}(?![\\w])`, 'g'),
        `\\mathit{${name.replaceAll('_', '\\_')}}`,
      ),
    formula,
  )
}

function derivativeParts(operator: Operator): readonly string[] {
  if (operator.kind !== 'elementwise' || operator.derivatives === undefined) return []
  const { derivatives, parameters } = operator
  const numbers = parameters.filter(({ boolean }) => boolean !== true)
  const lines = numbers.map(({ name }, index) => `d/d${name}  ${derivatives[index]!}`)
  return ['Derivative, where it has one:', fenced('text', lines.join('\n'))]
}

/** What arguments may be, what comes of them, and how exact it is. */
function factParts(operator: Operator): readonly string[] {
  const { parameters, hazards = [], unsigned } = operator
  const facts = [
    ...parameters.flatMap((parameter) => {
      const wanted = wantedOf(parameter)
      return wanted === undefined ? [] : [`${code(parameter.name)}: ${wanted}`]
    }),
    ...rangeFacts(operator),
    ...(unsigned === true ? ['Never negative, and never -0'] : []),
    ...hazards.map(
      ({ code: warning, argument }) =>
        `Warns of ${code(warning)} where ${code(parameters[argument]?.name ?? 'an argument')} may be such`,
    ),
    `The result: ${placementOf(operator)}`,
    ...('tolerance' in operator ? [exactness(operator)] : []),
  ]
  return [facts.map((fact) => `* ${fact}`).join('\n')]
}

function wantedOf({ boolean, matrix, latest }: OperatorParameter): string | undefined {
  if (boolean === true) return 'a condition'
  if (matrix === true) return 'a matrix, inside an `if rank(w) >= 2`'
  return latest === undefined ? undefined : `at most ${placementName(latest)}`
}

function rangeFacts(operator: Operator): readonly string[] {
  const isCondition = 'boolean' in operator && operator.boolean === true
  if (operator.kind === 'shape' || isCondition) return []
  const range = operator.interval(...operator.parameters.map(() => finite))
  if (range.low === -Infinity && range.high === Infinity) return []
  return [`Values for finite arguments: ${intervalText(range)}${range.nan ? ', or NaN' : ''}`]
}

/** What there is one of, where arguments are as late and wide as they may be. */
function placementOf(operator: Operator): string {
  const what = 'boolean' in operator && operator.boolean === true ? 'a condition' : 'a number'
  if (operator.kind === 'elementwise')
    return `${what} for whatever there is one argument for, known once they all are`
  if (what !== 'a number') return what
  const widest = operator.parameters.map(
    ({ latest }) => latest ?? ({ known: 'gradient', extent: 'element' } as const),
  )
  return placementName(operator.placement(...widest))
}

function exactness(operator: Extract<Operator, { readonly tolerance: number }>): string {
  const { tolerance } = operator
  if (tolerance === 0) return 'Exact: the value, rounded to 32 bits'
  const units = tolerance === 1 ? 'one unit' : `${tolerance} units`
  const of = 'scale' in operator ? ', of the terms it is made of where those are larger' : ''
  return `Within ${units} in the last place of 32 bits${of}`
}

function intervalText({ low, high, lowOpen, highOpen }: Interval): string {
  return `${lowOpen ? '(' : '['}${numberText(low)}, ${numberText(high)}${highOpen ? ')' : ']'}`
}

/** Facts about shapes are numbers before anything is emitted, and numbers over all parameters are put together of others. */
function targetParts(operator: Operator): readonly string[] {
  if (operator.kind === 'shape' || operator.kind === 'global') return []
  return [table(['target', 'writes'], targetRows(operator))]
}
