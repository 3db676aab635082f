import { createBehaviourIndex } from '../../../evolve/behaviour/behaviour-index.ts'
import type { Invocation } from '../command.ts'
import { exitCodes } from '../failure.ts'
import { findRules, type GivenRule } from '../importing/given-rules.ts'
import type { Output } from '../output.ts'
import { createProgress } from '../progress.ts'
import { createSources } from '../sources.ts'

interface DedupeOptions {
  readonly from: 'published' | undefined
  readonly scale: boolean
  readonly json: boolean
}

/** A rule of a group: its updates are `factor` times those of the first. */
interface Member extends GivenRule {
  readonly factor: number
}

/** `optc dedupe`. */
export async function run({
  operands,
  options,
  world,
  output,
}: Invocation<DedupeOptions>): Promise<number> {
  const sources = createSources(world.cwd)
  const { rules, complete } = await findRules(operands, options.from, world, sources, output)
  const index = createBehaviourIndex(options.scale ? 'scale' : 'exact')
  const progress = createProgress(world, {
    title: 'comparing',
    total: rules.length,
    unit: 'rules',
  })
  const groups = new Map<string, Member[]>()
  for (const [number, rule] of rules.entries()) {
    const id = String(number)
    const repeat = index.add(id, rule.program)
    if (repeat === undefined) groups.set(id, [{ ...rule, factor: 1 }])
    else groups.get(repeat.like)!.push({ ...rule, factor: repeat.factor })
    // The last is told by the summary.
    if (number + 1 < rules.length) progress.update(number + 1)
  }
  progress.end()
  printGroups([...groups.values()], options.json, output)
  if (rules.length > 0) output.note(summary(rules, groups.size))
  return complete ? exitCodes.done : exitCodes.failed
}

/** With `json` every group, for people those of several rules. */
function printGroups(groups: readonly (readonly Member[])[], json: boolean, output: Output): void {
  const shown = json ? groups : groups.filter((group) => group.length > 1)
  for (const [index, group] of shown.entries()) {
    if (json) {
      const rules = group.map(({ rule, file, line, factor }) => ({ rule, file, line, factor }))
      output.print(`${JSON.stringify({ rules })}\n`)
      continue
    }
    const places = group.map(({ file, line }) => `${file}:${line}`)
    const width = Math.max(...places.map((place) => place.length))
    const lines = group.map(({ rule, factor }, member) => {
      const times = factor === 1 ? '' : `  * ${Number(factor.toPrecision(7))}`
      return `${places[member]!.padEnd(width)}  ${rule}${output.paint.dim(times)}\n`
    })
    output.print(`${index === 0 ? '' : '\n'}${lines.join('')}`)
  }
}

function summary(rules: readonly GivenRule[], groups: number): string {
  const texts = new Set(rules.map(({ text }) => text)).size
  const repeats = rules.length - groups
  const share = ((100 * repeats) / rules.length).toFixed(1)
  return `${counted(rules.length, 'rule')}, ${counted(texts, 'different text')}, ${counted(groups, 'group')}: ${counted(repeats, 'repeat')} (${share} %)`
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
