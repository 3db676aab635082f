import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { PLACES } from '../ir/analysis/placement.ts'
import { formOf } from '../ir/analysis/relation.ts'
import { createValue, type Value } from '../ir/analysis/value.ts'
import { STEP, type Inputs } from '../ir/analysis/inputs.ts'
import type { Place } from '../ir/analysis/values.ts'
import type { GraphNode, Hyperparameter, ParameterNode } from '../ir/graph.ts'
import {
  isLowered,
  lowerTemplate,
  type LoweredModule,
  type LoweredOptimizer,
} from '../ir/lowering/lower.ts'
import type { Body, LoweredSchedule } from '../ir/lowering/occurrence.ts'
import { holds } from '../ir/schedule.ts'
import { exactly, interval, joinIntervals, within } from '../operators/interval.ts'
import { fits } from '../operators/type.ts'
import { parameterExpressions } from '../resolve/expressions.ts'
import type { ResolvedModule } from '../resolve/resolved-module.ts'
import type { Expression, FunctionDeclaration, Parameter, Statement } from '../syntax/ast.ts'
import type { Type } from './checked-module.ts'
import { finding, findingKey, type Finding } from './findings.ts'
import { inspectExpressions, inspectStatements, type Found, type Inspection } from './inspect.ts'
import { placementName } from './placement-name.ts'
import { maskAsNumber } from './rules/arguments.ts'
import { withGuard } from './rules/matrices.ts'
import { checkDecay } from './rules/decays.ts'
import { checkEvaluation } from './rules/evaluation.ts'
import { checkGradient } from './rules/gradient.ts'
import { checkParameter } from './rules/parameters.ts'
import { checkPastEnd } from './rules/past-end.ts'
import { createSubject, type Kind, type Subject, type SubjectParts } from './subject.ts'

/** What is found in a module, and the types of its expressions. */
export interface Examined {
  readonly diagnostics: readonly Diagnostic[]
  /** Worked out when it is asked for. */
  readonly types: () => ReadonlyMap<Expression, Type>
}

/** A body with what it is looked at as. */
interface Looked {
  readonly subject: Subject
  readonly bodies: readonly Body[]
}

/** Looks at everything a module declares with every rule, or only with those that find errors. */
export function examine(
  resolved: ResolvedModule,
  lowered: LoweredModule,
  withWarnings: boolean,
): Examined {
  const ownFindings = findingsByItself(resolved, withWarnings)
  const inspection: Inspection = { resolved, withWarnings, ownFindings }
  const looked: Looked[] = []
  const found: Finding[] = []
  for (const declaration of resolved.functions)
    found.push(...examineFunction(inspection, lowered, declaration, looked))
  for (const optimizer of lowered.optimizers)
    found.push(...examineOptimizer(inspection, optimizer, looked))
  let types: ReadonlyMap<Expression, Type> | undefined
  return { diagnostics: conclude(found), types: () => (types ??= typesOf(looked)) }
}

/** Findings that do not rest on guesses, each once. */
function conclude(found: readonly Finding[]): Diagnostic[] {
  const known = new Map<string, Diagnostic>()
  for (const each of found) {
    const key = findingKey(each)
    if (!each.guessed && !known.has(key)) known.set(key, each.diagnostic)
  }
  return [...known.values()]
}

function typesOf(looked: readonly Looked[]): ReadonlyMap<Expression, Type> {
  const types = new Map<Expression, Type>()
  for (const { subject, bodies } of looked) {
    const { everywhere, under } = subject.values
    for (const { expression, node, condition } of bodies.flatMap(({ occurrences }) => [
      ...occurrences.values(),
    ])) {
      const place = under(everywhere, condition)
      const numbers = subject.numbersOf(node, place)
      const { known, extent, isMask, isUnknown } = numbers
      if (!isUnknown)
        types.set(expression, { known, extent, boolean: isMask, interval: numbers.interval })
    }
  }
  return types
}

/** One look at a subject. */
type Look = (subject: Subject) => Found

/** How often a subject is looked at again without what has been found to be wrong. */
const MOST_LOOKS = 8

/**
 * What is found of a subject. Where errors are found the subject is looked at again with what they are about unknown, so that
 * nothing is said which is only a consequence of them.
 */
function lookAt(
  parts: SubjectParts,
  look: Look,
  wrong: Iterable<GraphNode> = [],
): [Subject, Finding[]] {
  const poisoned = new Set(wrong)
  const errors: Finding[] = []
  for (let round = 1; ; round++) {
    const subject = createSubject(parts, new Set(poisoned))
    const { findings, poisoned: more } = look(subject)
    if (more.size === 0 || round === MOST_LOOKS) return [subject, [...errors, ...findings]]
    for (const node of more) poisoned.add(node)
    errors.push(...findings.filter(({ diagnostic }) => diagnostic.severity === 'error'))
  }
}

