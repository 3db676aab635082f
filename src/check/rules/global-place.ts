import type { Condition } from '../../ir/condition.ts'
import { isFromShape } from '../../ir/build.ts'
import type { Body } from '../../ir/lowering/occurrence.ts'
import { finding, type Finding } from '../findings.ts'
import type { Site } from '../site.ts'

/** A number over all parameters that stands where only parameters of some shapes come by. */
export function checkGlobalPlace({ occurrence, path }: Site): readonly Finding[] {
  const { operator, call, condition, expression } = occurrence
  const isGlobal =
    operator?.kind === 'global' || (call?.callee?.kind === 'body' && holdsGlobal(call.callee))
  if (!isGlobal || !isUnderShape(condition)) return []
  const name = operator?.name ?? call?.declaration.name.name ?? ''
  return [
    finding('global-under-shape', false, {
      path,
      span: expression.span,
      message: `\`${name}\` is about all parameters, and only those of some shapes come by here`,
      label: 'under a condition on shapes',
      help: `give it a name with \`let\` above the condition; to add up some parameters alone, write \`global_sum(where(rank(w) >= 2, x, 0))\``,
    }),
  ]
}

function isUnderShape(condition: Condition | undefined): boolean {
  for (let each = condition; each !== undefined; each = each.above)
    if (isFromShape(each.node)) return true
  return false
}

const known = new WeakMap<Body, boolean>()

/** Whether a body, or one that is put into it, has a number over all parameters. */
function holdsGlobal(body: Body): boolean {
  let found = known.get(body)
  if (found === undefined) {
    found = [...body.occurrences.values()].some(
      ({ operator, call }) =>
        operator?.kind === 'global' || (call?.callee?.kind === 'body' && holdsGlobal(call.callee)),
    )
    known.set(body, found)
  }
  return found
}
