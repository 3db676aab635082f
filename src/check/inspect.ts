import type { Place } from '../ir/analysis/values.ts'
import { inputsOfCall, keyOf, STEP } from '../ir/analysis/inputs.ts'
import { PLACES } from '../ir/analysis/placement.ts'
import { sameRelation } from '../ir/analysis/relation.ts'
import { isFromShape, isMask } from '../ir/build.ts'
import type { GraphNode } from '../ir/graph.ts'
import { declaredInterval } from '../ir/lowering/parameters.ts'
import type {
  Body,
  CallOccurrence,
  LoweredSchedule,
  Occurrence,
} from '../ir/lowering/occurrence.ts'
import { narrow } from '../operators/interval-sets.ts'
import type { Interval } from '../operators/interval.ts'
import { branchesOf, forEachStatement } from '../resolve/expressions.ts'
import type { ResolvedModule } from '../resolve/resolved-module.ts'
import { UPDATE } from '../resolve/builtins.ts'
import type { Expression, FunctionDeclaration, Statement } from '../syntax/ast.ts'
import { carryOver, findingKey, type Finding } from './findings.ts'
import { checkArguments } from './rules/arguments.ts'
import { checkCallArgument } from './rules/call-arguments.ts'
import { checkDecayCall } from './rules/decays.ts'
import { checkGlobalPlace } from './rules/global-place.ts'
import { checkAxes, checkExtent, checkGuards, concernsMatrices } from './rules/matrices.ts'
import { checkHazards } from './rules/hazards.ts'
import { checkPointless } from './rules/pointless.ts'
import { checkShapeArgument } from './rules/shape-argument.ts'
import { checkCondition, checkPlace, checkStatement } from './rules/statements.ts'
import { createSite, type Site } from './site.ts'
import { createSubject, type Kind, type Subject } from './subject.ts'

/** What looking at one module shares among its bodies. */
export interface Inspection {
  readonly resolved: ResolvedModule
  /** Whether anything but errors is wanted. */
  readonly withWarnings: boolean
  /** What a function of another module warns of by itself, whatever it is called with. */
  readonly ownFindings: (
    declaration: FunctionDeclaration,
    callee: Body | LoweredSchedule,
  ) => ReadonlySet<string>
}

/** What is found in bodies, and which nodes it makes unknown. */
export interface Found {
  readonly findings: Finding[]
  readonly poisoned: Set<GraphNode>
}

/** What the rules say of an operator where it is applied; a hazard only of arguments that it can take. */
function inspectOperator({ withWarnings }: Inspection, site: Site): readonly Finding[] {
  const wrong = checkArguments(site)
  const errors = [...wrong, ...checkShapeArgument(site), ...checkGlobalPlace(site)]
  if (!withWarnings) return errors
  const isApplied = wrong.every(({ diagnostic }) => diagnostic.severity !== 'error')
  return [...errors, ...(isApplied ? checkHazards(site) : []), ...checkPointless(site)]
}

/** Whether a rule can have something to say of an operator, which stands in a body that is looked at for its caller or not. */
function isOfInterest(
  { operator, operands }: Occurrence,
  isDirect: boolean,
  withWarnings: boolean,
): boolean {
  if (operator === undefined) return false
  if (withWarnings && (isDirect || operator.hazards !== undefined)) return true
  if (operator.kind === 'shape' || operator.kind === 'global') return true
  for (const { boolean, latest } of operator.parameters)
    if (boolean === true || latest !== undefined) return true
  for (const { node } of operands) if (isMask(node)) return true
  return false
}

/** Everything that rules find in the expressions of a body, which stands at `place`. */
export function inspectExpressions(
  inspection: Inspection,
  subject: Subject,
  body: Body,
  place: Place,
  isDirect: boolean,
): Found {
  const found: Found = { findings: [], poisoned: new Set() }
  for (const occurrence of body.occurrences.values()) {
    // What is made of something wrong is not looked at.
    const isMadeOfRight = occurrence.operands.every(({ node }) => !found.poisoned.has(node))
    if (isMadeOfRight && concernsMatrices(subject, occurrence)) {
      const site = createSite(subject, occurrence, place, body.path, isDirect)
      const wrong = checkAxes(site)
      found.findings.push(...wrong)
      if (wrong.some(({ guessed }) => !guessed)) poison(found, subject, occurrence.node)
    }
    if (isOfInterest(occurrence, isDirect, inspection.withWarnings)) {
      const site = createSite(subject, occurrence, place, body.path, isDirect)
      found.findings.push(...inspectOperator(inspection, site))
    } else if (occurrence.call !== undefined) {
      const site = createSite(subject, occurrence, place, body.path, isDirect)
      inspectCall(inspection, site, occurrence.call, place, found)
    }
  }
  found.findings.push(...checkGuards(subject, body, place))
  return found
}

