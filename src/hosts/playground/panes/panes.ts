import { mutantsPane } from './mutants.ts'
import { outputPanes } from './output.ts'
import type { Pane } from './pane.ts'

/** Everything that is shown beside the editor, in the order of the tabs. */
export const panes: readonly Pane[] = [...outputPanes, mutantsPane]
