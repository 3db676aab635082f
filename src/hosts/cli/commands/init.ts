import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Invocation } from '../command.ts'
import { exitCodes, failure } from '../failure.ts'
import { PACKAGE_NAME } from '../../../tasks/package-root.ts'
import { projectFiles } from '../project-files.ts'
import { packageDependency } from '../dependency.ts'
import { reasonOf } from '../sources.ts'

/** What may stand in a folder that counts as empty. */
const IGNORED = new Set(['.git', '.DS_Store', '.vscode', '.idea'])

/** `optc init`. */
export function run({ operands, world, output }: Invocation<object>): number {
  const shown = operands[0] ?? '.'
  const folder = resolve(world.cwd, shown)
  refuseForeignFolder(folder, shown)
  const dependency = packageDependency()
  const made: string[] = []
  try {
    mkdirSync(folder, { recursive: true })
    for (const [name, content] of Object.entries(projectFiles(basename(folder), dependency.from))) {
      const path = join(folder, name)
      if (existsSync(path)) continue
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, content)
      made.push(name)
    }
  } catch (error) {
    throw failure('failed', `cannot write to ${shown}: ${reasonOf(error)}`)
  }
  for (const name of made) output.print(`${join(shown, name)}\n`)
  if (made.length === 0) output.note(`${shown} is a project already and lacks nothing`)
  else {
    output.note('\nNext:')
    if (shown !== '.') output.note(`  cd ${shown}`)
    output.note('  npm install\n  npm test\n  npm run example\n  npm run train')
    if (!dependency.isKnown)
      output.note(`
The project asks the registry for ${PACKAGE_NAME} ${dependency.from}: where this copy is from is not known. If it is from a tarball:
  npm install --save-dev ${PACKAGE_NAME}@file:PATH`)
  }
  return exitCodes.done
}

/** Only an empty folder, or a project that depends on this package, is written to; files that are there stay as they are. */
function refuseForeignFolder(folder: string, shown: string): void {
  if (!existsSync(folder)) return
  if (!statSync(folder).isDirectory())
    throw failure('failed', `${shown} is a file`, 'name a new folder: `optc init my-optimizer`')
  const content = readdirSync(folder).filter((name) => !IGNORED.has(name))
  if (content.length === 0 || dependsOnUs(join(folder, 'package.json'))) return
  throw failure(
    'failed',
    `${shown} is not empty and not a project of optc`,
    'name a new folder: `optc init my-optimizer`',
  )
}

function dependsOnUs(path: string): boolean {
  try {
    const description: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof description !== 'object' || description === null) return false
    const dependencies = Object.entries(description).filter(([key]) => /dependencies$/i.test(key))
    return dependencies.some(
      ([, value]) => typeof value === 'object' && value !== null && PACKAGE_NAME in value,
    )
  } catch {
    return false
  }
}
