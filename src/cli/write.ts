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
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { failure } from './failure.ts'
import { reasonOf } from './sources.ts'

/** Replaces a file's content, all of it or nothing; its folder is made. Throws a failure that names the file as `shown`. */
export function writeFile(location: string, content: string, shown: string): void {
  try {
    if (existsSync(location)) replaceFile(realpathSync(location), content)
    else {
      mkdirSync(dirname(location), { recursive: true })
      writeFileSync(location, content)
    }
  } catch (error) {
    throw failure('failed', `cannot write ${shown}: ${reasonOf(error)}`)
  }
}

function replaceFile(location: string, content: string): void {
  // Renaming would replace even a file that must not be written.
  accessSync(location, constants.W_OK)
  const temporary = `${location}.${process.pid}.tmp`
  writeFileSync(temporary, content, { mode: statSync(location).mode })
  renameSync(temporary, location)
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
