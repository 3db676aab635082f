import type { Place } from '../ir/analysis/values.ts'
import type { Occurrence } from '../ir/lowering/occurrence.ts'
import type { Kind, Numbers, Subject } from './subject.ts'

/** An expression of a body at the place where it stands: what rules look at. */
export interface Site {
  readonly subject: Subject
  readonly occurrence: Occurrence
  /** The path of the module it is written in. */
  readonly path: string
  /** Whether its body is looked at as it stands, not as a part of its caller. */
  readonly isDirect: boolean
  readonly kinds: () => readonly Kind[]
  /** What is known of the numbers that an operand can be, where it stands. */
  readonly operand: (index: number) => Numbers
  readonly operands: () => readonly Numbers[]
  /** What is known of the numbers that the expression itself can be. */
  readonly result: () => Numbers
}

/** The site of an occurrence in a body that stands at `place`. */
export function createSite(
  subject: Subject,
  occurrence: Occurrence,
  place: Place,
  path: string,
  isDirect: boolean,
): Site {
  let kinds: readonly Kind[] | undefined
  const operands: (Numbers | undefined)[] = []
  let result: Numbers | undefined
  const see = ({ node, condition }: Pick<Occurrence, 'node' | 'condition'>): Numbers =>
    subject.numbersOf(node, subject.values.under(place, condition))
  const operand = (index: number): Numbers => (operands[index] ??= see(occurrence.operands[index]!))
  return {
    subject,
    occurrence,
    path,
    isDirect,
    kinds: () => (kinds ??= occurrence.operands.map(({ node }) => subject.kindOf(node))),
    operand,
    operands: () => occurrence.operands.map((_, index) => operand(index)),
    result: () => (result ??= see(occurrence)),
  }
}
