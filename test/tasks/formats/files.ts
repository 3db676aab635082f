import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { DataProblem, DataResult } from '../../../src/tasks/data-file.ts'

/** A folder with files, gone after the test. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'optc-formats-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

/** A file with that content, gone after the test. */
export function fileOf(content: string | Uint8Array, name = 'file'): string {
  return join(folderOf({ [name]: content }), name)
}

/** The bytes of a fixture. */
export function fixture(name: string): Buffer {
  return readFileSync(fixturePath(name))
}

export function fixturePath(name: string): string {
  return join(import.meta.dirname, 'fixtures', name)
}

/** Bytes with others in the place of some. */
export function patched(bytes: Buffer, at: number, ...values: readonly number[]): Buffer {
  const copy = Buffer.from(bytes)
  copy.set(values, at)
  return copy
}

/** The value of a result, which must have one. */
export function valueOf<T>(result: DataResult<T>): T {
  if (!result.ok) throw new Error(`${result.problem.path} ${result.problem.problem}`)
  return result.value
}

/** The problem of a result, which must have one. */
export function problemOf(result: DataResult<unknown>): DataProblem {
  if (result.ok) throw new Error('it was read')
  return result.problem
}
