import { exactly, interval, showInterval, type Interval } from '../../operators/interval.ts'
import type { Hazard, Operator } from '../../operators/operator.ts'
import type { Fix } from '../../diagnostics/diagnostic.ts'
import type { Expression } from '../../syntax/ast.ts'
import { finding, type Finding } from '../findings.ts'
import { precedenceOf } from '../../syntax/operator-of.ts'
import type { Site } from '../site.ts'

const MESSAGES: Readonly<Record<Hazard['code'], string>> = {
  'division-by-zero': 'this divides by something that can be 0',
  'negative-root': 'this takes the root of something that can be negative',
  'negative-log': 'this takes the logarithm of something that can be negative',
  'log-of-zero': 'this takes the logarithm of something that can be 0',
  overflow: 'this can exceed the largest 32-bit number',
  'undefined-power':
    'this raises something that can be negative to a power that need not be a whole number',
}

/** A change of the argument that can take a hazard away. `after` is what the argument then can be. */
interface Remedy {
  /** What to do, as an imperative phrase. */
  readonly advice: string
  readonly after: (range: Interval) => Interval
  readonly edits: (expression: Expression, precedence: number) => Fix['edits']
}

const absolute: Remedy = {
  advice: 'take it of `abs(x)`',
  after: sizeOf,
  edits: (expression) => wrapped(expression, 'abs(', ')'),
}

const remedies: Readonly<Record<Hazard['code'], Remedy>> = {
  'division-by-zero': adding(1e-8),
  'log-of-zero': adding(1e-7),
  'negative-root': absolute,
  'undefined-power': absolute,
  'negative-log': {
    advice: 'take it of `abs(x) + 1e-7`',
    after: (range) => adding(1e-7).after(sizeOf(range)),
    edits: (expression) => wrapped(expression, 'abs(', ') + 1e-7'),
  },
  overflow: {
    advice: 'limit it: `min(x, 80)`',
    after: (range) => ({ ...range, high: Math.min(range.high, 80) }),
    edits: (expression) => wrapped(expression, 'min(', ', 80)'),
  },
}

function adding(number: number): Remedy {
  return {
    advice: `add a small number: \`x + ${number}\``,
    after: (range) => interval(range.low + number, range.high + number, { nan: range.nan }),
    edits: (expression, precedence) => added(expression, String(number), precedence),
  }
}

function sizeOf(range: Interval): Interval {
  const sizes = [Math.abs(range.low), Math.abs(range.high)] as const
  const smallest = range.low <= 0 && range.high >= 0 ? 0 : Math.min(...sizes)
  return interval(smallest, Math.max(...sizes), { nan: range.nan })
}

/** Values that no hazard is expected of. */
const HARMLESS = [exactly(1), exactly(0.5)]

/** What the row of the operator says can go wrong with arguments of these values. */
export function checkHazards(site: Site): readonly Finding[] {
  const { operator } = site.occurrence
  if (operator?.hazards === undefined) return []
  const operands = site.operands()
  for (const { isUnknown } of operands) if (isUnknown) return []
  // The ends that a hyperparameter is not expected to have are taken seriously where nothing stands between.
  const intervals = operands.map(({ declared, interval: range }) => declared ?? range)
  const possible = operator.hazards.filter((hazard) => hazard.possible(...intervals))
  const reported = new Set<number>()
  return possible.flatMap((hazard) => {
    if (reported.has(hazard.argument)) return []
    reported.add(hazard.argument)
    return [describeHazard(site, operator, hazard, intervals)]
  })
}

function describeHazard(
  { occurrence, operands, path }: Site,
  operator: Operator,
  hazard: Hazard,
  intervals: readonly Interval[],
): Finding {
  const expression = occurrence.operands[hazard.argument]!.expression!
  const range = intervals[hazard.argument]!
  // What is only guessed is taken to be harmless, to see whether the hazard is there without it.
  const guessed = HARMLESS.some(
    (harmless) =>
      !hazard.possible(
        ...operands().map(({ guessed: isGuess }, index) =>
          isGuess ? harmless : intervals[index]!,
        ),
      ),
  )
  const remedy = remedies[hazard.code]
  const helps = !hazard.possible(
    ...intervals.map((other, index) => (index === hazard.argument ? remedy.after(range) : other)),
  )
  return finding(hazard.code, guessed, {
    path,
    span: expression.span,
    message: helps || range.low < 0 ? MESSAGES[hazard.code] : messageAbout(operator, hazard),
    label: `can be anything in ${showInterval(range)}`,
    ...(helps
      ? {
          help: remedy.advice,
          fix: {
            title: remedy.advice,
            edits: remedy.edits(expression, operator.fixity?.precedence ?? 0),
          },
        }
      : { help: WITHOUT_REMEDY[hazard.code] }),
  })
}

const CHOOSE = 'choose another value there with `where`'

const WITHOUT_REMEDY: Readonly<Record<Hazard['code'], string>> = {
  'division-by-zero':
    'divide by `abs(x) + 1e-8` and give the sign to the other side, or choose another value there with `where`',
  'log-of-zero': CHOOSE,
  'negative-root': CHOOSE,
  'negative-log': CHOOSE,
  overflow: 'limit it with `clip`',
  'undefined-power': CHOOSE,
}

/** What is wrong with an argument that is not itself what is divided by. */
function messageAbout(operator: Operator, { argument, code }: Hazard): string {
  const name = operator.callName ?? operator.name
  const parameter = operator.parameters[argument]?.name ?? 'argument'
  return code === 'division-by-zero'
    ? `with such a ${parameter} \`${name}\` divides by 0`
    : MESSAGES[code]
}

function wrapped(
  { span: { start, end } }: Expression,
  before: string,
  after: string,
): Fix['edits'] {
  return [
    { span: { start, end: start }, text: before },
    { span: { start: end, end }, text: after },
  ]
}

/** Edits that add `number` to an operand of an operator of the given precedence. */
function added(expression: Expression, number: string, precedence: number): Fix['edits'] {
  const own = precedenceOf(expression)
  const bare = precedence === 0 || (own > 0 && own < precedence)
  return wrapped(expression, bare ? '' : '(', ` + ${number}${bare ? '' : ')'}`).filter(
    ({ text }) => text !== '',
  )
}
