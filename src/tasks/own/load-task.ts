import { basename, extname, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Task } from '../open-task.ts'
import { loadJsonTask } from './json/json-task.ts'
import { readDataFiles, readModuleFiles, type ModuleFiles } from './module-files.ts'
import { rowOf } from './own-task.ts'
import { loadPythonTask } from './python/python-task.ts'
import { taskError, type Locate } from './task-error.ts'

/** Whether a name of a task is that of a file. */
export function isTaskFile(name: string): boolean {
  return /[\\/]|\.([cm]?[jt]s|json|py)$/.test(name)
}

/** What modules of this process were loaded from: Node loads each of them once. */
const loaded = new Map<string, string>()

/**
 * Loads a task of one's own from the folder `cwd`: the default export of the module `name`, a module of Python, or what the file
 * `name` of JSON says, whose data is below `data` where that is given. Rejects with a TaskError that says what is wrong with it and where.
 */
export async function loadTask(name: string, cwd: string, data?: string): Promise<Task> {
  const path = resolve(cwd, name)
  const show = (file: string): string => {
    const near = relative(cwd, file)
    return near.startsWith('..') ? file : near
  }
  if (extname(path) === '.py') return loadPythonTask(path, cwd, show)
  if (extname(path) === '.json')
    return loadJsonTask(path, show, data === undefined ? undefined : resolve(cwd, data))
  const module = await readModuleFiles(path, show)
  const content = JSON.stringify(module.files)
  if ((loaded.get(path) ?? content) !== content)
    throw taskError(`${show(path)} has changed since this process loaded it`, 0, 'begin a new one')
  loaded.set(path, content)
  // Between a task's line and where tfjs throws there are more frames than are usually kept.
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, 50)
  const locate = locator(module, path, show)
  const exported = await importModule(path, module, locate)
  if (!('default' in exported))
    throw taskError(
      `${show(path)}: it has no default export`,
      0,
      'a task is `export default { start({ tf }) { ... } }`',
    )
  const place = module.exported === undefined ? '' : `:${module.exported}`
  return rowOf(
    exported.default,
    basename(path, extname(path)),
    (message, error) =>
      error === undefined ? `${show(path)}${place}: ${message}` : locate(message, error),
    (names) => [...module.files, ...readDataFiles(path, names, show)],
  )
}

async function importModule(
  path: string,
  module: ModuleFiles,
  locate: Locate,
): Promise<{ readonly default?: unknown }> {
  try {
    return (await import(/* @vite-ignore */ pathToFileURL(path).href)) as { default?: unknown }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const missing = /Cannot find (?:package|module) '([^']+)'/.exec(message)?.[1]
    const at = missing === undefined ? undefined : module.importOf(missing)
    throw taskError(
      at === undefined
        ? locate(message.split('\n', 1)[0]!, error)
        : `${at}: cannot find ${missing}`,
    )
  }
}

/** Finds in the stack of an error the first line that is of the module or of what it imports. */
function locator({ paths }: ModuleFiles, path: string, show: (file: string) => string): Locate {
  return (message, error) => {
    const stack = error instanceof Error ? (error.stack ?? '') : ''
    const places =
      /(file:\/\/[^\s()]+?|(?:\/|[A-Za-z]:[\\/])[^\n()]+?):(\d+)(?::(\d+))?(?=[\s)]|$)/g
    for (const [, at = '', line, column] of stack.matchAll(places)) {
      const file = at.startsWith('file:') ? pathOfUrl(at) : at
      if (file === undefined || !paths.includes(resolve(file))) continue
      return `${show(resolve(file))}:${line}${column === undefined ? '' : `:${column}`}: ${message}`
    }
    return `${show(path)}: ${message}`
  }
}

function pathOfUrl(url: string): string | undefined {
  try {
    return fileURLToPath(url)
  } catch {
    return undefined
  }
}
