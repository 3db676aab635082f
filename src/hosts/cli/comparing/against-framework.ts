import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { z } from 'zod'
import type { Program } from '../../../ir/graph.ts'
import { createRandom, rootKey } from '../../../operators/random.ts'
import { simulateModel } from '../../../plan/run/evaluate.ts'
import { packageRoot } from '../../../tasks/package-root.ts'
import { FRAMEWORKS, type Framework, type SaidOfFramework } from './said-of-framework.ts'

/** Rows and columns of the parameter that is stepped, and how often. */
const SHAPE = [3, 2] as const
const STEPS = 5

const ANSWER = z.union([
  z.object({ missing: z.string() }),
  z.object({
    version: z.string(),
    arguments: z.record(z.string(), z.unknown()),
    weights: z.array(z.array(z.array(z.number().nullable()))),
  }),
])

/** A rule and the framework's own optimizer on the same gradients. */
export interface ComparedSteps {
  readonly version: string
  /** What the framework's optimizer was given, by its own names. */
  readonly arguments: Readonly<Record<string, unknown>>
  /** The first weight after each step, and how far apart the two are at most, in parts of what the weights have moved. */
  readonly steps: readonly {
    readonly own: number
    readonly theirs: number
    readonly distance: number
  }[]
}

/** Steps both in 64 bits, or says why the framework's cannot be stepped. */
export function compareSteps(
  program: Program,
  framework: Framework,
  { name, flags }: NonNullable<SaidOfFramework['optimizer']>,
  python: string,
): ComparedSteps | string {
  const random = createRandom(rootKey(1))
  const numbers = (): number[] => Array.from({ length: SHAPE[0] * SHAPE[1] }, () => random.normal())
  const start = numbers()
  const gradients = Array.from({ length: STEPS }, numbers)
  const hyperparameters = Object.fromEntries(
    program.hyperparameters.map((each) => [each.name, each.default]),
  )
  const question = {
    ...{ framework, name, flags, hyperparameters },
    start: inRows(start),
    gradients: gradients.map(inRows),
  }
  const script = join(packageRoot(), 'src/hosts/cli/comparing/framework_steps.py')
  const { stdout, stderr, status, error } = spawnSync(python, [script], {
    input: JSON.stringify(question),
    encoding: 'utf8',
  })
  if (error !== undefined) return error.message
  if (status !== 0) return stderr.trim().split('\n').at(-1) ?? `${python} ended with ${status}`
  const answer = ANSWER.parse(JSON.parse(stdout.split('\n').at(-1)!))
  if ('missing' in answer) return answer.missing
  const { w } = simulateModel(
    program,
    {
      shapes: [SHAPE],
      layout: FRAMEWORKS[framework].layout,
      precision: 64,
      totalSteps: STEPS,
    },
    [start],
    gradients.map((each) => [each]),
  )
  const steps = w.map(([own], step) => {
    const theirs = answer.weights[step]!.flat().map((value) => value ?? Number.NaN)
    const way = Math.max(...Array.from(own!, (value, place) => Math.abs(value - start[place]!)))
    const apart = Math.max(...Array.from(own!, (value, place) => Math.abs(value - theirs[place]!)))
    return { own: own![0]!, theirs: theirs[0]!, distance: apart === 0 ? 0 : apart / way }
  })
  return { version: answer.version, arguments: answer.arguments, steps }
}

const inRows = (values: readonly number[]): number[][] =>
  Array.from({ length: SHAPE[0] }, (_, row) => values.slice(row * SHAPE[1], (row + 1) * SHAPE[1]))
