import { describe, expect, it } from 'vitest'
import { readProtocol } from '../../src/tasks/protocol-file.ts'
import { findProtocol, PROTOCOLS, type Protocol } from '../../src/tasks/protocol.ts'

const quick = findProtocol('quick')!

const problem = (value: unknown): string => {
  const read = readProtocol(JSON.stringify(value))
  return read.ok ? '' : read.problem
}

const withInitial = (changes: Readonly<Record<string, unknown>>): unknown => ({
  ...quick,
  initial: { ...quick.initial, name: 'own', ...changes },
})

describe('a protocol file', () => {
  it.each(PROTOCOLS.map((protocol) => [protocol.name, protocol] as const))(
    'holds what a preset does: %s',
    (_, protocol) => {
      const read = readProtocol(JSON.stringify(protocol, undefined, 2))
      expect(read).toEqual({ ok: true, value: protocol })
    },
  )

  it('makes one surrogate of equal ones, whatever the order of their fields', () => {
    const shuffled = Object.fromEntries(Object.entries(quick.initial).reverse())
    const read = readProtocol(JSON.stringify({ ...quick, evolution: shuffled }))
    expect(read.ok && read.value.evolution === read.value.initial).toBe(true)
  })

  it.each<[string, unknown, RegExp]>([
    ['another kind of value', [], /^the protocol: expected object, received array$/],
    ['a field too many', { ...quick, extra: 1 }, /^the protocol: Unrecognized key: "extra"$/],
    ['no ladder', { ...quick, ladder: [] }, /^ladder: /],
    ['a wrong type', withInitial({ batchSize: '64' }), /^initial\.batchSize: expected number/],
    ['half an epoch', withInitial({ epochs: 1.5 }), /^initial\.epochs: expected int/],
    [
      'a misspelt width',
      withInitial({ width: { time: 2 } }),
      /^initial\.width: expected \{"times": FACTOR\} or/,
    ],
    [
      'two widths',
      withInitial({ width: { times: 2, base: 3 } }),
      /^initial\.width: expected \{"times": FACTOR\} or/,
    ],
    [
      'no learning rate',
      withInitial({ probe: [{ ...quick.initial.probe[0]!, learningRates: [] }] }),
      /^initial\.probe\[0\]\.learningRates: /,
    ],
    [
      'a negative learning rate',
      withInitial({ probe: [{ ...quick.initial.probe[0]!, learningRates: [1, -1] }] }),
      /^initial\.probe\[0\]\.learningRates\[1\]: /,
    ],
    [
      'a percentage',
      withInitial({ stop: { afterEpoch: 1, below: 40 } }),
      /^initial\.stop\.below: /,
    ],
    [
      'a warm-up beyond the end',
      withInitial({ warmupSteps: 400 }),
      /^initial\.totalSteps: expected at least the steps of warm-up and hold together$/,
    ],
    [
      'runs beyond the end',
      withInitial({ epochs: 11 }),
      /^initial\.totalSteps: expected at least as many steps as a run has/,
    ],
    [
      'a probe beyond the end',
      withInitial({ probe: [quick.initial.probe[0]!, { ...quick.initial.probe[1]!, epochs: 11 }] }),
      /^initial\.probe\[1\]\.epochs: expected no more steps than totalSteps/,
    ],
    [
      'a probe beyond the end in epochs of its own',
      withInitial({ probe: [{ ...quick.initial.probe[0]!, epochSteps: 151 }] }),
      /^initial\.probe\[0\]\.epochs: expected no more steps than totalSteps/,
    ],
    [
      'half an augmentation',
      withInitial({ augmentation: { pad: 4, flip: true } }),
      /^initial\.augmentation\.cutout: /,
    ],
    [
      'one name for two surrogates',
      { ...quick, evolution: { ...quick.evolution, batchSize: 32 } } satisfies Protocol,
      /^evolution\.name: two different surrogates are called width-1$/,
    ],
    [
      'a ladder that widens',
      { ...quick, ladder: quick.ladder.toReversed() } satisfies Protocol,
      /^ladder\[1\]\.entrants: expected no more than on the rung before$/,
    ],
  ])('with %s is refused, at its place', (_, value, expected) => {
    expect(problem(value)).toMatch(expected)
  })

  it('tells of each wrong field', () => {
    expect(problem(withInitial({ epochs: 0, batchSize: 0 })).split('\n')).toHaveLength(2)
  })

  it('is JSON', () => {
    expect(readProtocol('quick')).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^it is no JSON: /) as string,
    })
  })
})
