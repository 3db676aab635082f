import { z } from 'zod'
import { compile } from '../../../compile.ts'
import { loggedAccuracy, sampleLog } from '../../../study/published-log.ts'
import { loggedSubject, type Subject } from '../../../study/subject.ts'
import { eachOptimizer } from '../../../mutate/adopt.ts'
import { bundle } from '../../../mutate/bundle.ts'
import { parse } from '../../../syntax/parse.ts'
import { print } from '../../../syntax/print.ts'
import { compileFiles } from '../compiled-files.ts'
import { failure } from '../failure.ts'
import { publishedSpace } from '../importing/read-rules.ts'
import { findInputs } from '../inputs.ts'
import { libraryNames } from '../package.ts'
import type { Output } from '../output.ts'
import type { Sources } from '../sources.ts'
import type { World } from '../world.ts'
import { publishedRules } from './published-rules.ts'

/** A rule of a study as its configuration keeps it. */
export const studyRule = z.strictObject({
  name: z.string().min(1),
  text: z.string(),
  flipped: z.boolean(),
})

/** Every optimizer of the files that PATHs name, each a program of its own; undefined, their diagnostics shown, when one has errors. */
export async function rulesIn(
  operands: readonly string[],
  world: World,
  sources: Sources,
  output: Output,
): Promise<readonly Subject[] | undefined> {
  if (operands.length === 0) return []
  const files = compileFiles(await findInputs(operands, world, sources), sources, output)
  for (const { path, compiled } of files ?? [])
    if (compiled.programs.length === 0) throw failure('failed', `${path} has no optimizer`)
  return files?.flatMap(({ path }) => optimizersOf(path, sources))
}

/** The optimizers of the library, by the names of their files; those whose names are in `without` left out. */
export function libraryRules(sources: Sources, without: ReadonlySet<string>): readonly Subject[] {
  return libraryNames()
    .filter((path) => !without.has(path) && hasOptimizer(path, sources))
    .flatMap((path) => optimizersOf(path, sources))
}

const hasOptimizer = (path: string, sources: Sources): boolean =>
  (compile(sources.read(path), sources.loader).value?.programs.length ?? 0) > 0

function optimizersOf(path: string, sources: Sources): readonly Subject[] {
  const modules = eachOptimizer(parse(sources.read(path)).value)
  return modules.map((module) => {
    const optimizer = module.items.find((item) => item.kind === 'optimizer')
    const file = path.replace(/^std\//, '').replace(/\.opt$/, '')
    return {
      name: modules.length === 1 ? file : `${file}: ${optimizer?.name.name}`,
      text: print(bundle(module, sources.loader)),
      flipped: false,
    }
  })
}

/** Rules of the published log that did not fail there: a stratified sample. */
export function loggedRules(count: number, seed: number, sources: Sources): readonly Subject[] {
  const space = publishedSpace(sources)
  const worked = publishedRules().filter((rule) => loggedAccuracy(rule) !== undefined)
  return sampleLog(worked, count, seed).map(({ rule }) =>
    loggedSubject(rule, space, sources.loader),
  )
}