/** What is found in the statements of a body beside their expressions. */
export function inspectStatements(
  { resolved }: Inspection,
  subject: Subject,
  body: Body,
  statements: readonly Statement[],
  found: Found,
): void {
  const kindOf = (expression: Expression): [Kind, GraphNode] | undefined => {
    const node = body.occurrences.get(expression)?.node
    return node && [subject.kindOf(node), node]
  }
  forEachStatement(statements, (statement) => {
    if (statement.kind === 'if') {
      // An `else if` is a branch of the statement it belongs to.
      for (const { condition } of branchesOf(statement)) {
        if (condition === undefined) continue
        const [kind, node] = kindOf(condition) ?? []
        if (kind === undefined || node === undefined) continue
        found.findings.push(...checkCondition(condition, kind, isFromShape(node), body.path))
      }
      return
    }
    const [kind, node] = kindOf(statement.value) ?? []
    if (kind === undefined || node === undefined) return
    const isWeights = node.kind === 'input' && node.name === 'w'
    const isAssigned = resolved.tables.assignments.has(statement)
    const wrong = checkStatement(statement, kind, isWeights, isAssigned, body.path)
    found.findings.push(...wrong)
    const state =
      statement.kind === 'state' ? statement : resolved.tables.assignments.get(statement)
    const index = state && body.states.get(state)
    if (index !== undefined) {
      const { extent } = subject.stateOf(index)
      found.findings.push(
        ...checkExtent(statement.value, kind, extent, state!.name.name, body.path),
      )
    } else if (statement.kind === 'assign' && statement.target.name === UPDATE)
      found.findings.push(...checkExtent(statement.value, kind, 'element', UPDATE, body.path))
    if (statement.kind === 'state') {
      const { condition } = body.occurrences.get(statement.value)!
      found.findings.push(...checkPlace(statement, condition, body.path))
    }
    if (statement.kind === 'state' && wrong.some(({ guessed }) => !guessed))
      poison(found, subject, node)
  })
}

function poison(found: Found, subject: Subject, node: GraphNode): void {
  if (node.kind !== 'input' && !subject.poisoned.has(node)) found.poisoned.add(node)
}

function inspectCall(
  inspection: Inspection,
  site: Site,
  call: CallOccurrence,
  place: Place,
  found: Found,
): void {
  const { occurrence, subject, path } = site
  const { declaration, callee } = call
  const declared = declaration.parameters.map((parameter) =>
    declaredInterval(inspection.resolved, parameter),
  )
  const wrong = occurrence.operands.flatMap(({ expression }, index) => {
    const about = expression && checkCallArgument({ site, call, declared }, index, expression)
    return about === undefined ? [] : [about]
  })
  found.findings.push(...wrong, ...checkGlobalPlace(site))
  if (wrong.some(({ guessed }) => !guessed)) {
    poison(found, subject, occurrence.node)
    return
  }
  if (callee === undefined) return
  const inner =
    callee.kind === 'body'
      ? inspectInlined(inspection, site, call, callee, place, declared)
      : inspectSchedule(inspection, site, call, callee, place, declared)
  const caused = causedBy(inspection, declaration, callee, inner.findings, path)
  found.findings.push(...carryOver(caused, declaration.name.name, path, call.expression.span))
  for (const node of inner.poisoned) poison(found, subject, node)
  const broken = callee.kind === 'schedule' ? brokenBy(site, call, callee) : undefined
  if (broken === undefined) return
  found.findings.push({ guessed: false, diagnostic: broken })
  poison(found, subject, occurrence.node)
}

/** What is found in each body of a program by the place it stands at: equal calls have one body. */
const inlined = new WeakMap<Subject, Map<Body, Map<Place, Found>>>()

