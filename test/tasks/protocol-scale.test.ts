import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findProtocol, PROTOCOLS, surrogatesOf } from '../../src/tasks/protocol.ts'
import { protocolSchema } from '../../src/tasks/protocol-file.ts'
import { scaledProtocol } from '../../src/tasks/protocol-scale.ts'

const protocols = fc.constantFrom(...PROTOCOLS)
const scales = fc.double({ min: 1e-6, max: 1, noNaN: true })
const runSteps = (run: { readonly epochs: number; readonly epochSteps: number }): number =>
  run.epochs * run.epochSteps

describe('scaledProtocol', () => {
  it('shortens the published runs to a hundredth', () => {
    const { initial, evolution, ladder } = scaledProtocol(findProtocol('published')!, 0.01)
    expect(initial).toEqual({
      name: 'initial',
      width: { base: 32 },
      batchSize: 128,
      epochs: 4,
      epochSteps: 20,
      totalSteps: 80,
      warmupSteps: 8,
      holdSteps: 0,
      probe: [
        {
          learningRates: [10, 1e-2, 1e-5],
          epochs: 1,
          epochSteps: 8,
          stop: { afterEpoch: 1, below: 0.0025 },
          failBelow: 0.0025,
        },
        {
          learningRates: [1, 0.1, 1e-3, 1e-4],
          epochs: 1,
          epochSteps: 8,
          stop: { afterEpoch: 1, below: 0.0025 },
          failBelow: 0.004,
        },
      ],
      stop: { afterEpoch: 1, below: 0.004 },
    })
    expect([evolution, ...ladder.map(({ surrogate }) => surrogate)].map(runSteps)).toEqual([
      160, 240, 320,
    ])
  })

  it('is the protocol itself at 1', () => {
    for (const protocol of PROTOCOLS) expect(scaledProtocol(protocol, 1)).toBe(protocol)
  })

  it.each([0, -0.5, 1.01, Infinity, NaN])('refuses %s', (scale) => {
    expect(() => scaledProtocol(PROTOCOLS[0]!, scale)).toThrow(RangeError)
  })

  it('gives a protocol that a file could hold, with names, rates, widths, entrants and seeds as they were', () => {
    fc.assert(
      fc.property(protocols, scales, (protocol, scale) => {
        const scaled = scaledProtocol(protocol, scale)
        expect(protocolSchema.safeParse(scaled).error).toBeUndefined()
        expect(scaled.ladder.map(({ entrants, seeds }) => [entrants, seeds])).toEqual(
          protocol.ladder.map(({ entrants, seeds }) => [entrants, seeds]),
        )
        const kept = ({ name, width, batchSize, probe }: typeof protocol.initial): unknown => [
          name,
          width,
          batchSize,
          probe.map(({ learningRates }) => learningRates),
        ]
        expect(surrogatesOf(scaled).map(kept)).toEqual(surrogatesOf(protocol).map(kept))
        expect(scaled.initial === scaled.evolution).toBe(protocol.initial === protocol.evolution)
      }),
    )
  })

  it('takes as many steps as asked for, to half a step an epoch, and never none', () => {
    fc.assert(
      fc.property(protocols, scales, (protocol, scale) => {
        surrogatesOf(scaledProtocol(protocol, scale)).forEach((scaled, index) => {
          const whole = surrogatesOf(protocol)[index]!
          const asked = Math.max(1, scale * runSteps(whole))
          expect(Math.abs(runSteps(scaled) - asked)).toBeLessThanOrEqual(scaled.epochs / 2 + 0.5)
          expect(scaled.totalSteps).toBeGreaterThanOrEqual(runSteps(scaled))
        })
      }),
    )
  })

  it('never takes more steps at a smaller scale, but for what rounding adds', () => {
    fc.assert(
      fc.property(protocols, scales, scales, (protocol, a, b) => {
        const [small, large] = [Math.min(a, b), Math.max(a, b)].map(
          (scale) => scaledProtocol(protocol, scale).evolution,
        )
        expect(runSteps(small!)).toBeLessThanOrEqual(runSteps(large!) + large!.epochs)
      }),
    )
  })
})
