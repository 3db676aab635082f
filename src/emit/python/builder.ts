import { call, name, type Code } from '../code.ts'

/** What a spelling can ask for beside its arguments: what it uses becomes part of the module. */
export interface Builder {
  /** A call of a function of the prelude. */
  prelude(called: string, ...arguments_: readonly Code[]): Code
  /** A name of Python's module `math`. */
  math(member: string): Code
}

/** What a module needs beside its own text. */
export interface Needs {
  /** Names of pieces of the prelude. */
  readonly prelude: Set<string>
  /** Lines that import something, as they are written. */
  readonly imports: Set<string>
}

/** A builder that notes what is used. */
export function createBuilder({ prelude, imports }: Needs): Builder {
  return {
    prelude: (called, ...arguments_) => {
      prelude.add(called)
      return call(called, ...arguments_)
    },
    math: (member) => {
      imports.add('import math')
      return name('math', member)
    },
  }
}
