import type { Expression } from '../syntax/ast.ts'
import type { Resolution } from '../resolve/resolution.ts'
import type { Tables } from '../resolve/resolved-module.ts'

/** Whether two expressions of one body certainly have the same value: the same names and operators, nothing random. */
export function sameExpression(a: Expression, b: Expression, tables: Tables): boolean {
  switch (a.kind) {
    case 'number':
      return b.kind === 'number' && a.value === b.value
    case 'name':
      return b.kind === 'name' && sameResolution(tables.names.get(a), tables.names.get(b))
    case 'unary':
      return (
        b.kind === 'unary' &&
        a.operator === b.operator &&
        sameExpression(a.operand, b.operand, tables)
      )
    case 'binary':
      return (
        b.kind === 'binary' &&
        a.operator === b.operator &&
        sameExpression(a.left, b.left, tables) &&
        sameExpression(a.right, b.right, tables)
      )
    case 'call': {
      if (b.kind !== 'call') return false
      const first = tables.calls.get(a)
      const second = tables.calls.get(b)
      if (first === undefined || second === undefined) return false
      if (first.kind === 'operator') {
        if (second.kind !== 'operator' || first.operator !== second.operator) return false
        if (first.operator.kind === 'random') return false
      } else if (second.kind !== 'function' || first.declaration !== second.declaration)
        return false
      return first.arguments.every((argument, index) => {
        const other = second.arguments[index]
        if (argument === undefined || other === undefined) return argument === other
        return sameExpression(argument, other, tables)
      })
    }
    case 'missing':
      return false
  }
}

function sameResolution(a: Resolution | undefined, b: Resolution | undefined): boolean {
  if (a === undefined || b === undefined || a.kind !== b.kind) return false
  if ('declaration' in a) return 'declaration' in b && a.declaration === b.declaration
  return 'name' in b && a.name === b.name
}
