import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { fits, joinPlacements } from '../operators/type.ts'
import { minimumOperator } from '../operators/table.ts'
import type { Call, FunctionDeclaration, Parameter } from '../syntax/ast.ts'
import { applyValue, booleanAsNumber } from './apply.ts'
import { placementName } from './placement-name.ts'
import { runBody } from './body.ts'
import type { ResolvedCall } from '../resolve/resolution.ts'
import { findBroken, PROMISED, type Broken } from './decays.ts'
import { carryOver, finding, findingKey, type Finding } from './findings.ts'
import {
  evaluate,
  type CallResult,
  type Environment,
  type Frame,
  type Interpretation,
} from './interpret.ts'
import { argumentValue, declaredInterval } from './parameters.ts'
import { describe, linearForm } from './relations.ts'
import { STEP } from '../resolve/step-argument.ts'
import { interval, within } from '../operators/interval.ts'
import { outOfRange, type CalledWith } from './argument-range.ts'
import { narrow } from './intervals.ts'
import { builtinValues, createValue, PLACES, unknownValue, type Value } from './value.ts'

/** The value of a call of a function with arguments of the given values; undefined ones take the parameter's default. */
export function callFunction(
  run: Interpretation,
  frame: Frame,
  call: Call,
  resolved: Extract<ResolvedCall, { kind: 'function' }>,
  given: readonly (Value | undefined)[],
): Value {
  const { declaration } = resolved
  if (run.tables.recursive.has(declaration)) return unknownValue
  const values = declaration.parameters.map(
    (parameter, index) => given[index] ?? defaultValue(run, frame, parameter),
  )
  const called = { tables: run.tables, resolved, values }
  let valid = true
  declaration.parameters.forEach((parameter, index) => {
    const expression = resolved.arguments[index]
    const value = values[index]!
    if (expression === undefined || value.unknown) return
    const found = checkArgument(called, parameter, expression, value, frame.path)
    if (found === undefined) return
    frame.findings?.push(found)
    if (!found.guessed) valid = false
  })
  if (!valid) return unknownValue
  const isScheduled = declaration.role !== 'fn'
  const narrowed = values.map((value, index) => {
    if (isScheduled && index === 0) return heldStep(run, declaration, value)
    const declared = declaredInterval(run.tables, declaration.parameters[index]!)
    return declared === undefined ? value : { ...value, interval: narrow(value.interval, declared) }
  })
  const result = resultOf(run, declaration, narrowed)
  if (frame.findings !== undefined && result.findings.length > 0) {
    frame.findings.push(...findingsAt(run, declaration, result.findings, frame.path, call))
  }
  // Whatever its body does with it, a schedule is called for a step.
  const value = isScheduled ? atStep(declaration, result.value, values[0]!) : result.value
  const broken = frame.findings && brokenBy(run, resolved, values, value)
  if (broken !== undefined) {
    frame.findings?.push({ guessed: false, diagnostic: leavesRange(call, frame.path, broken) })
    return unknownValue
  }
  if (!keepsPromise(declaration, narrowed) || within(value.interval, PROMISED)) return value
  // A promise that is not proved may be broken: it takes no warning away, and gives no reason for one.
  return {
    ...value,
    interval: narrow(value.interval, PROMISED),
    guessedInterval: true,
  }
}

/** The step a decay that uses `T` has its value for: behind the end of the run it holds its last value. */
function heldStep(
  { tables }: Interpretation,
  declaration: FunctionDeclaration,
  step: Value,
): Value {
  const holds = declaration.role === 'decay' && tables.facts.get(declaration)?.totalSteps === true
  if (!holds || isOwnStep(declaration.parameters[0]!, step)) return step
  return applyValue(minimumOperator, [step, LAST_STEP])
}

const LAST_STEP = createValue(PLACES.build, interval(0, Infinity, { highOpen: true }), {
  relation: linearForm(0, 1, -1),
})

function atStep({ role }: FunctionDeclaration, value: Value, step: Value): Value {
  return {
    ...value,
    beforeEnd: role === 'schedule' && value.beforeEnd,
    ...joinPlacements(value, step),
    guessedPlacement: value.guessedPlacement || step.guessedPlacement,
  }
}

