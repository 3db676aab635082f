import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { insideFolder } from '../../formats/inside-folder.ts'
import type { TaskFile } from '../../open-task.ts'
import type { DataPlace } from './data-kind.ts'
import type { Field } from './located-json.ts'

/** The files that a task says it reads, with their digests. */
export interface DataFiles {
  readonly place: Pick<DataPlace, 'file' | 'folder' | 'digested' | 'digestedFile'>
  /** All that was named so far, each once. */
  readonly list: () => readonly TaskFile[]
}

/** Finds files below `folder`, or where an absolute path says; what is not there or leads out of it is refused. */
export function createDataFiles(folder: string, refuse: DataPlace['refuse']): DataFiles {
  const digests = new Map<string, string>()
  const locate = (name: string, field: Field, isFolder: boolean): string => {
    if (!isAbsolute(name)) {
      const inside = insideFolder(folder, name, '')
      if (!inside.ok)
        refuse(
          field,
          `${name} ${inside.problem.problem}`,
          'paths start from the folder of the file, or from --data DIR; others have to be absolute',
        )
    }
    const path = isAbsolute(name) ? name : join(folder, name)
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats === undefined) refuse(field, `${name} does not exist`)
    if (stats?.isDirectory() !== isFolder)
      refuse(field, `${name} is ${isFolder ? 'no folder' : 'a folder; expected a file'}`)
    return path
  }
  const digestedFile = (path: string, file: string): void => {
    if (!digests.has(path))
      digests.set(path, createHash('sha256').update(readFileSync(file)).digest('hex'))
  }
  return {
    place: {
      file: (name, field) => {
        const path = locate(name, field, false)
        try {
          digestedFile(name, path)
        } catch (error) {
          refuse(field, `${name} cannot be read: ${String(error)}`)
        }
        return path
      },
      folder: (name, field) => locate(name, field, true),
      digested: (path, digest) => void digests.set(path, digest),
      digestedFile,
    },
    list: () => [...digests].map(([path, digest]) => ({ path, digest })),
  }
}
