import { compile, type Compiled } from '../../compile.ts'
import { nearest } from '../../diagnostics/suggest.ts'
import type { Hyperparameter, Program, ScheduleFunction } from '../../ir/graph.ts'
import { contains, showInterval } from '../../operators/interval.ts'
import { failure } from './failure.ts'
import type { Output } from './output.ts'
import { noteDiagnostics, withoutRepetition } from './diagnostics-report.ts'
import type { Sources } from './sources.ts'

/** A file that compiled. */
export interface CompiledFile {
  readonly path: string
  readonly compiled: Compiled
}

/**
 * The compiled files; undefined, their diagnostics written to standard error, when any of them has errors. Warnings are
 * left to `optc check`.
 */
export function compileFiles(
  paths: readonly string[],
  sources: Sources,
  output: Output,
): readonly CompiledFile[] | undefined {
  const files = paths.map((path) => {
    const source = sources.read(path)
    const problems = sources.problemsOf(path)
    // What follows the first wrong byte would be reported in the terms of a program it is not.
    if (problems.length > 0) return { path, value: undefined, diagnostics: problems }
    const { value, diagnostics } = compile(source, sources.loader)
    return { path, value, diagnostics }
  })
  const broken = files.filter(({ value }) => value === undefined)
  if (broken.length > 0) {
    const diagnostics = withoutRepetition(broken.flatMap((file) => file.diagnostics))
    noteDiagnostics(
      diagnostics,
      broken.map(({ path }) => path),
      sources,
      output,
    )
    return undefined
  }
  return files.map(({ path, value }) => ({ path, compiled: value! }))
}

/** The one optimizer of the file that is meant: the one called `name`, or the only one there is. Throws a failure otherwise. */
export function chooseProgram({ path, compiled }: CompiledFile, name: string | undefined): Program {
  const { programs } = compiled
  if (programs.length === 0)
    throw failure(
      'failed',
      `${path} has no optimizer`,
      compiled.functions.length > 0 ? `\`optc plot ${path}\` draws what it has` : undefined,
    )
  if (name === undefined) {
    if (programs.length > 1)
      throw failure(
        'usage',
        `${path} has ${programs.length} optimizers`,
        `choose one with --name: ${programs.map((program) => program.name).join(', ')}`,
      )
    return programs[0]!
  }
  return chosen(programs, name, `${path} has no optimizer called ${name}`)
}

/** The one of `candidates` called `name`. Throws a failure with the nearest name otherwise. */
export function chosen<T extends Program | ScheduleFunction>(
  candidates: readonly T[],
  name: string,
  message: string,
): T {
  const found = candidates.find((candidate) => candidate.name === name)
  if (found !== undefined) return found
  const names = candidates.map((candidate) => candidate.name)
  const meant = nearest(name, names)
  throw failure(
    'usage',
    message,
    meant === undefined ? `there is ${names.join(', ')}` : `did you mean ${meant}?`,
  )
}

/** What has values that a person can set: hyperparameters of an optimizer, arguments of a function. */
export interface Settable {
  readonly name: string
  readonly parameters: readonly Hyperparameter[]
}

/** The hyperparameters of an optimizer as something to set. */
export function settable(program: Program): Settable {
  return { name: program.name, parameters: program.hyperparameters }
}

/**
 * For each target those of the `values` that it has. Throws a failure for a name that no target has, and for a value
 * outside the interval that a target declares.
 */
export function shareValues(
  targets: readonly Settable[],
  values: Readonly<Record<string, number>>,
): Readonly<Record<string, number>>[] {
  for (const name of Object.keys(values)) {
    const known = [
      ...new Set(
        targets.flatMap(({ parameters }) => parameters.map((parameter) => parameter.name)),
      ),
    ]
    if (known.includes(name)) continue
    const meant = nearest(name, known)
    const all = known.length === 0 ? 'there is nothing to set' : `there is ${known.join(', ')}`
    throw failure(
      'failed',
      `${targets.map((target) => target.name).join(', ')}: no hyperparameter or argument is called ${name}`,
      meant === undefined ? all : `did you mean ${meant}?`,
    )
  }
  return targets.map((target) => {
    const own = target.parameters.filter(({ name }) => Object.hasOwn(values, name))
    for (const { name, interval } of own) {
      if (!contains(interval, values[name]!))
        throw failure(
          'failed',
          `${name} of ${target.name} is ${values[name]}; it must be in ${showInterval(interval)}`,
        )
    }
    return Object.fromEntries(own.map(({ name }) => [name, values[name]!]))
  })
}
