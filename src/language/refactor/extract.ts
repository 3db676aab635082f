import type { Span } from '../../diagnostics/source.ts'
import { PLACES } from '../../ir/analysis/placement.ts'
import { PROMISED } from '../../ir/analysis/promise.ts'
import { within } from '../../operators/interval.ts'
import { fits } from '../../operators/type.ts'
import type { Resolution } from '../../resolve/resolution.ts'
import type { Expression, FunctionRole, Name, Node } from '../../syntax/ast.ts'
import { visit } from '../../syntax/traverse.ts'
import type { Analysis } from '../editor/analysis.ts'
import { parameterHead } from '../editor/heads.ts'
import { hasPlainRange } from './parameters.ts'
import { freeName, isExpression, itemIn, linesAbove, nodesAround } from './places.ts'
import type { FindRefactorings, Refactoring } from './refactoring.ts'

/** Makes a function of a selected expression, a schedule or decay where it is one number per step. */
export const extractRefactorings: FindRefactorings = (analysis, selection) => {
  const { text: source } = analysis.source
  const whole = trimmed(source, selection)
  let span = whole
  let around = nodesAround(analysis.module, span)
  let target = around.findLast(isAt(span))
  // Parentheses around an expression are no part of it.
  while (target === undefined && source[span.start] === '(' && source[span.end - 1] === ')') {
    span = trimmed(source, { start: span.start + 1, end: span.end - 1 })
    around = nodesAround(analysis.module, span)
    target = around.findLast(isAt(span))
  }
  if (span.start >= span.end) return []
  const item = itemIn(around)
  if (target === undefined || item === undefined || item.kind === 'space') return []
  if (target.kind === 'number' || target.kind === 'name') return []
  if (around.some(({ kind }) => kind === 'parameter')) return []
  const type = analysis.checked.types.get(target)
  if (type === undefined || type.boolean) return []
  const first =
    item.kind === 'function' || item.kind === 'optimizer'
      ? item
      : analysis.module.items.find(
          ({ kind }) => kind !== 'import' && kind !== 'function' && kind !== 'optimizer',
        )
  if (first === undefined) return []
  const isStep = fits(type, PLACES.step) && !usesGradient(analysis, target)
  const roles: FunctionRole[] = !isStep
    ? ['fn']
    : within(type.interval, PROMISED)
      ? ['decay', 'schedule']
      : ['schedule']
  return roles.map((role): Refactoring => {
    const name = freeName(analysis, NAMES[role])
    const free = freeNames(analysis, target, role)
    const step = role === 'fn' ? [] : ['t']
    const parameters = [...step, ...free.filter((each) => !step.includes(each))]
    const text = source.slice(span.start, span.end)
    const list = parameters.join(', ')
    const declared = parameters.map((each) => headFor(analysis, target, role, each)).join(', ')
    return {
      title: role === 'fn' ? 'extract a function' : `extract a ${role}`,
      kind: 'refactor.extract',
      edits: [
        linesAbove(analysis, first, [`${role} ${name}(${declared}) = ${oneLine(text)}`, '']),
        { span: whole, text: `${name}(${list})` },
      ],
    }
  })
}

/** A parameter of the new function; of a decay with the interval it comes from, which its promise may rest on. */
function headFor(analysis: Analysis, target: Expression, role: FunctionRole, name: string): string {
  const found = resolutions(analysis, target).find(([each]) => each.name === name)?.[1]
  if (role !== 'decay' || found?.kind !== 'parameter') return name
  const { documentation: _, default: __, ...rest } = found.declaration
  return hasPlainRange(found.declaration)
    ? parameterHead({ ...rest, documentation: [], default: undefined })
    : name
}

const isAt =
  ({ start, end }: Span) =>
  (node: Node): node is Expression =>
    isExpression(node) && node.span.start === start && node.span.end === end

const NAMES: Readonly<Record<FunctionRole, string>> = {
  fn: 'extracted',
  schedule: 'scheduled',
  decay: 'fading',
}

/** The selection without blanks around it. */
function trimmed(text: string, { start, end }: Span): Span {
  const inside = text.slice(start, end)
  const from = start + (inside.length - inside.trimStart().length)
  const to = end - (inside.length - inside.trimEnd().length)
  return { start: from, end: Math.max(from, to) }
}

/** An expression over several lines goes into one; comments would end it. */
function oneLine(text: string): string {
  return text.includes('//') ? text : text.replace(/\s*[\n\r]\s*/g, ' ')
}

function resolutions({ resolved }: Analysis, target: Expression): readonly [Name, Resolution][] {
  const found: [Name, Resolution][] = []
  visit(target, {
    enter: (node) => {
      const resolution = node.kind === 'name' ? resolved.tables.names.get(node) : undefined
      if (node.kind === 'name' && resolution !== undefined) found.push([node, resolution])
    },
  })
  return found
}

function usesGradient(analysis: Analysis, target: Expression): boolean {
  return resolutions(analysis, target).some(
    ([, resolution]) =>
      resolution.kind === 'state' ||
      (resolution.kind === 'builtin' && (resolution.name === 'g' || resolution.name === 'w')),
  )
}

/** The names that only the body around knows, in the order they are used; a parameter `t` of a schedule stands for its step. */
function freeNames(analysis: Analysis, target: Expression, role: FunctionRole): readonly string[] {
  const names = resolutions(analysis, target).flatMap(([{ name }, { kind }]) =>
    kind === 'builtin' || kind === 'constant' ? [] : [name],
  )
  return [...new Set(names)].filter((name) => role === 'fn' || name !== 't')
}
