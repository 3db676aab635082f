import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { planStep } from '../../../plan/plan.ts'
import { simulateModel } from '../../../plan/run/evaluate.ts'
import { tooLongSide } from '../../../plan/side-limits.ts'
import type { LoadedTargetName } from '../../../emit/loaded-targets.ts'
import type { Program } from '../../../ir/graph.ts'
import { layouts, type Layout } from '../../../operators/layout.ts'
import { jsonNumbers, readTrace, TRACE_EXAMPLE, type Trace } from '../../../language/trace.ts'
import type { BackendChoice } from '../../../runtime/backends.ts'
import type { Invocation } from '../command.ts'
import { chooseProgram, compileFiles, settable, shareValues } from '../compiled-files.ts'
import { exitCodes, failure } from '../failure.ts'
import type { World } from '../world.ts'
import { findInput } from '../inputs.ts'
import type { Output } from '../output.ts'
import { createSources, reasonOf } from '../sources.ts'

interface SimulateOptions {
  readonly name: string | undefined
  readonly trace: string | undefined
  readonly target: 'evaluator' | LoadedTargetName
  readonly backend: BackendChoice | undefined
  readonly layout: Layout
  readonly json: boolean
}

/** Weights of each parameter after each step. */
type Weights = readonly (readonly ArrayLike<number>[])[]

/** The weights, and those to evaluate with where the program says which these are. */
interface Run {
  readonly w: Weights
  readonly evaluate?: Weights
}

/** `optc simulate`. */
export async function run({
  operands,
  options,
  world,
  output,
}: Invocation<SimulateOptions>): Promise<number> {
  if (options.trace === undefined)
    throw failure(
      'usage',
      '--trace FILE is missing: the start and the gradients to apply',
      'with `-` it is read from standard input',
    )
  if (options.trace === '-' && operands[0] === '-')
    throw failure('usage', 'the rule and the trace cannot both come from standard input')
  if (options.backend !== undefined && options.target === 'evaluator')
    throw failure('usage', '--backend is for --target ts and kernels; the evaluator needs none')
  if (options.layout !== layouts[0] && options.target !== 'evaluator')
    throw failure(
      'usage',
      `--layout ${options.layout} is for the evaluator: parameters of tfjs have their outputs on the last axis`,
    )
  const sources = createSources(world.cwd)
  const path = await findInput(operands[0]!, world, sources)
  const files = compileFiles([path], sources, output)
  if (files === undefined) return exitCodes.failed
  const program = chooseProgram(files[0]!, options.name)
  const read = readTrace(await readText(options.trace, world))
  if (!read.ok) {
    const shown = options.trace === '-' ? 'the trace' : options.trace
    throw failure('failed', `${shown} ${read.problem}`, TRACE_EXAMPLE)
  }
  const trace = read.value
  shareValues([settable(program)], trace.hyperparameters)
  if (program.usesTotalSteps && trace.totalSteps === undefined)
    throw failure(
      'failed',
      `${program.name} uses T, the total number of steps`,
      'add "totalSteps" to the trace',
    )

  const plan = planStep(program)
  for (const [index, { shape }] of trace.parameters.entries()) {
    const tooLong = tooLongSide(plan, shape, options.layout)
    const which = trace.several ? `parameters[${index}]` : 'the parameter'
    if (tooLong !== undefined) throw failure('failed', `${which} ${tooLong}`)
  }

  const done =
    options.target === 'evaluator'
      ? evaluate(program, trace, options.layout)
      : await runEmitted(program, trace, options.target, options.backend ?? 'cpu')
  if (options.json) printJson(program, options.target, trace, done, output)
  else await printWeights(program, options.target, trace, done, output)
  return exitCodes.done
}

async function readText(written: string, world: World): Promise<string> {
  if (written === '-') return new TextDecoder().decode(await world.readStdin())
  try {
    return readFileSync(resolve(world.cwd, written), 'utf8')
  } catch (error) {
    throw failure('failed', `cannot read ${written}: ${reasonOf(error)}`)
  }
}

