import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { nearest } from '../diagnostics/suggest.ts'
import type {
  Argument,
  Assign,
  Block,
  Call,
  Expression,
  FunctionRole,
  Identifier,
  If,
  Let,
  Name,
  Parameter,
  State,
  Statement,
} from '../syntax/ast.ts'
import { axisArgument } from '../syntax/axis-argument.ts'
import { bindFunction, bindOperator } from './arguments.ts'
import { assignmentsOf, declarationsOf } from './expressions.ts'
import { adviseWeight, meansWeight, readsItself, undeclaredState } from './habits.ts'
import { EVALUATE, isBuiltin, UPDATE } from './builtins.ts'
import type { Resolution } from './resolution.ts'
import type { Tables } from './resolved-module.ts'
import {
  alwaysThere,
  findLocal,
  operatorNames,
  reservedBecause,
  type Local,
  type LocalScope,
  type ModuleScope,
} from './scope.ts'
import { notAFunction, unknownFunction, unknownName, usedOutside } from './unknown-names.ts'

/** What names of one body are resolved with. */
export interface NameContext {
  readonly module: ModuleScope
  readonly role: FunctionRole | 'optimizer'
  readonly tables: Tables
  readonly report: (diagnostic: Diagnostic) => void
  readonly usedFunctions: Set<string>
  /** Told what is visible in a block above each of its statements, and at its end. */
  readonly look?: (scope: LocalScope, block: object, below: Statement | undefined) => void
}

/** Resolves every name and call of an optimizer's or function's parameters and body. */
export function resolveBody(
  context: NameContext,
  parameters: readonly Parameter[],
  body: Expression | readonly Statement[],
): void {
  const statements = 'kind' in body ? [] : body
  const scope: LocalScope = {
    blocks: [new Map()],
    eventually: declarationsOf(statements),
    assigned: assignmentsOf(statements),
  }
  for (const parameter of parameters) resolveParameter(context, scope, parameter)
  if ('kind' in body) resolveExpression(context, scope, body)
  else resolveStatements(context, scope, body)
}

function resolveParameter(context: NameContext, scope: LocalScope, parameter: Parameter): void {
  const outside: LocalScope = { blocks: [], eventually: new Map(), assigned: new Map() }
  if (parameter.range !== undefined) {
    resolveExpression(context, outside, parameter.range.low)
    resolveExpression(context, outside, parameter.range.high)
  }
  if (parameter.default !== undefined) resolveExpression(context, outside, parameter.default)
  const { name } = parameter.name
  declare(context, scope, parameter.name, parameter)
  if (context.role !== 'optimizer' && parameter.default === undefined && isBuiltin(name)) {
    context.tables.implicitDefaults.set(parameter, name)
  }
}

function declare(
  context: NameContext,
  scope: LocalScope,
  identifier: Identifier,
  local: Local,
): void {
  const { name, span } = identifier
  const { path } = context.module
  const reason = reservedBecause(name, local.kind === 'parameter' && context.role !== 'optimizer')
  const before = findLocal(scope, name)
  if (reason !== undefined) {
    context.report(
      diagnose('reserved-name', {
        path,
        span,
        message: `\`${name}\` cannot be declared: ${reason}`,
        help: `choose another name, such as \`my_${name}\``,
      }),
    )
  } else if (before !== undefined) {
    context.report(
      diagnose('duplicate-name', {
        path,
        span,
        message: `\`${name}\` is declared already`,
        label: 'declared again',
        help: isWritten(before)
          ? before.kind === 'state'
            ? `to change the state write \`${name} = ...\` alone, else choose another name`
            : 'choose another name'
          : 'statements outside of an `optimizer` have the learning rate `lr`: choose another name, or write `optimizer Name(lr = 0.1) { ... }`',
        ...(isWritten(before)
          ? { related: [{ path, span: before.name.span, label: 'declared here' }] }
          : {}),
      }),
    )
  }
  if (before === undefined) scope.blocks.at(-1)!.set(name, local)
}

/** Whether a declaration stands in the source; the `lr` of a file of statements does not. */
function isWritten({ span }: Local): boolean {
  return span.start < span.end
}

function resolveStatements(
  context: NameContext,
  scope: LocalScope,
  statements: readonly Statement[],
): void {
  for (const statement of statements) {
    context.look?.(scope, statements, statement)
    switch (statement.kind) {
      case 'let':
      case 'state':
        resolveDeclaration(context, scope, statement)
        break
      case 'assign':
        resolveAssignment(context, scope, statement)
        break
      case 'return':
        resolveExpression(context, scope, statement.value)
        break
      case 'if':
        resolveIf(context, scope, statement)
    }
  }
  context.look?.(scope, statements, undefined)
}

