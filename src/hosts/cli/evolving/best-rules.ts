import { compileModule } from '../../../compile.ts'
import { foundRule, type Run } from '../../../report/run.ts'
import { writtenFrom, writtenRule } from '../../../report/written-rule.ts'
import { print } from '../../../syntax/print.ts'
import { targetTrainedOn } from '../../../tasks/torch-devices.ts'
import type { Protocol } from '../../../tasks/protocol.ts'
import type { Sources } from '../sources.ts'
import type { RunFolder } from './run-folder.ts'

/**
 * Writes the finalists, with what was measured of them, as `.opt` files and as modules of what trained them into the run's folder
 * `best`.
 */
export async function writeBest(
  run: Run,
  protocol: Protocol,
  backend: string,
  folder: RunFolder,
  { loader }: Sources,
): Promise<void> {
  const target = targetTrainedOn(backend)
  const from = writtenFrom(run, protocol, loader)
  for (const rule of run.finals.flatMap((final) => foundRule(final, from.test) ?? [])) {
    const { name } = rule
    const module = writtenRule(rule, from)
    folder.writeText(`best/${name}.opt`, print(module))
    const { value } = compileModule(module, loader)
    if (value === undefined) throw new Error(`the rule ${name} does not compile any more`)
    const [artifact] = await target.print(value.programs, [], { name })
    if (artifact !== undefined) folder.writeText(`best/${name}.${target.extension}`, artifact.text)
  }
}
