import { diagnose } from '../../diagnostics/diagnose.ts'
import type { Diagnostic, Fix } from '../../diagnostics/diagnostic.ts'
import { PROMISED } from '../../ir/analysis/promise.ts'
import type { Hyperparameter, ScheduleFunction } from '../../ir/graph.ts'
import type { LoweredSchedule } from '../../ir/lowering/occurrence.ts'
import { evaluateFunction } from '../../ir/schedule.ts'
import { contains, type Interval } from '../../operators/interval.ts'
import type { Call, Expression, FunctionDeclaration } from '../../syntax/ast.ts'

/** What rounding may add without the promise being broken. */
const ROUNDING = 1e-12
const TOTALS = [1, 2, 3, 10, 19, 100, 1000, 10_000, 1_000_000]
/** The longest run of which every step is tried; of longer ones the first, the last and as many in between. */
const LONGEST_WHOLE = 1000
/** The same where several combinations of arguments are tried. */
const LONGEST_WHOLE_COMBINED = 100
const MOST_COMBINATIONS = 64

/**
 * What is wrong with the promise of a decay to stay in [0, 1] where it is not proved. Steps of runs of several lengths are
 * tried: the first that breaks it is in the diagnostic. A promise that is neither proved nor broken is one too.
 */
export function checkDecay(
  { written, function: called }: LoweredSchedule,
  declaration: FunctionDeclaration,
  result: Expression,
  path: string,
): Diagnostic | undefined {
  if (written === called) return undefined
  const name = declaration.name.name
  const ranged = new Set(
    declaration.parameters.flatMap((parameter) =>
      parameter.range === undefined ? [] : [parameter.name.name],
    ),
  )
  const unbounded = written.parameters.find(
    (parameter) => parameter.default === undefined && !ranged.has(parameter.name),
  )
  const unboundedName = declaration.parameters.find(
    (parameter) => parameter.name.name === unbounded?.name,
  )?.name
  if (unboundedName !== undefined) {
    return diagnose('decay-unbounded-parameter', {
      path,
      span: unboundedName.span,
      message: `\`${name}\` must stay in [0, 1], and \`${unboundedName.name}\` can be anything`,
      help: `give it a range or a default: \`${unboundedName.name} in [0, 1]\``,
    })
  }
  const broken = findBroken(
    written,
    written.parameters.map((parameter) => samplesOf(parameter, ranged.has(parameter.name))),
  )
  if (broken === undefined) return unproved(declaration, result, path)
  const { t, T, number, arguments_ } = broken
  const given = written.parameters.flatMap((parameter, index) => {
    const argument = arguments_[index]
    return argument === undefined ? [] : [`${parameter.name} = ${show(argument)}`]
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

/** That a decay leaves [0, 1] when it is called with these arguments, each one number or undefined for the default. */
export function checkDecayCall(
  { written }: LoweredSchedule,
  call: Call,
  given: readonly (number | undefined)[],
  path: string,
): Diagnostic | undefined {
  const broken = findBroken(
    written,
    given.map((number) => [number]),
  )
  if (broken === undefined) return undefined
  const { t, T, number } = broken
  return diagnose('decay-out-of-range', {
    path,
    span: call.span,
    message: `with these arguments \`${call.callee.name}\` is ${show(number)} at step t = ${t} of T = ${T}; a decay stays in [0, 1]`,
    label: 'leaves [0, 1]',
    help: 'pass other arguments; in its declaration, give the parameter a range',
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
interface Broken {
  readonly t: number
  readonly T: number
  readonly number: number
  readonly arguments_: readonly (number | undefined)[]
}

/** The first step found on which a decay leaves [0, 1] when its parameters have any of these values. */
function findBroken(
  decay: ScheduleFunction,
  samples: readonly (readonly (number | undefined)[])[],
): Broken | undefined {
  const combinations = combine(samples)
  const whole = combinations.length > 1 ? LONGEST_WHOLE_COMBINED : LONGEST_WHOLE
  for (const T of TOTALS) {
    for (const t of stepsOf(T, whole)) {
      for (const arguments_ of combinations) {
        const number = evaluateFunction(decay, arguments_, t, T)
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
function samplesOf(
  { interval: declared, default: byDefault }: Hyperparameter,
  isRanged: boolean,
): readonly (number | undefined)[] {
  const own = byDefault === undefined ? [] : [byDefault]
  if (!isRanged) return own.length > 0 ? own : [undefined]
  return [...new Set([...own, ...pointsIn(declared)])]
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
