import type { Place } from '../ir/analysis/values.ts'
import type { Occurrence } from '../ir/lowering/occurrence.ts'
import type { Operand, Subject } from './subject.ts'

/** An expression of a body at the place where it stands: what rules look at. */
export interface Site {
  readonly subject: Subject
  readonly occurrence: Occurrence
  /** The path of the module it is written in. */
  readonly path: string
  /** Whether its body is looked at as it stands, not as a part of its caller. */
  readonly isDirect: boolean
  /** What is known of the operands, each where it stands. */
  readonly operands: () => readonly Operand[]
  /** What is known of the expression itself. */
  readonly result: () => Operand
}

/** The site of an occurrence in a body that stands at `place`. */
export function createSite(
  subject: Subject,
  occurrence: Occurrence,
  place: Place,
  path: string,
  isDirect: boolean,
): Site {
  let operands: readonly Operand[] | undefined
  let result: Operand | undefined
  const see = ({ node, condition }: Pick<Occurrence, 'node' | 'condition'>): Operand =>
    subject.see(node, subject.values.under(place, condition))
  return {
    subject,
    occurrence,
    path,
    isDirect,
    operands: () => (operands ??= occurrence.operands.map(see)),
    result: () => (result ??= see(occurrence)),
  }
}
