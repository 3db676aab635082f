import { call, name, type Code } from '../code.ts'
import { drawKey } from '../python/arrays/builder.ts'
import { createBuilder, type Needs } from '../python/builder.ts'
import type { TorchBuilder } from './spellings.ts'

/** A builder that notes what modules of PyTorch use, for operators that draw at that place of the program. */
export function createTorchBuilder(needs: Needs, site = 0): TorchBuilder {
  const build = createBuilder(needs)
  return {
    ...build,
    torch: (called) => {
      needs.imports.add('import torch')
      return name('torch', called)
    },
    drawKey: (operator) => drawKey(build, operator, site, name('slot', 'index')),
    at: (place) => createTorchBuilder(needs, place),
  }
}

/** A call of a method of the class. */
export function own(method: string, ...arguments_: readonly Code[]): Code {
  return call(name('self', method), ...arguments_)
}
