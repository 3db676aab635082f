import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { JOURNAL } from '../evolving/run-folder.ts'

/** A folder with a run, and what it is called. */
export interface FoundRun {
  readonly name: string
  readonly location: string
}

/** Whether a folder holds a run. */
export function isRun(location: string): boolean {
  return existsSync(join(location, JOURNAL))
}

/** The runs that PATHs name: a run folder itself, or those in a folder. Each once, in order. */
export function findRuns(paths: readonly string[], cwd: string): readonly FoundRun[] {
  const found = new Map<string, FoundRun>()
  const add = (name: string, location: string): void => {
    if (!found.has(location)) found.set(location, { name, location })
  }
  for (const path of paths) {
    const location = resolve(cwd, path)
    if (isRun(location)) {
      add(path, location)
      continue
    }
    for (const folder of foldersIn(location))
      if (isRun(join(location, folder)))
        add(path === '.' ? folder : join(path, folder), join(location, folder))
  }
  return [...found.values()]
}

function foldersIn(location: string): readonly string[] {
  try {
    return readdirSync(location, { withFileTypes: true })
      .filter((each) => !each.isFile() && !each.name.startsWith('.'))
      .map(({ name }) => name)
      .sort()
  } catch {
    // It may come, or come back.
    return []
  }
}