/** A parameter with the node that stands for it and the numbers of its range and default. */
interface Declared {
  readonly parameter: Parameter
  readonly node: ParameterNode | undefined
  readonly lowered: Hyperparameter
}

/** What is wrong with the declarations of parameters, and the nodes of those that are. */
function examineParameters(
  inspection: Inspection,
  parameters: readonly Declared[],
  declarations: Body,
  looked: Looked[],
): { readonly findings: readonly Finding[]; readonly wrong: ReadonlySet<GraphNode> } {
  const wrong = new Set<GraphNode>()
  const parts: SubjectParts = {
    states: [],
    inputs: {
      assumesEnd: true,
      isHeld: false,
      step: STEP,
      parameter: ({ declared }) => createValue(declared),
    },
    placement: () => PLACES.build,
  }
  const subject = createSubject(parts, new Set())
  const { everywhere } = subject.values
  looked.push({ subject, bodies: [declarations] })
  // A constant may be written in a clumsy way; what it is, is what counts.
  const findings = inspectExpressions(
    inspection,
    subject,
    declarations,
    everywhere,
    true,
  ).findings.filter(({ diagnostic }) => diagnostic.severity === 'error')
  for (const { parameter, node, lowered } of parameters) {
    const expressions = parameterExpressions(parameter)
    if (!expressions.every((expression) => declarations.occurrences.has(expression))) continue
    const see = (expression: Expression): Kind =>
      subject.kindOf(declarations.occurrences.get(expression)!.node)
    const { low, high } = lowered.interval
    const numbers = { low, high, default: lowered.default }
    const about = checkParameter(parameter, numbers, see, declarations.path)
    findings.push(...about)
    const isUnknown = expressions.some((expression) => see(expression).isUnknown)
    if ((about.length > 0 || isUnknown) && node !== undefined) wrong.add(node)
  }
  return { findings, wrong }
}

function examineOptimizer(
  inspection: Inspection,
  lowered: LoweredOptimizer,
  looked: Looked[],
): Finding[] {
  const { optimizer, program, body, declarations, parameters } = lowered
  const { findings, wrong } =
    optimizer.declaration === undefined
      ? { findings: [], wrong: [] }
      : examineParameters(inspection, parameters, declarations, looked)
  const expected = new Map(parameters.map((each) => [each.node, hyperparameterValue(each)]))
  const parts: SubjectParts = {
    states: program.states,
    inputs: {
      assumesEnd: true,
      isHeld: false,
      step: STEP,
      parameter: (node) => expected.get(node) ?? createValue(node.declared),
    },
    placement: () => PLACES.build,
    hasHyperparameters: true,
  }
  const [subject, found] = lookAt(
    parts,
    (each) => inspectBody(inspection, each, body, optimizer.statements, each.values.everywhere),
    wrong,
  )
  looked.push({ subject, bodies: [body] })
  const statements = optimizer.statements
  const hasRate = program.hyperparameters.some(({ name }) => name === 'lr')
  const guarded = withGuard(found, statements, body.path, hasRate)
  const ignored =
    !inspection.withWarnings || subject.kindOf(program.update).isUnknown
      ? []
      : checkGradient(optimizer, program, body.path)
  const evaluation = checkEvaluation(lowered, inspection.withWarnings)
  return [...findings, ...guarded, ...ignored, ...evaluation]
}

function inspectBody(
  inspection: Inspection,
  subject: Subject,
  body: Body,
  statements: readonly Statement[] | undefined,
  place: Place,
  isDirect = true,
): Found {
  const found = inspectExpressions(inspection, subject, body, place, isDirect)
  if (statements !== undefined) inspectStatements(inspection, subject, body, statements, found)
  return found
}

/**
 * The value of a hyperparameter. It is taken to lie strictly within its range or to have its default, so that a range that
 * allows 0 need not be a reason to warn of it; one without a range is guessed to be harmless.
 */
function hyperparameterValue({ parameter, node, lowered }: Declared): Value {
  const { declared } = node!
  const relation = formOf(node!)
  if (parameter.range === undefined) return createValue(declared, { guessed: true, relation })
  const inside = interval(declared.low, declared.high, { lowOpen: true, highOpen: true })
  const value = lowered.default ?? NaN
  const expected = Number.isNaN(value) ? inside : joinIntervals(inside, exactly(value))
  return createValue(expected, { interior: !within(declared, expected), relation })
}

const statementsOf = ({ body }: FunctionDeclaration): readonly Statement[] | undefined =>
  body.kind === 'block' ? body.statements : undefined

/** What a function rests on as long as nothing is known of its calls. */
function inputsByThemselves(declaration: FunctionDeclaration, isHeld: boolean): Inputs {
  const ranged = new Set(
    declaration.parameters.flatMap(({ name, range }) => (range === undefined ? [] : [name.name])),
  )
  return {
    assumesEnd: true,
    isHeld,
    step: STEP,
    parameter: (node) =>
      createValue(node.declared, { guessed: !ranged.has(node.name), relation: formOf(node) }),
  }
}

