import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { failure } from '../failure.ts'
import { reasonOf } from '../sources.ts'

/** The lock's name in its folder. */
export const LOCK = 'lock'

/** Makes this the one process that writes in a run folder; what is given ends that. Throws a failure when another one does. */
export function lockRun(location: string, shown: string): () => void {
  const path = join(location, LOCK)
  const owner = ownerOf(path)
  if (owner !== undefined && isRunning(owner))
    throw failure(
      'failed',
      `process ${owner} is working on ${shown}`,
      `wait for it or end it; if there is no such run, delete ${shown}/${LOCK}`,
    )
  try {
    writeFileSync(path, `${process.pid}\n`)
  } catch (error) {
    throw failure('failed', `cannot write ${shown}/${LOCK}: ${reasonOf(error)}`)
  }
  return () => {
    if (ownerOf(path) === process.pid) rmSync(path, { force: true })
  }
}

function ownerOf(path: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10) || undefined
  } catch {
    return undefined
  }
}

/** Whether there is a process with that number, other than this one. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