function defaultValue(run: Interpretation, frame: Frame, parameter: Parameter): Value {
  if (parameter.default !== undefined)
    return evaluate(run, constantFrame(frame.path), parameter.default)
  const builtin = run.tables.implicitDefaults.get(parameter)
  return builtin === undefined ? unknownValue : builtinValues[builtin]
}

/** A frame for expressions that stand outside of every body. */
export function constantFrame(path: string): Frame {
  return {
    path,
    environment: new Map(),
    findings: undefined,
    direct: false,
    refinements: [],
    values: new Map(),
  }
}

function checkArgument(
  called: CalledWith,
  parameter: Parameter,
  expression: Parameters<typeof evaluate>[2],
  value: Value,
  path: string,
): Finding | undefined {
  const { declaration } = called.resolved
  const { role } = declaration
  const name = `\`${declaration.name.name}\``
  const { span } = expression
  if (role !== 'fn' && value.boolean) return booleanAsNumber(expression, name, path)
  if (role !== 'fn' && !fits(value, PLACES.step)) {
    return finding('stage-too-late', value.guessedPlacement, {
      path,
      span,
      message: `${name} is a ${role}: its arguments must be ${placementName(PLACES.step)}, and this is ${placementName(value)}`,
      help: 'pass a number, a hyperparameter or a schedule; for tensors declare a `fn`',
    })
  }
  if (role !== 'fn' && parameter === declaration.parameters[0] && isKnownBefore(value)) {
    return finding('step-argument', value.guessedPlacement, {
      path,
      span,
      message: `${name} takes the step first, and this is ${placementName(value)}`,
      label: 'the same on every step',
      help: `pass \`${STEP}\` first`,
    })
  }
  const found = value.boolean ? undefined : outOfRange(called, parameter)
  return found && finding('argument-out-of-range', value.guessedInterval, { path, span, ...found })
}

function isKnownBefore(value: Value): boolean {
  return fits(value, PLACES.build)
}

/** A step on which a decay leaves [0, 1] with the numbers it is called with, where nothing else is known of its parameters. */
function brokenBy(
  { tables }: Interpretation,
  { declaration, arguments: arguments_ }: Extract<ResolvedCall, { kind: 'function' }>,
  values: readonly Value[],
  result: Value,
): Broken | undefined {
  if (declaration.role !== 'decay' || result.unknown || within(result.interval, PROMISED))
    return undefined
  const samples: (readonly (number | undefined)[])[] = []
  for (const [index, parameter] of declaration.parameters.entries()) {
    const { low, high } = values[index]!.interval
    const isOwn = tables.implicitDefaults.has(parameter)
    // A call on other steps than those of the run is no call that the promise is about.
    if (isOwn && !isOwnStep(parameter, values[index]!)) return undefined
    if (!isOwn && arguments_[index] !== undefined && low !== high) return undefined
    samples.push([isOwn || arguments_[index] === undefined ? undefined : low])
  }
  const isGiven = declaration.parameters.some(
    (parameter, index) =>
      parameter.range === undefined &&
      !tables.implicitDefaults.has(parameter) &&
      arguments_[index] !== undefined,
  )
  return isGiven ? findBroken(tables, declaration, samples) : undefined
}

function leavesRange(call: Call, path: string, { t, T, number }: Broken): Diagnostic {
  return diagnose('decay-out-of-range', {
    path,
    span: call.span,
    message: `with these arguments \`${call.callee.name}\` is ${String(Number(number.toPrecision(6)))} at step t = ${t} of T = ${T}; a decay stays in [0, 1]`,
    label: 'leaves [0, 1]',
    help: 'pass other arguments; in its declaration, give the parameter a range',
  })
}

/** Whether a decay is called as its promise is meant: for the step of the run. */
function keepsPromise(declaration: FunctionDeclaration, values: readonly Value[]): boolean {
  return (
    declaration.role === 'decay' &&
    declaration.parameters.every(({ name }, index) => {
      if (name.name !== 't' && name.name !== 'T') return !values[index]!.guessedInterval
      return isOwnStep({ name }, values[index]!)
    })
  )
}

