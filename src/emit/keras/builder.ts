import { name } from '../code.ts'
import { drawKey } from '../python/arrays/builder.ts'
import { createBuilder, type Needs } from '../python/builder.ts'
import type { KerasBuilder } from './spellings.ts'

/** A builder that notes what modules of Keras use, for operators that draw at that place of the program. */
export function createKerasBuilder(needs: Needs, site = 0): KerasBuilder {
  const build = createBuilder(needs)
  return {
    ...build,
    array: (called) => {
      needs.imports.add('from keras import ops')
      return name('ops', called)
    },
    drawKey: (operator) => drawKey(build, operator, site, name('index')),
    drawStep: name('self', 'iterations'),
    at: (place) => createKerasBuilder(needs, place),
  }
}
