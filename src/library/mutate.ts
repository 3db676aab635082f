import type { ModuleLoader } from '../resolve/resolution.ts'
import type { Space } from '../mutate/space/space.ts'
import { compileModule, hasErrors } from '../compile.ts'
import { createSlotTests } from '../evolve/slot-conditions.ts'
import { mutate as mutateModule, type MutationKind } from '../mutate/mutate.ts'
import { createRandom, rootKey } from '../operators/random.ts'
import { parse } from '../syntax/parse.ts'
import { print } from '../syntax/print.ts'
import type { Answer } from './answer.ts'
import { prefetch, sourceOf, type SourceOptions } from './sources.ts'
import { spaceOf } from './spaces.ts'

export interface MutateOptions extends SourceOptions {
  /** The search space the rule is of: `published`, `joint` or `modern`; `published` when absent. */
  readonly space?: string
  /** Where the random numbers start; 0 when absent. Equal seeds give equal mutants. */
  readonly seed?: number
}

/** A changed rule as a program, and what was changed in it. */
export interface MutatedRule {
  readonly text: string
  readonly kind: MutationKind
}

/** Random changes that are tried before a rule is given up; most of them give a rule that checks. */
const MOST_DRAWS = 200

/** The first optimizer of a program with one random change that leaves a program without errors. Never rejects. */
export async function mutate(
  text: string,
  options: MutateOptions = {},
): Promise<Answer<MutatedRule>> {
  const { space: spaceName = 'published', seed = 0 } = options
  const source = sourceOf(text, options)
  const loader = await prefetch(source, options.load)
  const { value: module, diagnostics: found } = parse(source)
  const diagnostics = hasErrors(found) ? found : compileModule(module, loader).diagnostics
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics }
  const space = spaceOf(spaceName)
  if (space === undefined)
    return { value: undefined, diagnostics, problem: `there is no search space ${spaceName}` }
  return { ...drawMutant(space, loader), diagnostics }

  function drawMutant(
    within: Space,
    imports: ModuleLoader,
  ): Pick<Answer<MutatedRule>, 'value' | 'problem'> {
    const random = createRandom(rootKey(seed))
    const tests = createSlotTests(within, imports)
    for (let draw = 0; draw < MOST_DRAWS; draw++) {
      const mutant = mutateModule(within, module, random, tests)
      if ('failure' in mutant || hasErrors(compileModule(mutant.module, imports).diagnostics))
        continue
      return { value: { text: print(mutant.module), kind: mutant.kind } }
    }
    return {
      value: undefined,
      problem: `no change of the space ${spaceName} applies to the program`,
    }
  }
}
