import { existsSync, readFileSync } from 'node:fs'

/** Whether a process is gone, or only waits for its parent to ask how it ended. */
export function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return true
  }
  const file = `/proc/${pid}/stat`
  return existsSync(file) && / Z /.test(readFileSync(file, 'utf8'))
}
