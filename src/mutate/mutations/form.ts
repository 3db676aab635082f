import type { Module } from '../../syntax/ast.ts'
import { replaceNode } from '../../syntax/traverse.ts'
import { pickOne } from '../draw-graph.ts'
import { withSchedule } from '../schedule.ts'
import { familiesOf } from '../space/values.ts'
import { fill, isIdentity } from '../template.ts'
import { row, type Site } from './mutation.ts'

/** Another outer form around one of the updates. */
export const form = row({
  name: 'form',
  rate: 'required',
  choices: {},
  kinds: { form: 'another outer form around an update' },
  failures: {},
  apply: (site) => {
    // No node is needed; the draw stays so that a seed gives the search that it always gave.
    site.random.pick(site.view.nodes)
    return { kind: 'form', changed: changeForm(site) }
  },
})

function changeForm({ space, module, view, random }: Site<never>): Module | 'no-change' {
  const { updates, optimizer } = view
  const [first] = updates
  const { form: current, step, statement } = updates.length === 1 ? first! : random.pick(updates)
  const others = space.forms.filter((template, index) =>
    current === undefined ? !isIdentity(template) : index !== current,
  )
  if (others.length === 0) return 'no-change'
  const changed = {
    ...statement,
    value: fill(pickOne(random.pick(familiesOf(others)), random), [step]),
  }
  const scheduled = withSchedule(space, replaceNode(optimizer, statement, changed))
  return { ...module, items: module.items.map((item) => (item === optimizer ? scheduled : item)) }
}
