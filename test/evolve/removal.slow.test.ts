import { describe, expect, test } from 'vitest'
import type { Fitness, FitnessRequest } from '../../src/evolve/fitness.ts'
import type { EntryOf } from '../../src/evolve/journal.ts'
import { adopt } from '../../src/mutate/adopt.ts'
import { isSimplification, mutations } from '../../src/mutate/mutations/table.ts'
import type { Mutation } from '../../src/mutate/mutations/mutation.ts'
import type { Space } from '../../src/mutate/space/space.ts'
import { childKey, createRandom, rootKey } from '../../src/operators/random.ts'
import { parse } from '../../src/syntax/parse.ts'
import { spaceOf } from '../mutate/space.ts'
import { racing, run, workOf, type Run } from './made-up-search.ts'

const { space: modern } = spaceOf('modern')

/** The modern space in which nothing is done but the removal of parts. */
const removing: Space = {
  ...modern,
  mutation: Object.fromEntries(
    Object.keys(modern.mutation).map((key) => [key, key === 'removal' ? 1 : 0]),
  ),
}

/** A rule of four parts, of which only `sign` does anything for the score. */
const RULE = `optimizer Rule(lr in (0, inf) = 0.01) {
  update = lr * tanh(asinh(sign(g) + 1e-3 * w))
}
`

const judge =
  (part: string, worth: number, spread: number) =>
  ({ source: { text }, seed, surrogate, learningRate = 0.1 }: FitnessRequest): Promise<Fitness> => {
    const noise = createRandom(childKey(rootKey(seed), text)).normal()
    const score = (text.includes(part) ? worth : 0) + spread * noise
    return Promise.resolve({ surrogate, seed, steps: 1, score, learningRate })
  }

const search = (
  part: string,
  worth: number,
  selection: Partial<Parameters<typeof run>[0]> = {},
): Promise<Run> =>
  run({
    space: removing,
    given: [adopt(removing, parse({ path: 'rule.opt', text: RULE }).value)],
    judge: judge(part, worth, 0.01),
    ...selection,
    configuration: {
      ...racing,
      initial: 0,
      particles: 1,
      timesteps: 6,
      children: 1,
      finalists: 1,
      ...selection.configuration,
    },
  })

const selectionsOf = ({ entries }: Run): EntryOf<'select'>[] =>
  entries.filter((entry) => entry.kind === 'select')

const ruleIn = ({ entries }: Run, slot: string): string =>
  workOf(entries)
    .find((work) => work.slot === slot)!
    .attempts.at(-1)!.rule

const updateOf = (rule: string): string => /update = (.*)/.exec(rule)![1]!

test('only the removal of a part makes a rule simpler', () => {
  const kinds = mutations.flatMap((row: Mutation) => Object.keys(row.kinds))
  expect(kinds.filter((kind) => isSimplification(kind))).toEqual(['remove-part'])
  expect(isSimplification(undefined)).toBe(false)
})

describe('a child that is its parent without a part', () => {
  test('takes its place, after a race on fresh seeds, where the part did nothing', async () => {
    const searched = await search('sign', 1)
    const selections = selectionsOf(searched)
    const taken = selections.filter(({ slot }) => slot.startsWith('particle/'))
    expect(taken.length).toBeGreaterThanOrEqual(2)
    for (const { race } of selections.filter(({ slot }) => slot.startsWith('particle/'))) {
      expect(race!.contenders).toHaveLength(2)
      const [parent, child] = race!.contenders.map(({ runs }) => runs.length)
      expect(child).toBe(parent)
      expect([3, 6]).toContain(child)
    }
    const lengths = selections.map(({ slot }) => updateOf(ruleIn(searched, slot)).length)
    expect(lengths).toEqual([...lengths].sort((a, b) => b - a))
    expect(lengths.at(-1)).toBeLessThan(updateOf(RULE).length)
    expect(ruleIn(searched, selections.at(-1)!.slot)).toContain('sign(g)')
  })

  test('does not where the part is what counts', async () => {
    const searched = await search('tanh(asinh(sign(g) + 1e-3 * w))', 1)
    for (const { slot } of selectionsOf(searched)) expect(slot).toBe('given/0')
  })

  test('is the best child like any other where the best child always wins', async () => {
    const searched = await search('nothing', 1, {
      configuration: { selection: { kind: 'published' }, timesteps: 1 },
    })
    const [selection] = selectionsOf(searched)
    expect(selection!.slot).toBe('particle/0/1/0')
    expect(selection).not.toHaveProperty('race')
  })
})
