import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { printOptax } from '../../../src/emit/optax/print.ts'
import type { Framework } from '../pytorch/cases.ts'

/** JAX with optax, on the processor, with numbers of the host in 64 bits. */
export const optaxFramework: Framework = {
  platform: 'optax',
  title: 'optax',
  layout: 'outputs-last',
  modules: ['jax', 'optax', 'numpy'],
  write: async ({ programs, functions }, folder, called) => {
    const [module] = await printOptax(programs, functions, { name: called })
    mkdirSync(folder, { recursive: true })
    const path = join(folder, module!.path)
    writeFileSync(path, module!.text)
    const makers = [
      ...module!.text.matchAll(/^def (\w+)\([^)]*\) -> optax\.GradientTransformation:$/gm),
    ].map(([, name]) => name!)
    return { path, classes: makers }
  },
  script: fileURLToPath(new URL('./run_cases.py', import.meta.url)),
}
