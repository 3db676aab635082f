import { finding, type Finding } from '../findings.ts'
import type { Site } from '../site.ts'

/** A fact about a shape that is asked of something else than `w`: lowering leaves a hole for it. */
export function checkShapeArgument({ occurrence, kinds, path }: Site): readonly Finding[] {
  const { operator, node, expression } = occurrence
  if (operator?.kind !== 'shape' || node.kind !== 'constant') return []
  if (kinds()[0]?.isUnknown === true) return []
  const span = occurrence.operands[0]?.expression?.span ?? expression.span
  return [
    finding('shape-argument', false, {
      path,
      span,
      message: `\`${operator.callName ?? operator.name}\` is a fact about \`w\` and about nothing else`,
      help: 'write `w`',
      fix: { title: 'write `w`', edits: [{ span, text: 'w' }] },
    }),
  ]
}
