import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { drawSvg } from '../../../draw/figure-svg.ts'
import type { Artifact } from '../../../emit/artifact.ts'
import { targetTrainedOn } from '../../../tasks/torch-devices.ts'
import { failure } from '../failure.ts'
import type { World } from '../world.ts'
import { reasonOf } from '../sources.ts'
import { writeFile } from '../write.ts'
import type { Entry } from './contest.ts'
import { learningCurves } from './learning-curves.ts'
import { summaryJson, type Circumstances } from './summary.ts'

const RESULTS = 'results.json'

/** Throws a failure unless results may be written to the folder `out`: it is new or empty, or `force` is given. */
export function checkRunFolder(out: string, force: boolean, world: World): void {
  const folder = resolve(world.cwd, out)
  if (!existsSync(folder)) return
  if (!statSync(folder).isDirectory())
    throw failure('usage', `--out ${out} is a file; it must be a folder`)
  let content: readonly string[]
  try {
    content = readdirSync(folder)
  } catch (error) {
    throw failure('failed', `cannot read ${out}: ${reasonOf(error)}`)
  }
  if (content.length === 0 || force) return
  const what = isOurs(join(folder, RESULTS))
    ? 'the results of an earlier `optc train`'
    : 'files that are not of `optc train`'
  throw failure(
    'failed',
    `the folder ${out} holds ${what}`,
    'give a new one with --out, or write over what is there with --force',
  )
}

function isOurs(path: string): boolean {
  try {
    const results: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return (
      typeof results === 'object' &&
      results !== null &&
      'optc' in results &&
      results.optc === 'train'
    )
  } catch {
    return false
  }
}

/** Writes results.json, curves.svg and each rule as it was trained, compiled to TypeScript, or to PyTorch where that trained it. Gives the files' names. */
export async function writeRunFolder(
  out: string,
  circumstances: Circumstances,
  entries: readonly Entry[],
  world: World,
): Promise<readonly string[]> {
  const files = [
    {
      path: RESULTS,
      text: `${JSON.stringify(summaryJson(circumstances, entries), undefined, 2)}\n`,
    },
    { path: 'curves.svg', text: drawSvg(learningCurves(circumstances, entries)) },
  ]
  const paths = new Set<string>()
  for (const { contender } of entries) {
    for (const { path, text } of await printAlone(contender, circumstances.backend, paths)) {
      paths.add(path)
      files.push({ path, text })
    }
  }
  try {
    mkdirSync(resolve(world.cwd, out), { recursive: true })
  } catch (error) {
    throw failure('failed', `cannot make the folder ${out}: ${reasonOf(error)}`)
  }
  for (const { path, text } of files)
    writeFile(resolve(world.cwd, out, path), text, join(out, path))
  return files.map(({ path }) => path)
}

/** The rule's module, under a name that is not among `taken`. */
async function printAlone(
  { program, label }: Entry['contender'],
  backend: string,
  taken: ReadonlySet<string>,
): Promise<readonly Artifact[]> {
  for (let number = 1; ; number++) {
    const name = number === 1 ? label : `${label} ${number}`
    const artifacts = await targetTrainedOn(backend).print([program], [], { name })
    if (!artifacts.some(({ path }) => taken.has(path))) return artifacts
  }
}
