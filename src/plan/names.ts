import { operands, reachable } from '../ir/build.ts'
import type { ApplyNode, GraphNode, ScheduleFunction } from '../ir/graph.ts'
import type { Role } from '../operators/operator.ts'
import { axisOf } from '../operators/table.ts'

const NOUNS: Partial<Readonly<Record<Role, string>>> = {
  addition: 'total',
  subtraction: 'difference',
  multiplication: 'product',
  division: 'ratio',
  exponentiation: 'power',
}

/**
 * A name for a value the source leaves without one, in words with underscores between them. `user` is what it is an
 * operand of; `nameOf` knows the names there are.
 */
export function suggestName(
  node: GraphNode,
  user: GraphNode | undefined,
  nameOf: (node: GraphNode) => string | undefined,
  isScalar: boolean,
): string {
  if (node.kind === 'call') return callName(node.callee)
  if (node.kind === 'total') return suggestName(node.of, user, nameOf, isScalar)
  if (node.kind !== 'apply') return 'value'
  const correction = correctedName(node, user, nameOf)
  if (correction !== undefined) return correction
  const { fixity, role, callName: called, name: row } = node.operator
  if (fixity === undefined || fixity.position === 'prefix') {
    const [only, ...others] = operands(node)
    const operand = only !== undefined && others.length === 0 ? nameOf(only) : undefined
    const along = axisOf(node.operator)
    const verb = along === undefined ? (called ?? row) : `${called ?? row}_over_${along}`
    return operand === undefined ? `${verb}_value` : `${verb}_of_${operand}`
  }
  const first = nameOf(operands(node)[0]!)
  if (node.operator.kind === 'elementwise' && node.operator.boolean === true)
    return first === undefined ? 'condition' : `${first}_is_${row}`
  if (role === 'exponentiation' && first !== undefined) return `${first}_power`
  const use = isScalar ? nameInUse(node, user, nameOf) : undefined
  return use ?? (role && NOUNS[role]) ?? 'value'
}

const callNames = new WeakMap<ScheduleFunction, string>()

function callName(callee: ScheduleFunction): string {
  let name = callNames.get(callee)
  if (name === undefined) callNames.set(callee, (name = makeCallName(callee)))
  return name
}

/** `decay_cosine(t)` is a `decay`; the value of any other function is called after the whole of its name. */
function makeCallName({ name, role }: ScheduleFunction): string {
  const [first = name, second] = name.split('_').filter((word) => word !== '')
  const short = role === 'decay' && second !== undefined && !/^\d/.test(second)
  return short ? first : `${name}_value`
}

/** `1 - beta^(t + 1)`: the correction for an average that starts at 0. */
function correctedName(
  node: ApplyNode,
  user: GraphNode | undefined,
  nameOf: (node: GraphNode) => string | undefined,
): string | undefined {
  const [one, power] = node.arguments
  if (node.operator.role !== 'subtraction' || one?.kind !== 'constant' || one.value !== 1)
    return undefined
  if (power?.kind !== 'apply' || power.operator.role !== 'exponentiation') return undefined
  const corrected =
    user?.kind === 'apply' && user.arguments[0] !== node ? user.arguments[0] : undefined
  const subject =
    nameOf(power.arguments[0]!) ?? (corrected === undefined ? undefined : nameOf(corrected))
  return subject === undefined ? 'correction' : `${subject}_correction`
}

/** What one number is to the operation that uses it. */
function nameInUse(
  node: ApplyNode,
  user: GraphNode | undefined,
  nameOf: (node: GraphNode) => string | undefined,
): string | undefined {
  if (user?.kind !== 'apply') return undefined
  const { role } = user.operator
  const isFirst = user.arguments[0] === node
  const other = user.arguments[isFirst ? 1 : 0]
  const subject = other === undefined ? undefined : nameOf(other)
  const about = (noun: string): string => (subject === undefined ? noun : `${subject}_${noun}`)
  if (role === 'division' && !isFirst) return about('divisor')
  if (role === 'exponentiation' && !isFirst) return about('exponent')
  if (role !== 'multiplication' && role !== 'division') return undefined
  const scalesStep = reachable([node]).some(
    (inner) => inner.kind === 'parameter' && inner.name === 'lr',
  )
  return scalesStep ? 'step_size' : about('factor')
}
