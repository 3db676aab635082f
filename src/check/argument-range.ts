import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { showInterval, within, type Interval } from '../operators/interval.ts'
import type { Expression, FunctionDeclaration, Parameter } from '../syntax/ast.ts'
import { forEachExpression } from '../resolve/expressions.ts'
import type { ResolvedCall } from '../resolve/resolution.ts'
import type { Tables } from '../resolve/resolved-module.ts'
import { disjoint } from './intervals.ts'
import { declaredInterval } from './parameters.ts'
import type { Value } from './value.ts'

/** A call of a function with the values of its arguments, by its parameters. */
export interface CalledWith {
  readonly tables: Tables
  readonly resolved: Extract<ResolvedCall, { kind: 'function' }>
  readonly values: readonly Value[]
}

/**
 * What is wrong with the interval of an argument; undefined where it may be right. Where the argument reaches all of its
 * interval, as hyperparameters and the gradient do, the whole must lie in that of the parameter, up to ends that are left out;
 * of other values, whose intervals may be too wide, some of it.
 */
export function outOfRange(
  called: CalledWith,
  parameter: Parameter,
): Pick<Diagnostic, 'message' | 'label' | 'help' | 'fix'> | undefined {
  const { tables, resolved, values } = called
  const { declaration } = resolved
  const index = declaration.parameters.indexOf(parameter)
  const value = values[index]!.interval
  const expression = resolved.arguments[index]
  const declared = declaredInterval(tables, parameter)
  if (declared === undefined || expression === undefined) return undefined
  const isInside = isReached(tables, expression)
    ? within(closed(value), closed(declared))
    : !disjoint(value, declared)
  if (isInside && !disjoint(value, declared)) return undefined
  const swapped = swap(called, index, declared)
  return {
    message: `\`${declaration.name.name}\` wants \`${parameter.name.name}\` in ${showInterval(declared)}`,
    label:
      value.low === value.high
        ? `this is ${String(value.low)}`
        : `this is in ${showInterval(value)}`,
    ...(swapped ?? { help: `pass a value in ${showInterval(declared)}` }),
  }
}

function closed({ low, high }: Interval): Interval {
  return { low, high, lowOpen: false, highOpen: false, nan: false }
}

/** Whether an expression takes all values of its interval: it is made of things that do, each of them once. */
function isReached(tables: Tables, expression: Expression): boolean {
  const seen = new Set<unknown>()
  let reached = true
  forEachExpression(expression, (part) => {
    if (part.kind === 'call') reached &&= tables.calls.get(part)?.kind === 'operator'
    else if (part.kind === 'name') {
      const resolution = tables.names.get(part)
      if (resolution?.kind === 'constant') return
      const isBuiltin = resolution?.kind === 'builtin'
      const isDeclared =
        resolution?.kind === 'parameter' && resolution.declaration.range !== undefined
      // The step and the number of steps are tied to one another.
      const source = isBuiltin ? resolution.name.toLowerCase() : resolution?.declaration
      reached &&= (isBuiltin || isDeclared) && !seen.has(source)
      seen.add(source)
    }
  })
  return reached
}

/** The argument with the one beside it that was meant to stand in its place. */
function swap(
  { tables, resolved, values }: CalledWith,
  index: number,
  declared: Interval,
): Pick<Diagnostic, 'help' | 'fix'> | undefined {
  const { declaration, arguments: given } = resolved
  const other = [index - 1, index + 1].find((place) => {
    const expression = given[place]
    if (expression === undefined || !within(values[place]!.interval, closed(declared))) return false
    const wanted = declaredInterval(tables, declaration.parameters[place]!)
    return wanted === undefined || within(values[index]!.interval, closed(wanted))
  })
  const texts = [textOf(given[index]), other === undefined ? undefined : textOf(given[other])]
  const [own, its] = texts
  if (other === undefined || own === undefined || its === undefined) return undefined
  const written = swappedCall(declaration, given, index, other)
  return {
    ...(written !== undefined && { help: `did you mean \`${written}\`?` }),
    fix: {
      title: 'swap the two arguments',
      edits: [
        { span: given[index]!.span, text: its },
        { span: given[other]!.span, text: own },
      ],
    },
  }
}

/** How the call is written with two arguments swapped, where all are short. */
function swappedCall(
  { name }: FunctionDeclaration,
  given: readonly (Expression | undefined)[],
  one: number,
  other: number,
): string | undefined {
  const texts = given.flatMap((_, index) => {
    const place = index === one ? other : index === other ? one : index
    return given[place] === undefined ? [] : [textOf(given[place])]
  })
  return texts.includes(undefined) ? undefined : `${name.name}(${texts.join(', ')})`
}

/** A number or a name as it is written. */
function textOf(expression: Expression | undefined): string | undefined {
  if (expression?.kind === 'number') return expression.text
  return expression?.kind === 'name' ? expression.name : undefined
}
