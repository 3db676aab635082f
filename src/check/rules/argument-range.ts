import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { GraphNode } from '../../ir/graph.ts'
import type { CallOccurrence } from '../../ir/lowering/occurrence.ts'
import { disjoint } from '../../operators/interval-sets.ts'
import { showInterval, within, type Interval } from '../../operators/interval.ts'
import type { Expression } from '../../syntax/ast.ts'
import type { Site } from '../site.ts'

/** A call of a function with the intervals that its parameters declare. */
export interface Called {
  readonly site: Site
  readonly call: CallOccurrence
  readonly declared: readonly (Interval | undefined)[]
}

/**
 * What is wrong with the interval of an argument; undefined where it may be right. Where the argument reaches all of its
 * interval, as hyperparameters and the gradient do, the whole must lie in that of the parameter, up to ends that are left out;
 * of other values, whose intervals may be too wide, some of it.
 */
export function outOfRange(
  called: Called,
  index: number,
): Pick<Diagnostic, 'message' | 'label' | 'help' | 'fix'> | undefined {
  const { site, call } = called
  const { declaration } = call
  const declared = called.declared[index]
  if (declared === undefined) return undefined
  const { interval: value, isMask } = site.operand(index)
  const { node } = site.occurrence.operands[index]!
  if (isMask) return undefined
  const isInside = !disjoint(value, declared)
  if (isInside && (!isReached(node) || within(closed(value), closed(declared)))) return undefined
  const { name } = declaration.parameters[index]!
  return {
    message: `\`${declaration.name.name}\` wants \`${name.name}\` in ${showInterval(declared)}`,
    label:
      value.low === value.high
        ? `this is ${String(value.low)}`
        : `this is in ${showInterval(value)}`,
    ...(swap(called, index, declared) ?? { help: `pass a value in ${showInterval(declared)}` }),
  }
}

function closed({ low, high }: Interval): Interval {
  return { low, high, lowOpen: false, highOpen: false, nan: false }
}

/** Whether a node takes all values of its interval: it is made of things that do, each of them once. */
function isReached(node: GraphNode, seen = new Set<unknown>()): boolean {
  switch (node.kind) {
    case 'constant':
      return true
    case 'input':
    case 'parameter': {
      // The step and the number of steps are tied to one another.
      const source = node.kind === 'input' ? node.name.toLowerCase() : node
      if (seen.has(source)) return false
      seen.add(source)
      return true
    }
    case 'apply':
      return node.arguments.every((argument) => isReached(argument, seen))
    case 'call':
    case 'state':
    case 'total':
      return false
  }
}

/** The argument with the one beside it that was meant to stand in its place. */
function swap(
  { site, call, declared: wanted }: Called,
  index: number,
  declared: Interval,
): Pick<Diagnostic, 'help' | 'fix'> | undefined {
  const given = site.occurrence.operands.map(({ expression }) => expression)
  const other = [index - 1, index + 1].find((place) => {
    if (given[place] === undefined) return false
    if (!within(site.operand(place).interval, closed(declared))) return false
    const range = wanted[place]
    return range === undefined || within(site.operand(index).interval, closed(range))
  })
  if (other === undefined) return undefined
  const [own, its] = [textOf(given[index]), textOf(given[other])]
  if (own === undefined || its === undefined) return undefined
  const written = swappedCall(call.declaration.name.name, given, index, other)
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
  name: string,
  given: readonly (Expression | undefined)[],
  one: number,
  other: number,
): string | undefined {
  const texts = given.flatMap((_, index) => {
    const place = index === one ? other : index === other ? one : index
    return given[place] === undefined ? [] : [textOf(given[place])]
  })
  return texts.includes(undefined) ? undefined : `${name}(${texts.join(', ')})`
}

/** A number or a name as it is written. */
function textOf(expression: Expression | undefined): string | undefined {
  if (expression?.kind === 'number') return expression.text
  return expression?.kind === 'name' ? expression.name : undefined
}
