import type { Space } from '../../../mutate/space/space.ts'
import { createBreeder } from '../../../evolve/candidate.ts'
import type { Rejection } from '../../../evolve/rejection.ts'
import { findFilter } from '../../../evolve/filters.ts'
import { adopt, eachOptimizer } from '../../../mutate/adopt.ts'
import { bundle } from '../../../mutate/bundle.ts'
import { viewRule } from '../../../mutate/rule.ts'
import type { Module } from '../../../syntax/ast.ts'
import { parse } from '../../../syntax/parse.ts'
import { print } from '../../../syntax/print.ts'
import { compileFiles } from '../compiled-files.ts'
import { failure } from '../failure.ts'
import type { World } from '../world.ts'
import { findInputs } from '../inputs.ts'
import type { Output } from '../output.ts'
import type { Sources } from '../sources.ts'
import type { RunConfiguration } from './configuration-schema.ts'
import { createPause } from './pause.ts'

/**
 * The rules that a run begins with, every optimizer of every file; undefined, their diagnostics shown, when a file has
 * errors. Those that the search would throw away, with the filters of its configuration, are named and left out. Rejects
 * with the reason of the world's signal when that is aborted.
 */
export async function readGiven(
  operands: readonly string[],
  configuration: RunConfiguration,
  space: Space,
  world: World,
  sources: Sources,
  output: Output,
): Promise<RunConfiguration['given'] | undefined> {
  if (operands.length === 0) return []
  const files = compileFiles(await findInputs(operands, world, sources), sources, output)
  for (const { path, compiled } of files ?? [])
    if (compiled.programs.length === 0)
      throw failure('failed', `${path} has no optimizer to start from`)
  const filters = configuration.filters.flatMap((name) => findFilter(name) ?? [])
  const breeder = createBreeder(space, sources.loader, {
    filters,
    isUnchecked: configuration.integrity === 'off',
  })
  if (files === undefined) return undefined
  const pause = createPause(world.signal)
  const given: Given[] = []
  for (const rule of files.flatMap(({ path }) => rulesOf(path, sources))) {
    await pause()
    const module = parse({ path: rule.path, text: rule.text }).value
    const adopted = adopt(space, module)
    const { candidate, rejections } = breeder.admit(adopted)
    const unusable =
      candidate === undefined
        ? explain(rejections[0]?.reason, configuration.space)
        : unchangeable(space, adopted)
    if (unusable === undefined) given.push(rule)
    else output.error(`${rule.path} ${unusable.problem} and is not used`, unusable.help)
  }
  return given
}

type Given = RunConfiguration['given'][number]

/** The optimizers of a file, each as a program of its own; they are told apart by name where there are several. */
function rulesOf(path: string, sources: Sources): readonly Given[] {
  const whole = parse(sources.read(path)).value
  const modules = eachOptimizer(whole)
  return modules.map((module) => {
    const optimizer = module.items.find((item) => item.kind === 'optimizer')
    const text = print(bundle(module, sources.loader))
    return {
      path: modules.length === 1 ? path : `${path}: ${optimizer?.name.name}`,
      text,
    }
  })
}

const FILTER = 'filter:'

/** Why a rule is not used, as the end of a sentence, and what tells more. */
interface Unusable {
  readonly problem: string
  readonly help?: string
}

/** What keeps a search from changing the rule; undefined when nothing does. */
function unchangeable(space: Space, rule: Module): Unusable | undefined {
  if ((viewRule(space, rule)?.nodes.length ?? 0) > 0) return undefined
  return {
    problem: `has nothing that the space ${space.name} can change`,
    help: 'no operator of the space stands in its update, and the space has no `x` among its `unary` ones',
  }
}

function explain(reason: Rejection | undefined, space: string): Unusable {
  if (reason === 'does-not-check')
    return {
      problem: `does not check with the space ${space}`,
      help: 'names in it may mean something else there',
    }
  if (reason?.startsWith(FILTER))
    return {
      problem: `is rejected by the filter ${reason.slice(FILTER.length)}`,
      help: '`optc evolve --help` tells about --filters',
    }
  return { problem: 'fails the integrity check', help: 'see `optc integrity --help`' }
}
