import { diagnose } from '../diagnostics/diagnose.ts'
import type { Diagnostic, Fix } from '../diagnostics/diagnostic.ts'
import { contains, interval, within, type Interval } from '../operators/interval.ts'
import type { Expression, FunctionDeclaration, Parameter } from '../syntax/ast.ts'
import { callAt } from './evaluate-schedule.ts'
import { constantValue, declaredInterval } from './parameters.ts'
import type { Tables } from '../resolve/resolved-module.ts'
import type { Value } from './value.ts'

/** What a decay promises to stay in. */
export const PROMISED = interval(0, 1)
/** What rounding may add without the promise being broken. */
const ROUNDING = 1e-12
const TOTALS = [1, 2, 3, 10, 19, 100, 1000, 10_000, 1_000_000]
/** The longest run of which every step is tried; of longer ones the first, the last and as many in between. */
const LONGEST_WHOLE = 1000
/** The same where several combinations of arguments are tried. */
const LONGEST_WHOLE_COMBINED = 100
const MOST_COMBINATIONS = 64

/**
 * Whether a decay keeps its promise to stay in [0, 1]: proved by `value`, the value of its body `result` for all arguments,
 * or else tried at many steps of runs of several lengths. The first step that breaks it is in the diagnostic; a promise
 * that is neither proved nor broken is one too, and the declaration is noted in the tables.
 */
export function checkDecay(
  tables: Tables,
  declaration: FunctionDeclaration,
  result: Expression,
  value: Value,
  path: string,
): Diagnostic | undefined {
  const unbounded = declaration.parameters.find(
    (parameter) =>
      parameter.range === undefined &&
      parameter.default === undefined &&
      !tables.implicitDefaults.has(parameter),
  )
  const name = declaration.name.name
  if (within(value.interval, PROMISED) && !value.guessedInterval) return undefined
  if (unbounded !== undefined) {
    return diagnose('decay-unbounded-parameter', {
      path,
      span: unbounded.name.span,
      message: `\`${name}\` must stay in [0, 1], and \`${unbounded.name.name}\` can be anything`,
      help: `give it a range or a default: \`${unbounded.name.name} in [0, 1]\``,
    })
  }
  const broken = findBroken(
    tables,
    declaration,
    declaration.parameters.map((parameter) => samplesOf(tables, parameter)),
  )
  if (broken === undefined) {
    tables.unproved.add(declaration)
    return unproved(declaration, result, path)
  }
  const { t, T, number, arguments_ } = broken
  const given = declaration.parameters.flatMap((parameter, index) => {
    const argument = arguments_[index]
    return argument === undefined ? [] : [`${parameter.name.name} = ${show(argument)}`]
  })
  return diagnose('decay-out-of-range', {
    path,
    span: result.span,
    message: `\`${name}\` is ${show(number)} at step t = ${t} of T = ${T}; a decay stays in [0, 1]`,
    label: 'leaves [0, 1]',
    ...(given.length > 0 ? { notes: [`with ${given.join(', ')}`] } : {}),
    help: `limit it with \`clip(x, 0, 1)\`, or declare \`${name}\` with \`schedule\``,
    fix: limiting(result),
  })
}

/** That a decay is taken at its word as long as it keeps it: what is emitted limits its value. */
function unproved(
  { name, parameters }: FunctionDeclaration,
  result: Expression,
  path: string,
): Diagnostic {
  const free = parameters.find(
    (parameter) => parameter.range === undefined && parameter.default !== undefined,
  )
  return diagnose('decay-unproved', {
    path,
    span: result.span,
    message: `I cannot prove that \`${name.name}\` stays in [0, 1]; no step that was tried leaves it`,
    label: 'neither proved nor refuted',
    help:
      free === undefined
        ? `make sure with \`clip(x, 0, 1)\`, or declare \`${name.name}\` with \`schedule\``
        : `say what \`${free.name.name}\` may be, for instance \`${free.name.name} in [0, 1] = ...\``,
    fix: limiting(result),
  })
}

function limiting({ span }: Expression): Fix {
  return {
    title: 'limit it to [0, 1]',
    edits: [
      { span: { start: span.start, end: span.start }, text: 'clip(' },
      { span: { start: span.end, end: span.end }, text: ', 0, 1)' },
    ],
  }
}

/** A step on which a decay leaves [0, 1], with what it was called with; undefined stands for a default. */
export interface Broken {
  readonly t: number
  readonly T: number
  readonly number: number
  readonly arguments_: readonly (number | undefined)[]
}

/** The first step found on which a decay leaves [0, 1] when its parameters have any of these values. */
export function findBroken(
  tables: Tables,
  declaration: FunctionDeclaration,
  samples: readonly (readonly (number | undefined)[])[],
): Broken | undefined {
  const combinations = combine(samples)
  const whole = combinations.length > 1 ? LONGEST_WHOLE_COMBINED : LONGEST_WHOLE
  for (const T of TOTALS) {
    for (const t of stepsOf(T, whole)) {
      for (const arguments_ of combinations) {
        const number = callAt(tables, declaration, arguments_, { t, T })
        if (contains(PROMISED, number) || Math.abs(number - 0.5) <= 0.5 + ROUNDING) continue
        return { t, T, number, arguments_ }
      }
    }
  }
  return undefined
}

/** The steps of a run that are tried: all, or `most` of them in equal distances and as many at either end. */
function stepsOf(T: number, most: number): readonly number[] {
  const ends = Math.min(T, most)
  const steps = new Set<number>()
  for (let t = 0; t < ends; t++) {
    steps.add(t)
    steps.add(Math.floor((t * T) / ends))
    steps.add(T - ends + t)
  }
  return [...steps].sort((a, b) => a - b)
}

/** Arguments to try for a parameter; undefined stands for its default. */
function samplesOf(tables: Tables, parameter: Parameter): readonly (number | undefined)[] {
  if (tables.implicitDefaults.has(parameter)) return [undefined]
  const declared = declaredInterval(tables, parameter)
  const byDefault =
    parameter.default === undefined ? [] : [constantValue(tables, parameter.default)]
  if (declared === undefined) return byDefault.length > 0 ? byDefault : [undefined]
  return [...new Set([...byDefault, ...pointsIn(declared)])]
}

function pointsIn(range: Interval): number[] {
  const { low, high } = range
  const width = Number.isFinite(high - low) ? high - low : 1
  const inside = [0, 1, 0.5, 0.1, 0.9, 1e-6, 1 - 1e-6].map((part) =>
    Number.isFinite(low) ? low + part * width : high - part * width,
  )
  const far = [1e-3, 1, 10, 1e3, 1e6].flatMap((size) => [size, -size])
  return [...inside, ...(Number.isFinite(high - low) ? [] : far)].filter(
    (point) => Number.isFinite(point) && contains(range, point),
  )
}

/** All ways to take one element of each list, as many as are tried; the first elements come first. */
function combine<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>(
    (combined, list) =>
      combined
        .flatMap((start) => list.map((element) => [...start, element]))
        .slice(0, MOST_COMBINATIONS),
    [[]],
  )
}

function show(number: number): string {
  return String(Number(number.toPrecision(6)))
}
