import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { failure, type Failure } from '../failure.ts'
import { reasonOf } from '../sources.ts'

/** The lock's name in its folder. */
export const LOCK = 'lock'

/** Tries to take a lock that others are taking and leaving. */
const MOST_TRIES = 20
/** How long a lock may be without a number, in milliseconds: it is made first, and then written. */
const UNWRITTEN = 5000

/** Makes this the one process that writes in a run folder; what is given ends that. Throws a failure when another one does. */
export function lockRun(location: string, shown: string): () => void {
  const path = join(location, LOCK)
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if (create(path, shown)) return () => release(path)
    const owner = ownerOf(path)
    if (owner === undefined ? isFresh(path) : isRunning(owner)) throw busy(owner, shown)
    if (!takeAway(path, owner)) throw busy(ownerOf(path), shown)
  }
  throw busy(ownerOf(path), shown)
}

/** The process that has the folder to itself, and whether it still runs: one that was killed leaves its lock behind. */
export function lockOwner(
  location: string,
): { readonly process: number; readonly isRunning: boolean } | undefined {
  const owner = ownerOf(join(location, LOCK))
  return owner === undefined ? undefined : { process: owner, isRunning: isRunning(owner) }
}

function busy(owner: number | undefined, shown: string): Failure {
  return failure(
    'failed',
    `${owner === undefined ? 'another process' : `process ${owner}`} is working on ${shown}`,
    `wait for it or end it; if there is no such run, delete ${shown}/${LOCK}`,
  )
}

/** Writes the lock with this process's number, unless there is one: of two processes that do so at a time, one succeeds. */
function create(path: string, shown: string): boolean {
  let descriptor: number
  try {
    descriptor = openSync(path, 'wx')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw failure('failed', `cannot write ${shown}/${LOCK}: ${reasonOf(error)}`)
  }
  try {
    writeSync(descriptor, `${process.pid}\n`)
    return true
  } catch (error) {
    rmSync(path, { force: true })
    throw failure('failed', `cannot write ${shown}/${LOCK}: ${reasonOf(error)}`)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Takes the lock of a process that is gone away; false when it turns out to be another's, which was made between: that one
 * is put back.
 */
function takeAway(path: string, owner: number | undefined): boolean {
  const aside = `${path}.${process.pid}`
  try {
    renameSync(path, aside)
  } catch {
    // Its owner has left, or another process has taken it away.
    return true
  }
  const found = ownerOf(aside)
  if (found !== owner && found !== undefined && isRunning(found)) {
    renameSync(aside, path)
    return false
  }
  rmSync(aside, { force: true })
  return true
}

function release(path: string): void {
  if (ownerOf(path) === process.pid) rmSync(path, { force: true })
}

/** Whether a lock was made just now. */
function isFresh(path: string): boolean {
  const { mtimeMs = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {}
  return Date.now() - mtimeMs < UNWRITTEN
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
