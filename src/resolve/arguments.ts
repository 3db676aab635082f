import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { nearest } from '../diagnostics/suggest.ts'
import type { Operator } from '../operators/operator.ts'
import { axisOf, operatorsCalled, takesAxis, writtenArguments } from '../operators/table.ts'
import type { Argument, Call, Expression, FunctionDeclaration, Parameter } from '../syntax/ast.ts'
import { axes, axisArgument, OVER } from '../syntax/axis-argument.ts'
import { REDUCTIONS } from '../diagnostics/habits.ts'
import { lacking, textOf } from './habits.ts'
import type { ResolvedCall } from './resolution.ts'
import type { NameContext } from './names.ts'
import { showSignature } from './scope.ts'
import { isBuiltin } from './builtins.ts'
import { checkStepArgument, insertion, STEP, takesStep } from './step-argument.ts'

type Report = (diagnostic: Diagnostic) => void

interface Wanted {
  readonly name: string
  readonly optional: boolean
}

/** The arguments of a call of `declaration`, by parameter; undefined when they do not fit, which is then reported. */
export function bindFunction(
  context: NameContext,
  call: Call,
  declaration: FunctionDeclaration,
): ResolvedCall | undefined {
  const { report } = context
  const { path } = context.module
  const isScheduled = declaration.role !== 'fn'
  const wanted = isScheduled ? wantedWithStep(declaration) : declaration.parameters.map(wantedFor)
  const bound = bind(call, wanted, path, report)
  if (bound === undefined) return undefined
  const wrongStep = isScheduled ? checkStepArgument(context, call, wanted, bound) : undefined
  if (wrongStep !== undefined) {
    report(wrongStep)
    return undefined
  }
  const missing = wanted.filter(({ optional }, index) => !optional && bound[index] === undefined)
  if (missing.length === 0) {
    // A schedule that does not take the step is an error at its declaration.
    return isScheduled && !takesStep(declaration)
      ? undefined
      : { kind: 'function', declaration, arguments: bound }
  }
  const names = missing.map(({ name }) => `\`${name}\``).join(' and ')
  report(
    diagnose('missing-argument', {
      path,
      span: call.span,
      message: `\`${call.callee.name}\` needs an argument for ${names}`,
      label: missing.length === 1 ? 'one argument too few' : `${missing.length} arguments too few`,
      help: `it is called as \`${signature(call.callee.name, wanted)}\``,
      ...(isScheduled && bound[0] === undefined && { fix: insertion(call) }),
    }),
  )
  return undefined
}

const wantedFor = (parameter: Parameter): Wanted => ({
  name: parameter.name.name,
  optional: isOptional(parameter),
})

/** What a schedule or decay takes, or would take if it were declared as it must be. */
function wantedWithStep({ parameters }: FunctionDeclaration): readonly Wanted[] {
  const others = parameters.filter((parameter) => parameter.name.name !== STEP)
  return [{ name: STEP, optional: false }, ...others.map(wantedFor)]
}

