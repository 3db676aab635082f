import { element } from '../../draw/svg-element.ts'
import { equationsOf, type Naming } from '../../plan/equations.ts'
import { operands, reachable } from '../../ir/build.ts'
import type { GraphNode, Program, ScheduleFunction } from '../../ir/graph.ts'
import { rootsOf } from '../../ir/rewrite.ts'
import { leavesOf, type Choice } from '../../plan/choice.ts'
import { atLeast, identifier, LEVEL, row, sign } from './markup.ts'
import { callMarkup, expressionPiece, shownArguments } from './expression.ts'
import { createSymbols, type Symbols } from './symbols.ts'

/** One line of a formula: what is defined, and what it is. Both are whole `math` elements. */
export interface FormulaLine {
  readonly kind: 'definition' | 'state' | 'update' | 'evaluate' | 'condition'
  readonly left: string
  readonly right: string
}

/** A schedule or decay that a rule uses. */
export interface FunctionFormula {
  readonly name: string
  readonly lines: readonly FormulaLine[]
}

/** A rule typeset: its lines in order, what the symbols in it are called in the program, the functions it uses. */
export interface RuleFormula {
  readonly lines: readonly FormulaLine[]
  readonly symbols: readonly { readonly name: string; readonly symbol: string }[]
  readonly functions: readonly FunctionFormula[]
}

const math = (...parts: readonly string[]): string =>
  element('math', { displaystyle: 'true' }, row(...parts))

const nothing: Naming = () => undefined

/** The formula of a program as {@link specialize} splits it. */
export function ruleFormula(program: Program, rule: Choice<Program>): RuleFormula {
  const leaves = leavesOf(rule)
  const roots = leaves.flatMap(rootsOf)
  const functions = functionsIn(roots)
  const callees = new Map(functions.map(({ callee }) => [callee.name, callee]))
  const functionNames = [...callees.keys()]
  const parameters = program.hyperparameters.map(({ name }) => name)
  const names = leaves.flatMap((leaf) => [
    ...leaf.states.map(({ name }) => name),
    ...leaf.names.values(),
  ])
  const symbols = createSymbols([...new Set([...parameters, ...names])], functionNames)
  const used = new Set(
    [
      ...reachable(roots),
      ...functions.flatMap(({ callee }) => [...reachable([callee.body])]),
    ].flatMap((node) => (node.kind === 'parameter' ? [node.name] : [])),
  )
  return {
    lines: linesOf(rule, symbols),
    symbols: [...parameters.filter((name) => used.has(name)), ...functionNames]
      // Nobody has to be told what an index or a hat stands for.
      .filter((name) => symbols.isCustomary(name))
      .map((name) => ({
        name,
        symbol: element(
          'math',
          {},
          callees.has(name)
            ? callMarkup(callees.get(name)!, identifier('t'), [], symbols)
            : symbols.markup(name),
        ),
      })),
    functions: functions.map(({ callee, shown }) => functionFormula(callee, [...shown], symbols)),
  }
}

function linesOf(rule: Choice<Program>, symbols: Symbols): FormulaLine[] {
  if (rule.kind === 'leaf') return leafLines(rule.leaf, symbols)
  const condition = expressionPiece(rule.condition, symbols, nothing).markup
  const line = (word: string, ...parts: readonly string[]): FormulaLine => ({
    kind: 'condition',
    left: '',
    right: math(element('mtext', {}, word), ...parts),
  })
  return [
    line('where\u00a0', condition),
    ...linesOf(rule.then, symbols),
    line('elsewhere'),
    ...linesOf(rule.otherwise, symbols),
  ]
}

function leafLines(program: Program, symbols: Symbols): FormulaLine[] {
  const starts = program.states.flatMap(({ name, initial }): FormulaLine[] =>
    initial.kind === 'constant' && initial.value === 0
      ? []
      : [
          {
            kind: 'definition',
            left: math(
              element(
                'msup',
                {},
                symbols.markup(name),
                element('mrow', {}, sign('('), '<mn>0</mn>', sign(')')),
              ),
            ),
            right: math(sign('='), expressionPiece(initial, symbols, nothing).markup),
          },
        ],
  )
  const equations = equationsOf(program, (node, naming, kind) => {
    const piece = expressionPiece(node, symbols, naming)
    return kind === 'update' ? atLeast(LEVEL.term, piece) : piece.markup
  })
  return [
    ...starts,
    ...equations.map(({ kind, name, value }): FormulaLine => ({
      kind,
      left: math(
        kind === 'update'
          ? identifier(name)
          : kind === 'evaluate'
            ? element('mtext', {}, 'evaluated with')
            : symbols.markup(name),
      ),
      right:
        kind === 'update'
          ? math(sign('←'), identifier(name), sign('−'), value)
          : kind === 'evaluate'
            ? math(value)
            : math(sign(kind === 'state' ? '←' : '='), value),
    })),
  ]
}

interface Called {
  readonly callee: ScheduleFunction
  /** Places of the parameters that some call gives an argument worth showing. */
  readonly shown: Set<number>
}

/** The functions that nodes call, and those that these call, each once, users before what they use. */
function functionsIn(roots: readonly GraphNode[]): readonly Called[] {
  const found = new Map<string, Called>()
  const pending = [...roots]
  for (let root = pending.shift(); root !== undefined; root = pending.shift()) {
    for (const node of reachable([root])) {
      if (node.kind !== 'call') continue
      const { callee } = node
      if (!found.has(callee.name)) pending.push(callee.body)
      const called = found.get(callee.name) ?? { callee, shown: new Set() }
      shownArguments(node).forEach((index) => called.shown.add(index))
      found.set(callee.name, called)
    }
  }
  return [...found.values()]
}

function functionFormula(
  callee: ScheduleFunction,
  shown: readonly number[],
  outer: Symbols,
): FunctionFormula {
  const arguments_ = shown.map((index) => outer.markup(callee.parameters[index]!.name))
  const names = new Map<GraphNode, string>()
  const naming: Naming = (node) => names.get(node)
  const lines: FormulaLine[] = []
  for (const node of reachable([callee.body])) {
    const name = callee.names.get(node)
    if (name === undefined || node === callee.body || operands(node).length === 0) continue
    lines.push({
      kind: 'definition',
      left: math(outer.markup(name)),
      right: math(sign('='), expressionPiece(node, outer, naming).markup),
    })
    names.set(node, name)
  }
  lines.push({
    kind: 'definition',
    left: math(callMarkup(callee, identifier('t'), arguments_, outer)),
    right: math(sign('='), expressionPiece(callee.body, outer, naming).markup),
  })
  return { name: callee.name, lines }
}
