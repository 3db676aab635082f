import '../../../wasm/relaxed-simd.ts'
import { describe, expect, test } from 'vitest'
import { elementLoop } from '../../../../src/emit/kernels/wasm/element-loop.ts'
import { spellings } from '../../../../src/emit/kernels/wasm/spellings.ts'
import { createRandom, rootKey } from '../../../../src/operators/random.ts'
import { defineFunction } from '../../../../src/wasm/function.ts'
import { FREE, instantiate } from '../../../wasm/instantiate.ts'
import { unitsOff } from '../../../operators/points.ts'
import { adamKernel } from './adam-kernel.ts'
import { encodings } from './expected.ts'

const noWords = {
  words: () => {
    throw new Error('no random words here')
  },
}

describe.each(encodings)('a loop over elements, %o', (encoding) => {
  const { memory, functions } = instantiate(
    [
      defineFunction('floor', ['to', 'from', 'bytes'], ({ to, from, bytes }, scope) =>
        elementLoop(scope, bytes, ({ load, store }) =>
          store(to, spellings.floor(noWords, load(from))),
        ),
      ),
      adamKernel,
    ],
    encoding,
  )
  const floats = new Float32Array(memory.buffer)
  const column = (index: number): number => FREE / 4 + 1000 * index

  test.each([0, 1, 2, 3, 4, 5, 7, 8, 11, 401])('of %d elements touches those alone', (count) => {
    const x = Float32Array.from({ length: 500 }, (_, index) => Math.sin(index) * 20)
    floats.set(x, column(0))
    floats.fill(-1, column(1), column(2))
    functions['floor']!(4 * column(1), 4 * column(0), 4 * count)
    expect([...floats.slice(column(1), column(1) + 500)]).toEqual(
      [...x].map((value, index) => (index < count ? Math.floor(value) : -1)),
    )
  })

  test.each([1, 4, 6, 999])('Adam by hand steps %d parameters', (count) => {
    const random = createRandom(rootKey(count))
    const draw = (): Float32Array => Float32Array.from({ length: count }, () => random.normal())
    const [w, g, m, v] = [draw(), draw(), draw(), draw().map(Math.abs)] as const
    ;[w, g, m, v].forEach((values, index) => floats.set(values, column(index)))
    const [size, beta1, beta2, epsilon, correction] = [0.01, 0.9, 0.999, 1e-8, 1.3].map(
      Math.fround,
    ) as [number, number, number, number, number]
    const addresses = [0, 1, 2, 3].map((index) => 4 * column(index))
    functions['adam']!(...addresses, 4 * count, size, beta1, beta2, epsilon, correction)
    const f = Math.fround
    for (let index = 0; index < count; index++) {
      const mean = f(f(beta1 * m[index]!) + f(f(1 - beta1) * g[index]!))
      const square = f(f(beta2 * v[index]!) + f(f(1 - beta2) * f(g[index]! * g[index]!)))
      const step = f(f(size * mean) / f(f(f(Math.sqrt(square)) * correction) + epsilon))
      const wanted = [f(w[index]! - step), g[index]!, mean, square]
      const values = [0, 1, 2, 3].map((at) => floats[column(at) + index]!)
      if (encoding.relaxed !== true) expect(values).toEqual(wanted)
      // Of terms that cancel, the larger one's units count.
      const scales = [
        Math.abs(w[index]!) + Math.abs(step),
        0,
        Math.abs(m[index]!) + Math.abs(g[index]!),
        0,
      ]
      values.forEach((value, at) =>
        expect(unitsOff(value, wanted[at]!, scales[at])).toBeLessThanOrEqual(1.01),
      )
    }
  })
})
