import { reachable } from '../ir/build.ts'
import type { GraphNode, ScheduleFunction } from '../ir/graph.ts'
import type { NamePool } from './names.ts'

/** An argument of a call: its value, and what is written for it. */
export interface Argument<Text> {
  readonly node: GraphNode
  readonly text: Text
}

/** A function of a module under its name there. */
export interface TableEntry<Written> {
  readonly name: string
  readonly exported: boolean
  readonly written: Written
}

/** The schedules and decays of one module: who calls a function makes it part of the module. */
export interface FunctionTable<Written> {
  /** The name of a function, which it adds. */
  nameOf(callee: ScheduleFunction): string
  /** Adds what the module exports, under its own name. */
  addExports(callees: readonly ScheduleFunction[]): void
  /** Every function added or called so far, in the order of their first mention. */
  entries(): readonly TableEntry<Written>[]
}

/** How a language writes functions. */
export interface FunctionStyle<Written> {
  /** The name of a function as the language spells it. */
  spell(name: string): string
  /** What is written for a function: equal texts are one function. */
  write(callee: ScheduleFunction, table: FunctionTable<Written>): Written
}

/** A table whose functions take their names from `scope`. */
export function createFunctionTable<Written>(
  scope: NamePool,
  { spell, write }: FunctionStyle<Written>,
): FunctionTable<Written> {
  const entries = new Map<ScheduleFunction, TableEntry<Written>>()
  const byName = new Map<string, { body: string; entry: TableEntry<Written> }[]>()
  const exports = new Map<ScheduleFunction, string>()
  /** Exports that are not written yet. */
  const waiting = new Map<string, ScheduleFunction>()

  const entryOf = (callee: ScheduleFunction): TableEntry<Written> => {
    const known = entries.get(callee)
    if (known !== undefined) return known
    const awaited = waiting.get(callee.name)
    waiting.delete(callee.name)
    // It may be what is called here.
    if (awaited !== undefined && awaited !== callee) entryOf(awaited)
    const written = write(callee, table)
    const body = JSON.stringify(written)
    const exportName = exports.get(callee)
    const alike = byName.get(callee.name) ?? []
    // Programs of one module hold copies of the same function.
    const same = exportName === undefined ? alike.find((other) => other.body === body) : undefined
    const entry = same?.entry ?? {
      written,
      name: exportName ?? scope.declare(spell(callee.name)),
      exported: exportName !== undefined,
    }
    if (same === undefined) byName.set(callee.name, [...alike, { body, entry }])
    entries.set(callee, entry)
    return entry
  }
  const table: FunctionTable<Written> = {
    nameOf: (callee) => entryOf(callee).name,
    addExports: (callees) => {
      // What they call must not take their names.
      for (const callee of callees) {
        exports.set(callee, scope.declare(spell(callee.name)))
        waiting.set(callee.name, callee)
      }
      callees.forEach(entryOf)
    },
    entries: () => [...new Set(entries.values())],
  }
  return table
}

/** Adds the functions that nodes call, so that their names are taken before the names of a body are chosen. */
export function addCallees(
  roots: readonly GraphNode[],
  table: Pick<FunctionTable<unknown>, 'nameOf'>,
): void {
  for (const node of reachable(roots)) if (node.kind === 'call') table.nameOf(node.callee)
}

/**
 * The arguments of a call: the step, then the function's own parameters, without those at the end that are what they are
 * when they are not given.
 */
export function givenArguments<Text>(
  callee: ScheduleFunction,
  [step, ...given]: readonly Argument<Text>[],
): readonly [step: Text, ...own: Text[]] {
  const isDefault = ({ node }: Argument<Text>, index: number): boolean =>
    node.kind === 'constant' && node.value === callee.parameters[index]!.default
  const last = given.findLastIndex((argument, index) => !isDefault(argument, index))
  return [step!.text, ...given.slice(0, last + 1).map(({ text }) => text)]
}
