import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { failure } from '../failure.ts'

/** Names of folders that something is put together in. The number is the process's, so that later ones know what was left behind. */
const STAGE = /^\.optc-stage-(\d+)$/

/**
 * Gives `use` a fresh folder inside `parent`, which is made where it is missing, and takes the folder away afterwards, whatever
 * happens; those that killed processes have left go first. Throws a failure when `parent` cannot be written to.
 */
export async function withStage<T>(parent: string, use: (stage: string) => Promise<T>): Promise<T> {
  const stage = join(parent, `.optc-stage-${process.pid}`)
  try {
    mkdirSync(parent, { recursive: true })
    for (const name of readdirSync(parent)) {
      const [, owner] = STAGE.exec(name) ?? []
      if (owner !== undefined && !isRunning(Number(owner))) remove(join(parent, name))
    }
    remove(stage)
    mkdirSync(stage)
  } catch (error) {
    throw failure(
      'failed',
      `${parent} cannot be written to: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
  try {
    return await use(stage)
  } finally {
    remove(stage)
  }
}

const remove = (path: string): void =>
  rmSync(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 })

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Moves what is whole to its place at once. Where another process was faster, its work stays. */
export function putInPlace(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true })
  try {
    renameSync(from, to)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
  }
}

/** Bytes of all files below `folder`; those that vanish meanwhile do not count. */
export function folderSize(folder: string): number {
  let bytes = 0
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const found = statSync(join(folder, path), { throwIfNoEntry: false })
    if (found?.isFile() === true) bytes += found.size
  }
  return bytes
}