function resolveDeclaration(context: NameContext, scope: LocalScope, statement: Let | State): void {
  const { name } = statement.name
  const isKnown = findLocal(scope, name) !== undefined || alwaysThere(name) !== undefined
  if (!isKnown && readsItself(statement, name)) {
    context.report(undeclaredState(statement, context.module.path))
    declare(context, scope, statement.name, { ...statement, kind: 'state' })
    resolveExpression(context, scope, statement.value)
    return
  }
  resolveExpression(context, scope, statement.value)
  declare(context, scope, statement.name, statement)
}

function resolveAssignment(context: NameContext, scope: LocalScope, statement: Assign): void {
  const { name } = statement.target
  const isLocal = findLocal(scope, name) !== undefined
  if (context.role === 'optimizer' && !isLocal && meansWeight(name)) {
    const { advice, rest } = adviseWeight(statement)
    if (rest !== undefined) resolveExpression(context, scope, rest)
    context.report(
      diagnose(name === 'w' ? 'assign-not-state' : 'assign-unknown', {
        path: context.module.path,
        span: statement.target.span,
        message:
          name === 'w'
            ? '`w` cannot be assigned: it is always there'
            : `there is no state \`${name}\` to assign`,
        label: 'only a `state` changes',
        ...advice,
      }),
    )
    return
  }
  const isUnknown =
    !isLocal && !isResult(name) && alwaysThere(name) === undefined && !scope.eventually.has(name)
  const isKept = readsItself(statement, name) || (scope.assigned.get(name) ?? 0) > 1
  if (isUnknown && isKept && nearestTarget(context, scope, name) === undefined) {
    context.report(undeclaredState(statement, context.module.path))
    const { target, ...rest } = statement
    scope.blocks.at(-1)!.set(name, { ...rest, kind: 'state', name: target })
    resolveExpression(context, scope, statement.value)
    // It was meant to be the declaration.
    if (!readsItself(statement, name)) return
    resolveTarget(context, scope, statement)
    return
  }
  resolveExpression(context, scope, statement.value)
  resolveTarget(context, scope, statement)
}

/** Whether an assignment to the name says what an optimizer gives; rules tell of those that stand elsewhere. */
const isResult = (name: string): boolean => name === UPDATE || name === EVALUATE

function resolveIf(context: NameContext, scope: LocalScope, statement: If): void {
  for (let side: If | Block | undefined = statement; side !== undefined;) {
    if (side.kind === 'if') resolveExpression(context, scope, side.condition)
    const block: Block = side.kind === 'if' ? side.then : side
    resolveStatements(context, { ...scope, blocks: [...scope.blocks, new Map()] }, block.statements)
    side = side.kind === 'if' ? side.otherwise : undefined
  }
}

function resolveTarget(
  context: NameContext,
  scope: LocalScope,
  statement: Extract<Statement, { kind: 'assign' }>,
): void {
  const { name, span } = statement.target
  const { path } = context.module
  if (isResult(name)) return
  const local = findLocal(scope, name)
  if (local?.kind === 'state') {
    context.tables.assignments.set(statement, local)
    return
  }
  if (local !== undefined || alwaysThere(name) !== undefined) {
    const what = local?.kind === 'let' ? 'a `let`' : local ? 'a parameter' : 'always there'
    context.report(
      diagnose('assign-not-state', {
        path,
        span,
        message: `\`${name}\` cannot be assigned: it is ${what}`,
        label: 'only a `state` changes',
        help:
          local?.kind === 'let'
            ? `name the new value with another \`let\`, or declare \`state ${name} = ...\` to keep it from step to step`
            : 'name the new value with `let`',
        ...(local === undefined
          ? {}
          : { related: [{ path, span: local.name.span, label: 'declared here' }] }),
      }),
    )
    return
  }
  const similar = nearestTarget(context, scope, name)
  const later = scope.eventually.get(name)
  if (later !== undefined && later.span.start < span.start) {
    context.report(usedOutside(later, span, path))
    return
  }
  context.report(
    diagnose(later === undefined ? 'assign-unknown' : 'used-before-declaration', {
      path,
      span,
      message:
        later === undefined
          ? `there is no state \`${name}\` to assign`
          : `\`${name}\` is assigned above its declaration`,
      help:
        later !== undefined
          ? 'move the declaration up'
          : similar === undefined
            ? `write \`let ${name} = ...\` for a value of this step, \`state ${name} = 0\` above for one that is kept`
            : `did you mean \`${similar}\`?`,
      ...(later !== undefined
        ? { related: [{ path, span: later.name.span, label: 'declared here' }] }
        : similar === undefined
          ? {
              fix: {
                title: 'declare it with `let`',
                edits: [{ span: { start: span.start, end: span.start }, text: 'let ' }],
              },
            }
          : { fix: { title: `replace it with \`${similar}\``, edits: [{ span, text: similar }] } }),
    }),
  )
  // Declared from here on, so that one forgotten `let` is one error.
  if (later === undefined) {
    const declaration: Let = { ...statement, kind: 'let', name: statement.target }
    scope.blocks.at(-1)!.set(name, declaration)
  }
}

