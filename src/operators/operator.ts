import type { Interval } from './interval.ts'
import type { Stage } from './stage.ts'

/** How the grammar writes an operator between or before its operands. Higher precedence binds tighter. */
export interface Fixity {
  readonly symbol: string
  readonly position: 'infix' | 'prefix'
  readonly precedence: number
  readonly associativity: 'left' | 'right' | 'none'
}

export interface OperatorParameter {
  readonly name: string
  /** The latest stage an argument may have; `tensor` (anything) when absent. */
  readonly latest?: Stage
  /** Whether a comparison is wanted here instead of a number. */
  readonly boolean?: true
}

/**
 * Something that can go wrong with numbers inside the operator's type: reported as the warning `code` (of the range
 * catalog) at argument `argument` when `possible` says so for the intervals of the arguments.
 */
export interface Hazard {
  readonly code:
    | 'division-by-zero'
    | 'negative-root'
    | 'negative-log'
    | 'log-of-zero'
    | 'overflow'
    | 'undefined-power'
  readonly argument: number
  readonly possible: (...arguments_: readonly Interval[]) => boolean
}

/**
 * Text of one target for one operator. `$0`, `$1`, ... stand for the arguments; an argument that is itself compound is put
 * in parentheses unless it stands alone between commas or parentheses. `needs` names functions of the target's prelude.
 */
export interface Form {
  readonly text: string
  readonly needs?: readonly string[]
}

/** A target's two spellings: on one number of the host, and on tensors. */
export interface Spelling {
  readonly scalar: Form
  readonly tensor: Form
  /** On tensors where every argument but the first is one number of the host; `tensor` when absent. */
  readonly byNumbers?: Form
  /** Where those numbers are constants other than 0 and NaN; what it would be otherwise when absent. */
  readonly byConstants?: Form
  /** Where some of the forms give something else than the meaning, since a right one would be harder to read. */
  readonly exception?: SpellingException
}

/** Arguments at which some forms of a spelling are not held to the meaning. */
export interface SpellingException {
  readonly forms: readonly ('scalar' | 'tensor' | 'byNumbers')[]
  readonly reason: string
  readonly holds: (...arguments_: readonly number[]) => boolean
}

/** The languages an operator is spelled in. A new target here makes every row fail to compile until it is spelled. */
export interface Spellings {
  /** TypeScript on tfjs-core: `scalar` in JavaScript numbers, `tensor` in tfjs operations (arguments may be plain numbers). */
  readonly ts: Spelling
}

interface Row {
  /** The name of the row; unique. */
  readonly name: string
  /** The name calls use where it differs from `name`: several rows may share it and differ in the number of parameters. */
  readonly callName?: string
  readonly fixity?: Fixity
  readonly parameters: readonly OperatorParameter[]
  /** Where the reference lists it. */
  readonly family:
    | 'arithmetic'
    | 'comparison'
    | 'selection'
    | 'smooth'
    | 'guarded'
    | 'reduction'
    | 'shape'
    | 'random'
  /** One sentence: what it gives. */
  readonly summary: string
  /** The formula in LaTeX, with the parameters' names. */
  readonly formula: string
  /** Where the meaning comes from, when that is not plain mathematics. */
  readonly source?: string
  readonly hazards?: readonly Hazard[]
  /** Whether no result is negative or -0, whatever the arguments, on every target. */
  readonly unsigned?: true
  /** An interval that holds every value the meaning gives for arguments in the given intervals. */
  readonly interval: (...arguments_: readonly Interval[]) => Interval
  /** The same where all arguments are one value, when that says more: a product with itself is never negative. */
  readonly intervalOfSame?: (x: Interval) => Interval
  readonly spellings: Spellings
}

/** One number from numbers, element by element. */
export interface ElementwiseOperator extends Row {
  readonly kind: 'elementwise'
  /** The meaning in 64-bit arithmetic; comparisons give 1 or 0. Also the constant folder. */
  readonly meaning: (...arguments_: readonly number[]) => number
  /** Whether the result is a truth value, usable only as a condition. */
  readonly boolean?: true
  readonly commutative?: true
  /** How far a target's 32-bit result may be from the meaning rounded to 32 bits, in units in the last place. */
  readonly tolerance: number
  /**
   * The size whose units count for these arguments where it is above the result's: where terms cancel, a result cannot be
   * exact relative to itself.
   */
  readonly scale?: (...arguments_: readonly number[]) => number
}

/** One number per parameter tensor from its elements. */
export interface ReductionOperator extends Row {
  readonly kind: 'reduction'
  readonly meaning: (...arguments_: readonly ArrayLike<number>[]) => number
  /** As for elementwise operators, for tensors of up to 1,000 elements. */
  readonly tolerance: number
  /** As for elementwise operators. */
  readonly scale?: (...arguments_: readonly ArrayLike<number>[]) => number
  /**
   * How large numbers may become on the way to the result, for meanings that accumulate in 64 bits: a target may accumulate
   * in 32, and where this is no 32-bit number it may give an infinity or NaN instead. Absent where no target may.
   */
  readonly largest?: (...arguments_: readonly ArrayLike<number>[]) => number
}

/** One number from the parameter's shape, for instance its rank. The language writes the argument `w`. */
export interface ShapeOperator extends Row {
  readonly kind: 'shape'
  readonly meaning: (shape: readonly number[]) => number
}

/** One number from numbers and a uniform random number in [0, 1) drawn for this element, step and place in the program. */
export interface RandomOperator extends Row {
  readonly kind: 'random'
  readonly meaning: (uniform: number, ...arguments_: readonly number[]) => number
  /** As for elementwise operators. */
  readonly tolerance: number
}

/** One row of the operator table: everything the compiler knows about an operator. */
export type Operator = ElementwiseOperator | ReductionOperator | ShapeOperator | RandomOperator
