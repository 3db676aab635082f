import type { Node, SpaceDeclaration } from '../../syntax/ast.ts'
import { children } from '../../syntax/traverse.ts'
import { operatorNames } from '../scope.ts'
import { unknownFunction } from '../unknown-names.ts'
import type { RuleContext } from './rule.ts'

/** Everything that a search space calls exists; `used` gets the functions among it. */
export function checkSpace(
  { report, scope }: RuleContext,
  declaration: SpaceDeclaration,
  used: Set<string>,
): void {
  const look = (node: Node): void => {
    if (node.kind === 'call') {
      const { name } = node.callee
      if (scope.functions.has(name)) used.add(name)
      else if (!operatorNames.has(name) && !scope.unavailable.has(name))
        report(unknownFunction(scope, node))
    }
    children(node).forEach(look)
  }
  look(declaration)
}
