import { reachable } from '../../ir/build.ts'
import type { GraphNode, ScheduleFunction } from '../../ir/graph.ts'
import {
  addCallees,
  createFunctionTable,
  givenArguments,
  type Argument,
  type FunctionTable,
} from '../function-table.ts'
import type { FunctionDescription, ParameterDescription } from './text/description.ts'
import { numberText, writeOut, type Vocabulary } from './expression.ts'
import { analyze } from '../../ir/analysis/analyze.ts'
import { holds } from '../../ir/schedule.ts'
import { planFunction } from '../../plan/function.ts'
import { functionFormula } from '../formula.ts'
import { camelCase, type NamePool } from './names.ts'
import type { PreludeName } from './prelude-sources.ts'

/** A function without what the module around it decides. */
type Written = Omit<FunctionDescription, 'name' | 'exported'>

/** The functions of a module of TypeScript, and the texts of their calls. */
export interface Functions extends FunctionTable<Written> {
  /**
   * The text of a call. Every function takes the step, the number of steps and then its own parameters: so a hyperparameter is
   * called, and a function whose parameters have defaults can be given as one.
   */
  call(callee: ScheduleFunction, arguments_: readonly Argument<string>[]): string
  descriptions(): FunctionDescription[]
}

/** A table whose functions take their names from `scope`; `need` notes functions of the prelude. */
export function createFunctions(scope: NamePool, need: (name: PreludeName) => void): Functions {
  const table = createFunctionTable<Written>(scope, {
    spell: camelCase,
    write: (callee) => describe(callee, scope, need, functions),
  })
  const functions: Functions = {
    ...table,
    call: (callee, arguments_) => {
      const [step, ...own] = givenArguments(callee, arguments_)
      return `${table.nameOf(callee)}(${[step, 'T', ...own].join(', ')})`
    },
    descriptions: () => table.entries().map(({ written, ...rest }) => ({ ...written, ...rest })),
  }
  return functions
}

function describe(
  callee: ScheduleFunction,
  fileScope: NamePool,
  need: (name: PreludeName) => void,
  table: Functions,
): Written {
  addCallees([callee.body], table)
  const scope = fileScope.child()
  const parameters: ParameterDescription[] = []
  const locals = new Map<string, string>()
  // Behind the end of the run a decay holds its last value, as in the evaluator.
  const isHeld = holds(callee)
  const reads = (name: 't' | 'T'): boolean =>
    isHeld ||
    reachable([callee.body]).some(
      (node) =>
        (node.kind === 'input' && node.name === name) || (name === 'T' && node.kind === 'call'),
    )
  for (const name of ['t', 'T'] as const)
    parameters.push({ name: reads(name) ? name : `_${name}`, type: 'number' })
  const read = parametersRead(callee)
  for (const { name, default: value } of callee.parameters) {
    const own = scope.declare(camelCase(name))
    const local = read.has(name) ? own : `_${own}`
    locals.set(name, local)
    parameters.push(
      value === undefined
        ? { name: local, type: 'number' }
        : { name: local, initializer: numberText(value).text },
    )
  }

  const constants = new Map<GraphNode, string>()
  const words: Vocabulary = {
    types: analyze(callee),
    parameter: (name) => locals.get(name) ?? camelCase(name),
    total: () => 'NaN',
    state: () => 'NaN',
    call: table.call,
    need,
    variable: (node) => constants.get(node),
  }
  const statements = planFunction(callee).map(({ node, name }) => {
    const { text } = writeOut(node, words)
    const constant = scope.declare(camelCase(name))
    constants.set(node, constant)
    return `const ${constant} = ${text}`
  })
  return {
    kind: 'function',
    documentation: documentationOf(callee, locals),
    parameters,
    returns: 'number',
    body: [
      ...(isHeld ? ['t = Math.min(t, T - 1)'] : []),
      ...statements,
      `return ${writeOut(callee.body, words).text}`,
    ],
  }
}

function parametersRead({ body }: ScheduleFunction): ReadonlySet<string> {
  return new Set(
    reachable([body]).flatMap((node) => (node.kind === 'parameter' ? [node.name] : [])),
  )
}

function documentationOf(callee: ScheduleFunction, locals: ReadonlyMap<string, string>): string {
  const lines =
    callee.documentation.length > 0 ? callee.documentation : [`\`${functionFormula(callee)}\`.`]
  const ranges = callee.parameters.flatMap(({ name, documentation }) =>
    documentation.length === 0 ? [] : [`@param ${locals.get(name)} ${documentation.join(' ')}`],
  )
  return [...lines, ...(ranges.length > 0 ? ['', ...ranges] : [])].join('\n')
}
