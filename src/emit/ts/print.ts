import type { Program, ScheduleFunction } from '../../ir/graph.ts'
import type { Artifact } from '../artifact.ts'
import type { PrintOptions } from '../target.ts'
import { loadCompiler } from './text/compiler.ts'
import type { Description } from './text/description.ts'
import { formatTypeScript } from './text/format.ts'
import { describeModule } from './module.ts'
import { kebabCase } from './names.ts'
import { describeRuntime, RUNTIME_MODULE } from './shared.ts'

/**
 * One TypeScript module that depends on tfjs-core alone: a class per program, a function per schedule and decay, those
 * the programs call included, with `kernels` classes that take their steps by kernels. With the runtime to import the module that holds it follows, always the same, unless
 * nothing is imported from there.
 */
export async function printTypeScript(
  programs: readonly Program[],
  functions: readonly ScheduleFunction[],
  { name = programs[0]?.name ?? functions[0]?.name, runtime = 'paste' }: PrintOptions = {},
  kernels = false,
): Promise<readonly Artifact[]> {
  if (name === undefined || programs.length + functions.length === 0) return []
  const pieces = describeModule(programs, functions, {
    runtime,
    kernels: kernels ? 'fastest' : undefined,
  })
  const module = await format(`${kebabCase(name)}.ts`, pieces)
  return pieces.some(({ kind }) => kind === 'named import')
    ? [module, await runtimeModule()]
    : [module]
}

let printedRuntime: Promise<Artifact> | undefined

function runtimeModule(): Promise<Artifact> {
  printedRuntime ??= format(`${RUNTIME_MODULE}.ts`, describeRuntime()).then((artifact) => ({
    ...artifact,
    shared: true,
  }))
  return printedRuntime
}

const formatted = new Map<string, Promise<string>>()

/** Formats what is a module's own together, and each piece of the prelude by itself and once: all modules carry the same. */
async function format(path: string, pieces: readonly Description[]): Promise<Artifact> {
  const compiler = await loadCompiler()
  const formatPieces = (some: readonly Description[]): Promise<string> =>
    formatTypeScript(compiler.print(some))
  const texts: Promise<string>[] = []
  let own: Description[] = []
  const endOwn = (): void => {
    if (own.length > 0) texts.push(formatPieces(own))
    own = []
  }
  for (const piece of pieces) {
    if (piece.kind !== 'prelude') own.push(piece)
    else {
      endOwn()
      const known = formatted.get(piece.text) ?? formatPieces([piece])
      formatted.set(piece.text, known)
      texts.push(known)
    }
  }
  endOwn()
  return { path, text: (await Promise.all(texts)).join('\n') }
}
