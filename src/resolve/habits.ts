import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic, Fix } from '../diagnostics/diagnostic.ts'
import { FUNCTIONS, INFIX_FUNCTIONS, LACKING, NAMES } from '../diagnostics/habits.ts'
import { operatorByName, powerOperator } from '../operators/table.ts'
import type { Role } from '../operators/operator.ts'
import type { Assign, Binary, Call, Expression, Let, State } from '../syntax/ast.ts'
import { forEachExpression } from './expressions.ts'
import { libraryNames } from './library-names.ts'
import { operatorNames, type ModuleScope } from './scope.ts'
import { STEP } from './step-argument.ts'
import { UPDATE } from './builtins.ts'

type Advice = Pick<Diagnostic, 'message' | 'help' | 'fix'>

const own = (table: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

const replace = (span: Diagnostic['span'], text: string): Fix => ({
  title: `replace it with \`${text}\``,
  edits: [{ span, text }],
})

/** What there is to say of a name that stands for something the language lacks. */
export function lacking(name: string): Pick<Diagnostic, 'message' | 'help'> | undefined {
  const help = own(LACKING, name)
  return help === undefined ? undefined : { message: `the language has no \`${name}\``, help }
}

/** The name that is always there and that people call `name` who come from elsewhere, among those that are visible. */
export function synonymOf(name: string, visible: readonly string[]): string | undefined {
  const synonym = own(NAMES, name)
  if (synonym !== undefined && visible.includes(synonym)) return synonym
  // A paper's index of the step.
  const base = name.replace(/_?t$/, '').replace(/_$/, '')
  return base !== name && base !== '' && visible.includes(base) ? base : undefined
}

/** What a call of an unknown function was meant to be; undefined where nothing is known of it. */
export function adviseCall(module: ModuleScope, call: Call): Advice | undefined {
  const { name, span } = call.callee
  const message = `I don't know a function \`${name}\``
  const infix = own(INFIX_FUNCTIONS, name)
  const [a, b, ...others] = call.arguments
  if (infix !== undefined && a !== undefined && b !== undefined && others.length === 0)
    return { message, ...infixCall(call, infix, a.value, b.value) }
  const renamed = own(FUNCTIONS, name)
  if (renamed !== undefined && (operatorNames.has(renamed) || module.functions.has(renamed)))
    return { message, help: `it is called \`${renamed}\` here`, fix: replace(span, renamed) }
  const inLibrary = renamed ?? name
  const file = own(libraryNames, inLibrary)
  if (file !== undefined) {
    const fix = importing(module, inLibrary, file)
    const where = `in the standard library: \`import { ${inLibrary} } from "${file}"\``
    return renamed === undefined
      ? { message, help: `it is ${where}`, fix }
      : {
          message,
          help: `it is called \`${renamed}\` and is ${where}`,
          fix: { ...fix, edits: [...fix.edits, { span, text: renamed }] },
        }
  }
  return lacking(name)
}

/** `pow(a, b)` as `a^b`, with parentheses around what is more than a name, a number or a call. */
function infixCall(
  call: Call,
  operator: string,
  a: Expression,
  b: Expression,
): Omit<Advice, 'message'> {
  const isLoose = ({ kind }: Expression): boolean => kind === 'binary' || kind === 'unary'
  const isPower = operator === powerOperator.fixity?.symbol
  const [open, close] = isPower ? ['', ''] : ['(', ')']
  const left = isLoose(a) ? ['(', ')'] : ['', '']
  const right = isLoose(b) ? ['(', ')'] : ['', '']
  const shown = [a, b].map((each, index) => textOf(each) ?? (index === 0 ? 'a' : 'b'))
  return {
    help: `write \`${shown.join(operator)}\``,
    fix: {
      title: `write it with \`${operator.trim()}\``,
      edits: [
        { span: { start: call.span.start, end: a.span.start }, text: `${open}${left[0]!}` },
        {
          span: { start: a.span.end, end: b.span.start },
          text: `${left[1]!}${operator}${right[0]!}`,
        },
        { span: { start: b.span.end, end: call.span.end }, text: `${right[1]!}${close}` },
      ],
    },
  }
}

/** A number or a name as it is written. */
export function textOf(expression: Expression): string | undefined {
  if (expression.kind === 'number') return expression.text
  return expression.kind === 'name' ? expression.name : undefined
}

/** Adds a name to what the module imports. */
export function importing({ items }: ModuleScope, name: string, file: string): Fix {
  const title = `import it from \`${file}\``
  const imports = items.filter((item) => item.kind === 'import')
  const last = imports.find(({ from }) => from.value === file)?.names.at(-1)
  if (last !== undefined)
    return {
      title,
      edits: [{ span: { start: last.span.end, end: last.span.end }, text: `, ${name}` }],
    }
  const line = `import { ${name} } from "${file}"`
  const end = imports.at(-1)?.span.end
  if (end !== undefined) return { title, edits: [{ span: { start: end, end }, text: `\n${line}` }] }
  const [first] = items
  const isDeclared =
    first?.kind === 'optimizer' || first?.kind === 'function' || first?.kind === 'space'
  const start = first === undefined || isDeclared ? 0 : first.span.start
  return { title, edits: [{ span: { start, end: start }, text: `${line}\n\n` }] }
}

const isRole = ({ operator }: Binary, ...roles: readonly Role[]): boolean =>
  roles.includes(operatorByName(operator).role ?? 'choice')

/** Whether an expression is a step as papers write it behind a name: `t`, `t - 1`, `t + 1`. */
export function isStepIndex(expression: Expression): boolean {
  if (expression.kind === 'name') return expression.name === STEP
  return (
    expression.kind === 'binary' &&
    isRole(expression, 'addition', 'subtraction') &&
    expression.left.kind === 'name' &&
    expression.left.name === STEP &&
    isOne(expression.right)
  )
}

const isOne = (expression: Expression): boolean =>
  expression.kind === 'number' && expression.value === 1

/** Whether a name is one that other languages have for the parameter. */
export function meansWeight(name: string): boolean {
  return name === 'w' || own(NAMES, name) === 'w'
}

/** A step as other languages write it, `w = w - x`: what it is instead, and what of it is a value to look at. */
export function adviseWeight(statement: Assign): {
  readonly advice: Omit<Advice, 'message'>
  readonly rest: Expression | undefined
} {
  const { target, value } = statement
  const advice = {
    help: `one step subtracts its \`${UPDATE}\` from \`w\`: write \`${UPDATE} = ...\``,
  }
  if (value.kind !== 'binary' || value.left.kind !== 'name' || value.left.name !== target.name)
    return { advice, rest: value }
  const { right } = value
  if (right.kind === 'name' && right.name === UPDATE)
    return {
      advice: {
        help: `one step subtracts its \`${UPDATE}\` from \`w\` by itself`,
        fix: { title: 'remove the line', edits: [{ span: statement.span, text: '' }] },
      },
      rest: undefined,
    }
  if (!isRole(value, 'subtraction')) return { advice, rest: right }
  const head = { start: target.span.start, end: right.span.start }
  return {
    advice: {
      ...advice,
      fix: { title: `write \`${UPDATE} = ...\``, edits: [{ span: head, text: `${UPDATE} = ` }] },
    },
    rest: right,
  }
}

/** Whether a value reads the name that it is given. */
export function readsItself({ value }: Assign | Let | State, name: string): boolean {
  let reads = false
  forEachExpression(value, (part) => {
    if (part.kind === 'name' && part.name === name) reads = true
  })
  return reads
}

/** That something kept from step to step is declared as if it were not, or not at all. */
export function undeclaredState(statement: Assign | Let | State, path: string): Diagnostic {
  const identifier = statement.kind === 'assign' ? statement.target : statement.name
  const { name, span } = identifier
  const itself = readsItself(statement, name)
  const start = statement.kind === 'assign' ? span.start : statement.span.start
  const declared = itself ? `state ${name} = 0` : `state ${name} = ...`
  const shown =
    statement.value.kind === 'number' ? `state ${name} = ${statement.value.text}` : declared
  return diagnose(statement.kind === 'assign' ? 'assign-unknown' : 'used-before-declaration', {
    path,
    span,
    message:
      statement.kind === 'assign'
        ? `there is no state \`${name}\` to assign`
        : `\`${name}\` is used in its own value`,
    help: itself
      ? `what is kept from step to step is declared with its first value, on a line above: \`${shown}\``
      : `what is assigned again on every step is declared with its first value: \`${shown}\``,
    fix: {
      title: `declare it with \`${shown}\``,
      edits: itself
        ? [{ span: { start, end: span.start }, text: `${shown}\n` }]
        : [{ span: { start: span.start, end: span.start }, text: 'state ' }],
    },
  })
}
