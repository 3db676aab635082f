import { basename } from 'node:path'
import type { Figure } from '../../../draw/figure.ts'
import type { Program, ScheduleFunction } from '../../../ir/graph.ts'
import { curveOf, curvesFigure, missingArgument } from '../../../language/plot/curves.ts'
import { pathOf, pathsFigure } from '../../../language/plot/paths.ts'
import { SURFACES, USUAL_SURFACES } from '../../../language/plot/surfaces.ts'
import { jsonNumbers } from '../../../language/trace.ts'
import { schedulesInside } from '../../../plan/schedules-inside.ts'
import type { Assignments } from '../assignments.ts'
import type { Invocation } from '../command.ts'
import {
  chosen,
  compileFiles,
  settable,
  shareValues,
  type CompiledFile,
} from '../compiled-files.ts'
import { exitCodes, failure } from '../failure.ts'
import { findInputs } from '../inputs.ts'
import { checkLearningRate } from '../learning-rate.ts'
import { checkPicturePath, drawForOutput, writePicture } from '../picture.ts'
import { createSources } from '../sources.ts'

interface PlotOptions {
  readonly name: string | undefined
  readonly steps: number | undefined
  readonly set: Assignments | undefined
  readonly lr: number | 'auto' | 'default'
  readonly surface: string | undefined
  readonly task: string | undefined
  readonly data: string | undefined
  readonly inside: boolean
  readonly out: string | undefined
  readonly json: boolean
}

const CURVE_STEPS = 100
const PATH_STEPS = 200

/** `optc plot`. */
export async function run({
  operands,
  options,
  world,
  output,
}: Invocation<PlotOptions>): Promise<number> {
  if (options.out !== undefined) checkPicturePath(options.out)
  if (options.task !== undefined && (options.inside || options.surface !== undefined))
    throw failure('usage', `--task and --${options.inside ? 'inside' : 'surface'} are two figures`)
  const sources = createSources(world.cwd)
  const files = compileFiles(await findInputs(operands, world, sources), sources, output)
  if (files === undefined) return exitCodes.failed
  const { task } = options
  const results =
    task === undefined
      ? drawSubjects(files, options)
      : await (
          await import('../plotting/plot-task.ts')
        ).plotTask(files, { ...options, task }, world)
  if (options.json) output.print(results.data.map((each) => `${JSON.stringify(each)}\n`).join(''))
  if (options.out !== undefined) await writePicture(results.figure(), options.out, world, output)
  else if (!options.json) output.print(drawForOutput(results.figure(), output))
  return exitCodes.done
}

/** What there is to see: JSON values, and the figure of them. */
interface Results {
  readonly data: readonly object[]
  readonly figure: () => Figure
}

function drawSubjects(files: readonly CompiledFile[], options: PlotOptions): Results {
  const { programs, functions } = subjectsOf(files, options)
  if (programs.length > 0 && functions.length > 0)
    throw failure(
      'usage',
      'optimizers are drawn on surfaces and schedules as curves: that is two figures',
      'plot them one by one; `--inside` draws the schedules inside optimizers',
    )
  return programs.length > 0 ? drawPaths(programs, options) : drawCurves(functions, options)
}

function drawPaths(
  programs: readonly Program[],
  { steps, set, lr, surface }: PlotOptions,
): Results {
  if (typeof lr === 'number') checkLearningRate(programs, lr)
  const surfaces = SURFACES.filter(({ name }) =>
    surface === undefined ? USUAL_SURFACES.includes(name) : name === surface,
  )
  const values = shareValues(programs.map(settable), set ?? {})
  const paths = programs.flatMap((program, index) =>
    surfaces.map((each) =>
      pathOf(program, each, {
        totalSteps: steps ?? PATH_STEPS,
        hyperparameters: values[index]!,
        learningRate: lr,
      }),
    ),
  )
  return {
    data: paths.map((path) => ({ ...path, values: jsonNumbers(path.values) })),
    figure: () => pathsFigure(surfaces, paths),
  }
}

function drawCurves(functions: readonly ScheduleFunction[], { steps, set }: PlotOptions): Results {
  const values = shareValues(functions, set ?? {})
  const curves = functions.map((callee, index) => {
    const missing = missingArgument(callee, values[index]!)
    if (missing !== undefined)
      throw failure(
        'failed',
        `${callee.name} needs a value for ${missing}`,
        `give one with --set ${missing}=VALUE`,
      )
    return curveOf(callee, values[index]!, steps ?? CURVE_STEPS)
  })
  return {
    data: curves.map((curve) => ({ ...curve, values: jsonNumbers(curve.values) })),
    figure: () => curvesFigure(curves),
  }
}

interface Subjects {
  readonly programs: readonly Program[]
  readonly functions: readonly ScheduleFunction[]
}

/** What of the files is to be drawn. */
function subjectsOf(files: readonly CompiledFile[], { name, inside }: PlotOptions): Subjects {
  const all = files.map(({ compiled }) => compiled)
  if (name !== undefined) {
    const program = all
      .flatMap(({ programs }) => programs)
      .find((candidate) => candidate.name === name)
    if (program !== undefined)
      return inside
        ? { programs: [], functions: insideOf([program]) }
        : { programs: [program], functions: [] }
    const candidates = all.flatMap(({ programs, functions }) => [...functions, ...programs])
    const where = files.map(({ path }) => path).join(', ')
    if (candidates.length === 0) throw failure('failed', `there is nothing to plot in ${where}`)
    const found = chosen(candidates, name, `there is no ${name} in ${where}`)
    return { programs: [], functions: [found as ScheduleFunction] }
  }
  const subjects = files.map((file): Subjects => {
    const { programs, functions } = file.compiled
    if (programs.length > 0)
      return inside ? { programs: [], functions: insideOf(programs) } : { programs, functions: [] }
    if (functions.length === 0)
      throw failure(
        'failed',
        `there is nothing to plot in ${file.path}`,
        'it declares no optimizer, schedule or decay',
      )
    // A file's own schedule, where it has others that it is made of.
    const main = functions.filter((callee) => callee.name === basename(file.path, '.opt'))
    return { programs: [], functions: main.length > 0 ? main : functions }
  })
  return {
    programs: subjects.flatMap(({ programs }) => programs),
    functions: subjects.flatMap(({ functions }) => functions),
  }
}

function insideOf(programs: readonly Program[]): readonly ScheduleFunction[] {
  const found = programs.flatMap(schedulesInside)
  if (found.length === 0)
    throw failure('failed', `no schedule is used in ${programs.map(({ name }) => name).join(', ')}`)
  return found
}
