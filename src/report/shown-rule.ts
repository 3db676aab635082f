import type { ModuleLoader } from '../resolve/resolution.ts'
import { compileQuietly } from '../compile.ts'
import { defaultTarget } from '../emit/targets.ts'
import type { Program } from '../ir/graph.ts'
import { specialize } from '../plan/choice.ts'
import { negateUpdate, tidy } from '../mutate/adopt.ts'
import { parse } from '../syntax/parse.ts'
import { print } from '../syntax/print.ts'
import { ruleFormula, type RuleFormula } from './formula/rule-formula.ts'
import type { BestRule } from './run.ts'

/** A rule in every form that people read; without the last three where it does not compile any more. */
export interface ShownRule extends BestRule {
  /** Its `.opt` text with its sign turned where the search turned it, unused parts left out. */
  readonly source: string
  readonly program: Program | undefined
  readonly formula: RuleFormula | undefined
  readonly typeScript: string | undefined
}

/** The text of a rule for people: what nothing uses is left out, and its sign is the one that was trained. */
export function tidyText(rule: string, flipped: boolean, name: string): string {
  const { value } = parse({ path: 'candidate.opt', text: rule })
  return print(tidy(flipped ? negateUpdate(value) : value, name, []))
}

/** A rule as formula, `.opt` and TypeScript. */
export async function showRule(best: BestRule, loader: ModuleLoader): Promise<ShownRule> {
  const name = best.name.replace(/(?:^|[^a-zA-Z0-9]+)([a-zA-Z0-9])/g, (_, letter: string) =>
    letter.toUpperCase(),
  )
  const source = tidyText(best.rule, best.flipped, name)
  const module = parse({ path: 'candidate.opt', text: source }).value
  const program = compileQuietly(module, loader)?.programs[0]
  if (program === undefined)
    return { ...best, source, program, formula: undefined, typeScript: undefined }
  const [artifact] = await defaultTarget.print([program], [], { name: best.name })
  return {
    ...best,
    source,
    program,
    formula: ruleFormula(program, specialize(program)),
    typeScript: artifact?.text,
  }
}
