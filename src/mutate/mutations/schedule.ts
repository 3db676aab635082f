import { CURVE_FAILURES, changeNode } from '../change-node.ts'
import { addFactor, removeFactor, replaceFactor } from '../factor.ts'
import { drawCurve } from '../draw-graph.ts'
import { row } from './mutation.ts'

/** A rule whose learning rate has no factor gets one; one that is there is deleted or mutated. */
export const schedule = row({
  name: 'schedule',
  kinds: ['add-schedule', 'delete-schedule', 'change-schedule'],
  failures: [...CURVE_FAILURES, 'invalid-schedule', 'same-schedule'],
  rate: (space) => space.schedule?.mutation ?? 0,
  apply: ({ space, module, view: { factor }, random, tests }) => {
    const slot = space.schedule
    if (slot === undefined) return { kind: 'add-schedule', changed: 'no-node' }
    if (factor === undefined) {
      const drawn = drawCurve(slot.factor, random, tests.isSchedule)
      return { kind: 'add-schedule', changed: addFactor(space, module, drawn) }
    }
    if (random.chance(slot.deletion))
      return { kind: 'delete-schedule', changed: removeFactor(module, factor) }
    const changed = changeNode(factor.curve, slot.factorMutation, random)
    const kind = 'change-schedule'
    if (typeof changed === 'string') return { kind, changed }
    if (!tests.isSchedule(changed)) return { kind, changed: 'invalid-schedule' }
    if (!tests.differ(factor.curve.tree, changed)) return { kind, changed: 'same-schedule' }
    return { kind, changed: replaceFactor(module, factor, changed) }
  },
})
