import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { failure } from './failure.ts'
import { reasonOf } from './sources.ts'

/**
 * Gives a file that content, all of it or nothing; its folder is made. Throws a failure that names the file as `shown`, with
 * `help`, and leaves nothing behind then.
 */
export function writeFile(location: string, content: string, shown: string, help?: string): void {
  try {
    if (!existsSync(location)) {
      mkdirSync(dirname(location), { recursive: true })
      return moveInto(location, content)
    }
    const target = realpathSync(location)
    const { mode } = statSync(target)
    // Renaming would replace even a file that must not be written.
    accessSync(target, constants.W_OK)
    if (isPlace(target)) writeFileSync(target, content)
    else moveInto(target, content, mode)
  } catch (error) {
    throw failure('failed', `cannot write ${shown}: ${reasonOf(error)}`, help)
  }
}

/** Whether what is there is a pipe or a device, which must stay what it is; a folder cannot be written either way. */
const isPlace = (location: string): boolean => !statSync(location).isFile()

function moveInto(location: string, content: string, mode?: number): void {
  const temporary = `${location}.${process.pid}.tmp`
  try {
    writeFileSync(temporary, content, { mode })
    renameSync(temporary, location)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** The first line of a file, as far as 8 KiB; undefined when there is no such file. */
export function firstLine(location: string): string | undefined {
  let descriptor
  try {
    descriptor = openSync(location, 'r')
  } catch {
    return undefined
  }
  try {
    const bytes = Buffer.alloc(8192)
    return bytes.toString('utf8', 0, readSync(descriptor, bytes)).split('\n', 1)[0]
  } catch {
    return ''
  } finally {
    closeSync(descriptor)
  }
}
