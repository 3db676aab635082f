import type { Interval } from './interval.ts'
import type { Layout } from './layout.ts'
import type { Axis, MatrixAxes, Placement, PlacementRule } from './type.ts'

/** How the grammar writes an operator between or before its operands. Higher precedence binds tighter. */
export interface Fixity {
  readonly symbol: string
  readonly position: 'infix' | 'prefix'
  readonly precedence: number
  readonly associativity: 'left' | 'right' | 'none'
}

export interface OperatorParameter {
  readonly name: string
  /** The latest and widest an argument may be; anything when absent. */
  readonly latest?: Placement
  /** Whether a condition is wanted here instead of a number. */
  readonly boolean?: true
  /** Whether a matrix is wanted here; such parameters come first. */
  readonly matrix?: true
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
 * What an operator is in algebra; a `choice` is its second argument where the first holds, else
 * the third; a `limit` its first argument, not below the second and not above the third.
 */
export type Role =
  | 'addition'
  | 'subtraction'
  | 'multiplication'
  | 'division'
  | 'exponentiation'
  | 'negation'
  | 'choice'
  | 'limit'

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
    | 'condition'
    | 'selection'
    | 'smooth'
    | 'guarded'
    | 'reduction'
    | 'global'
    | 'shape'
    | 'random'
    | 'matrix'
  /** One sentence: what it gives. */
  readonly summary: string
  /** The formula in LaTeX, with the parameters' names. */
  readonly formula: string
  /** Where the meaning comes from, when that is not plain mathematics. */
  readonly source?: string
  /**
   * The operator made of others: an expression of the language over its parameters, with the same values within the
   * row's tolerance when each step is rounded to 32 bits. A row without one is a primitive: every target has to spell it.
   */
  readonly definition?: string
  readonly hazards?: readonly Hazard[]
  /** What the operator is in algebra, where the compiler makes use of it; held to its meaning by a sampled test. */
  readonly role?: Role
  /** Whether no result is negative or -0, whatever the arguments, on every target. */
  readonly unsigned?: true
  /** When the result is known and of what extent. */
  readonly placement: PlacementRule
  /** An interval that holds every value the meaning gives for arguments in the given intervals. */
  readonly interval: (...arguments_: readonly Interval[]) => Interval
  /** The same where all arguments are one value, when that says more: a product with itself is never negative. */
  readonly intervalOfSame?: (x: Interval) => Interval
}

/** One number from numbers, element by element. */
export interface ElementwiseOperator extends Row {
  readonly kind: 'elementwise'
  /** The meaning in 64-bit arithmetic; comparisons give 1 or 0. Also the constant folder. */
  readonly meaning: (...arguments_: readonly number[]) => number
  /**
   * The derivative by each argument that is a number, as expressions of the language over the parameters; where there is none
   * they may give anything. For the reference: nothing is differentiated.
   */
  readonly derivatives?: readonly string[]
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

/** One number per parameter tensor from its elements, or one for each place of one axis. */
export interface ReductionOperator extends Row {
  readonly kind: 'reduction'
  /** The axis that is reduced; all elements where absent. Calls write it as `over = inputs`. */
  readonly over?: Axis
  /** Of the elements that are reduced to one number. */
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

/**
 * One number from all elements of all parameters that are trained: each parameter's elements become one number by `part`, and
 * those one for the run by `whole`. A target writes it by its spellings of the two.
 */
export interface GlobalOperator extends Row {
  readonly kind: 'global'
  readonly part: ReductionOperator
  readonly whole: ReductionOperator
}

/** One number from the parameter's shape, for instance its rank. The language writes the argument `w`. */
export interface ShapeOperator extends Row {
  readonly kind: 'shape'
  readonly meaning: (shape: readonly number[], layout: Layout, told?: Told) => number
  /** The interval of its values for parameters of rank 0 and 1, which are no matrices. */
  readonly belowMatrix: Interval
  /** Whether the result is a condition. */
  readonly boolean?: true
  /** What it rests on beside the shape; where that changes, no choice between rules rests on it. */
  readonly restsOn?: keyof Told
}

/** What is known of a parameter beside its shape. */
export interface Told {
  /** Whether it is hidden as the user of the optimizer has it; undefined where nothing is said. */
  readonly isHidden?: boolean | undefined
  /** How many updates it has had. */
  readonly updates?: number
}

/** One number from numbers and a random number that is drawn for this element, step and place in the program. */
export interface RandomOperator extends Row {
  readonly kind: 'random'
  /** The random number that a uniform 32-bit word becomes, a 32-bit float: the same to the last bit on every target. */
  readonly draw: (word: number) => number
  readonly meaning: (drawn: number, ...arguments_: readonly number[]) => number
  /** As for elementwise operators. */
  readonly tolerance: number
}

/** Numbers in rows and columns, row after row. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: ArrayLike<number>
}

/** What a matrix operator is applied to: its matrices, and the numbers behind them. */
export interface MatrixArguments {
  readonly matrices: readonly Matrix[]
  readonly numbers: readonly number[]
  /** How many inputs and outputs the parameter has. */
  readonly lengths: Readonly<Record<Axis, number>>
}

/** A matrix from matrices, or one number, for parameters of rank 2 and more. */
export interface MatrixOperator extends Row {
  readonly kind: 'matrix'
  /** The axis that calls name as the only argument, as in `eye(inputs)`. */
  readonly of?: Axis
  /** In 64-bit arithmetic. A number is a matrix of one row and one column. */
  readonly meaning: (given: MatrixArguments) => Matrix
  /** Two axes that should be one, for arguments with these axes; undefined where they fit. */
  readonly mismatch: (...matrices: readonly MatrixAxes[]) => MatrixAxes | undefined
  /** As for elementwise operators, of each number of the result. */
  readonly tolerance: number
  /** As for elementwise operators, for each number of the result. */
  readonly scale?: (given: MatrixArguments) => ArrayLike<number>
  /** As for reductions, for each number of the result. */
  readonly largest?: (given: MatrixArguments) => ArrayLike<number>
  /** How long the sides of the matrix may be, from the numbers: a parameter with longer ones is an error when it is met. */
  readonly limit?: (numbers: readonly number[]) => number
}

/** One row of the operator table: everything the compiler knows about an operator, whatever it compiles to. */
export type Operator =
  | ElementwiseOperator
  | ReductionOperator
  | GlobalOperator
  | ShapeOperator
  | RandomOperator
  | MatrixOperator
