import { contours } from '../../../draw/contours.ts'
import type { Contour } from '../../../draw/figure.ts'
import type { Point } from '../../../draw/polyline.ts'
import type { Program } from '../../../ir/graph.ts'
import { LEARNING_RATE } from '../../../language/learning-rate.ts'
import { searchPath, type Path } from '../../../language/plot/paths.ts'
import { SURFACES, type Surface } from '../../../language/plot/surfaces.ts'
import { librarySource } from '../../../library/sources.ts'
import { compile } from '../../../compile.ts'
import { libraryLoader } from '../../../library/sources.ts'
import { planStep } from '../../../plan/plan.ts'
import { breathe } from '../calls/answer-questions.ts'
import {
  graphsOf,
  programNamed,
  shownParameters,
  type Nothing,
  type ShownParameter,
  type TextQuestion,
} from './program.ts'

export interface RaceQuestion extends TextQuestion {
  readonly kind: 'race'
  /** Which optimizer; the first where there is none of that name. */
  readonly name?: string
  /** The name of a surface. */
  readonly surface: string
  /** Where all of them start; the surface's own start when absent. */
  readonly start?: Point
  readonly steps: number
  /** Hyperparameters of the rule; a learning rate that is absent is chosen for the surface. */
  readonly values: Readonly<Record<string, number>>
}

/** Paths of a rule and of its rivals: so far, where some are still to come. */
export interface Race {
  readonly kind: 'race'
  readonly name: string
  /** Of the rule, with what it raced with. */
  readonly parameters: readonly ShownParameter[]
  readonly surface: DrawnRaceSurface
  /** The rule first, then those of `RIVALS`. */
  readonly racers: readonly Racer[]
}

/** What is drawn of a surface. */
export type DrawnRaceSurface = Pick<
  Surface,
  'name' | 'title' | 'start' | 'minima' | 'low' | 'high'
> & {
  readonly contours: readonly Contour[]
}

export interface Racer {
  readonly name: string
  readonly path: Path
  /** Whether the learning rate is the best of a grid, rather than one that was given. */
  readonly isTuned: boolean
  /** Whether the two numbers are a matrix to it: of two inputs and one output. */
  readonly isMatrix: boolean
}

/** Files of the library that a rule races. */
export const RIVALS = ['std/adam', 'std/sgd', 'std/lion', 'std/muon'] as const

/** How long work goes on before messages are let in, in milliseconds. */
const STRETCH = 12
/** Cells of the contours' grid in each direction. */
const CELLS = 140
/** Surfaces and starts whose rivals are kept. */
const MOST_KEPT = 40

/** Races the rule against its rivals, and reports after each that has arrived. Rejects when the signal aborts. */
export async function raceOf(
  question: RaceQuestion,
  signal: AbortSignal,
  report: (race: Race) => void,
): Promise<Race | Nothing> {
  const graphs = graphsOf(question)
  if (graphs.kind === 'none') return graphs
  const program = programNamed(graphs.compiled, question.name)
  if ('kind' in program) return program
  const surface = SURFACES.find(({ name }) => name === question.surface) ?? SURFACES[0]!
  const course: Course = {
    surface: { ...surface, start: startOn(surface, question.start) },
    steps: question.steps,
  }
  const parameters = shownParameters(program.hyperparameters, question.values)
  const own = await runOn(course, program, question.values, parameters, signal)
  const { learningRate } = own.path
  const race = (racers: readonly Racer[]): Race => ({
    ...{ kind: 'race', name: program.name, surface: drawn(course.surface), racers },
    parameters: parameters.map((parameter) =>
      parameter.name === LEARNING_RATE && learningRate !== undefined && own.isTuned
        ? // What is usual here is what was found.
          { ...parameter, value: learningRate, initial: learningRate }
        : parameter,
    ),
  })
  let racers: readonly Racer[] = [own]
  for (const rival of RIVALS) {
    report(race(racers))
    racers = [...racers, await rivalOn(course, rival, signal)]
  }
  return race(racers)
}

/** What is raced on, from where, for how long. */
interface Course {
  readonly surface: Surface
  readonly steps: number
}

/** A place that is drawn. */
function startOn({ low, high, start }: Surface, wanted: Point | undefined): Point {
  if (wanted === undefined) return start
  const inside = (axis: 0 | 1): number =>
    Math.fround(Math.min(high[axis], Math.max(low[axis], wanted[axis])))
  return [inside(0), inside(1)]
}

/** The path of the rule with the values that it may have. */
function runOn(
  course: Course,
  program: Program,
  given: Readonly<Record<string, number>>,
  parameters: readonly ShownParameter[],
  signal: AbortSignal,
): Promise<Racer> {
  const isGiven = ({ name, value }: ShownParameter): boolean =>
    Object.hasOwn(given, name) && given[name] === value
  const values = Object.fromEntries(
    parameters.filter(isGiven).map(({ name, value }) => [name, value]),
  )
  return run(course, program, values, signal)
}

const kept = new Map<string, Racer>()

async function rivalOn(
  course: Course,
  file: (typeof RIVALS)[number],
  signal: AbortSignal,
): Promise<Racer> {
  const { surface, steps } = course
  const key = `${file} ${surface.name} ${surface.start.join(' ')} ${steps}`
  const known = kept.get(key)
  if (known !== undefined) return known
  const [program] = compile(librarySource(file)!, libraryLoader).value!.programs
  const racer = await run(course, program!, {}, signal)
  const [oldest] = kept.keys()
  if (kept.size >= MOST_KEPT * RIVALS.length && oldest !== undefined) kept.delete(oldest)
  kept.set(key, racer)
  return racer
}

async function run(
  { surface, steps }: Course,
  program: Program,
  hyperparameters: Readonly<Record<string, number>>,
  signal: AbortSignal,
): Promise<Racer> {
  // A rule that asks for the shape is shown what it does with matrices: with a vector Muon is AdamW.
  const isMatrix = planStep(program).parameter.kind === 'branch'
  const search = searchPath(program, surface, {
    ...{ totalSteps: steps, hyperparameters, learningRate: 'auto' },
    shape: isMatrix ? 'matrix' : 'vector',
  })
  for (let since = performance.now(); ;) {
    const { done, value: path } = search.next()
    if (done === true) {
      const isTuned =
        path.learningRate !== undefined && !Object.hasOwn(hyperparameters, LEARNING_RATE)
      return { name: program.name, path, isTuned, isMatrix }
    }
    if (performance.now() - since < STRETCH) continue
    await breathe()
    signal.throwIfAborted()
    since = performance.now()
  }
}

const drawnSurfaces = new Map<string, readonly Contour[]>()

function drawn(surface: Surface): DrawnRaceSurface {
  const { name, title, start, minima, low, high, levels } = surface
  const known = drawnSurfaces.get(name) ?? contours(surface, levels, CELLS, CELLS)
  drawnSurfaces.set(name, known)
  return { name, title, start, minima, low, high, contours: known }
}