function inspectInlined(
  inspection: Inspection,
  { occurrence, subject }: Site,
  { declaration, condition }: CallOccurrence,
  body: Body,
  place: Place,
  declared: readonly (Interval | undefined)[],
): Found {
  const bodies = inlined.get(subject) ?? new Map<Body, Map<Place, Found>>()
  inlined.set(subject, bodies)
  const places = bodies.get(body) ?? new Map<Place, Found>()
  bodies.set(body, places)
  const outside = subject.values.under(place, condition)
  const known = places.get(outside)
  if (known !== undefined) return known
  // That arguments are where the parameters say is checked where they are passed.
  const inside = declared.reduce<Place>(
    (at, range, index) =>
      range === undefined
        ? at
        : subject.values.limited(at, occurrence.operands[index]!.node, range),
    outside,
  )
  const found = inspectExpressions(inspection, subject, body, inside, false)
  if (declaration.body.kind === 'block')
    inspectStatements(inspection, subject, body, declaration.body.statements, found)
  places.set(outside, found)
  return found
}

/** What is found in schedules by what they are called with, those of other modules for all that call them. */
const called = new WeakMap<LoweredSchedule, Map<string, Found>>()

/** Findings kept for one function before all are forgotten: a search calls with ever new intervals. */
const MOST_CALLS = 2000

function inspectSchedule(
  inspection: Inspection,
  { occurrence, kinds, subject }: Site,
  { declaration }: CallOccurrence,
  callee: LoweredSchedule,
  place: Place,
  declared: readonly (Interval | undefined)[],
): Found {
  if (kinds().some(({ isUnknown }) => isUnknown)) return NOTHING
  const { implicitDefaults } = inspection.resolved.tables
  const given = occurrence.operands.flatMap(({ node, condition }, index) => {
    const builtin = implicitDefaults.get(declaration.parameters[index]!)
    if (builtin === 'T') return []
    const value = subject.values.valueOf(node, subject.values.under(place, condition))
    const range = builtin === undefined ? declared[index] : undefined
    return [range === undefined ? value : { ...value, interval: narrow(value.interval, range) }]
  })
  const { assumesEnd, isHeld } = subject.inputs
  const key = `${inspection.withWarnings} ${assumesEnd} ${isHeld} ${given.map(keyOf).join(' | ')}`
  const known = called.get(callee) ?? new Map<string, Found>()
  if (known.size >= MOST_CALLS) known.clear()
  called.set(callee, known)
  let found = known.get(key)
  if (found === undefined) {
    const inner = createSubject(
      {
        states: [],
        inputs: inputsOfCall(callee.written, given, subject.inputs),
        placement: () => PLACES.step,
      },
      new Set(),
    )
    const { everywhere } = inner.values
    const { findings } = inspectExpressions(inspection, inner, callee.body, everywhere, false)
    found = { findings, poisoned: new Set() }
    known.set(key, found)
  }
  return found
}

const NOTHING: Found = { findings: [], poisoned: new Set() }

/** What the caller is told: everything of a function in the same file, of a library only what these arguments cause. */
function causedBy(
  { resolved, ownFindings }: Inspection,
  declaration: FunctionDeclaration,
  callee: Body | LoweredSchedule,
  findings: readonly Finding[],
  path: string,
): readonly Finding[] {
  if (findings.length === 0 || resolved.tables.homes.get(declaration) === path) return findings
  const own = ownFindings(declaration, callee)
  return findings.filter((found) => !own.has(findingKey(found)))
}

/** That a decay leaves [0, 1] with the numbers it is called with, where nothing else is known of its parameters. */
function brokenBy(
  { occurrence, operand, subject, path }: Site,
  { declaration, expression }: CallOccurrence,
  callee: LoweredSchedule,
): ReturnType<typeof checkDecayCall> {
  const { node } = occurrence
  if (declaration.role !== 'decay' || callee.written === callee.function || node.kind !== 'call')
    return undefined
  if (subject.kindOf(node).isUnknown) return undefined
  // A call on other steps than those of the run is no call that the promise is about.
  const step = subject.values.valueOf(node.arguments[0]!)
  if (!sameRelation(step.relation, STEP.relation)) return undefined
  let isGiven = false
  const given: (number | undefined)[] = []
  for (const { name } of callee.written.parameters) {
    const index = declaration.parameters.findIndex((parameter) => parameter.name.name === name)
    const { interval } = operand(index)
    const isWritten = occurrence.operands[index]!.expression !== undefined
    if (isWritten && interval.low !== interval.high) return undefined
    if (isWritten && declaration.parameters[index]!.range === undefined) isGiven = true
    given.push(isWritten ? interval.low : undefined)
  }
  return isGiven ? checkDecayCall(callee, expression, given, path) : undefined
}