/** The state that a name to be assigned was perhaps meant to be. */
function nearestTarget(context: NameContext, scope: LocalScope, name: string): string | undefined {
  const states = scope.blocks.flatMap((block) =>
    [...block.values()].flatMap((known) => (known.kind === 'state' ? [known.name.name] : [])),
  )
  return nearest(name, [...states, ...(context.role === 'optimizer' ? [UPDATE, EVALUATE] : [])])
}

function resolveExpression(context: NameContext, scope: LocalScope, expression: Expression): void {
  switch (expression.kind) {
    case 'name':
      resolveName(context, scope, expression)
      break
    case 'unary':
      resolveExpression(context, scope, expression.operand)
      break
    case 'binary':
      resolveExpression(context, scope, expression.left)
      resolveExpression(context, scope, expression.right)
      break
    case 'call':
      for (const argument of expression.arguments)
        if (!namesAxis(context, expression, argument))
          resolveExpression(context, scope, argument.value)
      resolveCall(context, scope, expression)
      break
    case 'number':
    case 'missing':
  }
}

/** Whether an argument stands for an axis: a name that is none elsewhere. */
function namesAxis({ module }: NameContext, call: Call, argument: Argument): boolean {
  if (axisArgument(call).over?.argument !== argument) return false
  return operatorNames.has(call.callee.name) && !module.functions.has(call.callee.name)
}

function resolveName(context: NameContext, scope: LocalScope, node: Name): void {
  const local = findLocal(scope, node.name)
  const resolution = local === undefined ? alwaysThere(node.name) : resolutionOf(local)
  if (resolution === undefined) {
    // A name of letters that no name is made of has been reported.
    if (!context.module.unavailable.has(node.name) && /^\w+$/.test(node.name))
      context.report(unknownName(context, scope, node))
    return
  }
  const { role } = context
  const isGradient =
    resolution.kind === 'builtin' && (resolution.name === 'g' || resolution.name === 'w')
  if (!isGradient || (role !== 'schedule' && role !== 'decay')) {
    context.tables.names.set(node, resolution)
    return
  }
  context.report(
    diagnose('gradient-in-schedule', {
      path: context.module.path,
      span: node.span,
      message: `a ${role} cannot use \`${node.name}\`: it is one number per step, the same for all parameters`,
      label: node.name === 'g' ? 'the gradient' : 'the parameter',
      help: 'use `t`, `T` and arguments only, or declare a `fn`',
    }),
  )
}

function resolutionOf(local: Local): Resolution {
  switch (local.kind) {
    case 'parameter':
      return { kind: 'parameter', declaration: local }
    case 'let':
      return { kind: 'let', declaration: local }
    case 'state':
      return { kind: 'state', declaration: local }
  }
}

function resolveCall(context: NameContext, scope: LocalScope, call: Call): void {
  const { name } = call.callee
  const { path, functions } = context.module
  const declaration = functions.get(name)
  if (context.module.unavailable.has(name)) return
  if (declaration !== undefined) {
    context.usedFunctions.add(name)
    const bound = bindFunction(context, call, declaration)
    if (bound !== undefined) context.tables.calls.set(call, bound)
    return
  }
  if (operatorNames.has(name)) {
    const bound = bindOperator(call, path, context.report)
    if (bound !== undefined) context.tables.calls.set(call, bound)
    return
  }
  if (findLocal(scope, name) !== undefined || alwaysThere(name) !== undefined) {
    context.report(notAFunction(call, path))
    return
  }
  context.report(unknownFunction(context.module, call))
}
