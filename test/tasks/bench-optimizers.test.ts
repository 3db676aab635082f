import * as tf from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { selectBackend } from '../../src/runtime/backends.ts'
import { floatsAt, withScratch, type WasmBackend } from '../../src/runtime/wasm/backend-memory.ts'
import { linkCopy } from '../../src/runtime/wasm/copy.ts'
import {
  benchValues,
  steppedOptimizer,
  takeTurns,
  type Contestant,
} from '../../src/tasks/bench-optimizers.ts'

beforeAll(async () => {
  if (!(await selectBackend('wasm')).ok) throw new Error('wasm works everywhere')
})

describe('takeTurns', () => {
  const contestant = (name: string, seconds: number, log: string[]): Contestant => ({
    time: (steps) => {
      log.push(`${name} ${steps}`)
      return seconds
    },
    dispose: () => {},
  })

  test('lets each take a hundredth of a second after some that do not count', async () => {
    const log: string[] = []
    const found = await takeTurns([contestant('a', 1e-3, log), contestant('b', 1, log)], 0)
    const warm = ['a 1', 'a 1', 'a 10', 'a 10', 'b 1', 'b 1']
    expect(log).toEqual([...warm, 'a 10', 'b 1', 'a 10', 'b 1', 'a 10', 'b 1'])
    expect(found).toEqual([
      [1e-3, 1e-3, 1e-3],
      [1, 1, 1],
    ])
  })

  test('ends when it is told to', async () => {
    expect(await takeTurns([contestant('a', 1, [])], 100, AbortSignal.abort())).toEqual([[]])
  })
})

test('a stepped optimizer has the bytes of its states, and frees all', async () => {
  const shapes = [[3, 5], [7]]
  const before = tf.memory()
  const stepped = steppedOptimizer(tf.train.adagrad(0.1), shapes)
  expect(stepped.stateBytes).toBe(4 * (15 + 7))
  expect(await stepped.time(2)).toBeGreaterThan(0)
  await stepped.dispose()
  const { numTensors, numBytes } = tf.memory()
  expect([numTensors, numBytes]).toEqual([before.numTensors, before.numBytes])
})

test('values are the same every time, within [-1, 1], and go on beyond their period', () => {
  const [one, other] = [benchValues([[12_000], [2, 3]], 1), benchValues([[12_000], [2, 3]], 1)]
  expect(one).toEqual(other)
  expect(one.map(({ length }) => length)).toEqual([12_000, 6])
  expect(new Set(one[0]!.slice(0, 10_007)).size).toBeGreaterThan(9000)
  expect(one[0]!.slice(10_007)).toEqual(one[0]!.slice(0, 12_000 - 10_007))
  expect(one[0]!.every((value) => Math.abs(value) <= 1)).toBe(true)
  expect(benchValues([[4]], 2)).not.toEqual(benchValues([[4]], 1))
})

test('a copy moves whole pieces of 64 bytes and nothing else', () => {
  const backend = tf.backend() as unknown as WasmBackend
  const copy = linkCopy(backend)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), (count) => {
      withScratch(backend, 8 * 320, (address) => {
        const floats = floatsAt(backend, address, 640)
        floats.set(Float32Array.from({ length: 640 }, (_, index) => index + 1))
        copy(address, address + 4 * 320, 4 * count)
        const moved = count - (count % 16)
        const expected = Array.from({ length: 640 }, (_, index) =>
          index >= 320 && index < 320 + moved ? index - 319 : index + 1,
        )
        expect([...floats]).toEqual(expected)
      })
    }),
  )
})
