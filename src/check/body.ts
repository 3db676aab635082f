import { fits, joinPlacements } from '../operators/type.ts'
import type { Assign, Expression, If, State, Statement } from '../syntax/ast.ts'
import { booleanAsNumber } from './apply.ts'
import { placementName } from './placement-name.ts'
import { UPDATE } from '../resolve/builtins.ts'
import { branchesOf } from '../resolve/expressions.ts'
import { finding } from './findings.ts'
import {
  evaluate,
  refinementsOf,
  type Environment,
  type Frame,
  type Interpretation,
} from './interpret.ts'
import { widenInterval } from './intervals.ts'
import { isFromShape, joinValues, PLACES, sameValue, unknownValue, type Value } from './value.ts'

const PLAIN_ROUNDS = 3
const LANDMARK_ROUNDS = 8
const MOST_ROUNDS = 500

/**
 * Runs the statements of a body and gives the environment below them. What states hold before a step is found by running
 * the body until nothing new comes of it, wider from round to round so that this ends.
 */
export function runBody(
  run: Interpretation,
  frame: Frame,
  statements: readonly Statement[],
): Environment {
  let assumed: ReadonlyMap<State, Value> = new Map()
  for (let round = 0; round < MOST_ROUNDS && hasState(statements); round++) {
    const states: StateRun = { assumed, initial: new Map() }
    const silent: Frame = {
      ...frame,
      environment: new Map(frame.environment),
      findings: undefined,
      values: new Map(),
    }
    runStatements(run, silent, statements, states)
    const next = new Map<State, Value>()
    let stable = true
    for (const [state, initial] of states.initial) {
      const before = assumed.get(state) ?? initial
      const after = silent.environment.get(state) ?? unknownValue
      const joined = { ...joinValues(before, after), relation: undefined }
      const wanted =
        round < PLAIN_ROUNDS && run.fuel > 0
          ? joined
          : {
              ...joined,
              interval: widenInterval(
                before.interval,
                joined.interval,
                round < LANDMARK_ROUNDS && run.fuel > 0,
              ),
            }
      if (!sameValue(before, wanted)) stable = false
      next.set(state, wanted)
    }
    assumed = next
    if (stable) break
  }
  runStatements(run, frame, statements, { assumed, initial: new Map() })
  return frame.environment
}

/** What states are assumed to hold before the step, and the values they start with. */
interface StateRun {
  readonly assumed: ReadonlyMap<State, Value>
  readonly initial: Map<State, Value>
}

function hasState(statements: readonly Statement[]): boolean {
  return statements.some(
    (statement) =>
      statement.kind === 'state' ||
      (statement.kind === 'if' &&
        branchesOf(statement).some((branch) => hasState(branch.statements))),
  )
}

function runStatements(
  run: Interpretation,
  frame: Frame,
  statements: readonly Statement[],
  states: StateRun,
): void {
  const { environment } = frame
  for (const statement of statements) {
    switch (statement.kind) {
      case 'let':
        environment.set(statement, evaluate(run, frame, statement.value))
        break
      case 'state': {
        const initial = initialValue(run, frame, statement)
        states.initial.set(statement, initial)
        environment.set(statement, states.assumed.get(statement) ?? initial)
        break
      }
      case 'assign':
        assign(run, frame, statement)
        break
      case 'return':
        environment.set(
          'return',
          numberOf(frame, statement.value, evaluate(run, frame, statement.value), '`return`'),
        )
        break
      case 'if':
        runIf(run, frame, statement, states)
    }
  }
}

function assign(run: Interpretation, frame: Frame, statement: Assign): void {
  const value = evaluate(run, frame, statement.value)
  const { name } = statement.target
  const number = numberOf(frame, statement.value, value, `\`${name}\``)
  const state = run.tables.assignments.get(statement)
  if (state !== undefined) frame.environment.set(state, number)
  else if (name === UPDATE) frame.environment.set('update', number)
}

/** The value, or unknown when it is a comparison, which is then reported. */
function numberOf(frame: Frame, expression: Expression, value: Value, place: string): Value {
  if (!value.boolean || place === '`return`') return value
  frame.findings?.push(booleanAsNumber(expression, place, frame.path))
  return unknownValue
}

function initialValue(run: Interpretation, frame: Frame, state: State): Value {
  const written = evaluate(run, frame, state.value)
  const value = numberOf(frame, state.value, written, `\`${state.name.name}\``)
  if (value.unknown) return value
  const resolution = state.value.kind === 'name' ? run.tables.names.get(state.value) : undefined
  const isParameter = resolution?.kind === 'builtin' && resolution.name === 'w'
  if (!isParameter && !fits(value, PLACES.build)) {
    frame.findings?.push(
      finding('state-initial-value', value.guessedPlacement, {
        path: frame.path,
        span: state.value.span,
        message: `\`${state.name.name}\` must start with a number or \`w\`, and this is ${placementName(value)}`,
        label: 'not known before the first step',
        help: 'start with a number, usually 0',
        fix: { title: 'start with 0', edits: [{ span: state.value.span, text: '0' }] },
      }),
    )
    if (!value.guessedPlacement) return unknownValue
  }
  return { ...value, ...joinPlacements(value, PLACES.step), relation: undefined }
}

function runIf(run: Interpretation, frame: Frame, statement: If, states: StateRun): void {
  const before: Environment = new Map(frame.environment)
  const after: Environment[] = []
  // What follows from the conditions above being false.
  let { refinements } = frame
  for (const { condition, statements } of branchesOf(statement)) {
    const outside: Frame = { ...frame, environment: before, refinements }
    const inside: Frame = { ...frame, environment: new Map(before), refinements }
    if (condition === undefined) runStatements(run, inside, statements, states)
    else {
      checkCondition(frame, condition, evaluate(run, outside, condition))
      const taken = refinementsOf(frame, condition, true)
      runStatements(run, { ...inside, refinements: [...refinements, ...taken] }, statements, states)
      refinements = [...refinements, ...refinementsOf(frame, condition, false)]
    }
    after.push(inside.environment)
  }
  const known = new Set([...before.keys(), 'update', 'return'] as const)
  for (const key of known) {
    const values = after.flatMap((environment) => environment.get(key) ?? [])
    const [first, ...rest] = values
    if (first !== undefined) frame.environment.set(key, rest.reduce(joinValues, first))
  }
  // A state declared inside a branch is an error; it still needs a value for the rounds.
  for (const state of states.initial.keys()) {
    const value = after.find((environment) => environment.has(state))?.get(state)
    if (value !== undefined && !frame.environment.has(state)) frame.environment.set(state, value)
  }
}

function checkCondition(frame: Frame, condition: Expression, value: Value): void {
  const { path, findings } = frame
  if (value.unknown || findings === undefined) return
  const { span } = condition
  if (!value.boolean) {
    findings.push(
      finding('condition-not-boolean', value.guessedPlacement, {
        path,
        span,
        message: '`if` wants a condition here, and this is a number',
        help: 'compare it with something: `rank(w) >= 2`',
      }),
    )
    return
  }
  if (isFromShape(value)) return
  findings.push(
    finding('if-on-values', value.guessedPlacement, {
      path,
      span,
      message: `an \`if\` chooses by shapes and constants, and this is ${placementName(value)}`,
      label: 'not known from shapes and constants',
      help: 'choose with `where(condition, a, b)`',
    }),
  )
}
