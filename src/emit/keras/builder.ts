import { call, name, number } from '../code.ts'
import { drawKey } from '../python/arrays/builder.ts'
import { createBuilder, type Needs } from '../python/builder.ts'
import type { KerasBuilder, PreludeName } from './spellings.ts'

/** Functions of arrays that Keras rounds to 32 bits on some of its backends, and what the prelude has in their place. */
const FULL: Readonly<Record<string, PreludeName>> = {
  minimum: 'full_minimum',
  maximum: 'full_maximum',
  hypot: 'full_hypot',
  floor: 'full_floor',
  tanh: 'full_tanh',
  arctan: 'full_arctan',
  arcsinh: 'full_arcsinh',
  sin: 'full_sin',
  cos: 'full_cos',
}

/** A builder that notes what modules of Keras use, for operators that draw at that place of the program. */
export function createKerasBuilder(needs: Needs, site = 0): KerasBuilder {
  const build = createBuilder(needs)
  const array: KerasBuilder['array'] = (called) => {
    needs.imports.add('from keras import ops')
    return name('ops', called)
  }
  return {
    ...build,
    array,
    wideArray: (called) => {
      const full = FULL[called]
      if (full === undefined) return array(called)
      needs.prelude.add(full)
      return name(full)
    },
    // TensorFlow keeps numbers of Python that it has met, of which -0 is 0.
    get minusZero() {
      return call(array('negative'), number(0, '0.0'))
    },
    drawKey: (operator) => drawKey(build, operator, site, name('index')),
    drawStep: name('self', 'iterations'),
    at: (place) => createKerasBuilder(needs, place),
  }
}
