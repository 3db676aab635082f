import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Compiled } from '../../../src/compile.ts'
import { printKeras } from '../../../src/emit/keras/print.ts'
import { printOptax } from '../../../src/emit/optax/print.ts'
import { printPyTorch } from '../../../src/emit/pytorch/print.ts'
import type { Program } from '../../../src/ir/graph.ts'
import type { Layout } from '../../../src/operators/layout.ts'
import type { Platform } from '../../operators/backend-bounds.ts'

export type Graphs = Pick<Compiled, 'programs' | 'functions'>

/** A module and the names of what makes its optimizers. */
export interface Module {
  readonly path: string
  readonly makers: readonly string[]
}

/** A framework of Python whose optimizers are compared with the evaluator. */
export interface Framework {
  readonly platform: Platform
  readonly title: string
  readonly layout: Layout
  /** What Python must have. */
  readonly modules: readonly string[]
  /** Answers questions: a script, with arguments behind the paths of questions and answers. */
  readonly script: readonly [string, ...string[]]
  /** Writes the module of what was compiled below a folder. */
  write(graphs: Graphs, folder: string, called: string): Promise<Module>
  /** The program as the framework holds it, where it cannot hold all of its numbers. */
  held(program: Program): Program
}

const scriptOf = (name: string): string => fileURLToPath(new URL(`./${name}.py`, import.meta.url))

/** Writes modules by a printer; what makes an optimizer is found by what defines it, among classes that modules share. */
const writer =
  (print: typeof printPyTorch, maker: RegExp, shared = ''): Framework['write'] =>
  async ({ programs, functions }, folder, called) => {
    const [module] = await print(programs, functions, { name: called })
    mkdirSync(folder, { recursive: true })
    const path = join(folder, module!.path)
    writeFileSync(path, module!.text)
    const makers = [...module!.text.matchAll(maker)].map(([, name]) => name!)
    return { path, makers: makers.filter((name) => name !== shared) }
  }

const pytorch: Framework = {
  platform: 'pytorch',
  title: 'PyTorch',
  layout: 'outputs-first',
  modules: ['torch', 'numpy'],
  script: [scriptOf('run_pytorch')],
  write: writer(printPyTorch, /^class (\w+)\((?:Evaluated)?Rule\):$/gm, 'EvaluatedRule'),
  held: (program) => program,
}

/** On the processor, with numbers of the host in 64 bits. */
const optax: Framework = {
  platform: 'optax',
  title: 'Optax',
  layout: 'outputs-last',
  modules: ['jax', 'optax', 'numpy'],
  script: [scriptOf('run_optax')],
  write: writer(printOptax, /^def (\w+)\([^)]*\) -> optax\.GradientTransformation:$/gm),
  held: (program) => program,
}

/** On the processor, with numbers of the host in 64 bits. */
const keras = (backend: 'jax' | 'tensorflow' | 'torch', title: string): Framework => ({
  platform: `keras-${backend}`,
  title: `Keras with ${title}`,
  layout: 'outputs-last',
  modules: [backend, 'keras'],
  script: [scriptOf('run_keras'), backend],
  write: writer(
    printKeras,
    /^class (\w+)\((?:keras\.optimizers\.Optimizer|EvaluatedOptimizer)\):$/gm,
    'EvaluatedOptimizer',
  ),
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

/** All that are compared, by what they are called in tables. */
export const frameworks = {
  pytorch,
  optax,
  'keras-jax': keras('jax', 'JAX'),
  'keras-tensorflow': keras('tensorflow', 'TensorFlow'),
  'keras-torch': keras('torch', 'PyTorch'),
} as const satisfies Readonly<Record<string, Framework>>
