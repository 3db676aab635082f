import { describe, expect, it } from 'vitest'
import { readProtocol } from '../../src/tasks/protocol-file.ts'
import {
  finalSurrogateOf,
  findProtocol,
  otherTasksOf,
  PROTOCOLS,
  withTasks,
  type Protocol,
  type Surrogate,
} from '../../src/tasks/protocol.ts'

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

  it('names other tasks for rungs and for the final table', () => {
    const named = (name: string): Surrogate => ({ ...quick.evolution, name })
    const several: Protocol = {
      ...quick,
      ladder: [...quick.ladder, { surrogate: named('a'), entrants: 2, seeds: 1, task: './a.mjs' }],
      finals: [
        { stage: 'fine-tuning', task: 'mnist', surrogate: named('b') },
        { stage: 'supplement', task: './a.mjs', surrogate: named('a'), isSupplement: true },
      ],
    }
    expect(readProtocol(JSON.stringify(several))).toEqual({ ok: true, value: several })
    expect(otherTasksOf(several)).toEqual(['./a.mjs', 'mnist'])
    expect(withTasks(several, ['mnist'])).toEqual({
      ...several,
      ladder: quick.ladder,
      finals: [several.finals![0]],
    })
    expect(finalSurrogateOf(several, true)).toBe(quick.ladder.at(-1)!.surrogate)
    expect(finalSurrogateOf(several, false)).toBe(quick.evolution)
  })

  it.each<[string, unknown, RegExp]>([
    [
      'a surrogate of two tasks',
      { ...quick, finals: [{ stage: 'more', task: 'mnist', surrogate: quick.evolution }] },
      /^finals\[0\]\.surrogate\.name: width-1 is trained on two tasks/,
    ],
    [
      'a task twice',
      {
        ...quick,
        finals: ['a', 'b'].map((name) => ({
          ...{ stage: 'more', task: 'mnist', surrogate: { ...quick.evolution, name } },
        })),
      },
      /^finals\[1\]\.task: mnist is there twice$/,
    ],
    [
      'a rung on no task',
      { ...quick, ladder: [{ ...quick.ladder[0]!, task: '' }] },
      /^ladder\[0\]\.task: /,
    ],
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
