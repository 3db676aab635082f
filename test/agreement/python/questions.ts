import { inFolder, runPython } from '../../emit/pytorch/python.ts'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A parameter of a run. */
export interface GivenParameter {
  readonly shape: readonly number[]
  readonly start: Float32Array
  readonly gradients: readonly Float32Array[]
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

/** Calls of the functions of a module: by name, the arguments of each call. */
export interface Calls {
  readonly path: string
  readonly functions: Readonly<Record<string, readonly (readonly number[])[]>>
}

export type Question = Case | Calls

/** What there is after a step. */
export interface RunStep {
  readonly w: readonly Float32Array[]
  readonly states: readonly ReadonlyMap<string, Float32Array>[]
  /** Numbers of the run, by name. */
  readonly run: ReadonlyMap<string, number>
  readonly evaluate: readonly Float32Array[] | undefined
}

/** The steps of a case, or the values of calls by name. */
export type Answer =
  | { readonly steps: readonly RunStep[] }
  | { readonly values: Readonly<Record<string, readonly number[]>> }
  /** What Python said instead. */
  | { readonly error: string }

/** What one process of Python answers: `script` with its arguments reads the questions and writes the answers. */
export function ask(
  [script, ...rest]: readonly [string, ...string[]],
  questions: readonly Question[],
): Promise<readonly Answer[]> {
  return inFolder((folder) => {
    const [asked, answered] = [join(folder, 'questions.json'), join(folder, 'answers.json')]
    writeFileSync(asked, JSON.stringify(questions.map(encodeQuestion)))
    runPython(script, asked, answered, ...rest)
    const answers = JSON.parse(readFileSync(answered, 'utf8')) as readonly EncodedAnswer[]
    return Promise.resolve(answers.map(decodeAnswer))
  })
}

const encode = (numbers: Float32Array): string =>
  Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString('base64')

const encodeQuestion = (question: Question): unknown =>
  'functions' in question
    ? question
    : {
        ...question,
        parameters: question.parameters.map(({ shape, start, gradients }) => ({
          shape,
          start: encode(start),
          gradients: gradients.map(encode),
        })),
      }

interface EncodedStep {
  readonly w: readonly string[]
  readonly states: readonly Readonly<Record<string, string | number>>[]
  readonly run: Readonly<Record<string, string>>
  readonly evaluate?: readonly string[]
}

type EncodedAnswer =
  | { readonly steps: readonly EncodedStep[] }
  | { readonly values: Readonly<Record<string, readonly string[]>> }
  | { readonly error: string }

function decodeAnswer(answer: EncodedAnswer): Answer {
  if ('error' in answer) return answer
  if ('steps' in answer) return { steps: answer.steps.map(decodeStep) }
  const values = Object.entries(answer.values)
  return { values: Object.fromEntries(values.map(([name, all]) => [name, all.map(hexadecimal)])) }
}

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
