import * as tf from '@tensorflow/tfjs-core'
import { loadPrograms, type OptimizerClass } from '../../src/emit/ts/load.ts'
import { library } from '../stdlib/library.ts'
import { compileProgram, compileText } from './compile-program.ts'

/** What getWeights gives. */
export type Weights = Awaited<ReturnType<tf.Optimizer['getWeights']>>

async function classOf(compiled: ReturnType<typeof library>): Promise<OptimizerClass> {
  const [Class] = (
    await loadPrograms(compiled.programs, compiled.functions, tf)
  ).optimizers.values()
  return Class!
}

/** Classes with every kind of number to keep: of elements, of a variable, of the run, of some shapes alone, and none. */
export const CLASSES: Readonly<Record<string, () => Promise<OptimizerClass>>> = {
  adam: () => classOf(library('adam')),
  nadam: () => classOf(library('nadam')),
  matrix: () => classOf(compileProgram('matrix_decay')),
  trust: () => classOf(compileProgram('trust')),
  lookahead: () => classOf(compileProgram('lookahead')),
  sgd: () => classOf(library('sgd')),
  counted: () =>
    classOf(
      compileText(
        'rule.opt',
        'optimizer Counted(lr in (0, inf) = 0.1) {\n  let m = ema(g, 0.9) / (1 - 0.9^(steps(w) + 1))\n  update = lr * m\n  evaluate = ema(w, 0.5) / (1 - 0.5^(steps(w) + 1))\n}\n',
      ),
    ),
  start: () =>
    classOf(
      compileText(
        'rule.opt',
        'optimizer Start(lr in (0, inf) = 0.1, d0 in (0, 1) = 0.25) {\n  state d = d0\n  d = d * 0.9\n  update = lr * d * g\n}\n',
      ),
    ),
}
/** Their names. */
export const classNames = Object.keys(CLASSES)

/** The elements of each. */
export const valuesOf = (variables: readonly tf.Tensor[]): number[][] =>
  variables.map((variable) => [...variable.dataSync()])

/** What every emitted class knows of its steps. */
export type Stepper = tf.Optimizer & {
  readonly steps: { skipped: number; pending: number }
  unmatched(): { variables: string[]; matches: string[] }
}

/** The number of steps of a run of `makeStepper`. */
export const TOTAL_STEPS = 20

/** An optimizer of the class of this name in `CLASSES`. */
export async function makeStepper(name: string, options: object = {}): Promise<Stepper> {
  const Class = await CLASSES[name]!()
  return new Class({ totalSteps: TOTAL_STEPS, ...options }) as Stepper
}
