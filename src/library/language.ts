import { analyze, compile as compileSource, hasErrors, type Compiled } from '../compile.ts'
import type { Outcome } from '../diagnostics/diagnostic.ts'
import type { Module } from '../syntax/ast.ts'
import { parse as parseSource } from '../syntax/parse.ts'
import { format as formatSource } from '../syntax/print.ts'
import { prefetch, sourceOf, type SourceOptions } from './sources.ts'

/** What a checked program declares, by name, in source order; `valid` when nothing of it is an error. */
export interface Checked {
  readonly valid: boolean
  readonly optimizers: readonly string[]
  /** Its functions, schedules and decays. */
  readonly functions: readonly string[]
  readonly spaces: readonly string[]
}

/** The tree of a program. Any text gives one: what cannot be read is a diagnostic. Never throws. */
export function parse(text: string, options: Pick<SourceOptions, 'path'> = {}): Outcome<Module> {
  return parseSource(sourceOf(text, options))
}

/** The program as the formatter writes it; undefined when it cannot be read, and the diagnostics say why. Never throws. */
export function format(
  text: string,
  options: Pick<SourceOptions, 'path'> = {},
): Outcome<string | undefined> {
  const { value, diagnostics } = formatSource(sourceOf(text, options))
  return { value: hasErrors(diagnostics) ? undefined : value, diagnostics }
}

/** What a program declares and everything that is wrong with it. Never rejects. */
export async function check(text: string, options: SourceOptions = {}): Promise<Outcome<Checked>> {
  const source = sourceOf(text, options)
  const { value, diagnostics } = analyze(source, await prefetch(source, options.load))
  return {
    value: {
      valid: value.valid && !hasErrors(diagnostics),
      optimizers: value.optimizers.map(({ name }) => name),
      functions: value.functions.map(({ name }) => name.name),
      spaces: value.spaces.map(({ name }) => name.name),
    },
    diagnostics,
  }
}

/** The graphs of a program; undefined when there are errors. Never rejects. */
export async function graphsOf(
  text: string,
  options: SourceOptions,
): Promise<Outcome<Compiled | undefined>> {
  const source = sourceOf(text, options)
  return compileSource(source, await prefetch(source, options.load))
}