function evaluate(
  program: Program,
  { parameters, hyperparameters, totalSteps, seed }: Trace,
  layout: Layout,
): Run {
  const settings = {
    shapes: parameters.map(({ shape }) => shape),
    areHidden: parameters.map(({ hidden }) => hidden),
    layout,
    hyperparameters,
    ...(totalSteps && { totalSteps }),
    ...(seed && { seed }),
  }
  const gradients = parameters[0]!.gradients.map((_, t) =>
    parameters.map((each) => each.gradients[t]!),
  )
  const start = parameters.map(({ w0 }) => w0)
  const { w, evaluate } = simulateModel(program, settings, start, gradients)
  const ofParameters = (steps: readonly (readonly Float64Array[])[]): Weights =>
    parameters.map((_, index) => steps.map((weights) => weights[index]!))
  return { w: ofParameters(w), ...(evaluate && { evaluate: ofParameters(evaluate) }) }
}

async function runEmitted(
  program: Program,
  trace: Trace,
  target: LoadedTargetName,
  backend: BackendChoice,
): Promise<Run> {
  const { selectBackend } = await import('../../../runtime/backends.ts')
  const selected = await selectBackend(backend)
  if (!selected.ok) throw failure('failed', selected.reason, '`optc doctor` tells more')
  const { replay } = await import('../replay.ts')
  return replay(program, trace, target)
}

function printJson(
  program: Program,
  target: string,
  trace: Trace,
  { w, evaluate }: Run,
  output: Output,
): void {
  const numbersOf = (steps: readonly ArrayLike<number>[]): unknown =>
    steps.map((values) => jsonNumbers(Array.from(values)))
  const all = w.map((steps, index) => ({
    w: numbersOf(steps),
    ...(evaluate && { evaluate: numbersOf(evaluate[index]!) }),
  }))
  const answer = trace.several ? { parameters: all } : all[0]!
  output.print(`${JSON.stringify({ name: program.name, target, ...answer })}\n`)
}

/** Rows of the table from each end of a long run. */
const SHOWN_STEPS = 10
/** More elements than these are summed up in their norm. */
const SHOWN_ELEMENTS = 6

async function printWeights(
  program: Program,
  target: string,
  { parameters }: Trace,
  { w, evaluate }: Run,
  output: Output,
): Promise<void> {
  const { renderTable } = await import('../table.ts')
  const print = (title: string, steps: readonly ArrayLike<number>[]): void => {
    const { head, rows } = tableOf(steps)
    output.print(`${title}\n`)
    output.print(renderTable(head, rows, output.paint, head))
  }
  for (const [index, { shape, w0 }] of parameters.entries()) {
    const which = parameters.length > 1 ? `, parameter ${index}` : ''
    if (index > 0) output.print('\n')
    print(`${output.paint.bold(program.name)} (${target})${which}, shape [${shape.join(', ')}]`, [
      w0,
      ...w[index]!,
    ])
    if (evaluate !== undefined)
      print('\nthe weights to evaluate with after each step', [w0, ...evaluate[index]!])
  }
}

/** The weights at the start and after each step as a table; of many elements in short. */
function tableOf(steps: readonly ArrayLike<number>[]): { head: string[]; rows: string[][] } {
  const [start = []] = steps
  const few = start.length <= SHOWN_ELEMENTS
  const heads = few
    ? Array.from(start, (_, element) => `w[${element}]`)
    : ['|w|', 'smallest', 'largest']
  const rows = steps.flatMap((values, step): string[][] => {
    if (step === SHOWN_STEPS + 1 && steps.length > 2 * SHOWN_STEPS + 2)
      return [['...', ...heads.map(() => ''), '']]
    if (step > SHOWN_STEPS && step < steps.length - SHOWN_STEPS) return []
    const all = Array.from(values)
    const moved =
      step === 0
        ? ''
        : numberText(norm(all.map((value, element) => value - steps[step - 1]![element]!)))
    const shown = few
      ? all
      : [
          norm(all),
          all.reduce((a, b) => Math.min(a, b), Infinity),
          all.reduce((a, b) => Math.max(a, b), -Infinity),
        ]
    return [[String(step), ...shown.map(numberText), moved]]
  })
  return { head: ['step', ...heads, '|change|'], rows }
}

const norm = (values: readonly number[]): number => Math.hypot(...values)

const numberText = (value: number): string => String(Number(value.toPrecision(6)))
