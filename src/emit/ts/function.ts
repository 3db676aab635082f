import { reachable } from '../../ir/build.ts'
import type { GraphNode, ScheduleFunction } from '../../ir/graph.ts'
import type { FunctionDescription, ParameterDescription } from './text/description.ts'
import { numberText, writeOut, type Vocabulary } from './expression.ts'
import { analyze } from '../../ir/analysis/analyze.ts'
import { holds } from '../../ir/schedule.ts'
import { planFunction } from '../../plan/plan.ts'
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
}

interface Entry {
  readonly name: string
  readonly description: FunctionDescription
}

/** A table whose functions take their names from `scope`; `need` notes functions of the prelude. */
export function createFunctionTable(
  scope: NamePool,
  need: (name: PreludeName) => void,
): FunctionTable {
  const entries = new Map<ScheduleFunction, Entry>()
  const byName = new Map<string, { body: string; entry: Entry }[]>()

  const entryOf = (callee: ScheduleFunction): Entry => {
    const known = entries.get(callee)
    if (known !== undefined) return known
    const written = describe(callee, scope, need, table)
    // Programs of one module hold copies of the same function.
    const same = byName.get(callee.name)?.find((other) => other.body === JSON.stringify(written))
    const entry = same?.entry ?? nameEntry(callee, written)
    entries.set(callee, entry)
    return entry
  }
  const nameEntry = (
    callee: ScheduleFunction,
    written: Omit<FunctionDescription, 'name'>,
  ): Entry => {
    const name = scope.declare(camelCase(callee.name))
    const entry: Entry = { name, description: { ...written, name } }
    byName.set(callee.name, [
      ...(byName.get(callee.name) ?? []),
      { body: JSON.stringify(written), entry },
    ])
    return entry
  }
  const table: FunctionTable = {
    add: (callee) => void entryOf(callee),
    call: (callee, arguments_) => {
      const { name } = entryOf(callee)
      return `${name}(${callArguments(callee, arguments_).join(', ')})`
    },
    descriptions: () => [...new Set(entries.values())].map((entry) => entry.description),
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
): Omit<FunctionDescription, 'name'> {
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
    parameters.push({ name: scope.declare(reads(name) ? name : `_${name}`), type: 'number' })
  for (const { name, default: value } of callee.parameters) {
    const local = scope.declare(camelCase(name))
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
    exported: true,
    documentation: documentationOf(callee),
    parameters,
    returns: 'number',
    body: [
      ...(isHeld ? ['t = Math.min(t, T - 1)'] : []),
      ...statements,
      `return ${writeOut(callee.body, words).text}`,
    ],
  }
}

function documentationOf(callee: ScheduleFunction): string {
  const lines =
    callee.documentation.length > 0 ? callee.documentation : [`\`${functionFormula(callee)}\`.`]
  const ranges = callee.parameters.flatMap(({ name, documentation }) =>
    documentation.length === 0 ? [] : [`@param ${camelCase(name)} ${documentation.join(' ')}`],
  )
  return [...lines, ...(ranges.length > 0 ? ['', ...ranges] : [])].join('\n')
}
