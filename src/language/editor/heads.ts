import type { Local } from '../../resolve/scope.ts'
import type { Declaration, Parameter } from '../../syntax/ast.ts'
import { printInline } from '../../syntax/print.ts'

/** A parameter as it is declared: `beta in [0, 1) = 0.9`. */
export function parameterHead({ name, range, default: initial }: Parameter): string {
  const inside =
    range === undefined
      ? ''
      : ` in ${range.lowOpen ? '(' : '['}${printInline(range.low)}, ${printInline(range.high)}${range.highOpen ? ')' : ']'}`
  return `${name.name}${inside}${initial === undefined ? '' : ` = ${printInline(initial)}`}`
}

/** A declaration inside a body as it is written, on one line. */
export function localHead(declaration: Local): string {
  return declaration.kind === 'parameter'
    ? parameterHead(declaration)
    : `${declaration.kind} ${declaration.name.name} = ${printInline(declaration.value)}`
}

/** The longest body that is shown beside the head of a function, in characters. */
const LONGEST_BODY = 100

/** The head of a declaration, with the body of a function where that is one short expression. */
export function headOf(declaration: Declaration): string {
  const { name } = declaration.name
  if (declaration.kind === 'space') return `space ${name}`
  const parameters = declaration.parameters.map(parameterHead).join(', ')
  if (declaration.kind === 'optimizer') return `optimizer ${name}(${parameters})`
  const head = `${declaration.role} ${name}(${parameters})`
  if (declaration.body.kind === 'block') return head
  const body = printInline(declaration.body)
  return body.length > LONGEST_BODY ? head : `${head} = ${body}`
}
