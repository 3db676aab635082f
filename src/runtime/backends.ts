import * as tf from '@tensorflow/tfjs-core'
import { checkBackend } from './backend-check.ts'
import { registerGradients } from './gradients.ts'
import { BACKEND_LOADERS, type BackendLoader } from './backend-loaders.ts'

/** A backend of tfjs that optc can use. */
export type BackendName = BackendLoader['name']

/** A backend, or the best that works. */
export type BackendChoice = BackendName | 'auto'

/** The backends there are, in the order `auto` prefers them. */
export const BACKEND_NAMES: readonly BackendName[] = BACKEND_LOADERS.map(({ name }) => name)

/** What is known of one backend after trying it. */
export interface BackendRecord {
  readonly name: BackendName
  /** Its package loads, it computes, and its numbers are right. */
  readonly available: boolean
  /** Why it is not available; or, when it is, why `auto` passes it over where the work is small or not known. */
  readonly reason?: string
  /** Versions, flags, device: what a person with a slow or failing backend needs. */
  readonly detail: Readonly<Record<string, string>>
}

/** The backend that was set up, or why none was. */
export type BackendSelection =
  | { readonly ok: true; readonly backend: BackendRecord }
  | {
      readonly ok: false
      /** One sentence. */
      readonly reason: string
      readonly records: readonly BackendRecord[]
    }

/**
 * Sets `choice` up as the backend of tfjs-core, and registers gradients: `auto` takes the first of {@link BACKEND_NAMES} that works, is not
 * software in place of hardware, and pays for the work: the multiplications of a training step's forward pass, few where it is not
 * given. A failing backend is an answer that says why, never an exception.
 */
export async function selectBackend(choice: BackendChoice, work = 0): Promise<BackendSelection> {
  const records: BackendRecord[] = []
  for (const loader of BACKEND_LOADERS) {
    if (choice !== 'auto' && choice !== loader.name) continue
    const doubt = choice === 'auto' ? loader.doubt?.(work) : undefined
    if (doubt !== undefined) {
      records.push({ name: loader.name, available: false, reason: doubt, detail: {} })
      continue
    }
    const record = await tryBackend(loader, work)
    if (record.available && (choice !== 'auto' || record.reason === undefined))
      return { ok: true, backend: record }
    records.push(record)
  }
  const reasons = records.map(({ name, reason }) => `${name}: ${reason ?? 'unknown'}`)
  const reason =
    choice === 'auto'
      ? `no backend works (${reasons.join('; ')})`
      : `the backend ${choice} does not work here: ${records[0]?.reason ?? 'there is no such backend'}`
  return { ok: false, reason, records }
}

/** Tries every backend, or those of some names, and leaves the one that was set before. */
export async function probeBackends(
  names: readonly BackendName[] = BACKEND_NAMES,
): Promise<BackendRecord[]> {
  const before = tf.engine().backendName
  const records: BackendRecord[] = []
  for (const loader of BACKEND_LOADERS)
    if (names.includes(loader.name)) records.push(await tryBackend(loader, 0))
  if (before) await tf.setBackend(before)
  return records
}

/** The record of the backend that `auto` takes for steps of that work; undefined where none works. */
export function choiceAmong(
  records: readonly BackendRecord[],
  work: number,
): BackendRecord | undefined {
  return records.find(({ name, available, detail }) => {
    const loader = BACKEND_LOADERS.find((each) => each.name === name)
    return available && loader?.reservation?.(detail, work) === undefined
  })
}

/** Loads, sets and checks one backend; it stays set when it works. */
async function tryBackend(loader: BackendLoader, work: number): Promise<BackendRecord> {
  // Before the first tensor: the cpu backend advertises another package on its first use otherwise. Shape and type errors
  // are thrown in this mode too.
  tf.enableProdMode()
  registerGradients()
  const detail: Record<string, string> = { 'tfjs-core': tf.version_core }
  const { name } = loader
  try {
    const loaded = await loader.load()
    Object.assign(detail, loaded.detail)
    if (loaded.missing !== undefined)
      return { name, available: false, reason: loaded.missing, detail }
    if (!(await tf.setBackend(name))) await explainFailure(name)
    Object.assign(detail, await loader.describe?.())
    const wrong = await checkBackend()
    if (wrong !== undefined) return { name, available: false, reason: wrong, detail }
    const reservation = loader.reservation?.(detail, work)
    return {
      name,
      available: true,
      ...(reservation !== undefined && { reason: reservation }),
      detail,
    }
  } catch (error) {
    return { name, available: false, reason: firstLine(error), detail }
  }
}

/** tfjs-core swallows why a backend fails to start; asking its factory again tells. */
async function explainFailure(name: string): Promise<never> {
  const factory: unknown = tf.findBackendFactory(name)
  if (typeof factory === 'function') await (factory as () => unknown)()
  throw new Error('it does not start, and does not say why')
}

/** The first line of an error's message. */
export function firstLine(error: unknown): string {
  const message =
    typeof error === 'object' && error !== null && 'message' in error
      ? String(error.message)
      : String(error)
  return message.split('\n', 1)[0] ?? message
}
