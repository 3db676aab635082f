import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { evaluateFunction } from '../../../src/ir/schedule.ts'
import type { Program, ScheduleFunction } from '../../../src/ir/graph.ts'
import { simulateModel } from '../../../src/plan/run/evaluate.ts'
import {
  GRADIENTS,
  PROGRAMS,
  SHAPES,
  start,
  STEPS,
  TOLERANCE,
  worst,
} from '../../agreement/total-rules.ts'
import { fixture, type Trace } from '../../stdlib/fixture.ts'
import { library, libraryFiles, optimizerNames } from '../../stdlib/library.ts'
import { compileText } from '../compile-program.ts'
import { runCalls, runCases, writeModule, type Answer, type Calls, type Case } from './cases.ts'
import { hasModules } from './python.ts'

const { small, bias } = fixture<Record<string, Trace>>('traces.json')
const traces = [small!, bias!]
const { totalSteps } = small!
const LAYOUT = 'outputs-first'

/** A case with the program that it is of. */
interface Compared {
  readonly title: string
  readonly program: Program
  readonly case: Case
}

const float = (numbers: readonly number[]): Float32Array => Float32Array.from(numbers)

async function prepare(folder: string): Promise<readonly Compared[]> {
  const found: Compared[] = []
  for (const name of optimizerNames) {
    const graphs = library(name)
    const { path, classes } = await writeModule(graphs, folder, name)
    const parameters = traces.map(({ shape, w0, gradients }) => ({
      shape,
      start: float(w0),
      gradients: gradients.map(float),
    }))
    found.push({
      title: name,
      program: graphs.programs[0]!,
      case: {
        path,
        name: classes[0]!,
        parameters,
        steps: totalSteps,
        options: { total_steps: totalSteps },
      },
    })
  }
  for (const [at, [title, text]] of Object.entries(PROGRAMS).entries()) {
    const graphs = compileText('tried.opt', `optimizer tried(lr = 0.1) {\n${text}\n}`)
    const { path, classes } = await writeModule(graphs, folder, `total_${at}`)
    for (const [kind, gradientOf] of Object.entries(GRADIENTS)) {
      const parameters = SHAPES.map((shape, index) => ({
        shape,
        start: float(start[index]!),
        gradients: Array.from({ length: STEPS }, (_, step) => float(gradientOf(step, index))),
      }))
      found.push({
        title: `${title}, ${kind} gradients`,
        program: graphs.programs[0]!,
        case: { path, name: classes[0]!, parameters, steps: STEPS, options: {} },
      })
    }
  }
  return found
}

/** The largest difference of a run, and where it is. */
function worstOf(
  { program, case: { parameters, steps, options } }: Compared,
  answer: Answer,
): string[] {
  if ('error' in answer) return [answer.error]
  const { w, evaluate } = simulateModel(
    program,
    {
      shapes: parameters.map(({ shape }) => shape),
      layout: LAYOUT,
      ...(options['total_steps'] !== undefined && { totalSteps: options['total_steps'] }),
    },
    parameters.map((each) => each.start),
    Array.from({ length: steps }, (_, step) => parameters.map(({ gradients }) => gradients[step]!)),
  )
  const wrong: string[] = []
  for (const [step, own] of answer.steps.entries())
    for (const [of, actual, wanted] of [
      ['w', own.w, w[step]],
      ['evaluate', own.evaluate, evaluate?.[step]],
    ] as const) {
      if ((actual === undefined) !== (wanted === undefined)) wrong.push(`${of} is missing`)
      if (actual === undefined || wanted === undefined) continue
      for (const [index, numbers] of actual.entries()) {
        const distance = worst(numbers, wanted[index]!)
        if (distance >= TOLERANCE) wrong.push(`step ${step}, ${of} ${index}: ${distance}`)
      }
    }
  return wrong
}

/** Values for the parameters that have to be given. */
const required = ({ parameters }: ScheduleFunction): readonly number[] =>
  parameters.every((each) => each.default === undefined) ? parameters.map(() => 0.5) : []

describe.runIf(hasModules('torch', 'numpy'))('on PyTorch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'optc-pytorch-'))
  const answers = new Map<string, readonly string[]>()
  beforeAll(async () => {
    const all = await prepare(folder)
    const found = runCases(
      all.map((each) => each.case),
      folder,
    )
    all.forEach((each, index) => answers.set(each.title, worstOf(each, found[index]!)))
  }, 300_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test.each(optimizerNames)('std/%s goes the way of the evaluator', (name) => {
    expect(answers.get(name)).toEqual([])
  })

  describe.each(Object.keys(PROGRAMS))('numbers over all parameters: %s', (title) => {
    test.each(Object.keys(GRADIENTS))('%s gradients', (kind) => {
      expect(answers.get(`${title}, ${kind} gradients`)).toEqual([])
    })
  })

  test('schedules and decays have the values of the evaluator', async () => {
    const T = 10
    const steps = [0, 1, 4, 9, 10, 15]
    const modules = libraryFiles
      .map((name) => ({ name, functions: library(name).functions }))
      .filter(({ functions }) => functions.length > 0)
    const calls: Calls[] = []
    for (const { name, functions } of modules) {
      const { path } = await writeModule({ programs: [], functions }, folder, `${name}_functions`)
      calls.push({
        path,
        functions: Object.fromEntries(
          functions.map((each) => [each.name, steps.map((t) => [t, T, ...required(each)])]),
        ),
      })
    }
    const found = runCalls(calls, folder)
    for (const [index, { functions }] of modules.entries())
      for (const callee of functions)
        for (const [at, t] of steps.entries()) {
          const wanted = evaluateFunction(callee, required(callee), t, T)
          const actual = found[index]![callee.name]![at]!
          if (Object.is(wanted, actual)) continue
          expect(Math.abs(actual / wanted - 1), `${callee.name}(${t})`).toBeLessThan(1e-12)
        }
  })
})
