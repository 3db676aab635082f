import { compileQuietly } from '../compile.ts'
import type { Program } from '../ir/graph.ts'
import { specialize } from '../plan/choice.ts'
import { parse } from '../syntax/parse.ts'
import { print } from '../syntax/print.ts'
import { targetTrainedOn } from '../tasks/torch-devices.ts'
import { ruleFormula, type RuleFormula } from './formula/rule-formula.ts'
import type { BestRule } from './run.ts'
import { writtenRule, type WrittenFrom } from './written-rule.ts'

/** A rule in every form that people read; without the last three where it does not compile any more. */
export interface ShownRule extends BestRule {
  /** Its `.opt` text as the search writes it down. */
  readonly source: string
  readonly program: Program | undefined
  readonly formula: RuleFormula | undefined
  /** In the language that it was trained in. */
  readonly emitted: EmittedRule | undefined
}

/** A module. */
export interface EmittedRule {
  /** The ending of its file, without a dot. */
  readonly extension: string
  readonly text: string
}

/** A rule as formula, `.opt` and a module of what trained it. */
export async function showRule(best: BestRule, from: WrittenFrom): Promise<ShownRule> {
  const source = print(writtenRule(best, from))
  const module = parse({ path: 'candidate.opt', text: source }).value
  const program = compileQuietly(module, from.loader)?.programs[0]
  if (program === undefined)
    return { ...best, source, program, formula: undefined, emitted: undefined }
  const { extension, print: printed } = targetTrainedOn(from.backend)
  const [artifact] = await printed([program], [], { name: best.name })
  return {
    ...best,
    source,
    program,
    formula: ruleFormula(program, specialize(program)),
    emitted: artifact && { extension, text: artifact.text },
  }
}
