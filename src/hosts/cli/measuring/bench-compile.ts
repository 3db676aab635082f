import * as tf from '@tensorflow/tfjs-core'
import { analyze, compile } from '../../../compile.ts'
import { defaultTarget, targets } from '../../../emit/targets.ts'
import type { Program } from '../../../ir/graph.ts'
import { selectBackend } from '../../../runtime/backends.ts'
import { loadOptimizerFactory } from '../../../runtime/optimizer-factory.ts'
import { figure, type Figure } from '../figure.ts'
import { libraryNames } from '../package.ts'
import type { Source } from '../../../diagnostics/source.ts'
import type { Sources } from '../sources.ts'

interface Setting {
  readonly seconds: number
  readonly sources: Sources
  readonly signal: AbortSignal
}

/** Files that are compiled before any is measured. */
const WARM_UP = 12

/**
 * Checking each file of the library that has an optimizer, compiling it to formatted TypeScript, and compiling it to kernels in
 * memory. Each is read anew in every round, so that nothing is known of it; what they all share is warm.
 */
export async function* benchCompile({ seconds, sources, signal }: Setting): AsyncGenerator<Figure> {
  const files = libraryNames().map((name) => sources.read(name))
  const rules = files.filter(
    (source) => (compile(source, sources.loader).value?.programs.length ?? 0) > 0,
  )
  const hasWasm = (await selectBackend('wasm')).ok
  const times = { check: [], print: [], printKernels: [], load: [], step: [] } as Record<
    'check' | 'print' | 'printKernels' | 'load' | 'step',
    number[]
  >
  const timed = async (what: keyof typeof times, action: () => unknown): Promise<void> => {
    const before = performance.now()
    await action()
    times[what].push(performance.now() - before)
  }
  const measure = async (source: Source): Promise<void> => {
    await timed('check', () => analyze(source, sources.loader))
    const programs = (): readonly Program[] => compile(source, sources.loader).value!.programs
    await timed('print', () => defaultTarget.print(programs(), []))
    await timed('printKernels', () => targets.kernels.print(programs(), [], {}))
    const [program] = programs()
    await timed('load', () => loadOptimizerFactory(program!, 'kernels'))
    if (hasWasm) await timed('step', firstStep(await loadOptimizerFactory(program!, 'kernels')))
  }
  // What is measured first is mostly machine code in the making.
  for (const source of rules.slice(0, WARM_UP)) await measure(source)
  for (const list of Object.values(times)) list.length = 0
  const until = performance.now() + 1000 * seconds
  for (let round = 0; round === 0 || performance.now() < until; round++) {
    for (const source of rules) {
      if (signal.aborted) return
      await measure(source)
    }
  }
  yield figure('check a rule', 'ms', times.check)
  yield figure('compile a rule to formatted TypeScript', 'ms', times.print)
  yield figure('compile a rule to formatted TypeScript with kernels', 'ms', times.printKernels)
  yield figure('compile a checked rule to kernels in memory', 'ms', times.load)
  if (hasWasm) yield figure('link its kernels on wasm and take the first step', 'ms', times.step)
}

/** Builds an optimizer and steps a matrix of four numbers. */
function firstStep(factory: Awaited<ReturnType<typeof loadOptimizerFactory>>): () => void {
  return () => {
    const optimizer = factory({ hyperparameters: {}, totalSteps: 10, seed: 1 })
    const w = tf.variable(tf.ones([2, 2]))
    const g = tf.ones([2, 2])
    optimizer.applyGradients([{ name: w.name, tensor: g }])
    optimizer.dispose()
    tf.dispose([w, g])
  }
}
