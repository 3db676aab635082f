import { checkIntegrity, type Integrity } from '../../../evolve/integrity.ts'
import type { Invocation } from '../command.ts'
import { exitCodes } from '../failure.ts'
import { findRules } from '../importing/given-rules.ts'
import { createSources } from '../sources.ts'
import { renderTable } from '../table.ts'

interface IntegrityOptions {
  readonly from: 'published' | undefined
  readonly json: boolean
}

/** `optc integrity`. */
export async function run({
  operands,
  options,
  world,
  output,
}: Invocation<IntegrityOptions>): Promise<number> {
  const sources = createSources(world.cwd)
  const { rules, complete } = await findRules(operands, options.from, world, sources, output)
  const rows: string[][] = []
  let rejected = 0
  for (const { rule, file, program } of rules) {
    const result = checkIntegrity(program)
    if (!result.accepted) rejected++
    if (options.json) output.print(`${JSON.stringify(answer(rule, file, result))}\n`)
    else rows.push(cells(rule, file, result))
  }
  if (!options.json && rows.length > 0) {
    const head = ['rule', 'file', 'integrity', 'learning rate', 'loss']
    output.print(renderTable(head, rows, output.paint, ['learning rate', 'loss']))
  }
  if (rejected > 0) output.note(`${rejected} of ${rules.length} rejected`)
  return complete && rejected === 0 ? exitCodes.done : exitCodes.failed
}

/** What `--json` prints; a loss that was never finite is null, since JSON has no infinity. */
function answer(rule: string, file: string, result: Integrity): object {
  const { accepted, flipped, learningRate, loss } = result
  return { rule, file, accepted, flipped, learningRate, loss: Number.isFinite(loss) ? loss : null }
}

function cells(rule: string, file: string, result: Integrity): string[] {
  const verdict = result.accepted ? (result.flipped ? 'accepted, flipped' : 'accepted') : 'rejected'
  return [rule, file, verdict, String(result.learningRate ?? ''), result.loss.toPrecision(4)]
}
