import type * as tensorflow from '@tensorflow/tfjs-core'
import type { Program, ScheduleFunction } from '../../ir/graph.ts'
import { loadCompiler } from './text/compiler.ts'
import { describeModule } from './module.ts'
import { printScript } from './text/script.ts'

/** An emitted class: its options are numbers, schedules `(t, T) => number`, `totalSteps` and `seed`. */
export interface OptimizerClass {
  readonly className: string
  new (options?: Readonly<Record<string, unknown>>): tensorflow.Optimizer
}

/** A schedule or decay: the step, the number of steps, then its own parameters. */
export type LoadedFunction = (...arguments_: readonly number[]) => number

/** What an emitted module exports, by name. */
export interface LoadedModule {
  readonly optimizers: ReadonlyMap<string, OptimizerClass>
  readonly functions: ReadonlyMap<string, LoadedFunction>
}

/**
 * The classes and functions that `emitTypeScript` writes for these programs, with the caller's tfjs-core. The compiler
 * is not needed for it: a millisecond a program.
 */
export async function loadPrograms(
  programs: readonly Program[],
  functions: readonly ScheduleFunction[],
  tf: typeof tensorflow,
  kernels = false,
): Promise<LoadedModule> {
  const pieces = describeModule(programs, functions, {
    kernels: kernels ? 'repeatable' : undefined,
  })
  const needsPrelude = pieces.some((piece) => piece.kind === 'prelude')
  return evaluate(printScript(pieces), { tf, prelude: needsPrelude ? await loadPrelude() : {} })
}

/** The pieces of the prelude themselves, which emitted modules carry as text. */
async function loadPrelude(): Promise<Readonly<Record<string, unknown>>> {
  const modules = await Promise.all([
    import('./prelude/scalar.ts'),
    import('./prelude/tensor.ts'),
    import('./prelude/random.ts'),
    import('./prelude/groups.ts'),
    import('./prelude/matrix.ts'),
    import('./prelude/hyperparameters.ts'),
    import('./prelude/options.ts'),
    import('./prelude/steps.ts'),
    import('./prelude/run-kernel.ts'),
    import('./prelude/kernel-cpu.ts'),
    import('./prelude/rounds.ts'),
    import('./prelude/evaluation.ts'),
    import('./prelude/hidden.ts'),
    import('./prelude/updates.ts'),
    import('./prelude/saved-run.ts'),
    import('./prelude/states.ts'),
    import('../../operators/special/erf.ts'),
    import('../../operators/special/bessel-i1e.ts'),
  ])
  return Object.assign({}, ...modules) as Readonly<Record<string, unknown>>
}

/** Evaluates the text of an emitted module with the caller's tfjs-core. Nothing is written to disk. */
export async function loadModule(text: string, tf: typeof tensorflow): Promise<LoadedModule> {
  return evaluate((await loadCompiler()).toScript(text), { tf, prelude: {} })
}

/** The first optimizer class of an emitted module. Throws an Error when there is none. */
export async function loadOptimizer(text: string, tf: typeof tensorflow): Promise<OptimizerClass> {
  const [first] = (await loadModule(text, tf)).optimizers.values()
  if (first === undefined) throw new Error('the module has no optimizer')
  return first
}

function evaluate(
  script: string,
  {
    tf,
    prelude,
  }: { readonly tf: typeof tensorflow; readonly prelude: Readonly<Record<string, unknown>> },
): LoadedModule {
  const exported: Record<string, unknown> = {}
  const run = new Function('require', 'exports', script) as (
    require: (name: string) => unknown,
    exports: Record<string, unknown>,
  ) => void
  run((name) => (name === 'prelude' ? prelude : tf), exported)

  const optimizers = new Map<string, OptimizerClass>()
  const functions = new Map<string, LoadedFunction>()
  for (const [name, value] of Object.entries(exported)) {
    if (typeof value !== 'function') continue
    if ('className' in value) optimizers.set(name, value as unknown as OptimizerClass)
    else functions.set(name, value as LoadedFunction)
  }
  return { optimizers, functions }
}
