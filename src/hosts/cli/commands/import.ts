import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { tidy } from '../../../mutate/adopt.ts'
import type { Import, ImportName, Item, Module } from '../../../syntax/ast.ts'
import * as build from '../../../syntax/build.ts'
import { print } from '../../../syntax/print.ts'
import type { Invocation } from '../command.ts'
import { exitCodes, failure } from '../failure.ts'
import type { World } from '../world.ts'
import { publishedSpace, readRules, type ImportedRule } from '../importing/read-rules.ts'
import { findInput } from '../inputs.ts'
import { createSources, reasonOf } from '../sources.ts'
import { writeFile } from '../write.ts'

interface ImportOptions {
  readonly from: 'published'
  readonly out: string | undefined
}

/** `optc import`. */
export async function run({
  operands,
  options,
  world,
  output,
}: Invocation<ImportOptions>): Promise<number> {
  if (operands.length > 1)
    throw failure('usage', 'one file of rules can be imported at a time', 'give one RULES')
  const { out } = options
  if (out !== undefined) checkFolder(out, world)
  const sources = createSources(world.cwd)
  const path = await findInput(operands[0]!, world, sources)
  const { rules, broken } = readRules(path, publishedSpace(sources), sources, output)
  const modules = rules.map((rule) => ({ rule, module: named(rule) }))
  if (out === undefined) {
    if (modules.length > 0) output.print(print(joined(modules.map(({ module }) => module))))
  } else {
    makeFolder(out, world)
    for (const { rule, module } of modules) {
      const target = join(out, `rule-${digits(rule)}.opt`)
      writeFile(resolve(world.cwd, target), print(module), target)
    }
    output.note(`${path} -> ${out}: ${counted(modules.length)}`)
  }
  if (broken === 0) return exitCodes.done
  output.note(`${counted(broken)} could not be read`)
  return exitCodes.failed
}

const counted = (count: number): string => `${count} ${count === 1 ? 'rule' : 'rules'}`

const digits = ({ number }: ImportedRule): string => String(number).padStart(4, '0')

function named(rule: ImportedRule): Module {
  return tidy(rule.module, `Rule${digits(rule)}`, [`\`${rule.text}\` of a published log.`])
}

/** One module with the optimizers of all, and each of their imports once. */
function joined(modules: readonly Module[]): Module {
  const imports = new Map<
    string,
    { readonly first: Import; readonly names: Map<string, ImportName> }
  >()
  const others: Item[] = []
  for (const item of modules.flatMap((module) => module.items)) {
    if (item.kind !== 'import') {
      others.push(item)
      continue
    }
    const known = imports.get(item.from.value) ?? { first: item, names: new Map() }
    imports.set(item.from.value, known)
    for (const name of item.names) known.names.set(name.name.name, name)
  }
  const merged = [...imports.values()].map(({ first, names }) => ({
    ...first,
    names: [...names].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, name]) => name),
  }))
  return build.module('rules.opt', [...merged, ...others])
}

/** Throws a failure unless `out` is new or an empty folder. */
function checkFolder(out: string, world: World): void {
  const location = resolve(world.cwd, out)
  if (!existsSync(location)) return
  if (!statSync(location).isDirectory())
    throw failure('usage', `--out ${out} is a file; it must be a folder`)
  if (readdirSync(location).length > 0)
    throw failure('failed', `${out} exists and is not empty`, 'give another --out DIR')
}

function makeFolder(out: string, world: World): void {
  try {
    mkdirSync(resolve(world.cwd, out), { recursive: true })
  } catch (error) {
    throw failure('failed', `cannot make the folder ${out}: ${reasonOf(error)}`)
  }
}
