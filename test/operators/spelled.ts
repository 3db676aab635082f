import * as tf from '@tensorflow/tfjs-core'
import { name, number, printCode } from '../../src/emit/code.ts'
import * as matrixPrelude from '../../src/emit/ts/prelude/matrix.ts'
import * as randomPrelude from '../../src/emit/ts/prelude/random.ts'
import * as scalarPrelude from '../../src/emit/ts/prelude/scalar.ts'
import { besselI1e } from '../../src/operators/special/bessel-i1e.ts'
import { erf, erfc } from '../../src/operators/special/erf.ts'
import * as tensorPrelude from '../../src/emit/ts/prelude/tensor.ts'
import { createBuilder, type Form } from '../../src/emit/ts/spellings.ts'

const scope: Readonly<Record<string, unknown>> = {
  tf,
  ...matrixPrelude,
  ...randomPrelude,
  ...scalarPrelude,
  ...{ erf, erfc, besselI1e },
  ...tensorPrelude,
}

type StreamNumbers = readonly [seed: number, site: number, parameter: number, step: number]

/** A form of a spelling as a function of its arguments; `stream` tells its random numbers from others. `w` is the first. */
export function compileForm<T>(
  form: Form,
  arity: number,
  [seed, site, parameter, step]: StreamNumbers = [0, 0, 0, 0],
): (...arguments_: readonly unknown[]) => T {
  const names = Array.from({ length: arity }, (_, index) => `x${index}`)
  const build = createBuilder([number(seed), number(site), number(parameter), number(step)])
  const body = printCode(form(build, ...names.map((argument) => name(argument))))
  const first = arity > 0 ? 'const w = x0; ' : ''
  const run = new Function(...Object.keys(scope), ...names, `${first}return ${body}`) as (
    ...all: unknown[]
  ) => T
  return (...arguments_) => run(...Object.values(scope), ...arguments_)
}
