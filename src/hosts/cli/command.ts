import { nearest } from '../../diagnostics/suggest.ts'
import type { World } from './world.ts'
import type { Output } from './output.ts'

/** An option of a command whose value is a `T`. */
export interface Option<T> {
  /** What stands for the value in the help, `N` or `DIR`; a flag has none. */
  readonly placeholder?: string
  readonly summary: string
  /** The value of a written text. Throws an Error that says what was expected. */
  readonly parse: (text: string) => T
  /** The value when the option is not given. */
  readonly initial: T
  /** All values there are, where they are few. */
  readonly words?: readonly string[]
  /** Whether one value holds several things: given twice, the option would lose those it was given first, and is refused. */
  readonly holdsSeveral?: true
  /** Whether its values are lists, joined where it is given several times. */
  readonly isJoined?: true
}

/** The values of a record of options, by the same names. */
export type OptionValues<Options> = {
  readonly [Name in keyof Options]: Options[Name] extends Option<infer T> ? T : never
}

/** One call of a command. */
export interface Invocation<Values> {
  /** The arguments that are not options, in order. */
  readonly operands: readonly string[]
  readonly options: Values
  /** Names of the options that were written on the command line. */
  readonly given: ReadonlySet<string>
  readonly world: World
  readonly output: Output
}

/** A row of the table of commands. `Options` by their name in camel case; written in kebab case. */
export interface CommandRow<Options = Readonly<Record<string, Option<unknown>>>, Values = never> {
  readonly name: string
  /** What it does: a fragment without a full stop. */
  readonly summary: string
  /** Its arguments as written in the help: `[PATH...]`. */
  readonly operands: string
  /** More for the help: paragraphs. */
  readonly details?: string
  readonly options: Options
  /** Command lines, and what each is for. */
  readonly examples: readonly (readonly [line: string, purpose: string])[]
  /** Whether the command itself ends, and saves, when its world's signal is aborted. The others are ended from outside. */
  readonly endsItself?: true
  /** Loads the code; not before the command is called. `run` gives the exit code. */
  readonly load: () => Promise<{
    readonly run: (invocation: Invocation<Values>) => number | Promise<number>
  }>
}

/** A row whose code takes exactly the options it declares. */
export function command<Options extends Readonly<Record<string, Option<unknown>>>>(
  row: CommandRow<Options, OptionValues<Options>>,
): CommandRow {
  return row
}

/** `maxWarnings` as `--max-warnings`. */
export function optionName(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** An option without a value. */
export function flag(summary: string): Option<boolean> {
  return { summary, parse: () => true, initial: false }
}

/** An option with any text. */
export function text(placeholder: string, summary: string): Option<string | undefined> {
  return value(placeholder, summary, (written) => written)
}

/** An option whose text `parse` reads, throwing an Error that says what was expected. */
export function value<T>(
  placeholder: string,
  summary: string,
  parse: (text: string) => T,
): Option<T | undefined> {
  return { placeholder, summary, parse, initial: undefined }
}

/** An option with a whole number of at least `minimum`. */
export function integer(
  placeholder: string,
  summary: string,
  minimum = 0,
): Option<number | undefined> {
  return value(placeholder, summary, (written) => {
    const number = Number(written)
    if (!/^[+-]?\d+$/.test(written) || !Number.isSafeInteger(number) || number < minimum)
      throw new Error(`it must be a whole number of at least ${minimum}`)
    return number
  })
}

/** An option with one of a few words. */
export function choice<const Word extends string>(
  placeholder: string,
  words: readonly Word[],
  summary: string,
): Option<Word | undefined> {
  const parse = (written: string): Word => {
    const word = words.find((known) => known === written)
    if (word !== undefined) return word
    const meant = nearest(written, words)
    const all = words.length === 1 ? words[0]! : `one of ${words.join(', ')}`
    throw new Error(`it must be ${all}${meant === undefined ? '' : `; did you mean ${meant}?`}`)
  }
  return { ...value(placeholder, `${summary}: ${words.join(', ')}`, parse), words }
}

/** An option with texts separated by commas. */
export function list(placeholder: string, summary: string): Option<readonly string[] | undefined> {
  const parse = (written: string): readonly string[] => {
    const parts = written.split(',').map((part) => part.trim())
    if (parts.includes('')) throw new Error('it must be names with commas between them')
    return parts
  }
  return { ...value(placeholder, summary, parse), holdsSeveral: true }
}

/** An option with a number between two bounds, the ends left out. */
export function between(
  placeholder: string,
  summary: string,
  low: number,
  high: number,
): Option<number | undefined> {
  return value(placeholder, summary, (written) => {
    const number = Number(written)
    if (written.trim() === '' || !(number > low && number < high))
      throw new Error(`it must be a number above ${low} and below ${high}`)
    return number
  })
}

/** An option with a part of a whole: above 0, and at most 1. */
export function fraction(placeholder: string, summary: string): Option<number | undefined> {
  return value(placeholder, summary, (written) => {
    const number = Number(written)
    if (written.trim() === '' || !(number > 0 && number <= 1))
      throw new Error('it must be a number above 0 and at most 1')
    return number
  })
}

/** `option` with a value where it is not given. */
export function withDefault<T>(option: Option<T | undefined>, initial: T): Option<T> {
  return {
    ...option,
    // A text that was given is parsed to a value, never to undefined.
    parse: option.parse as (text: string) => T,
    initial,
  }
}
