import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Compiled } from '../../../src/compile.ts'
import { printPyTorch } from '../../../src/emit/pytorch/print.ts'
import type { Program } from '../../../src/ir/graph.ts'
import type { Layout } from '../../../src/operators/layout.ts'
import type { Platform } from '../../operators/backend-bounds.ts'
import { askPython } from './python.ts'

/** Takes PyTorch's classes through runs. */
export const SCRIPT = fileURLToPath(new URL('./run_cases.py', import.meta.url))

/** A parameter of a run; where it has no gradient at a step that is null. */
export interface GivenParameter {
  readonly shape: readonly number[]
  readonly start: Float32Array
  readonly gradients: readonly (Float32Array | null)[]
}

/** A run of one optimizer. */
export interface Case {
  /** Where its module is, and what its class is called. */
  readonly path: string
  readonly name: string
  readonly parameters: readonly GivenParameter[]
  readonly steps: number
  readonly options: Readonly<Record<string, number>>
}

/** A framework of Python whose optimizers are compared with the evaluator. */
export interface Framework {
  readonly platform: Platform
  readonly title: string
  readonly layout: Layout
  /** What Python must have. */
  readonly modules: readonly string[]
  /** Writes a module below a folder; gives its path and the names of its optimizers. */
  readonly write: typeof writeModule
  /** Takes them through runs: reads cases and writes answers. */
  readonly script: string
  /** The program as the framework holds it, where it cannot hold all of its numbers. */
  readonly held?: (program: Program) => Program
}

/** What there is after a step. */
export interface RunStep {
  readonly w: readonly Float32Array[]
  readonly states: readonly ReadonlyMap<string, Float32Array>[]
  /** Numbers of the run, by name. */
  readonly run: ReadonlyMap<string, number>
  readonly evaluate: readonly Float32Array[] | undefined
}

/** The steps of a run, or what Python said instead. */
export type Answer = { readonly steps: readonly RunStep[] } | { readonly error: string }

/** Writes the module of what was compiled below a folder; gives its path and the names of its classes. */
export async function writeModule(
  { programs, functions }: Pick<Compiled, 'programs' | 'functions'>,
  folder: string,
  called: string,
): Promise<{ readonly path: string; readonly classes: readonly string[] }> {
  const [module] = await printPyTorch(programs, functions, { name: called })
  mkdirSync(folder, { recursive: true })
  const path = join(folder, module!.path)
  writeFileSync(path, module!.text)
  const classes = [...module!.text.matchAll(/^class (\w+)\((?:Evaluated)?Rule\):$/gm)].map(
    ([, name]) => name!,
  )
  return { path, classes: classes.filter((name) => name !== 'EvaluatedRule') }
}

/** Calls of the functions of a module: by name, the arguments of each call. */
export interface Calls {
  readonly path: string
  readonly functions: Readonly<Record<string, readonly (readonly number[])[]>>
}

/** The values of calls, by name, from one process of Python. */
export function runCalls(
  calls: readonly Calls[],
  folder: string,
): readonly Readonly<Record<string, readonly number[]>>[] {
  const answers = askPython(SCRIPT, folder, calls) as readonly Record<string, string[]>[]
  return answers.map((each) =>
    Object.fromEntries(
      Object.entries(each).map(([name, values]) => [name, values.map(hexadecimal)]),
    ),
  )
}

/** What one process of Python makes of all cases. */
export function runCases(
  cases: readonly Case[],
  folder: string,
  script = SCRIPT,
): readonly Answer[] {
  const encode = (numbers: Float32Array | null): string | null =>
    numbers &&
    Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('base64')
  const question = cases.map((each) => ({
    ...each,
    parameters: each.parameters.map(({ shape, start, gradients }) => ({
      shape,
      start: encode(start),
      gradients: gradients.map(encode),
    })),
  }))
  const answers = askPython(script, folder, question) as readonly EncodedAnswer[]
  return answers.map((answer) =>
    'error' in answer ? answer : { steps: answer.steps.map(decodeStep) },
  )
}

interface EncodedStep {
  readonly w: readonly string[]
  readonly states: readonly Readonly<Record<string, string | number>>[]
  readonly run: Readonly<Record<string, string>>
  readonly evaluate?: readonly string[]
}

type EncodedAnswer = { readonly steps: readonly EncodedStep[] } | { readonly error: string }

function decodeStep({ w, states, run, evaluate }: EncodedStep): RunStep {
  return {
    w: w.map(decode),
    states: states.map(
      (own) =>
        new Map(
          Object.entries(own).map(([name, value]) => [
            name,
            typeof value === 'number' ? Float32Array.of(value) : decode(value),
          ]),
        ),
    ),
    run: new Map(Object.entries(run).map(([name, text]) => [name, hexadecimal(text)])),
    evaluate: evaluate?.map(decode),
  }
}

function decode(text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64')
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}

/** The number that Python's `float.hex` wrote. */
function hexadecimal(text: string): number {
  const [, sign, whole, rest, exponent] = /^(-?)0x([01])\.([\da-f]+)p([+-]\d+)$/.exec(text) ?? []
  if (whole === undefined || rest === undefined)
    return text === 'nan' ? NaN : text.startsWith('-') ? -Infinity : Infinity
  const size = parseInt(`${whole}${rest}`, 16) * 2 ** (-4 * rest.length)
  // In two factors: the power alone may be too small for a number.
  const half = Math.trunc(Number(exponent) / 2)
  return (sign === '-' ? -1 : 1) * size * 2 ** half * 2 ** (Number(exponent) - half)
}
