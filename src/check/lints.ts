import { contains, type Interval } from '../operators/interval.ts'
import type { ElementwiseOperator, Operator } from '../operators/operator.ts'
import type { Expression } from '../syntax/ast.ts'
import { finding, type Finding } from './findings.ts'
import { precedenceOf } from './operator-of.ts'
import type { Value } from './value.ts'

/** Numbers of many sizes; what holds for all of them in an interval is taken to hold for the interval. */
const PROBES = [
  0,
  1,
  -1,
  0.3,
  -0.3,
  1e-3,
  -1e-3,
  1e-9,
  -1e-9,
  2.7,
  -2.7,
  41.5,
  -41.5,
  1e4 + 0.5,
  -1e4 - 0.5,
]
const FEWEST_PROBES = 3

/** Operands that change nothing and comparisons whose answer is known, in code that a person wrote. */
export function findPointless(
  operator: Operator,
  node: Expression,
  arguments_: readonly Expression[],
  values: readonly Value[],
  result: Value,
  path: string,
): Finding | undefined {
  if (operator.kind !== 'elementwise') return undefined
  for (const { unknown, interior, beforeEnd } of values)
    if (unknown || interior || beforeEnd) return undefined
  // The comparison in a joined condition says it.
  if (operator.parameters[0]?.boolean === true && operator.boolean === true) return undefined
  if (operator.boolean === true) return constantCondition(node, values, result, path)
  const subject = onlyVariable(values)
  const expression = subject === undefined ? undefined : arguments_[subject]
  if (subject === undefined || expression === undefined || values[subject]!.guessedInterval)
    return undefined
  const { interval } = values[subject]!
  const numbers = values.map((value) => value.interval.low)
  const meaningOf = (probe: number): number => {
    numbers[subject] = probe
    return operator.meaning(...numbers)
  }
  if (!mayBePointless(meaningOf, interval, values.length)) return undefined
  const bounds = values.flatMap((value, index) => (index === subject ? [] : [value.interval.low]))
  const probes = probesIn(interval, bounds)
  if (probes.length < FEWEST_PROBES) return undefined
  const results = probes.map(meaningOf)
  if (results.every((value, index) => value === probes[index])) {
    return finding('no-effect', false, {
      path,
      span: node.span,
      message: describeIdentity(operator, arguments_, subject),
      label: 'the same as without it',
      help: 'leave it out',
      ...(fitsInPlace(expression, operator)
        ? {
            fix: {
              title: 'leave it out',
              edits: [
                { span: { start: node.span.start, end: expression.span.start }, text: '' },
                { span: { start: expression.span.end, end: node.span.end }, text: '' },
              ].filter(({ span }) => span.start < span.end),
            },
          }
        : {}),
    })
  }
  const [first] = results
  if (values.length < 2 || first === undefined || !results.every((value) => value === first))
    return undefined
  return finding('no-effect', false, {
    path,
    span: node.span,
    message: `this is always ${String(first === 0 ? 0 : first)}`,
    label: 'whatever stands in it',
    help: `write \`${String(first === 0 ? 0 : first)}\`, or what was meant`,
  })
}

function constantCondition(
  node: Expression,
  values: readonly Value[],
  result: Value,
  path: string,
): Finding | undefined {
  const { low, high } = result.interval
  const sure = values.every(({ guessedInterval, interval }) => !guessedInterval && !interval.nan)
  if (low !== high || !sure) return undefined
  return finding('constant-condition', false, {
    path,
    span: node.span,
    message: `this comparison is always ${low === 0 ? 'false' : 'true'}`,
    help: 'leave the choice out, or compare with what was meant',
  })
}

/**
 * Whether the first numbers to look at leave anything to report: almost always two of them show that the operator changes
 * something and that it depends on its argument.
 */
function mayBePointless(
  meaningOf: (probe: number) => number,
  interval: Interval,
  argumentCount: number,
): boolean {
  let isIdentity = true
  let isConstant = argumentCount >= 2
  let first: number | undefined
  for (const probe of PROBES) {
    if (!contains(interval, probe)) continue
    const value = meaningOf(probe)
    first ??= value
    isIdentity &&= value === probe
    isConstant &&= value === first
    if (!isIdentity && !isConstant) return false
  }
  return true
}

/** The one argument that is not a constant, when there is one and the others are plain numbers. */
function onlyVariable(values: readonly Value[]): number | undefined {
  let variable: number | undefined
  for (let index = 0; index < values.length; index++) {
    const { known, boolean, interval } = values[index]!
    if (boolean) return undefined
    if (known === 'constant') {
      if (interval.low !== interval.high) return undefined
    } else if (variable === undefined) variable = index
    else return undefined
  }
  return variable
}

/** Numbers of the interval, some of them around the numbers that the operator is given beside it. */
function probesIn(interval: Interval, bounds: readonly number[]): number[] {
  const { low, high } = interval
  const ends = [low, high].filter((end) => Number.isFinite(end))
  const between =
    ends.length === 2 ? [0.25, 0.5, 0.75].map((part) => low + (high - low) * part) : []
  const beyond =
    ends.length === 1
      ? [0.5, 3, 2000].map((step) => (ends[0] === low ? low + step : high - step))
      : []
  const around = bounds.flatMap((bound) => [bound, -bound, 2 * bound + 1, -2 * bound - 1])
  return [...new Set([...PROBES, ...ends, ...between, ...beyond, ...around])].filter((probe) =>
    contains(interval, probe),
  )
}

function describeIdentity(
  operator: ElementwiseOperator,
  arguments_: readonly Expression[],
  subject: number,
): string {
  const { fixity } = operator
  const other = arguments_[1 - subject]
  if (fixity?.position === 'infix' && other?.kind === 'number') {
    const text = subject === 0 ? `${fixity.symbol} ${other.text}` : `${other.text} ${fixity.symbol}`
    return `\`${text}\` changes nothing`
  }
  return fixity
    ? `this \`${fixity.symbol}\` changes nothing`
    : `\`${operator.callName ?? operator.name}\` changes nothing here`
}

/** Whether the operand can stand where the whole expression stood without brackets around it. */
function fitsInPlace(expression: Expression, operator: ElementwiseOperator): boolean {
  const own = precedenceOf(expression)
  return own === 0 || (operator.fixity !== undefined && own >= operator.fixity.precedence)
}
