import { z } from 'zod'

/** What an optimizer is given for one parameter. */
export interface ParameterTrace {
  readonly shape: readonly number[]
  /** The elements before the first step, row-major. */
  readonly w0: readonly number[]
  /** The gradient of each step, row-major. */
  readonly gradients: readonly (readonly number[])[]
  /** False for a matrix that is in no hidden layer. */
  readonly hidden?: boolean | undefined
}

/** A recorded run without its answer: where parameters start, and the gradient of every step. */
export interface Trace {
  readonly parameters: readonly ParameterTrace[]
  /** Whether the file wrote its parameters as a list, so that the answer is one as well. */
  readonly several: boolean
  readonly hyperparameters: Readonly<Record<string, number>>
  readonly totalSteps: number | undefined
  readonly seed: number | undefined
}

const NOT_FINITE: Readonly<Record<string, number>> = { NaN, Infinity, '-Infinity': -Infinity }

/** A number; JSON has no others than the finite ones, so these are words. */
const number = z.union(
  [z.number(), z.enum(['NaN', 'Infinity', '-Infinity']).transform((word) => NOT_FINITE[word]!)],
  { error: 'expected a number, or "NaN", "Infinity" or "-Infinity"' },
)
const numbers = z.array(number)
const parameter = z.strictObject({
  shape: z.array(z.int().nonnegative()),
  w0: numbers,
  gradients: z.array(numbers),
  hidden: z.boolean().optional(),
})
/** Numbers by name. A record of zod leaves out `__proto__`, which a program may call a hyperparameter. */
const numbersByName = z.unknown().transform((given, { addIssue }) => {
  const isTable = isRecord(given) && !Array.isArray(given)
  if (!isTable) addIssue({ code: 'invalid_type', expected: 'record', input: given })
  const entries = isTable ? Object.entries(given) : []
  for (const [name, value] of entries) {
    const { error } = z.number().safeParse(value)
    error?.issues.forEach(({ message }) => addIssue({ code: 'custom', message, path: [name] }))
  }
  return Object.fromEntries(entries) as Readonly<Record<string, number>>
})
const settings = {
  hyperparameters: numbersByName.default({}),
  totalSteps: z.int().positive().optional(),
  seed: z.int().nonnegative().optional(),
}
const single = parameter.extend(settings).strict()
const listed = z.strictObject({ parameters: z.array(parameter).nonempty(), ...settings })
const columns = z.strictObject({
  shape: z.array(parameter.shape.shape),
  w0: z.array(parameter.shape.w0),
  gradients: z.array(parameter.shape.gradients),
})
const tabulated = z.strictObject({ parameters: columns, ...settings })

/** A trace, or why a text is none: the end of a sentence that begins with what the text is called. */
export type ReadTrace =
  { readonly ok: true; readonly value: Trace } | { readonly ok: false; readonly problem: string }

/** What a trace looks like, as help for one that is none. */
export const TRACE_EXAMPLE =
  'a trace looks like {"shape": [2], "w0": [1, 2], "gradients": [[0.1, 0.2], [0.1, 0.1]], "totalSteps": 100, "hyperparameters": {"lr": 0.1}}'

/** The trace that a JSON text holds. The problem names the first fields that are wrong and what was expected there. */
export function readTrace(text: string): ReadTrace {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ok: false, problem: `is not JSON: ${reason}` }
  }
  const read = parseTrace(json)
  if ('problems' in read) return { ok: false, problem: describeProblems(read.problems) }
  const trace = read.value
  const problems = trace.parameters.flatMap((given, index) =>
    sizeProblems(given, trace.several ? `parameters[${index}].` : ''),
  )
  const steps = trace.parameters[0]!.gradients.length
  trace.parameters.forEach((given, index) => {
    if (given.gradients.length !== steps)
      problems.push(
        `parameters[${index}].gradients: ${given.gradients.length} steps, but the first parameter has ${steps}`,
      )
  })
  return problems.length > 0
    ? { ok: false, problem: describeProblems(problems) }
    : { ok: true, value: trace }
}

/** A value, or what is wrong with what it was to be read from. */
type Reading<T> = { readonly value: T } | { readonly problems: readonly string[] }

function parseTrace(json: unknown): Reading<Trace> {
  const parameters: unknown = isRecord(json) ? json['parameters'] : undefined
  if (parameters === undefined) {
    const read = parsed(single, json)
    if ('problems' in read) return read
    const { shape, w0, gradients, hidden, ...rest } = read.value
    return {
      value: {
        parameters: [{ shape, w0, gradients, hidden }],
        several: false,
        ...settingsOf(rest),
      },
    }
  }
  if (Array.isArray(parameters)) {
    const read = parsed(listed, json)
    if ('problems' in read) return read
    const { parameters: given, ...rest } = read.value
    return { value: { parameters: given, several: true, ...settingsOf(rest) } }
  }
  const read = parsed(tabulated, json)
  if ('problems' in read) return read
  const { parameters: table, ...rest } = read.value
  const { shape, w0, gradients } = table
  if (shape.length === 0) return { problems: ['parameters.shape: expected at least one shape'] }
  const uneven = Object.entries(table).filter(([, column]) => column.length !== shape.length)
  if (uneven.length > 0)
    return {
      problems: uneven.map(
        ([name, column]) =>
          `parameters.${name}: ${column.length} entries, but parameters.shape has ${shape.length}`,
      ),
    }
  const rows = shape.map((each, index) => ({
    shape: each,
    w0: w0[index]!,
    gradients: gradients[index]!,
  }))
  return { value: { parameters: rows, several: true, ...settingsOf(rest) } }
}

function settingsOf(given: {
  readonly hyperparameters: Readonly<Record<string, number>>
  readonly totalSteps?: number | undefined
  readonly seed?: number | undefined
}): Omit<Trace, 'parameters' | 'several'> {
  return { hyperparameters: given.hyperparameters, totalSteps: given.totalSteps, seed: given.seed }
}

function isRecord(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null
}

function parsed<T>(schema: z.ZodType<T>, json: unknown): Reading<T> {
  const result = schema.safeParse(json)
  return result.success
    ? { value: result.data }
    : { problems: result.error.issues.map(describeIssue) }
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const field = issue.path
    .map((part, index) =>
      typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`,
    )
    .join('')
  const message = issue.message.replace(/^Invalid input: /, '')
  return field === '' ? message : `${field}: ${message}`
}

function sizeProblems({ shape, w0, gradients }: ParameterTrace, prefix: string): string[] {
  const size = shape.reduce((product, length) => product * length, 1)
  const expected = `expected ${size}, the elements of shape [${shape.join(', ')}]`
  const problems = w0.length === size ? [] : [`${prefix}w0: ${w0.length} numbers, ${expected}`]
  gradients.forEach((gradient, step) => {
    if (gradient.length !== size)
      problems.push(`${prefix}gradients[${step}]: ${gradient.length} numbers, ${expected}`)
  })
  return problems
}

/** More problems than these help nobody. */
const MOST_PROBLEMS = 5

function describeProblems(problems: readonly string[]): string {
  const shown = problems.slice(0, MOST_PROBLEMS)
  const rest = problems.length - shown.length
  const list = [...shown, ...(rest > 0 ? [`and ${rest} more`] : [])]
  return `is not a trace:${list.map((problem) => `\n  ${problem}`).join('')}`
}

/** `values` as JSON can hold them: those that are not finite as the words of `readTrace`. */
export function jsonNumbers(values: Iterable<number>): (number | string)[] {
  return Array.from(values, (value) => (Number.isFinite(value) ? value : String(value)))
}
