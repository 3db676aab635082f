import { reachable } from '../../ir/build.ts'
import type { GraphNode, ScheduleFunction } from '../../ir/graph.ts'
import type { FunctionDescription, ParameterDescription } from './text/description.ts'
import { numberText, writeOut, type Vocabulary } from './expression.ts'
import { analyze } from '../../ir/analysis/analyze.ts'
import { holds } from '../../ir/schedule.ts'
import { planFunction } from '../../plan/function.ts'
import { functionFormula } from './formula.ts'
import { camelCase, type NamePool } from './names.ts'
import type { PreludeName } from './prelude-sources.ts'

/** The schedules and decays of one module: who calls a function makes it part of the module. */
export interface FunctionTable {
  /** The text of a call. */
  call(callee: ScheduleFunction, arguments_: readonly { text: string; node: GraphNode }[]): string
  /** Every function added or called so far, in the order of their first mention. */
  descriptions(): FunctionDescription[]
  add(callee: ScheduleFunction): void
  /** Adds what the module exports, under its own name. */
  addExports(callees: readonly ScheduleFunction[]): void
}

/** A function without what the module around it decides. */
type Written = Omit<FunctionDescription, 'name' | 'exported'>

interface Entry {
  readonly name: string
  readonly exported: boolean
  readonly written: Written
}

/** A table whose functions take their names from `scope`; `need` notes functions of the prelude. */
export function createFunctionTable(
  scope: NamePool,
  need: (name: PreludeName) => void,
): FunctionTable {
  const entries = new Map<ScheduleFunction, Entry>()
  const byName = new Map<string, { body: string; entry: Entry }[]>()
  const exports = new Map<ScheduleFunction, string>()
  /** Exports that are not written yet. */
  const waiting = new Map<string, ScheduleFunction>()

  const entryOf = (callee: ScheduleFunction): Entry => {
    const known = entries.get(callee)
    if (known !== undefined) return known
    const awaited = waiting.get(callee.name)
    waiting.delete(callee.name)
    // It may be what is called here.
    if (awaited !== undefined && awaited !== callee) entryOf(awaited)
    const written = describe(callee, scope, need, table)
    const body = JSON.stringify(written)
    const exportName = exports.get(callee)
    const alike = byName.get(callee.name) ?? []
    // Programs of one module hold copies of the same function.
    const same = exportName === undefined ? alike.find((other) => other.body === body) : undefined
    const entry = same?.entry ?? {
      written,
      name: exportName ?? scope.declare(camelCase(callee.name)),
      exported: exportName !== undefined,
    }
    if (same === undefined) byName.set(callee.name, [...alike, { body, entry }])
    entries.set(callee, entry)
    return entry
  }
  const table: FunctionTable = {
    add: (callee) => void entryOf(callee),
    addExports: (callees) => {
      // What they call must not take their names.
      for (const callee of callees) {
        exports.set(callee, scope.declare(camelCase(callee.name)))
        waiting.set(callee.name, callee)
      }
      callees.forEach(entryOf)
    },
    call: (callee, arguments_) => {
      const { name } = entryOf(callee)
      return `${name}(${callArguments(callee, arguments_).join(', ')})`
    },
    descriptions: () =>
      [...new Set(entries.values())].map(({ written, ...rest }) => ({ ...written, ...rest })),
  }
  return table
}

/** Adds the functions that nodes call, so that their names are taken before the names of a body are chosen. */
export function addCallees(roots: readonly GraphNode[], table: FunctionTable): void {
  for (const node of reachable(roots)) if (node.kind === 'call') table.add(node.callee)
}

/**
 * The arguments of a call. Every function takes the step, the number of steps and then its own parameters: so a
 * hyperparameter is called, and a function whose parameters have defaults can be given as one.
 */
function callArguments(
  callee: ScheduleFunction,
  [step, ...given]: readonly { text: string; node: GraphNode }[],
): string[] {
  const isDefault = ({ node }: { node: GraphNode }, index: number): boolean =>
    node.kind === 'constant' && node.value === callee.parameters[index]!.default
  const last = given.findLastIndex((argument, index) => !isDefault(argument, index))
  return [step!.text, 'T', ...given.slice(0, last + 1).map(({ text }) => text)]
}

function describe(
  callee: ScheduleFunction,
  fileScope: NamePool,
  need: (name: PreludeName) => void,
  table: FunctionTable,
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
