import { check } from '../check/check.ts'
import type { CheckedModule } from '../check/checked-module.ts'
import type { ModuleLoader } from '../resolve/resolution.ts'
import type { Space, Template } from './space/space.ts'
import type { Expression, Module } from '../syntax/ast.ts'
import * as build from '../syntax/build.ts'
import { print, printInline } from '../syntax/print.ts'
import { children, replaceNode } from '../syntax/traverse.ts'
import { removeFactor } from './factor.ts'
import { viewRule, type RuleView } from './rule.ts'
import { partsOf } from './parts.ts'
import { readScope } from './scope.ts'
import { fill, isExpression, isIdentity, usedNames } from './template.ts'
import { readUpdates } from './update.ts'

/** A rule without one of its parts. */
export interface Ablation {
  /** What was removed, for people: `decay a4(t) on h2`. */
  readonly removed: string
  readonly module: Module
}

/** A part before it has a name of its own: `long` where several parts have the same short one. What is left may be no rule. */
export interface Removal {
  readonly short: string
  readonly long: string
  readonly module: Module
}

/**
 * A module without each part of its first optimizer in turn: the outer form, the schedule, and on active nodes each decay,
 * term, factor, argument and function. The learning rate stays. Only programs that check and whose updates still depend
 * on the gradient are given, each once, and each has another text in `removed`.
 */
export function ablations(space: Space, module: Module, loader: ModuleLoader): readonly Ablation[] {
  const wanted = usesOfGradient(space, module, loader)
  if (wanted?.includes(true) !== true) return []
  const isRule = (rest: Module): boolean =>
    usesOfGradient(space, rest, loader)?.every((use, index) => use || !wanted[index]) === true
  const seen = new Set([print(module)])
  const kept: Removal[] = []
  for (const removal of removals(space, module, check(module, loader).value.types)) {
    const text = print(removal.module)
    if (seen.has(text)) continue
    seen.add(text)
    if (isRule(removal.module)) kept.push(removal)
  }
  return named(kept)
}

/** A module without each part of its first optimizer in turn, whatever that leaves. `types`: those of its expressions. */
export function removals(
  space: Space,
  module: Module,
  types: CheckedModule['types'],
): readonly Removal[] {
  const view = viewRule(space, module)
  const scope = readScope(module)
  if (view === undefined || scope === undefined) return []
  const parts = partsOf(space, scope, view, types).map(({ short, long, node, replacement }) => ({
    short,
    long,
    module: replaceNode(module, node, replacement),
  }))
  return [...withoutForms(space, module, view), ...withoutFactor(module, view), ...parts]
}

function withoutForms(space: Space, module: Module, { updates }: RuleView): readonly Removal[] {
  return updates.flatMap(({ form, statement, step }) => {
    const template = form === undefined ? undefined : space.forms[form]!
    if (template === undefined || isIdentity(template)) return []
    return simplerForms(template).map(({ removed, simpler }) => ({
      short: removed,
      long: `${removed} of ${printInline(step)}`,
      module: replaceNode(module, statement, { ...statement, value: fill(simpler, [step]) }),
    }))
  })
}

/** An outer form without each of the operations around the step in turn. */
function simplerForms(
  form: Template,
): readonly { readonly removed: string; readonly simpler: Template }[] {
  const uses = (expression: Expression): boolean =>
    form.parameters.some((hole) => usedNames(expression).has(hole))
  const without = (
    expression: Expression,
    rebuild: (simpler: Expression) => Expression,
  ): ReturnType<typeof simplerForms> => {
    const inner = valuesIn(expression).filter(uses)
    const [kept] = inner
    if (kept === undefined || inner.length > 1) return []
    return [
      {
        removed: wordsFor(expression, kept),
        simpler: { ...form, expression: rebuild(kept) },
      },
      ...without(kept, (simpler) => rebuild(replaceNode(expression, kept, simpler))),
    ]
  }
  return without(form.expression, (simpler) => simpler)
}

const valuesIn = (expression: Expression): readonly Expression[] =>
  children(expression).flatMap((child): readonly Expression[] => {
    if (child.kind === 'argument') return [child.value]
    return isExpression(child) ? [child] : []
  })

/** What goes where `kept` takes the place of an expression of a form: the function at the step itself is its momentum. */
function wordsFor(expression: Expression, kept: Expression): string {
  if (expression.kind === 'binary')
    return `term ${printInline(expression.left === kept ? expression.right : expression.left)}`
  if (expression.kind !== 'call') return printInline(expression)
  return kept.kind === 'name' ? 'momentum' : expression.callee.name
}

function withoutFactor(module: Module, { factor }: RuleView): readonly Removal[] {
  if (factor === undefined) return []
  const { name } = factor.declaration.name
  return [
    {
      short: `schedule ${name}(t)`,
      long: `schedule ${name}(t) = ${printInline(factor.curve.tree)}`,
      module: removeFactor(module, factor),
    },
  ]
}

/** For each update of a program, one for each branch, whether it depends on the gradient; undefined where there are errors. */
function usesOfGradient(
  space: Space,
  module: Module,
  loader: ModuleLoader,
): readonly boolean[] | undefined {
  const scope = readScope(module)
  const updates = scope === undefined ? [] : readUpdates(space, scope)
  const checks = updates.map(({ statement }) => {
    const alone = updates.reduce(
      (rest, { statement: other }) =>
        other === statement ? rest : replaceNode(rest, other, { ...other, value: build.number(0) }),
      module,
    )
    return check(alone, loader).diagnostics
  })
  if (checks.flat().some(({ severity }) => severity === 'error')) return undefined
  return checks.map((found) => !found.some(({ code }) => code === 'update-ignores-gradient'))
}

function named(removals: readonly Removal[]): readonly Ablation[] {
  const shorts = removals.map(({ short }) => short)
  const taken = new Set<string>()
  return removals.map(({ short, long, module }) => {
    const base = shorts.filter((other) => other === short).length > 1 ? long : short
    let removed = base
    for (let number = 2; taken.has(removed); number++) removed = `${base} (${number})`
    taken.add(removed)
    return { removed, module }
  })
}
