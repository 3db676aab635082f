import type { GraphNode } from '../../ir/graph.ts'
import type { Named, StepPlan } from '../../plan/plan.ts'
import { binary, call, name, number, printCode, type Code } from '../code.ts'
import type { NamePool } from '../names.ts'
import { expressionOf, writeOut } from '../python/expression.ts'
import type { FunctionNumbers } from '../python/function.ts'
import { isNamed, type Lines } from '../python/lines.ts'
import { snakeCase } from '../python/names.ts'
import { python } from '../python/notation.ts'
import { isOfShape, jaxWords, type JaxWords } from './expression.ts'
import type { JaxBuilder } from './spellings.ts'
import type { Option, Settings } from './transformation.ts'

const print = (code: Code): string => printCode(code, python)

/** The type of what may be a number or an array of one. */
export const jaxNumberType = 'Number'

/** Numbers of functions may be arrays. */
export const jaxNumbers = ({ build }: { readonly build: JaxBuilder }): FunctionNumbers => ({
  type: jaxNumberType,
  least: (a, b) => call(build.array('minimum'), a, b),
  begin: () => [],
  operators: (_, words) => ({
    isPlain: isOfShape,
    apply: (node) =>
      jaxWords({
        ...words(),
        build,
        type: () => build.array('float32'),
        keepsParameters: false,
      }).apply(node),
  }),
})

/** The numbers of a step under their names. */
export interface Numbers {
  readonly words: JaxWords
  readonly scope: NamePool
  /** The line that names a value. */
  write(named: Named): string
  /** Names a total. */
  total(index: number, wanted: string): string
}

/**
 * Numbers whose hyperparameters are called what `called` says, and whose states of the run `runName`; `keepsParameters`: whether the
 * former are kept, too.
 */
export function createNumbers(
  { around, scope, options }: Settings,
  { types }: StepPlan,
  called: (option: Option) => Code,
  runName: (index: number) => Code,
  keepsParameters = false,
): Numbers {
  const inner = scope.child()
  const locals = new Map<GraphNode, Code>()
  const totals = new Map<number, Code>()
  const words = jaxWords({
    types,
    build: around.build,
    type: () => around.build.array('float32'),
    keepsParameters,
    variable: (node) => locals.get(node),
    parameter: (wanted) => called(options.find(({ source }) => source.name === wanted)!),
    state: runName,
    total: (index) => totals.get(index)!,
    functionName: around.functions.nameOf,
  })
  return {
    words,
    scope: inner,
    write({ node, name: wanted }) {
      const text = print(writeOut(node, words))
      const local = inner.declare(snakeCase(wanted))
      locals.set(node, name(local))
      return `${local} = ${text}`
    },
    total(index, wanted) {
      const local = inner.declare(snakeCase(wanted))
      totals.set(index, name(local))
      return local
    },
  }
}

/** What a state of the run is after a step. */
export function nextRunState(next: GraphNode, { words }: Numbers): string {
  return print(expressionOf(next, words))
}

/** The lines in front of some others that name the step, the number of steps and the hyperparameters that these read. */
export function givenLines(
  text: string,
  { around, options, program }: Settings,
  step: Code,
  valueOf: ((option: Option) => string) | undefined,
): Lines {
  const read = options.filter(({ local }) => valueOf !== undefined && isNamed(local, text))
  const values = read.map((option) => `${option.local} = ${valueOf!(option)}`)
  const needsT = isNamed('T', text)
  if (needsT && !program.usesTotalSteps) around.importing('import math')
  return [
    ...(isNamed('t', text) ? [`t = ${print(binary('*', number(1, '1.0'), step))}`] : []),
    ...(needsT
      ? [
          program.usesTotalSteps
            ? 'T = total_steps'
            : 'T = math.nan if total_steps is None else total_steps',
        ]
      : []),
    ...values,
  ]
}

/** The value of a hyperparameter at a step. */
export function valueAt({ around }: Settings, { name: own }: Option, step: string): string {
  return `${around.need('value_at')}(${own}, ${step})`
}

/** What a hyperparameter is called inside a step. */
export const localOf = ({ name: own }: { readonly name: string }): string => `${own}_t`
