import { describe, expect, test } from 'vitest'
import { hasErrors } from '../../src/compile.ts'
import { check } from '../../src/check/check.ts'
import { addRejections, createBreeder, type Draw } from '../../src/evolve/candidate.ts'
import { fingerprint } from '../../src/ir/fingerprint.ts'
import { parse } from '../../src/syntax/parse.ts'
import { print } from '../../src/syntax/print.ts'
import { programOf, published, randomOf } from '../mutate/published.ts'
import { loader, source } from '../stdlib/library.ts'

const breeder = createBreeder(published, loader)

const textOf = ({ candidate }: Draw): string =>
  candidate === undefined ? 'none' : print(candidate.module)

/** The first candidate that random draws give. */
function drawn(name: string) {
  const { candidate } = breeder.draw(randomOf('candidate', name), 1000)
  if (candidate === undefined) throw new Error('no draw passes')
  return candidate
}

describe('drawing', () => {
  test('gives the same for the same random numbers, whatever was drawn before', () => {
    const [first, second] = [1, 2].map((number) =>
      breeder.draw(randomOf('candidate', number), 1000),
    )
    const other = createBreeder(published, loader)
    const again = [2, 1].map((number) => other.draw(randomOf('candidate', number), 1000))
    expect(again.map(textOf)).toEqual([textOf(second!), textOf(first!)])
    expect(again[1]!.rejections).toEqual(first!.rejections)
  })

  test('gives candidates that check, with the program and the fingerprint of their module', () => {
    for (let number = 0; number < 40; number++) {
      const candidate = drawn(`checks ${number}`)
      expect(hasErrors(check(candidate.module, loader).diagnostics)).toBe(false)
      expect(candidate.integrity.accepted).toBe(true)
      expect(candidate.fingerprint).toBe(fingerprint(programOf(candidate.module)))
      expect(candidate.program.update.kind).toBe(programOf(candidate.module).update.kind)
    }
  })

  test('counts what it throws away', () => {
    const { candidate, rejections } = breeder.draw(randomOf('few'), 0)
    expect({ candidate, rejections }).toEqual({ candidate: undefined, rejections: [] })
    const random = randomOf('counts')
    let attempts = 0
    for (let number = 0; number < 30; number++) {
      const draw = breeder.draw(random, 1)
      attempts += draw.rejections.reduce((sum, { count }) => sum + count, 0)
      attempts += draw.candidate === undefined ? 0 : 1
      for (const row of draw.rejections) expect(row).not.toHaveProperty('mutation')
    }
    expect(attempts).toBe(30)
  })
})

describe('mutating', () => {
  test('records the kind of mutation of every attempt', () => {
    const parent = drawn('parent')
    const known = new Set([parent.fingerprint])
    const draws = Array.from({ length: 60 }, (_, number) =>
      breeder.mutate(parent.module, known, randomOf('mutant', number), 4),
    )
    const rows = draws.flatMap(({ rejections }) => rejections)
    expect(rows.length).toBeGreaterThan(0)
    for (const { mutation, count } of rows) {
      expect(mutation).toBeDefined()
      expect(count).toBeGreaterThan(0)
    }
    for (const { rejections } of draws) {
      const keys = rejections.map(({ mutation, reason }) => `${mutation} ${reason}`)
      expect(new Set(keys).size).toBe(keys.length)
    }
    for (const { candidate } of draws) {
      if (candidate === undefined) continue
      expect(candidate.mutation).toBeDefined()
      expect(known.has(candidate.fingerprint)).toBe(false)
    }
  })

  test('refuses functions that are known', () => {
    const parent = drawn('parent')
    const random = (): ReturnType<typeof randomOf> => randomOf('known')
    const { candidate } = breeder.mutate(parent.module, new Set(), random(), 1000)
    const { rejections } = breeder.mutate(
      parent.module,
      new Set([candidate!.fingerprint]),
      random(),
      1000,
    )
    expect(rejections).toContainEqual(
      expect.objectContaining({ mutation: candidate!.mutation, reason: 'known' }),
    )
  })
})

describe('admitting', () => {
  test('takes a file of another make', () => {
    const { candidate } = breeder.admit(parse(source('std/adam')).value)
    expect(candidate?.integrity).toMatchObject({ accepted: true, flipped: false })
  })

  test.each([
    ['does-not-check', 'update = lr * missing'],
    ['integrity', 'update = lr * w'],
  ])('says %s', (reason, text) => {
    const given = parse({ path: 'given.opt', text: `${text}\n` }).value
    expect(breeder.admit(given)).toEqual({
      candidate: undefined,
      rejections: [{ reason, count: 1 }],
    })
  })
})

test('rows of equal kind and reason are counted together, in the order of the first', () => {
  expect(
    addRejections(
      [{ mutation: 'form', reason: 'known', count: 2 }],
      [
        { reason: 'cycle', count: 1 },
        { mutation: 'form', reason: 'known', count: 3 },
        { mutation: 'arity', reason: 'known', count: 1 },
      ],
    ),
  ).toEqual([
    { mutation: 'form', reason: 'known', count: 5 },
    { reason: 'cycle', count: 1 },
    { mutation: 'arity', reason: 'known', count: 1 },
  ])
})
