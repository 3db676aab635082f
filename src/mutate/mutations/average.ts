import type { Expression, Module } from '../../syntax/ast.ts'
import { replaceNode } from '../../syntax/traverse.ts'
import { readScope, walkUses } from '../scope.ts'
import type { Template } from '../space/space.ts'
import { fill, matchTemplate } from '../template.ts'
import { row, type Site } from './mutation.ts'

/** An average somewhere in a rule: the way of the space that says it, and what it is of. */
interface Average {
  readonly expression: Expression
  readonly template: Template
  readonly arguments: readonly Expression[]
}

/** Another way to average what a rule averages, with the same factor: one average becomes a mix of two, or one of an average. */
export const average = row({
  name: 'average',
  rate: 'required',
  choices: {},
  slot: 'averages',
  kinds: { average: 'another way of averaging' },
  failures: { 'no-average': 'no average to exchange' },
  apply: (site) => ({ kind: 'average', changed: changeAverage(site) }),
})

function changeAverage(site: Site<never>): Module | 'no-average' | 'no-change' {
  const { space, module, random } = site
  const found = averagesIn(site)
  if (found.length === 0) return 'no-average'
  const { expression, template, arguments: arguments_ } = random.pick(found)
  const others = space.averages.filter((other) => other !== template)
  if (others.length === 0) return 'no-change'
  return replaceNode(module, expression, fill(random.pick(others), arguments_))
}

/** The averages that the updates of a rule depend on, by the way that fits most closely. */
function averagesIn({ space, module, view }: Site<never>): readonly Average[] {
  const scope = readScope(module)
  const found: Average[] = []
  if (scope === undefined) return found
  const roots = view.updates.map(({ core, place }) => ({ expression: core, place }))
  walkUses(scope, roots, (expression) => {
    const average = readAverage(space.averages, expression)
    if (average !== undefined) found.push(average)
    return true
  })
  return found
}

function readAverage(averages: readonly Template[], expression: Expression): Average | undefined {
  for (const template of averages) {
    const arguments_ = matchTemplate(template, expression)
    if (arguments_ !== undefined) return { expression, template, arguments: arguments_ }
  }
  return undefined
}
