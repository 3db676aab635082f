import { reachable } from '../ir/build.ts'
import type { GraphNode, ScheduleFunction } from '../ir/graph.ts'
import type { FunctionDescription, ParameterDescription } from './ts-description.ts'
import { numberText, writeOut, type Vocabulary } from './ts-expression.ts'
import { analyze, holds } from '../ir/analyze.ts'
import { inputsOf, planFunction } from '../plan/plan.ts'
import { functionFormula } from './ts-formula.ts'
import { camelCase, type Scope } from './ts-names.ts'

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
  readonly signature: Signature
}

/** A table whose functions take their names from `scope`; `need` notes functions of the prelude. */
export function createFunctionTable(scope: Scope, need: (name: string) => void): FunctionTable {
  const entries = new Map<ScheduleFunction, Entry>()
  const byName = new Map<string, { body: string; entry: Entry }[]>()

  const entryOf = (callee: ScheduleFunction): Entry => {
    const known = entries.get(callee)
    if (known !== undefined) return known
    const signature = signatureOf(callee)
    const written = describe(callee, signature, scope, need, table)
    // Programs of one module hold copies of the same function.
    const same = byName.get(callee.name)?.find((other) => other.body === JSON.stringify(written))
    const entry = same?.entry ?? nameEntry(callee, signature, written)
    entries.set(callee, entry)
    return entry
  }
  const nameEntry = (
    callee: ScheduleFunction,
    signature: Signature,
    written: Omit<FunctionDescription, 'name'>,
  ): Entry => {
    const name = scope.declare(camelCase(callee.name))
    const entry: Entry = { name, signature, description: { ...written, name } }
    byName.set(callee.name, [
      ...(byName.get(callee.name) ?? []),
      { body: JSON.stringify(written), entry },
    ])
    return entry
  }
  const table: FunctionTable = {
    add: (callee) => void entryOf(callee),
    call: (callee, arguments_) => {
      const { name, signature } = entryOf(callee)
      return `${name}(${callArguments(callee, signature, arguments_).join(', ')})`
    },
    descriptions: () => [...new Set(entries.values())].map((entry) => entry.description),
  }
  return table
}

/**
 * What a function takes: the step, the number of steps, then its own parameters. So a function whose parameters have
 * defaults can itself be given as a hyperparameter.
 */
interface Signature {
  readonly t: Slot | undefined
  readonly T: Slot | undefined
  /** Indices of the parameters that come behind. */
  readonly others: readonly number[]
}

/** A builtin of the language, or the parameter at an index that stands in its place. */
type Slot = 'builtin' | 'unused' | number

function signatureOf(callee: ScheduleFunction): Signature {
  const free = inputsOf(callee)
  // Whoever reads `T` takes `t` before it, so a caller has to have it.
  const handsStepOn = reachable([callee.body]).some(
    (node) => node.kind === 'call' && node.callee.usesTotalSteps,
  )
  const slot = (name: 't' | 'T'): Slot | undefined => {
    if (free.has(name) || (name === 't' && handsStepOn)) return 'builtin'
    const index = callee.parameters.findIndex((parameter) => parameter.name === name)
    return index < 0 ? undefined : index
  }
  const total = slot('T')
  const step = slot('t') ?? (total === undefined ? undefined : 'unused')
  const others = callee.parameters.flatMap((_, index) =>
    index === step || index === total ? [] : [index],
  )
  return { t: step, T: total, others }
}

/** Adds the functions that nodes call, so that their names are taken before the names of a body are chosen. */
export function addCallees(roots: readonly GraphNode[], table: FunctionTable): void {
  for (const node of reachable(roots)) if (node.kind === 'call') table.add(node.callee)
}

function callArguments(
  callee: ScheduleFunction,
  signature: Signature,
  arguments_: readonly { text: string; node: GraphNode }[],
): string[] {
  const others = [...signature.others]
  for (let last = others.at(-1); last !== undefined; last = others.at(-1)) {
    const given = arguments_[last]!.node
    if (given.kind !== 'constant' || given.value !== callee.parameters[last]!.default) break
    others.pop()
  }
  const builtin = (slot: Slot | undefined, name: string): string[] => {
    if (slot === undefined) return []
    if (slot === 'unused') return ['t']
    return [slot === 'builtin' ? name : arguments_[slot]!.text]
  }
  return [
    ...builtin(signature.t, 't'),
    ...builtin(signature.T, 'T'),
    ...others.map((index) => arguments_[index]!.text),
  ]
}

function describe(
  callee: ScheduleFunction,
  signature: Signature,
  fileScope: Scope,
  need: (name: string) => void,
  table: FunctionTable,
): Omit<FunctionDescription, 'name'> {
  addCallees([callee.body], table)
  const scope = fileScope.child()
  const parameters: ParameterDescription[] = []
  const locals = new Map<string, string>()
  for (const [name, slot] of [
    ['t', signature.t],
    ['T', signature.T],
  ] as const) {
    if (slot === undefined) continue
    const local = scope.declare(slot === 'unused' ? `_${name}` : name)
    parameters.push({ name: local, type: 'number' })
    if (typeof slot === 'number') locals.set(name, local)
  }
  for (const index of signature.others) {
    const { name, default: value } = callee.parameters[index]!
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
  // Behind the end of the run a decay holds its last value, as in the evaluator.
  const hold = holds(callee) && signature.t === 'builtin' ? ['t = Math.min(t, T - 1)'] : []
  return {
    kind: 'function',
    exported: true,
    documentation: documentationOf(callee),
    parameters,
    returns: 'number',
    body: [...hold, ...statements, `return ${writeOut(callee.body, words).text}`],
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
