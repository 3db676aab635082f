import { contains, type Interval } from '../../operators/interval.ts'
import type { ElementwiseOperator } from '../../operators/operator.ts'
import type { Expression } from '../../syntax/ast.ts'
import { finding, type Finding } from '../findings.ts'
import { precedenceOf } from '../../syntax/operator-of.ts'
import type { Site } from '../site.ts'
import type { Numbers } from '../subject.ts'

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
export function checkPointless(site: Site): readonly Finding[] {
  const { operator } = site.occurrence
  if (!site.isDirect || operator?.kind !== 'elementwise') return []
  // The comparison in a joined condition says it.
  if (operator.boolean === true && operator.parameters[0]?.boolean === true) return []
  const operands = site.operands()
  for (const { isUnknown, interior, beforeEnd } of operands)
    if (isUnknown || interior || beforeEnd) return []
  if (site.result().isUnknown) return []
  const found =
    operator.boolean === true ? constantCondition(site) : withoutEffect(site, operator, operands)
  return found === undefined ? [] : [found]
}

function withoutEffect(
  { occurrence, path }: Site,
  operator: ElementwiseOperator,
  operands: readonly Numbers[],
): Finding | undefined {
  const subject = onlyVariable(operands)
  if (subject === undefined || operands[subject]!.guessed) return undefined
  const { interval } = operands[subject]!
  const numbers = operands.map((operand) => operand.interval.low)
  const meaningOf = (probe: number): number => {
    numbers[subject] = probe
    return operator.meaning(...numbers)
  }
  if (!mayBePointless(meaningOf, interval, operands.length)) return undefined
  const bounds = operands.flatMap((operand, index) =>
    index === subject ? [] : [operand.interval.low],
  )
  const probes = probesIn(interval, bounds)
  if (probes.length < FEWEST_PROBES) return undefined
  const results = probes.map(meaningOf)
  const node = occurrence.expression
  const written = occurrence.operands.map((operand) => operand.expression!)
  if (results.every((value, index) => value === probes[index]))
    return identity(operator, node, written, subject, path)
  const [first] = results
  if (operands.length < 2 || first === undefined || !results.every((value) => value === first))
    return undefined
  return finding('no-effect', false, {
    path,
    span: node.span,
    message: `this is always ${String(first === 0 ? 0 : first)}`,
    label: 'whatever stands in it',
    help: `write \`${String(first === 0 ? 0 : first)}\`, or what was meant`,
  })
}

function identity(
  operator: ElementwiseOperator,
  node: Expression,
  written: readonly Expression[],
  subject: number,
  path: string,
): Finding {
  const expression = written[subject]!
  return finding('no-effect', false, {
    path,
    span: node.span,
    message: describeIdentity(operator, written, subject),
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

function constantCondition({ occurrence, operands, result, path }: Site): Finding | undefined {
  const { low, high } = result().interval
  const sure = operands().every(({ guessed, interval }) => !guessed && !interval.nan)
  if (low !== high || !sure) return undefined
  return finding('constant-condition', false, {
    path,
    span: occurrence.expression.span,
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
function onlyVariable(operands: readonly Numbers[]): number | undefined {
  let variable: number | undefined
  for (let index = 0; index < operands.length; index++) {
    const { known, isMask, interval } = operands[index]!
    if (isMask) return undefined
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