/** The row of the table that a call by the name of an operator means, with its arguments in order; else reported. */
export function bindOperator(call: Call, path: string, report: Report): ResolvedCall | undefined {
  const name = call.callee.name
  const { over, others } = axisArgument(call)
  const rows = operatorsCalled(name)
  const onAxis = over && rows.filter((row) => axisOf(row) === over.axis)
  if (over !== undefined && (over.axis === undefined || onAxis?.length === 0)) {
    report(wrongAxis(over.argument, name, rows.some(axisOf), path))
    return undefined
  }
  const plain = rows.filter((row) => axisOf(row) === undefined)
  const candidates = onAxis ?? (plain.length > 0 ? plain : rows)
  const count = others.length
  const row =
    over === undefined && plain.length === 0
      ? undefined
      : candidates.find(({ parameters }) => parameters.length === count)
  if (row === undefined) {
    const advised = over === undefined ? adviseArguments(call, candidates) : undefined
    if (advised !== undefined) {
      report({ ...advised, path })
      return undefined
    }
    const counts = candidates.map((candidate) => writtenArguments(candidate).length)
    report(
      diagnose('wrong-argument-count', {
        path,
        span: call.span,
        message: `\`${name}\` takes ${showCounts([...new Set(counts)])}, not ${call.arguments.length}`,
        help: `it is called as ${candidates.map((candidate) => `\`${operatorSignature(candidate)}\``).join(' or ')}`,
      }),
    )
    return undefined
  }
  const bound = bind(
    { ...call, arguments: others },
    row.parameters.map((parameter) => ({ name: parameter.name, optional: false })),
    path,
    report,
  )
  const complete = bound?.flatMap((expression) => (expression === undefined ? [] : [expression]))
  if (complete?.length !== count) return undefined
  return { kind: 'operator', operator: row, arguments: complete }
}

/** That what stands behind `over` is no axis, or that the operator works on every element by itself. */
function wrongAxis(
  { span, value }: Argument,
  name: string,
  reduces: boolean,
  path: string,
): Diagnostic {
  if (!reduces) {
    return diagnose('unknown-axis', {
      path,
      span,
      message: `\`${name}\` reduces nothing: it has no parameter \`${OVER}\``,
      help: `leave \`${OVER}\` out; \`sum\`, \`mean\`, \`norm\`, \`max_abs\` and \`dot\` take it`,
    })
  }
  const written = value.kind === 'name' ? nearest(value.name, axes) : undefined
  const axis = written ?? 'inputs'
  return diagnose('unknown-axis', {
    path,
    span: value.span,
    message: 'this is no axis: a parameter is a matrix of `inputs` and `outputs`',
    help: takesAxis(name)
      ? `\`${name}(inputs)\` or \`${name}(outputs)\``
      : written === undefined
        ? '`over = inputs` gives one number for each output (neuron or filter), `over = outputs` one for each input'
        : `did you mean \`${axis}\`?`,
    fix: { title: `write \`${axis}\``, edits: [{ span: value.span, text: axis }] },
  })
}

/** What is wrong with the arguments of an operator that other languages call with more or fewer. */
function adviseArguments(
  call: Call,
  rows: readonly Operator[],
): Omit<Diagnostic, 'path'> | undefined {
  const known = new Set(rows.flatMap(({ parameters }) => parameters.map(({ name }) => name)))
  const { name } = call.callee
  const foreign = call.arguments.find((argument) => {
    const written = argument.name?.name
    return written !== undefined && !known.has(written) && lacking(written) !== undefined
  })
  if (foreign?.name !== undefined)
    return diagnose('unknown-argument', {
      path: '',
      span: foreign.name.span,
      message: `\`${name}\` has no parameter \`${foreign.name.name}\``,
      help: lacking(foreign.name.name)!.help!,
    })
  const [only, ...others] = call.arguments
  const reduction = Object.hasOwn(REDUCTIONS, name) ? REDUCTIONS[name]! : undefined
  if (only === undefined || others.length > 0 || reduction === undefined) return undefined
  const { value } = only
  const [inner] = value.kind === 'call' ? value.arguments : []
  const isSize = value.kind === 'call' && value.callee.name === reduction.of && inner !== undefined
  const shown = isSize ? (textOf(inner.value) ?? 'x') : 'x'
  return diagnose('wrong-argument-count', {
    path: '',
    span: call.span,
    message: `\`${name}\` takes ${rows[0]!.parameters.length} arguments, not 1`,
    help: `the largest size of all elements is \`${reduction.write}(${shown})\`; \`${operatorSignature(rows[0]!)}\` chooses between two values`,
    ...(isSize && {
      fix: {
        title: `write \`${reduction.write}(${shown})\``,
        edits: [
          { span: { start: call.span.start, end: inner.span.start }, text: `${reduction.write}(` },
          { span: { start: inner.span.end, end: call.span.end }, text: ')' },
        ],
      },
    }),
  })
}

/** How the operator is called: `clip(x, low, high)`. */
export function operatorSignature(operator: Operator): string {
  return showSignature(operator.callName ?? operator.name, writtenArguments(operator))
}

function signature(name: string, wanted: readonly Wanted[]): string {
  return showSignature(
    name,
    wanted.map((parameter) => parameter.name),
  )
}

function showCounts(counts: readonly number[]): string {
  const text = counts.join(' or ')
  return `${text} ${text === '1' ? 'argument' : 'arguments'}`
}

