import { name, number, type Code } from '../../code.ts'
import type { Builder } from '../builder.ts'

/** What a framework with functions of arrays offers to spellings. */
export interface ArrayBuilder extends Builder {
  /** A function of arrays, as NumPy and all that follow it call it. */
  array(called: string): Code
  /** -0, where the framework takes that of Python for 0. */
  readonly minusZero?: Code
  /** The key of the draws of the operator with that name here. */
  drawKey(operator: string): Code
  /** What the draws of a step are told apart by. */
  readonly drawStep: Code
}

/** The key of the draws of the operator with that name at a place of the program, for the parameter at `index`. */
export function drawKey(build: Builder, operator: string, site: number, index: Code): Code {
  const called: Code = { kind: 'name', name: JSON.stringify(operator) }
  return build.prelude('draw_key', name('seed'), called, number(site), index)
}
