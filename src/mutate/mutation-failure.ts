/**
 * Why an attempted mutation gave no program: there is nothing it could change; what it drew is what was there; both
 * arguments of an operator would be the same; nodes would need each other in a circle; a drawn decay leaves [0, 1] or does
 * not differ from the one before; the same for a schedule factor and its bounds.
 */
export type MutationFailure =
  | 'no-node'
  | 'no-change'
  | 'same-arguments'
  | 'cycle'
  | 'invalid-decay'
  | 'same-decay'
  | 'invalid-schedule'
  | 'same-schedule'
