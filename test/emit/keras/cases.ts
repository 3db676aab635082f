import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { printKeras } from '../../../src/emit/keras/print.ts'
import type { Program } from '../../../src/ir/graph.ts'
import type { Framework } from '../pytorch/cases.ts'

/** What Keras computes with. */
export type KerasBackend = 'jax' | 'tensorflow' | 'torch'

const CLASS = /^class (\w+)\((?:keras\.optimizers\.Optimizer|EvaluatedOptimizer)\):$/gm

/** Keras on one of its backends, on the processor, with numbers of the host in 64 bits. */
export const kerasFramework = (backend: KerasBackend): Framework => ({
  platform: `keras-${backend}`,
  title: `Keras, on ${backend},`,
  layout: 'outputs-last',
  modules: [backend, 'keras'],
  write: async ({ programs, functions }, folder, called) => {
    const [module] = await printKeras(programs, functions, { name: called })
    mkdirSync(folder, { recursive: true })
    const path = join(folder, module!.path)
    writeFileSync(path, module!.text)
    const classes = [...module!.text.matchAll(CLASS)].map(([, name]) => name!)
    return { path, classes: classes.filter((name) => name !== 'EvaluatedOptimizer') }
  },
  script: fileURLToPath(new URL(`./run_on_${backend}.py`, import.meta.url)),
  held: withShortRate,
})

/** Keras keeps the learning rate in 32 bits. */
function withShortRate(program: Program): Program {
  return {
    ...program,
    hyperparameters: program.hyperparameters.map((each) =>
      each.name === 'lr' && each.default !== undefined
        ? { ...each, default: Math.fround(each.default) }
        : each,
    ),
  }
}
