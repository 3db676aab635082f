import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/source.ts'
import { nearest } from '../diagnostics/suggest.ts'
import { operatorsCalled } from '../operators/table.ts'
import type { Call, Let, Name, State } from '../syntax/ast.ts'
import { isOptional, operatorSignature } from './arguments.ts'
import { constants, EVALUATE, UPDATE } from './builtins.ts'
import { adviseCall, isStepIndex, lacking, synonymOf } from './habits.ts'
import type { NameContext } from './names.ts'
import {
  operatorNames,
  showSignature,
  visibleNames,
  type LocalScope,
  type ModuleScope,
} from './scope.ts'

/** What is wrong with a name that stands for no value. */
export function unknownName(context: NameContext, scope: LocalScope, node: Name): Diagnostic {
  const { path, functions } = context.module
  const { name, span } = node
  if (name === UPDATE || name === EVALUATE) return resultAsValue(name, span, path)
  const later = scope.eventually.get(name)
  if (later !== undefined && later.span.start < span.start) return usedOutside(later, span, path)
  if (later !== undefined) {
    return diagnose('used-before-declaration', {
      path,
      span,
      message: `\`${name}\` is used above its declaration`,
      label: 'not known yet',
      help:
        later.kind === 'state'
          ? 'move the `state` up'
          : 'move the `let` up; for the value of the previous step declare a `state`',
      related: [{ path, span: later.name.span, label: 'declared here' }],
    })
  }
  const declaration = functions.get(name)
  if (declaration !== undefined) {
    context.usedFunctions.add(name)
    const given = declaration.parameters.every((parameter) => isOptional(parameter))
      ? declaration.parameters.filter((parameter) => parameter.default === undefined)
      : declaration.parameters
    const suggestion = showSignature(
      name,
      given.map((parameter) => parameter.name.name),
    )
    const fits = declaration.parameters.every((parameter) => isOptional(parameter))
    return diagnose('function-as-value', {
      path,
      span,
      message: `\`${name}\` is a ${declaration.role === 'fn' ? 'function' : declaration.role}: it has a value only when it is called`,
      label: 'not called',
      help: `write \`${suggestion}\``,
      ...(fits ? { fix: { title: 'call it', edits: [{ span, text: suggestion }] } } : {}),
    })
  }
  if (operatorNames.has(name)) {
    const [row] = operatorsCalled(name)
    return diagnose('function-as-value', {
      path,
      span,
      message: `\`${name}\` is an operator: it has a value only when it is called`,
      label: 'not called',
      ...(row === undefined ? {} : { help: `write \`${operatorSignature(row)}\`` }),
    })
  }
  const inSchedule = context.role === 'schedule' || context.role === 'decay'
  const names = visibleNames(scope, !inSchedule)
  const synonym = synonymOf(name, names)
  const lacks = synonym === undefined ? lacking(name) : undefined
  if (lacks !== undefined)
    return diagnose('unknown-name', { path, span, ...lacks, label: 'not known to a rule' })
  const similar = synonym ?? nearest(name, names)
  return diagnose('unknown-name', {
    path,
    span,
    message: `I don't know \`${name}\``,
    label: 'not defined here',
    help:
      similar === undefined
        ? context.role === 'optimizer'
          ? `declare it: \`let ${name} = ...\` above, or as a hyperparameter of an \`optimizer\``
          : `declare it: \`let ${name} = ...\` above, or as a parameter`
        : `did you mean \`${similar}\`?`,
    ...(similar === undefined
      ? {}
      : { fix: { title: `replace it with \`${similar}\``, edits: [{ span, text: similar }] } }),
  })
}

/** That what a branch declares is used below the branch. */
export function usedOutside({ kind, name }: Let | State, span: Span, path: string): Diagnostic {
  return diagnose('used-before-declaration', {
    path,
    span,
    message: `\`${name.name}\` is known only inside the \`if\` that declares it`,
    label: 'not known here',
    help:
      kind === 'state'
        ? 'declare the state above the `if`, and assign it inside'
        : 'declare it above the `if`, with `where(condition, a, b)` for the choice',
    related: [{ path, span: name.span, label: 'declared here' }],
  })
}

/** That what an optimizer gives is read. */
function resultAsValue(name: string, span: Span, path: string): Diagnostic {
  const isUpdate = name === UPDATE
  return diagnose(isUpdate ? 'update-read' : 'evaluate-read', {
    path,
    span,
    message: `\`${name}\` is not a value that can be used`,
    help: isUpdate
      ? 'name the value with `let step = ...`, then write `update = step`; for the last step use `previous(step)`'
      : 'name the value with `let` or keep it in a `state`, and use that',
  })
}

/** That nothing by the name of `callee` can be called. */
export function unknownFunction(module: ModuleScope, call: Call): Diagnostic {
  const { path, functions } = module
  const { name, span } = call.callee
  const advice = adviseCall(module, call)
  if (advice !== undefined)
    return diagnose('unknown-function', { path, span, label: 'not defined here', ...advice })
  const similar = nearest(name, [...functions.keys(), ...operatorNames])
  return diagnose('unknown-function', {
    path,
    span,
    message: `I don't know a function \`${name}\``,
    label: 'not defined here',
    help:
      similar === undefined
        ? `declare it with \`fn ${name}(...) = ...\`, or import it`
        : `did you mean \`${similar}\`?`,
    ...(similar === undefined
      ? {}
      : { fix: { title: `replace it with \`${similar}\``, edits: [{ span, text: similar }] } }),
  })
}

/** That a step stands behind a name, as in a paper. */
function stepIndex(call: Call, path: string): Diagnostic {
  const { name, span } = call.callee
  return diagnose('not-a-function', {
    path,
    span: call.span,
    message: `\`${name}\` is a value and cannot be called`,
    help: `the step is not written: a state holds the value of the step before until it is assigned; write \`${name}\``,
    fix: {
      title: `replace it with \`${name}\``,
      edits: [{ span: { start: span.end, end: call.span.end }, text: '' }],
    },
  })
}

/** That something with a value is called. */
export function notAFunction(call: Call, path: string): Diagnostic {
  const { name, span } = call.callee
  const [only] = call.arguments
  const product = call.arguments.length === 1 && only?.name === undefined
  if (product && only !== undefined && isStepIndex(only.value)) return stepIndex(call, path)
  return diagnose('not-a-function', {
    path,
    span,
    message: `\`${name}\` is ${constants.has(name) ? 'a constant' : 'a value'} and cannot be called`,
    help: product ? `for a product write \`${name} * (...)\`` : 'check the name of the function',
    ...(product
      ? {
          fix: {
            title: 'write a product',
            edits: [{ span: { start: span.end, end: span.end }, text: ' * ' }],
          },
        }
      : {}),
  })
}
