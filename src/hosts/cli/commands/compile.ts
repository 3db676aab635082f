import { basename, extname, resolve } from 'node:path'
import { compile } from '../../../compile.ts'
import type { Diagnostic } from '../../../diagnostics/diagnostic.ts'
import type { Artifact } from '../../../emit/artifact.ts'
import type { Runtime } from '../../../emit/target.ts'
import { targets, type TargetName } from '../../../emit/targets.ts'
import { unsupportedBy } from '../../../emit/unsupported.ts'
import type { Invocation } from '../command.ts'
import { exitCodes, failure, isFailure } from '../failure.ts'
import { findInputs } from '../inputs.ts'
import { noteDiagnostics, withoutRepetition } from '../diagnostics-report.ts'
import { openModuleFolder, withOrigin } from '../module-files.ts'
import { createSources, STDIN, type Sources } from '../sources.ts'

interface CompileOptions {
  readonly target: TargetName
  readonly runtime: Runtime
  readonly out: string | undefined
  readonly force: boolean
  readonly watch: boolean
}

type CompileInvocation = Invocation<CompileOptions>

/** `optc compile`. */
export async function run(invocation: CompileInvocation): Promise<number> {
  const { options, operands, world, output } = invocation
  const { out } = options
  if (out !== undefined && extname(out) !== '')
    throw failure(
      'usage',
      `--out ${out} must be a folder`,
      `for one file write \`optc compile ${operands[0]} > ${out}\``,
    )
  if (options.watch && out === undefined) throw failure('usage', '--watch needs --out DIR')
  const sources = createSources(world.cwd)
  if (!options.watch) return compileOnce(invocation, sources)
  const { refuseWatchingStdin, repeatOnChange } = await import('../watch.ts')
  refuseWatchingStdin(operands)
  const work = async (): Promise<readonly string[]> => {
    sources.forget()
    await compileOnce(invocation, sources)
    return [...operands.map((path) => resolve(world.cwd, path)), ...sources.files()]
  }
  await repeatOnChange(work, world, output)
  return exitCodes.interrupted
}

async function compileOnce(
  { operands, options, world, output }: CompileInvocation,
  sources: Sources,
): Promise<number> {
  const files = await findInputs(operands, world, sources)
  if (files.length > 1 && options.out === undefined)
    throw failure(
      'usage',
      `${files.length} files cannot be printed as one module`,
      'write them into a folder with --out DIR',
    )
  const diagnostics: Diagnostic[] = []
  const folder =
    options.out === undefined ? undefined : openModuleFolder(options.out, options.force, world)
  let failed = false
  for (const path of files) {
    if (world.signal.aborted) break
    try {
      const { found, artifacts } = await compileFile(path, options, sources)
      diagnostics.push(...found)
      const [module, ...others] = artifacts ?? []
      if (artifacts === undefined) failed = true
      else if (module === undefined)
        output.note(
          `${path} declares no optimizer, schedule or decay: there is nothing to compile in it`,
        )
      else if (folder !== undefined)
        for (const { from, to } of folder.write(path, artifacts)) output.note(`${from} -> ${to}`)
      else {
        output.print(withOrigin(module, path))
        for (const { path: other } of others)
          output.note(`the module imports ${other}, which --out DIR writes beside it`)
      }
    } catch (error) {
      if (!isFailure(error)) throw error
      output.error(error.message, error.help)
      failed = true
    }
  }
  noteDiagnostics(withoutRepetition(diagnostics), files, sources, output)
  return failed ? exitCodes.failed : exitCodes.done
}

interface CompiledFile {
  readonly found: readonly Diagnostic[]
  /** Undefined when there are errors, empty when there is nothing to compile. */
  readonly artifacts: readonly Artifact[] | undefined
}

async function compileFile(
  path: string,
  { target, runtime }: CompileOptions,
  sources: Sources,
): Promise<CompiledFile> {
  const source = sources.read(path)
  const problems = sources.problemsOf(path)
  if (problems.length > 0) return { found: problems, artifacts: undefined }
  const { value, diagnostics } = compile(source, sources.loader)
  if (value === undefined) return { found: diagnostics, artifacts: undefined }
  if (value.programs.length + value.functions.length === 0)
    return { found: diagnostics, artifacts: [] }
  const unsupported = unsupportedBy(targets[target], value)
  if (unsupported.length > 0)
    return { found: [...diagnostics, ...unsupported], artifacts: undefined }
  const artifacts = await targets[target].print(value.programs, value.functions, {
    runtime,
    ...(path !== STDIN && { name: basename(path, '.opt') }),
  })
  if (artifacts.length === 0) throw new Error(`nothing was emitted for ${path}`)
  return { found: diagnostics, artifacts }
}
