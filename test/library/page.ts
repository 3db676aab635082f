import vm from 'node:vm'
import { build } from 'esbuild'
import { expect } from 'vitest'

/** A module and all that it needs as one script, which declares `optc`. Rejects where it imports modules of Node. */
export async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'optc',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  })
  return outputFiles[0]!.text
}

/** Runs the body of an asynchronous function in a page, and gives what it returns. */
export type Run = (body: string, given?: unknown) => Promise<unknown>

/** A page that has run a script, where `more` and names of a browser are and none of Node's. */
export function openPage(script: string, more: object = {}): Run {
  const complaints: unknown[] = []
  const complain = (...parts: unknown[]): void => void complaints.push(parts)
  const page = vm.createContext({
    console: { log: complain, info: complain, warn: complain, error: complain, debug: complain },
    URL,
    TextEncoder,
    TextDecoder,
    performance: { now: () => performance.now() },
    setTimeout,
    clearTimeout,
    structuredClone,
    atob,
    btoa,
    queueMicrotask,
    ...more,
  })
  vm.runInContext('globalThis.window = globalThis.self = globalThis', page)
  vm.runInContext(script, page)
  return async (body, given = {}) => {
    // As text, so that nothing of Node comes along.
    const call = `(async (given) => { ${body} })(${JSON.stringify(given)})`
    const answer = (await vm.runInContext(`${call}.then(JSON.stringify)`, page)) as string
    expect(complaints).toEqual([])
    return JSON.parse(answer) as unknown
  }
}
