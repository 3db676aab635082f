import { name } from '../code.ts'
import { drawKey } from '../python/arrays/builder.ts'
import { createBuilder, type Needs } from '../python/builder.ts'
import type { JaxBuilder } from './spellings.ts'

/** A builder that notes what modules of JAX use, for operators that draw at that place of the program. */
export function createJaxBuilder(needs: Needs, site = 0): JaxBuilder {
  const build = createBuilder(needs)
  return {
    ...build,
    array: (called) => {
      needs.imports.add('import jax.numpy as jnp')
      return name('jnp', called)
    },
    jax: (...path) => {
      needs.imports.add('import jax')
      return name('jax', ...path)
    },
    piece: (called) => {
      needs.prelude.add(called)
      return name(called)
    },
    drawKey: (operator) => drawKey(build, operator, site, name('place')),
    drawStep: name('state', 'count'),
    at: (place) => createJaxBuilder(needs, place),
  }
}
