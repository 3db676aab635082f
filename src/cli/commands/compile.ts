import { basename, extname, join, resolve } from 'node:path'
import { compile } from '../../compile.ts'
import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Target } from '../../emit/target.ts'
import { targets, type TargetName } from '../../emit/targets.ts'
import type { Invocation } from '../command.ts'
import { exitCodes, failure, isFailure } from '../failure.ts'
import { findInputs } from '../inputs.ts'
import { noteDiagnostics, withoutRepetition } from '../diagnostics-report.ts'
import { createSources, pathOf, STDIN, type Sources } from '../sources.ts'
import { firstLine, writeFile } from '../write.ts'

interface CompileOptions {
  readonly target: TargetName
  readonly out: string | undefined
  readonly watch: boolean
}

type CompileInvocation = Invocation<CompileOptions>

/** How a module of ours begins; only such files are overwritten. */
const HEADER = '// Compiled by optc from '

/** `optc compile`. */
export async function run(invocation: CompileInvocation): Promise<number> {
  const { options, operands, host, output } = invocation
  const { out } = options
  if (out !== undefined && extname(out) !== '')
    throw failure(
      'usage',
      `--out ${out} must be a folder`,
      `for one file write \`optc compile ${operands[0]} > ${out}\``,
    )
  if (options.watch && out === undefined) throw failure('usage', '--watch needs --out DIR')
  const sources = createSources(host.cwd)
  if (!options.watch) return compileOnce(invocation, sources)
  const { refuseWatchingStdin, repeatOnChange } = await import('../watch.ts')
  refuseWatchingStdin(operands)
  const work = async (): Promise<readonly string[]> => {
    sources.forget()
    await compileOnce(invocation, sources)
    return [...operands.map((path) => resolve(host.cwd, path)), ...sources.files()]
  }
  await repeatOnChange(work, host, output)
  return exitCodes.interrupted
}

async function compileOnce(
  { operands, options, host, output }: CompileInvocation,
  sources: Sources,
): Promise<number> {
  const files = await findInputs(operands, host, sources)
  if (files.length > 1 && options.out === undefined)
    throw failure(
      'usage',
      `${files.length} files cannot be printed as one module`,
      'write them into a folder with --out DIR',
    )
  const diagnostics: Diagnostic[] = []
  const writtenFrom = new Map<string, string>()
  let failed = false
  for (const path of files) {
    if (host.signal.aborted) break
    try {
      const { found, text, name } = await compileFile(path, targets[options.target], sources)
      diagnostics.push(...found)
      if (text === undefined) failed = true
      else if (text === '')
        output.note(
          `${path} declares no optimizer, schedule or decay: there is nothing to compile in it`,
        )
      else if (options.out === undefined) output.print(text)
      else {
        const target = join(options.out, name)
        const other = writtenFrom.get(target)
        if (other !== undefined)
          throw failure(
            'usage',
            `${other} and ${path} would both be written to ${target}`,
            'compile them into two folders',
          )
        writtenFrom.set(target, path)
        writeModule(resolve(host.cwd, target), text, target)
        output.note(`${path} -> ${pathOf(target, host.cwd)}`)
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
  readonly text: string | undefined
  readonly name: string
}

async function compileFile(path: string, target: Target, sources: Sources): Promise<CompiledFile> {
  const source = sources.read(path)
  const problems = sources.problemsOf(path)
  if (problems.length > 0) return { found: problems, text: undefined, name: '' }
  const { value, diagnostics } = compile(source, sources.loader)
  if (value === undefined) return { found: diagnostics, text: undefined, name: '' }
  if (value.programs.length + value.functions.length === 0)
    return { found: diagnostics, text: '', name: '' }
  const options = path === STDIN ? {} : { name: basename(path, '.opt') }
  const [artifact] = await target.print(value.programs, value.functions, options)
  if (artifact === undefined) throw new Error(`nothing was emitted for ${path}`)
  const origin = path === STDIN ? 'standard input' : path.startsWith('std/') ? path : basename(path)
  return { found: diagnostics, text: `${HEADER}${origin}\n${artifact.text}`, name: artifact.path }
}

function writeModule(location: string, text: string, shown: string): void {
  const line = firstLine(location)
  if (line !== undefined && !line.startsWith(HEADER))
    throw failure(
      'failed',
      `${shown} exists and was not written by optc`,
      'move it away, or give another --out DIR',
    )
  writeFile(location, text, shown)
}
