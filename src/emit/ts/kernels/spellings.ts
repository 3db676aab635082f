import type { NameOfKind } from '../../../operators/table.ts'
import type { Operator } from '../../../operators/operator.ts'
import { binary, call, name, number, type Code } from '../../code.ts'
import { spellingOf, type Builder } from '../spellings.ts'

const callMath = (called: keyof typeof Math & string, ...arguments_: readonly Code[]): Code =>
  call(name('Math', called), ...arguments_)

/** An operator on one element, from what is drawn for it where it draws, and its arguments. */
type ElementForm = (build: Builder, word: Code, ...arguments_: Code[]) => Code

/** Random operators, and those whose form for numbers of the host is not their meaning everywhere. */
const elementForms: Readonly<Record<NameOfKind<'random'> | 'power' | 'abs_power', ElementForm>> = {
  dropout: (build, word, x, rate) => build.prelude('dropoutOf', word, x!, rate!),
  normal: (build, word) => build.prelude('normalQuantile', word),
  power: (build, _, base, exponent) => build.prelude('power', base!, exponent!),
  abs_power: (build, _, base, exponent) =>
    build.prelude('power', callMath('abs', base!), exponent!),
}

const table: ReadonlyMap<string, ElementForm> = new Map(Object.entries(elementForms))

/** An operator on one element in JavaScript; `word` is the random word of the element where it draws. */
export function elementCode(
  { name: called }: Pick<Operator, 'name'>,
  build: Builder,
  word: Code,
  arguments_: readonly Code[],
): Code {
  const form = table.get(called)
  return form === undefined
    ? spellingOf({ name: called }).scalar(build, ...arguments_)
    : form(build, word, ...arguments_)
}

/** How a reduction goes along in JavaScript: numbers are added up in 64 bits, in which their squares and products are exact. */
export interface ReductionForm {
  /** What is there with one element more. */
  readonly add: (sum: Code, ...arguments_: Code[]) => Code
  /** The result of all of them. */
  readonly finish: (sum: Code, count: Code) => Code
}

const sumOf = (term: (...arguments_: Code[]) => Code, finish: ReductionForm['finish']) => ({
  add: (sum: Code, ...arguments_: Code[]) => binary('+', sum, term(...arguments_)),
  finish,
})

const itself = (sum: Code): Code => sum
const square = (x?: Code): Code => binary('**', x!, number(2))
const sum = sumOf((x) => x!, itself)
const mean = sumOf(
  (x) => x!,
  (all, count) => binary('/', all, count),
)
const norm = sumOf(square, (all) => callMath('sqrt', all))
const dot = sumOf((a, b) => binary('*', a!, b!), itself)
const largest: ReductionForm = {
  add: (found, x) => callMath('max', found, callMath('abs', x!)),
  finish: itself,
}

const reductionForms: Readonly<Record<NameOfKind<'reduction'>, ReductionForm>> = {
  sum,
  mean,
  norm,
  dot,
  max_abs: largest,
  sum_over_inputs: sum,
  sum_over_outputs: sum,
  mean_over_inputs: mean,
  mean_over_outputs: mean,
  norm_over_inputs: norm,
  norm_over_outputs: norm,
  max_abs_over_inputs: largest,
  max_abs_over_outputs: largest,
  dot_over_inputs: dot,
  dot_over_outputs: dot,
}

const reductions: ReadonlyMap<string, ReductionForm> = new Map(Object.entries(reductionForms))

/** How a reduction goes along. Throws a RangeError for what is none. */
export function reductionForm({ name: called }: Pick<Operator, 'name'>): ReductionForm {
  const found = reductions.get(called)
  if (found === undefined) throw new RangeError(`${called} is no reduction`)
  return found
}

/** A condition that is handed over as a number. */
export const conditionOf = (code: Code): Code => binary('!==', code, number(0))