function examineFunction(
  inspection: Inspection,
  lowered: LoweredModule,
  declaration: FunctionDeclaration,
  looked: Looked[],
): readonly Finding[] {
  if (!isLowered(inspection.resolved, declaration)) return []
  return declaration.role === 'fn'
    ? examineTemplate(inspection, declaration, looked)
    : examineSchedule(inspection, lowered, declaration, looked)
}

function examineTemplate(
  inspection: Inspection,
  declaration: FunctionDeclaration,
  looked: Looked[],
): readonly Finding[] {
  const { body, declarations, parameters, states } = lowerTemplate(inspection.resolved, declaration)
  const { findings, wrong } = examineParameters(inspection, parameters, declarations, looked)
  const parts: SubjectParts = {
    states,
    inputs: inputsByThemselves(declaration, false),
    placement: () => PLACES.element,
    isTemplate: true,
  }
  const statements = statementsOf(declaration)
  const [subject, found] = lookAt(
    parts,
    (each) => inspectBody(inspection, each, body, statements, each.values.everywhere),
    wrong,
  )
  looked.push({ subject, bodies: [body] })
  return [...findings, ...found]
}

function examineSchedule(
  inspection: Inspection,
  { schedules }: LoweredModule,
  declaration: FunctionDeclaration,
  looked: Looked[],
): readonly Finding[] {
  const lowered = schedules.get(declaration)!
  const { written, body, declarations } = lowered
  const { path } = body
  const parameters = declaration.parameters.flatMap((parameter): Declared[] => {
    const own = written.parameters.find(({ name }) => name === parameter.name.name)
    return own === undefined ? [] : [{ parameter, node: undefined, lowered: own }]
  })
  const { findings } = examineParameters(inspection, parameters, declarations, looked)
  const parts: SubjectParts = {
    states: [],
    inputs: inputsByThemselves(declaration, holds(written)),
    placement: () => PLACES.step,
  }
  const [subject, found] = lookAt(parts, (each) =>
    inspectBody(inspection, each, body, statementsOf(declaration), each.values.everywhere),
  )
  looked.push({ subject, bodies: [body] })
  const all = [...findings, ...found]
  const value = subject.kindOf(written.body)
  if (value.isUnknown) return all
  const result = resultOf(declaration)
  if (value.isMask) return [...all, maskAsNumber(result, `\`${declaration.name.name}\``, path)]
  if (!fits(value, PLACES.step)) {
    const late = finding('stage-too-late', value.isGuessed, {
      path,
      span: result.span,
      message: `a ${declaration.role} is ${placementName(PLACES.step)}, and this is ${placementName(value)}`,
      help: 'use `t`, `T` and arguments only, or declare a `fn`',
    })
    return [...all, late]
  }
  if (all.some(({ diagnostic }) => diagnostic.severity === 'error')) return all
  const tried =
    declaration.role === 'decay'
      ? checkDecay(lowered, declaration, result, path)
      : inspection.withWarnings
        ? checkPastEnd(written, result, path)
        : undefined
  return tried === undefined ? all : [...all, { diagnostic: tried, guessed: false }]
}

/** The expression a function's value is. */
function resultOf({ body, name }: FunctionDeclaration): Expression {
  if (body.kind !== 'block') return body
  const last = body.statements.at(-1)
  return last?.kind === 'return' ? last.value : { kind: 'missing', span: name.span }
}

/** What functions of other modules warn of by themselves, each looked at once. */
function findingsByItself(
  resolved: ResolvedModule,
  withWarnings: boolean,
): Inspection['ownFindings'] {
  const known = new Map<FunctionDeclaration, ReadonlySet<string>>()
  const inspection: Inspection = { resolved, withWarnings, ownFindings: () => new Set() }
  return (declaration, callee) => {
    let own = known.get(declaration)
    if (own === undefined) {
      const found = inspectByItself(inspection, declaration, callee)
      own = new Set(found.filter(({ guessed }) => !guessed).map(findingKey))
      known.set(declaration, own)
    }
    return own
  }
}

function inspectByItself(
  inspection: Inspection,
  declaration: FunctionDeclaration,
  callee: Body | LoweredSchedule,
): readonly Finding[] {
  const isSchedule = callee.kind === 'schedule'
  const { body, states } = isSchedule
    ? { body: callee.body, states: [] }
    : lowerTemplate(inspection.resolved, declaration)
  const subject = createSubject(
    {
      states,
      inputs: inputsByThemselves(declaration, isSchedule && holds(callee.written)),
      placement: () => (isSchedule ? PLACES.step : PLACES.element),
      ...(isSchedule ? {} : { isTemplate: true }),
    },
    new Set(),
  )
  const { everywhere } = subject.values
  return inspectBody(inspection, subject, body, statementsOf(declaration), everywhere, false)
    .findings
}
