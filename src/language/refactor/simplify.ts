import { analyze } from '../../ir/analysis/analyze.ts'
import type { GraphNode, Program, ScheduleFunction } from '../../ir/graph.ts'
import { lowerTemplate } from '../../ir/lowering/lower.ts'
import type { Body } from '../../ir/lowering/occurrence.ts'
import { fittingLaw } from '../../ir/simplify.ts'
import type { Expression, Item, Node } from '../../syntax/ast.ts'
import { parseExpression } from '../../syntax/parse-expression.ts'
import { printInline } from '../../syntax/print.ts'
import { transform, visit } from '../../syntax/traverse.ts'
import type { Analysis } from '../editor/analysis.ts'
import { isExpression, itemIn, nodesAround, replaceExpression } from './places.ts'
import { programOf } from './meaning.ts'
import type { FindRefactorings, Refactoring } from './refactoring.ts'

/** Puts the right side of a law of the simplifier in the place of an expression that is its left side. */
export const simplifyRefactorings: FindRefactorings = (analysis, selection) => {
  const around = nodesAround(analysis.module, selection)
  const item = itemIn(around)
  const graph = item && analysis.checked.valid ? graphOf(analysis, item) : undefined
  if (graph === undefined) return []
  for (let place = around.length - 1; place > 0; place--) {
    const target = around[place]
    if (!isExpression(target)) continue
    const found = simpler(analysis, graph, around.slice(0, place + 1), target)
    if (found !== undefined) return [found]
  }
  return []
}

/** What a declaration has become, and what is known of it. */
interface Graph {
  readonly body: Body
  readonly subject: Program | ScheduleFunction
}

function graphOf(analysis: Analysis, item: Item): Graph | undefined {
  const { lowered } = analysis.checked
  if (item.kind === 'function') {
    const schedule = lowered.schedules.get(item)
    if (schedule !== undefined) return { body: schedule.body, subject: schedule.written }
    return templateOf(analysis, item)
  }
  const isOwn = item.kind === 'optimizer' ? item : undefined
  const found = lowered.optimizers.find(({ optimizer }) => optimizer.declaration === isOwn)
  return found && { body: found.body, subject: found.program }
}

function templateOf(analysis: Analysis, declaration: Extract<Item, { kind: 'function' }>): Graph {
  const { body, result, states } = lowerTemplate(analysis.resolved, declaration)
  return { body, subject: { ...programOf(analysis, declaration), states, update: result } }
}

function simpler(
  analysis: Analysis,
  { body, subject }: Graph,
  around: readonly Node[],
  target: Expression,
): Refactoring | undefined {
  const node = body.occurrences.get(target)?.node
  if (node?.kind !== 'apply') return undefined
  const fitting = fittingLaw(
    node,
    analyze(subject),
    (each) => subject.names.has(each),
    // Factors are gathered for speed: to a reader neither side is simpler.
    ({ rounds }) => rounds !== true,
  )
  if (fitting === undefined) return undefined
  const { law, variables } = fitting
  const parts = new Map<string, Expression>()
  for (const [name, bound] of variables) {
    const part = partOf(body, target, bound)
    if (part === undefined) return undefined
    parts.set(name, part)
  }
  const { value: right } = parseExpression({ path: 'law', text: law.to })
  const made = transform(right, (each: Node): Node =>
    each.kind === 'name' ? (parts.get(each.name) ?? each) : each,
  )
  return {
    title: `simplify by the law \`${law.from} = ${law.to}\``,
    kind: 'refactor.rewrite',
    edits: [replaceExpression(analysis, around, target, made, printInline(made))],
  }
}

/** A part of an expression that has become the node. */
function partOf(body: Body, target: Expression, node: GraphNode): Expression | undefined {
  let found: Expression | undefined
  visit(target, {
    enter: (each) => {
      if (found !== undefined || each === target || !isExpression(each)) return
      if (body.occurrences.get(each)?.node === node) found = each
    },
  })
  return found
}
