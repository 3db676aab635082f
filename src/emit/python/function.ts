import { analyze, type Types } from '../../ir/analysis/analyze.ts'
import { reachable } from '../../ir/build.ts'
import type { GraphNode, ScheduleFunction } from '../../ir/graph.ts'
import { holds } from '../../ir/schedule.ts'
import { showInterval } from '../../operators/interval.ts'
import { planFunction } from '../../plan/function.ts'
import { binary, name, number, printCode, type Code } from '../code.ts'
import { functionFormula } from '../formula.ts'
import { addCallees, createFunctionTable, type FunctionTable } from '../function-table.ts'
import type { NamePool } from '../names.ts'
import type { Builder } from './builder.ts'
import { docstring } from './docstring.ts'
import { writeOut, type ScalarWords } from './expression.ts'
import type { Lines } from './lines.ts'
import { snakeCase } from './names.ts'
import { python } from './notation.ts'
import { numberCode } from './numbers.ts'
import { least } from './spellings.ts'

/** A schedule or decay without its name: the arguments behind `t` and `T`, and what stands in it. */
export interface WrittenFunction {
  readonly parameters: readonly WrittenParameter[]
  readonly body: Lines
}

export interface WrittenParameter {
  readonly name: string
  /** What it is when it is not given. */
  readonly initial: string | undefined
}

/** What the numbers of functions are in a framework. */
export interface FunctionNumbers {
  /** Their type. */
  readonly type: string
  /** The smaller of two. */
  least(a: Code, b: Code): Code
  /** The lines that a function begins with, from the names of those it is told, the number of steps aside. */
  begin(names: readonly string[]): Lines
  /** How operators are written. */
  operators(types: Types, words: () => ScalarWords): Pick<ScalarWords, 'isPlain' | 'apply'>
}

/** Numbers of Python. */
export const plainNumbers: FunctionNumbers = {
  type: 'float',
  least,
  begin: () => [],
  operators: (_, words) => ({ isPlain: () => true, apply: () => words().build.math('nan') }),
}

/** The functions of a module. Their names come from `scope`. */
export function createFunctions(
  scope: NamePool,
  build: Builder,
  numbers: FunctionNumbers = plainNumbers,
): FunctionTable<WrittenFunction> {
  return createFunctionTable<WrittenFunction>(scope, {
    spell: snakeCase,
    write: (callee, table) => write(callee, scope, build, table, numbers),
  })
}

/** The text of what a function is told beside the step and the number of steps, by name. */
export function passedOn({ parameters }: WrittenFunction): readonly string[] {
  return parameters.map((each) => `${each.name}=${each.name}`)
}

/** A function under its name, as lines. */
export function functionLines(
  called: string,
  { parameters, body }: WrittenFunction,
  { type }: FunctionNumbers = plainNumbers,
): Lines {
  const all = ['t', 'T'].map((each) => `${each}: ${type}`)
  const own = parameters.map((each) => parameterText(each, type))
  return [`def ${called}(${[...all, ...own].join(', ')}) -> ${type}:`, body]
}

/** A parameter of a function as it is declared. */
export function parameterText(
  { name: called, initial }: WrittenParameter,
  type = plainNumbers.type,
): string {
  return `${called}: ${type}${initial === undefined ? '' : ` = ${initial}`}`
}

function write(
  callee: ScheduleFunction,
  fileScope: NamePool,
  build: Builder,
  table: FunctionTable<WrittenFunction>,
  numbers: FunctionNumbers,
): WrittenFunction {
  addCallees([callee.body], table)
  const scope = fileScope.child()
  const locals = new Map(
    callee.parameters.map((each) => [each.name, scope.declare(snakeCase(each.name))]),
  )
  const named = new Map<GraphNode, Code>()
  const types = analyze(callee)
  const words: ScalarWords = {
    types,
    build,
    variable: (node) => named.get(node),
    parameter: (wanted) => name(locals.get(wanted)!),
    state: () => build.math('nan'),
    total: () => build.math('nan'),
    functionName: table.nameOf,
    ...numbers.operators(types, () => words),
  }
  const textOfValue = (node: GraphNode): string => printCode(writeOut(node, words), python)
  const statements = planFunction(callee).map((each) => {
    const text = textOfValue(each.node)
    const local = scope.declare(snakeCase(each.name))
    named.set(each.node, name(local))
    return `${local} = ${text}`
  })
  const reads = (wanted: 't' | 'T'): boolean =>
    reachable([callee.body]).some((node) => node.kind === 'input' && node.name === wanted)
  return {
    parameters: callee.parameters.map((each) => ({
      name: locals.get(each.name)!,
      initial:
        each.default === undefined ? undefined : printCode(numberCode(each.default, build), python),
    })),
    body: [
      documentation(callee, locals),
      ...numbers.begin([...(reads('t') || holds(callee) ? ['t'] : []), ...locals.values()]),
      // Behind the end of the run a decay holds its last value.
      ...(holds(callee) && (reads('t') || reads('T') || callee.usesTotalSteps)
        ? [`t = ${printCode(numbers.least(binary('-', name('T'), number(1)), name('t')), python)}`]
        : []),
      ...statements,
      `return ${textOfValue(callee.body)}`,
    ],
  }
}

function documentation(callee: ScheduleFunction, locals: ReadonlyMap<string, string>): string {
  const formula = functionFormula(callee)
  const names = callee.parameters.map((each) => ({
    name: locals.get(each.name)!,
    text: [...each.documentation, `In ${showInterval(each.interval)}.`].join(' '),
  }))
  return docstring(
    callee.documentation.length > 0
      ? {
          lines: callee.documentation,
          sections: [{ title: 'Args', names }],
        }
      : { lines: [`\`\`${formula}\`\`.`], sections: [{ title: 'Args', names }] },
    1,
  )
}
