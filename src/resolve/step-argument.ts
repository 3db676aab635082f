import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic, Fix } from '../diagnostics/diagnostic.ts'
import type { Argument, Call, Expression, FunctionDeclaration, Let } from '../syntax/ast.ts'
import type { NameContext } from './names.ts'

/** The name of the first parameter of every schedule and decay. */
export const STEP = 't'

/** Whether a schedule or decay takes the step as it must: first, under its name, whatever it is. */
export function takesStep({ parameters: [first] }: FunctionDeclaration): boolean {
  return first?.name.name === STEP && first.range === undefined && first.default === undefined
}

/**
 * What is wrong with the step in a call of a schedule or decay. `bound` holds the arguments by the parameters in `wanted`,
 * the step first; `optional` says of each parameter whether it may be left out.
 */
export function checkStepArgument(
  { module: { path }, ...context }: NameContext,
  call: Call,
  wanted: readonly { readonly name: string; readonly optional: boolean }[],
  bound: readonly (Expression | undefined)[],
): Diagnostic | undefined {
  const callee = call.callee.name
  const [step] = bound
  const argumentOf = (value: Expression): Argument =>
    call.arguments.find((argument) => argument.value === value)!
  const place = bound.findIndex(
    (value, index) => index > 0 && value !== undefined && isStep(context, value),
  )
  const misplaced = place < 0 ? undefined : argumentOf(bound[place]!)
  if (step !== undefined && misplaced === undefined && mayDependOnStep(context, step))
    return undefined
  if (misplaced !== undefined) {
    const isGiven = step !== undefined && mayDependOnStep(context, step)
    const isFree = wanted[place]!.optional
    return diagnose('step-argument', {
      path,
      span: misplaced.span,
      message: `\`${STEP}\` stands where \`${callee}\` takes \`${wanted[place]!.name}\``,
      label: isGiven ? 'the step has been given' : 'the step comes first',
      help: `the step is the first argument, and only that: \`${signature(callee, wanted)}\``,
      ...(isGiven
        ? isFree && { fix: { title: 'remove it', edits: [removal(call, misplaced)] } }
        : { fix: movedToFront(call, misplaced) }),
    })
  }
  if (step === undefined) return undefined
  const argument = argumentOf(step)
  const isFull = call.arguments.length >= wanted.length
  const inPlace = isFull || argument.name !== undefined
  return diagnose('step-argument', {
    path,
    span: argument.span,
    message: `\`${callee}\` takes the step first, and this does not depend on it`,
    label: 'the same on every step',
    help: `it is called as \`${signature(callee, wanted)}\``,
    fix: inPlace
      ? { title: `pass \`${STEP}\``, edits: [{ span: step.span, text: STEP }] }
      : insertion(call),
  })
}

/** The edit that passes the step as the first argument of a call. */
export function insertion({ callee, arguments: [first], span }: Call): Fix {
  return {
    title: `pass the step \`${STEP}\``,
    edits: [
      first === undefined
        ? { span: { start: callee.span.end, end: span.end }, text: `(${STEP})` }
        : { span: { start: first.span.start, end: first.span.start }, text: `${STEP}, ` },
    ],
  }
}

type Edit = Fix['edits'][number]

function removal(call: Call, argument: Argument): Edit {
  const place = call.arguments.indexOf(argument)
  const before = call.arguments[place - 1]
  const after = call.arguments[place + 1]
  const start = before?.span.end ?? argument.span.start
  const end = before === undefined && after !== undefined ? after.span.start : argument.span.end
  return { span: { start, end }, text: '' }
}

function movedToFront(call: Call, argument: Argument): Fix {
  const title = `pass \`${STEP}\` first`
  return {
    title,
    edits:
      call.arguments[0] === argument
        ? [{ span: argument.span, text: STEP }]
        : [...insertion(call).edits, removal(call, argument)],
  }
}

function signature(name: string, wanted: readonly { readonly name: string }[]): string {
  return `${name}(${wanted.map((parameter) => parameter.name).join(', ')})`
}

type Names = Pick<NameContext, 'role' | 'tables'>

/** Whether the expression is the step itself. */
function isStep({ tables }: Names, expression: Expression): boolean {
  if (expression.kind !== 'name' || expression.name !== STEP) return false
  const kind = tables.names.get(expression)?.kind
  return kind === 'builtin' || kind === 'parameter'
}

/** Whether the value may differ from step to step, as far as names tell. */
function mayDependOnStep({ role, tables }: Names, expression: Expression): boolean {
  const seen = new Set<Let>()
  const look = (part: Expression): boolean => {
    switch (part.kind) {
      case 'number':
        return false
      case 'missing':
        return true
      case 'unary':
        return look(part.operand)
      case 'binary':
        return look(part.left) || look(part.right)
      case 'call': {
        const call = tables.calls.get(part)
        if (call?.kind === 'operator' && call.operator.kind !== 'random')
          return call.arguments.some(look)
        return true
      }
      case 'name': {
        const resolution = tables.names.get(part)
        switch (resolution?.kind) {
          case 'constant':
            return false
          case 'builtin':
            return resolution.name !== 'T'
          case 'parameter':
            return role === 'fn' || (role !== 'optimizer' && part.name === STEP)
          case 'let':
            if (seen.has(resolution.declaration)) return false
            seen.add(resolution.declaration)
            return look(resolution.declaration.value)
          case 'state':
          case undefined:
            return true
        }
      }
    }
  }
  return look(expression)
}