/** Whether a parameter called `t` or `T` gets the value of that name. */
function isOwnStep({ name: { name } }: Pick<Parameter, 'name'>, value: Value): boolean {
  if (name !== 't' && name !== 'T') return false
  return describe(value.relation) === describe(builtinValues[name].relation)
}

function resultOf(
  run: Interpretation,
  declaration: FunctionDeclaration,
  values: readonly Value[],
): CallResult {
  const results = resultsOf(run, declaration)
  let key = ''
  for (const value of values) key += `${keyOf(value)} | `
  const known = results.get(key)
  if (known !== undefined) return known
  const result = runFunction(run, declaration, values)
  if (results.size >= MOST_RESULTS) results.clear()
  // What was found in a hurry is not handed on.
  if (run.fuel > 0) results.set(key, result)
  return result
}

/** Results kept for one function before all are forgotten: a search calls with ever new intervals. */
const MOST_RESULTS = 5000

/**
 * Results of calls of functions of other modules. A module that changes is read anew, with new declarations, and nothing
 * that a function calls changes without it.
 */
const importedResults = new WeakMap<FunctionDeclaration, Map<string, CallResult>>()

function resultsOf(run: Interpretation, declaration: FunctionDeclaration): Map<string, CallResult> {
  const isImported = run.tables.homes.get(declaration) !== run.path
  const known = isImported ? importedResults : run.results
  const results = known.get(declaration) ?? new Map<string, CallResult>()
  known.set(declaration, results)
  return results
}

function keyOf(value: Value): string {
  const { low, high, lowOpen, highOpen, nan } = value.interval
  const flags =
    (lowOpen ? 1 : 0) |
    (highOpen ? 2 : 0) |
    (nan ? 4 : 0) |
    (value.boolean ? 8 : 0) |
    (value.adjustable ? 16 : 0) |
    (value.gradient ? 32 : 0) |
    (value.interior ? 64 : 0) |
    (value.guessedInterval ? 128 : 0) |
    (value.guessedPlacement ? 256 : 0) |
    (value.unknown ? 512 : 0) |
    (value.beforeEnd ? 1024 : 0)
  return `${value.known} ${value.extent} ${low} ${high} ${flags} ${describe(value.relation)}`
}

function runFunction(
  run: Interpretation,
  declaration: FunctionDeclaration,
  values: readonly Value[],
): CallResult {
  const environment: Environment = new Map()
  declaration.parameters.forEach((parameter, index) => environment.set(parameter, values[index]!))
  const findings: Finding[] = []
  const frame: Frame = {
    path: run.tables.homes.get(declaration) ?? '',
    environment,
    findings,
    direct: false,
    refinements: [],
    values: new Map(),
  }
  const { body } = declaration
  const value =
    body.kind === 'block'
      ? (runBody(run, frame, body.statements).get('return') ?? unknownValue)
      : evaluate(run, frame, body)
  return { value, findings }
}

/** What the caller is told: everything of a function in the same file, of a library only what these arguments cause. */
function findingsAt(
  run: Interpretation,
  declaration: FunctionDeclaration,
  findings: readonly Finding[],
  path: string,
  call: Call,
): readonly Finding[] {
  const home = run.tables.homes.get(declaration)
  const own = home === path ? undefined : ownFindings(run, declaration)
  const caused =
    own === undefined ? findings : findings.filter((found) => !own.has(findingKey(found)))
  return carryOver(caused, declaration.name.name, path, call.span)
}

function ownFindings(run: Interpretation, declaration: FunctionDeclaration): ReadonlySet<string> {
  const known = run.ownFindings.get(declaration)
  if (known !== undefined) return known
  const values = declaration.parameters.map((parameter) =>
    argumentValue(run.tables, parameter, declaration.role !== 'fn'),
  )
  const { findings } = runFunction(run, declaration, values)
  const keys = new Set(findings.filter(({ guessed }) => !guessed).map(findingKey))
  run.ownFindings.set(declaration, keys)
  return keys
}
