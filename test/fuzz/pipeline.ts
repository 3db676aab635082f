import { existsSync, readFileSync } from 'node:fs'
import type { ModuleLoader } from '../../src/resolve/resolution.ts'
import { compile } from '../../src/compile.ts'
import { describeModule } from '../../src/emit/ts/module.ts'
import { fingerprint } from '../../src/ir/fingerprint.ts'
import type { Source } from '../../src/diagnostics/source.ts'
import { faultOfDiagnostics } from './properties.ts'

const files = new Map<string, Source | undefined>()

/** Files of the standard library, each read once. */
const loader: ModuleLoader = (specifier) => {
  if (!files.has(specifier)) {
    const path = `stdlib/${specifier.slice('std/'.length)}.opt`
    const found = /^std\/[\w-]+(\/[\w-]+)?$/.test(specifier) && existsSync(path)
    files.set(specifier, found ? { path: specifier, text: readFileSync(path, 'utf8') } : undefined)
  }
  return files.get(specifier)
}

/** What is wrong with compiling `text`, up to the description of the TypeScript module; undefined when nothing is. */
export function pipelineFault(text: string): string | undefined {
  const { value, diagnostics } = compile({ path: 'fuzz.opt', text }, loader)
  const own = diagnostics.filter(({ path }) => path === 'fuzz.opt')
  const fault = faultOfDiagnostics(text, own)
  if (fault !== undefined) return fault
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error')
  if (value === undefined) return hasErrors ? undefined : 'nothing came out, and nothing was said'
  if (hasErrors) return 'a program with errors was compiled'
  describeModule(value.programs, value.functions)
  for (const program of value.programs) fingerprint(program)
  return undefined
}
