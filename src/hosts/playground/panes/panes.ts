import { curvesPane } from './curves.ts'
import { mutantsPane } from './mutants.ts'
import { outputPanes } from './output.ts'
import type { Pane } from './pane.ts'
import { planPane } from './plan.ts'
import { racePane } from './race.ts'
import { trainPane } from './train.ts'

/** Everything that is shown beside the editor, in the order of the tabs. */
export const panes: readonly Pane[] = [
  ...outputPanes,
  racePane,
  curvesPane,
  planPane,
  trainPane,
  mutantsPane,
]
