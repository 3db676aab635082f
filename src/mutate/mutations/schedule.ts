import { drawCurve } from '../draw-graph.ts'
import { addFactor, removeFactor, replaceFactor } from '../factor.ts'
import { row } from './mutation.ts'

/** A rule whose learning rate has no factor gets one; one that is there is deleted or mutated. */
export const schedule = row({
  name: 'schedule',
  rate: 'required',
  choices: { delete_schedule: 'required' },
  slot: 'schedule',
  kinds: {
    'add-schedule': 'a factor on the learning rate',
    'delete-schedule': 'a learning rate without its factor',
    'change-schedule': 'another factor on the learning rate',
  },
  failures: {
    'invalid-schedule': 'a factor that is negative, always 0 or too large',
    'same-schedule': 'a factor with the values that it had',
  },
  apply: ({ space, module, view: { factor }, random, tests, chance, changeInside }) => {
    const slot = space.schedule
    if (slot === undefined) return { kind: 'add-schedule', changed: 'no-node' }
    if (factor === undefined) {
      const drawn = drawCurve(slot.factor, random, tests.isSchedule)
      return { kind: 'add-schedule', changed: addFactor(space, module, drawn) }
    }
    if (chance('delete_schedule'))
      return { kind: 'delete-schedule', changed: removeFactor(module, factor) }
    const kind = 'change-schedule'
    const changed = changeInside(factor.curve, slot.factorMutation)
    if (typeof changed === 'string') return { kind, changed }
    if (!tests.isSchedule(changed)) return { kind, changed: 'invalid-schedule' }
    if (!tests.differ(factor.curve.tree, changed)) return { kind, changed: 'same-schedule' }
    return { kind, changed: replaceFactor(module, factor, changed) }
  },
})
