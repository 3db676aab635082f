import { i32 } from './operations.ts'
import {
  get,
  sequence,
  set,
  type Expression,
  type Integer,
  type Label,
  type Local,
  type Statement,
  type ValueType,
} from './tree.ts'

/** Adds the bytes or units `value` to an i32 local. */
export const increase = (local: Local<'i32'>, value: Integer): Statement =>
  set(local, i32.add(get(local), value))

/** The first value where the condition is not 0, else the second; the other one is not computed. */
export const conditional = <Type extends ValueType>(
  condition: Integer,
  then: Expression<Type>,
  otherwise: Expression<Type>,
): Expression<Type> => ({
  kind: 'conditional',
  type: then.type,
  operands: [condition, then, otherwise],
})

/** Runs `body` where the condition is not 0. */
export const ifTrue = (condition: Integer, body: Statement): Statement => ({
  kind: 'if',
  condition,
  body,
})

/** Leaves the function with a value. */
export const giveBack = (value: Expression): Statement => ({ kind: 'return', value })

/** Runs `body` as long as the condition, tested before each turn, is not 0. */
export function whileTrue(condition: Integer, body: Statement): Statement {
  const turn: Label = { kind: 'label' }
  return ifTrue(condition, {
    kind: 'loop',
    label: turn,
    body: sequence(body, { kind: 'branch', label: turn, condition }),
  })
}

/** Runs `body` while `counter + step <= limit`, `counter` going up by `step`; it keeps its last value. Unsigned. */
export function whileFits(
  counter: Local<'i32'>,
  step: number,
  limit: Integer,
  body: Statement,
): Statement {
  const end: Label = { kind: 'label' }
  const turn: Label = { kind: 'label' }
  const next = i32.add(get(counter), i32.constant(step))
  const rounds = sequence(
    { kind: 'branch', label: end, condition: i32.gt_u(next, limit) },
    body,
    set(counter, next),
    { kind: 'branch', label: turn },
  )
  return { kind: 'block', label: end, body: { kind: 'loop', label: turn, body: rounds } }
}

/** Runs `body`, then again while `counter`, an i32 that `body` moves, is below `limit`. Unsigned. */
export function repeatBelow(counter: Local<'i32'>, limit: Integer, body: Statement): Statement {
  const turn: Label = { kind: 'label' }
  const again = i32.lt_u(get(counter), limit)
  return {
    kind: 'loop',
    label: turn,
    body: sequence(body, { kind: 'branch', label: turn, condition: again }),
  }
}
