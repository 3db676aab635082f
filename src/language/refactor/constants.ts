import type { TextEdit } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/source.ts'
import type { Item, Node, NumberLiteral, Parameter, Statement } from '../../syntax/ast.ts'
import type { Analysis } from '../editor/analysis.ts'
import { parameterHead } from '../editor/heads.ts'
import {
  bodyAsBlock,
  freeName,
  isStatement,
  itemIn,
  linesAbove,
  nodesAround,
  statementIn,
} from './places.ts'
import { addParameter, asOptimizer, hasPlainRange } from './parameters.ts'
import type { FindRefactorings, Refactoring } from './refactoring.ts'

/** A number in a body, and what is around it. */
interface Constant {
  readonly number: NumberLiteral
  readonly around: readonly Node[]
  readonly item: Item
  readonly statement: Statement | undefined
  /** The parameter it is the argument for, where it is one. */
  readonly parameter: Parameter | undefined
}

/** Gives a number of a body a name, makes it a parameter, or a schedule that has its value on every step. */
export const constantRefactorings: FindRefactorings = (analysis, selection) => {
  const constant = constantAt(analysis, selection)
  if (constant === undefined) return []
  const { parameter } = constant
  const name = freeName(analysis, parameter?.name.name ?? 'constant')
  return [
    named(analysis, constant, name),
    asParameter(analysis, constant, name),
    asSchedule(analysis, constant, freeName(analysis, `${name}_schedule`)),
  ].filter((refactoring) => refactoring !== undefined)
}

function constantAt(analysis: Analysis, selection: Span): Constant | undefined {
  const around = nodesAround(analysis.module, selection)
  const number = around.at(-1)
  const item = itemIn(around)
  if (number?.kind !== 'number' || item === undefined || item.kind === 'space') return undefined
  // Defaults and intervals of parameters are constants already.
  if (around.some(({ kind }) => kind === 'parameter')) return undefined
  return {
    number,
    around,
    item,
    statement: statementIn(around),
    parameter: parameterFor(analysis, around),
  }
}

/** The parameter of a function that the innermost argument is for. */
function parameterFor({ resolved }: Analysis, around: readonly Node[]): Parameter | undefined {
  const argument = around.at(-2)
  const call = around.at(-3)
  if (argument?.kind !== 'argument' || call?.kind !== 'call') return undefined
  const bound = resolved.tables.calls.get(call)
  return bound?.kind === 'function'
    ? bound.declaration.parameters[bound.arguments.indexOf(argument.value)]
    : undefined
}

function named(
  analysis: Analysis,
  { number, item, statement }: Constant,
  name: string,
): Refactoring | undefined {
  const replaced: TextEdit = { span: number.span, text: name }
  const line = `let ${name} = ${number.text}`
  const isBody = item.kind === 'function' && item.body.kind !== 'block'
  if (statement === undefined && !isBody) return undefined
  return {
    title: `name the constant ${number.text}`,
    kind: 'refactor.extract',
    edits:
      statement === undefined && item.kind === 'function'
        ? [...bodyAsBlock(analysis, item, [line]), replaced]
        : [linesAbove(analysis, statement!, [line]), replaced],
  }
}

function asParameter(
  analysis: Analysis,
  { number, item, parameter }: Constant,
  name: string,
): Refactoring | undefined {
  const range = parameter !== undefined && hasPlainRange(parameter) ? parameter.range : undefined
  const head = parameterHead({
    kind: 'parameter',
    span: number.span,
    documentation: [],
    name: { kind: 'identifier', name, span: number.span },
    range,
    default: number,
  })
  const replaced: TextEdit = { span: number.span, text: name }
  const kind = 'refactor.extract'
  const { value, text } = number
  if (item.kind === 'function' || item.kind === 'optimizer') {
    const added = addParameter(analysis, item, head)
    const owner = item.name.name
    return added === undefined
      ? undefined
      : {
          title:
            item.kind === 'optimizer'
              ? `make ${text} a hyperparameter`
              : `make ${text} a parameter of \`${owner}\``,
          kind,
          edits: [added, replaced],
          given: { owner, name, value },
        }
  }
  if (!isStatement(item)) return undefined
  const wrapped = asOptimizer(analysis, head)
  return wrapped === undefined
    ? undefined
    : {
        title: `make ${text} a hyperparameter`,
        kind,
        edits: [...wrapped.edits, replaced],
        given: { owner: wrapped.name, name, value },
      }
}

function asSchedule(
  analysis: Analysis,
  { number, item }: Constant,
  name: string,
): Refactoring | undefined {
  const first =
    item.kind === 'function' || item.kind === 'optimizer' ? item : firstStatement(analysis)
  if (first === undefined) return undefined
  return {
    title: `make ${number.text} a schedule`,
    kind: 'refactor.extract',
    edits: [
      linesAbove(analysis, first, [`schedule ${name}(t) = ${number.text}`, '']),
      { span: number.span, text: `${name}(t)` },
    ],
  }
}

function firstStatement({ module }: Analysis): Statement | undefined {
  return module.items.find(isStatement)
}
