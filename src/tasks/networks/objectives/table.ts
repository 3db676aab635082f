import { classification } from './classification.ts'
import type { Objective } from './objective.ts'
import { regression } from './regression.ts'

/** Every objective there is, by its name. */
export const OBJECTIVES = { classification, regression } as const satisfies Record<
  string,
  Objective
>
