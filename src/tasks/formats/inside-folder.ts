import { realpathSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import type { DataResult } from '../data-file.ts'

/** Whether a relative path, as an archive or a list of files gives it, is absolute or climbs out of where it starts. */
export function leavesFolder(path: string): boolean {
  const parts = path.split(/[\\/]/)
  return isAbsolute(path) || /^[a-z]:/i.test(path) || parts.includes('..') || path.includes('\0')
}

/**
 * The path of a file that a data set names, below the data set's folder, symbolic links followed. One that leads outside is
 * a problem, so that a data set from elsewhere shows nothing of this machine.
 */
export function insideFolder(root: string, path: string, remedy: string): DataResult<string> {
  const full = join(root, path)
  const fail = (problem: string): DataResult<string> => ({
    ok: false,
    problem: { path: full, problem, expected: `a file inside ${root}`, remedy },
  })
  if (leavesFolder(path)) return fail(`is not inside ${root}`)
  try {
    const real = realpathSync.native(full)
    const way = relative(realpathSync.native(root), real)
    if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way))
      return fail(`is a link that leads outside ${root}`)
    return { ok: true, value: real }
  } catch {
    return fail('does not exist')
  }
}