function bind(
  call: Call,
  wanted: readonly Wanted[],
  path: string,
  report: Report,
): (Expression | undefined)[] | undefined {
  const bound: (Expression | undefined)[] = wanted.map(() => undefined)
  const name = call.callee.name
  let valid = true
  let sawName = false
  let place = 0
  const fail = (diagnostic: Diagnostic): void => {
    valid = false
    report(diagnostic)
  }
  for (const argument of call.arguments) {
    let index = place
    if (argument.name === undefined) {
      place += 1
      if (sawName) {
        fail(outOfOrder(argument, path))
        continue
      }
      if (index >= wanted.length) {
        fail(tooMany(call, argument, wanted, path))
        break
      }
    } else {
      sawName = true
      const written = argument.name.name
      index = wanted.findIndex((parameter) => parameter.name === written)
      if (index < 0) {
        fail(unknownArgument(argument.name, name, wanted, path))
        continue
      }
    }
    const first = bound[index]
    if (first !== undefined) {
      fail(
        diagnose('duplicate-argument', {
          path,
          span: argument.span,
          message: `\`${name}\` gets a second argument for \`${wanted[index]!.name}\``,
          label: 'given twice',
          related: [{ path, span: first.span, label: 'the first one' }],
        }),
      )
      continue
    }
    bound[index] = argument.value
  }
  return valid ? bound : undefined
}

function outOfOrder(argument: Argument, path: string): Diagnostic {
  return diagnose('argument-order', {
    path,
    span: argument.span,
    message: 'an argument without a name stands behind one with a name',
    label: 'needs a name here',
    help: 'move it to the front, or name it',
  })
}

function tooMany(
  call: Call,
  argument: Argument,
  wanted: readonly Wanted[],
  path: string,
): Diagnostic {
  const name = call.callee.name
  const last = call.arguments.at(-1) ?? argument
  const before = call.arguments[call.arguments.indexOf(argument) - 1]
  const start = before?.span.end ?? argument.span.start
  return diagnose('too-many-arguments', {
    path,
    span: { start: argument.span.start, end: last.span.end },
    message:
      wanted.length === 0
        ? `\`${name}\` takes no arguments`
        : `\`${name}\` takes at most ${wanted.length} ${wanted.length === 1 ? 'argument' : 'arguments'}`,
    label: 'too many',
    ...(decimalComma(argument, before) ?? {
      help: `it is called as \`${signature(name, wanted)}\``,
      fix: { title: 'remove the rest', edits: [{ span: { start, end: last.span.end }, text: '' }] },
    }),
  })
}

/** Two numbers with a comma and no blank between them, which is a decimal comma. */
function decimalComma(
  argument: Argument,
  before: Argument | undefined,
): Pick<Diagnostic, 'help' | 'fix'> | undefined {
  const [whole, fraction] = [before?.value, argument.value]
  if (whole?.kind !== 'number' || fraction.kind !== 'number') return undefined
  if (!/^\d+$/.test(whole.text) || !/^\d+$/.test(fraction.text)) return undefined
  if (fraction.span.start !== whole.span.end + 1) return undefined
  const number = `${whole.text}.${fraction.text}`
  return {
    help: `a number is written with a decimal point: \`${number}\``,
    fix: {
      title: `replace it with \`${number}\``,
      edits: [{ span: { start: whole.span.start, end: fraction.span.end }, text: number }],
    },
  }
}

function unknownArgument(
  written: {
    readonly name: string
    readonly span: { readonly start: number; readonly end: number }
  },
  callee: string,
  wanted: readonly Wanted[],
  path: string,
): Diagnostic {
  const similar = nearest(
    written.name,
    wanted.map((parameter) => parameter.name),
  )
  return diagnose('unknown-argument', {
    path,
    span: written.span,
    message: `\`${callee}\` has no parameter \`${written.name}\``,
    help:
      similar === undefined
        ? (lacking(written.name)?.help ?? `it is called as \`${signature(callee, wanted)}\``)
        : `did you mean \`${similar}\`?`,
    ...(similar === undefined
      ? {}
      : {
          fix: {
            title: `replace it with \`${similar}\``,
            edits: [{ span: written.span, text: similar }],
          },
        }),
  })
}

/** Whether calls may leave the argument out: it has a default, or stands for a builtin. */
export function isOptional(parameter: Parameter): boolean {
  return parameter.default !== undefined || isBuiltin(parameter.name.name)
}
