import { compileModule } from '../../compile.ts'
import { defaultTarget } from '../../emit/targets.ts'
import type { Scored } from '../../evolve/scored.ts'
import { negateUpdate, tidy } from '../../mutate/adopt.ts'
import type { Module } from '../../syntax/ast.ts'
import { parse } from '../../syntax/parse.ts'
import { print } from '../../syntax/print.ts'
import { surrogatesOf } from '../../tasks/protocol.ts'
import type { Sources } from '../sources.ts'
import type { RunConfiguration } from './configuration-schema.ts'
import type { RunFolder } from './run-folder.ts'
import { formatScore } from './search-facts.ts'

/** Writes the finalists as `.opt` files and as TypeScript into the run's folder `best`. */
export async function writeBest(
  best: readonly Scored[],
  configuration: RunConfiguration,
  folder: RunFolder,
  sources: Sources,
): Promise<void> {
  for (const [index, scored] of best.slice(0, configuration.finalists).entries()) {
    const name = `best-${index + 1}`
    const module = presentable(scored, index + 1, configuration)
    folder.writeText(`best/${name}.opt`, print(module))
    const { value } = compileModule(module, sources.loader)
    if (value === undefined) throw new Error(`the rule ${name} does not compile any more`)
    const [artifact] = await defaultTarget.print(value.programs, [], { name })
    if (artifact !== undefined)
      folder.writeText(`best/${name}.${defaultTarget.extension}`, artifact.text)
  }
}

/** A rule for people: its sign made right, without what it does not use, and with where it comes from. */
function presentable(
  { slot, attempt, score, fitness }: Scored,
  place: number,
  { task, judging }: RunConfiguration,
): Module {
  const { value } = parse({ path: 'candidate.opt', text: attempt.rule })
  const signed = attempt.integrity.flipped ? negateUpdate(value) : value
  const surrogate = surrogatesOf(judging).find(({ name }) => name === fitness.surrogate)
  const { totalSteps, warmupSteps, holdSteps } = surrogate ?? judging.evolution
  return tidy(signed, `Best${place}`, [
    `Found by a search as ${slot}: score ${formatScore(score)} on ${task} with lr = ${fitness.learningRate},`,
    `warmup = ${warmupSteps}, hold = ${holdSteps} and T = ${totalSteps} (surrogate ${fitness.surrogate} of the protocol ${judging.name}).`,
  ])
}
