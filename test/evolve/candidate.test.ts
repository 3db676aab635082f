import { describe, expect, test } from 'vitest'
import { hasErrors } from '../../src/compile.ts'
import { check } from '../../src/check/check.ts'
import {
  addRejections,
  createBreeder,
  drawn,
  inPieces,
  type Draw,
} from '../../src/evolve/candidate.ts'
import { fingerprint } from '../../src/ir/fingerprint.ts'
import { parse } from '../../src/syntax/parse.ts'
import { print } from '../../src/syntax/print.ts'
import { programOf, published, randomOf } from '../mutate/published.ts'
import { loader, source } from '../stdlib/library.ts'

const breeder = createBreeder(published, loader)

const textOf = ({ candidate }: Draw): string =>
  candidate === undefined ? 'none' : print(candidate.module)

/** The first candidate that random draws give. */
function firstDrawn(name: string) {
  const { candidate } = drawn(breeder.draw(randomOf('candidate', name), 1000))
  if (candidate === undefined) throw new Error('no draw passes')
  return candidate
}

describe('drawing', () => {
  test('gives the same for the same random numbers, whatever was drawn before', () => {
    const [first, second] = [1, 2].map((number) =>
      drawn(breeder.draw(randomOf('candidate', number), 1000)),
    )
    const other = createBreeder(published, loader)
    const again = [2, 1].map((number) => drawn(other.draw(randomOf('candidate', number), 1000)))
    expect(again.map(textOf)).toEqual([textOf(second!), textOf(first!)])
    expect(again[1]!.rejections).toEqual(first!.rejections)
  })

  test('gives candidates that check, with the program and the fingerprint of their module', () => {
    for (let number = 0; number < 40; number++) {
      const candidate = firstDrawn(`checks ${number}`)
      expect(hasErrors(check(candidate.module, loader).diagnostics)).toBe(false)
      expect(candidate.integrity.accepted).toBe(true)
      expect(candidate.fingerprint).toBe(fingerprint(programOf(candidate.module)))
      expect(candidate.program.update.kind).toBe(programOf(candidate.module).update.kind)
    }
  })

  test('counts what it throws away', () => {
    const { candidate, rejections } = drawn(breeder.draw(randomOf('few'), 0))
    expect({ candidate, rejections }).toEqual({ candidate: undefined, rejections: [] })
    const random = randomOf('counts')
    let attempts = 0
    for (let number = 0; number < 30; number++) {
      const draw = drawn(breeder.draw(random, 1))
      attempts += draw.rejections.reduce((sum, { count }) => sum + count, 0)
      attempts += draw.candidate === undefined ? 0 : 1
      for (const row of draw.rejections) expect(row).not.toHaveProperty('mutation')
    }
    expect(attempts).toBe(30)
  })
})

describe('a drawing in pieces', () => {
  test('gives what it gives in one, and tells how many rules were thrown away', async () => {
    for (let number = 0; number < 10; number++) {
      const whole = drawn(breeder.draw(randomOf('pieces', number), 1000))
      const told: number[] = []
      const found = await inPieces(breeder.draw(randomOf('pieces', number), 1000), (rejected) => {
        told.push(rejected)
        return Promise.resolve(true)
      })
      expect(textOf(found!)).toBe(textOf(whole))
      expect(found!.rejections).toEqual(whole.rejections)
      const count = whole.rejections.reduce((sum, row) => sum + row.count, 0)
      expect(told).toEqual(Array.from({ length: count }, (_, index) => index + 1))
    }
  })

  test('ends where it is told to', async () => {
    const rejectionsOf = (number: number): number =>
      drawn(breeder.draw(randomOf('ended', number), 1000)).rejections.reduce(
        (sum, { count }) => sum + count,
        0,
      )
    const seed = [...Array(50).keys()].find((number) => rejectionsOf(number) > 2)!
    const told: number[] = []
    const found = await inPieces(breeder.draw(randomOf('ended', seed), 1000), (rejected) => {
      told.push(rejected)
      return Promise.resolve(rejected < 2)
    })
    expect({ found, told }).toEqual({ found: undefined, told: [1, 2] })
  })
})

describe('mutating', () => {
  test('records the kind of mutation of every attempt', () => {
    const parent = firstDrawn('parent')
    const known = new Set([parent.fingerprint])
    const draws = Array.from({ length: 60 }, (_, number) =>
      drawn(breeder.mutate(parent.module, known, randomOf('mutant', number), 4)),
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
    const parent = firstDrawn('parent')
    const random = (): ReturnType<typeof randomOf> => randomOf('known')
    const { candidate } = drawn(breeder.mutate(parent.module, new Set(), random(), 1000))
    const { rejections } = drawn(
      breeder.mutate(parent.module, new Set([candidate!.fingerprint]), random(), 1000),
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

describe('without the integrity check', () => {
  const unchecked = createBreeder(published, loader, { isUnchecked: true })
  const admitted = (text: string) =>
    unchecked.admit(parse({ path: 'given.opt', text: `${text}\n` }).value).candidate

  test('rules that do not descend are candidates, with what a journal can hold', () => {
    for (const text of ['update = lr * w', 'update = lr * exp(exp(w^2)) * 1e30']) {
      const { accepted, flipped, loss } = admitted(text)!.integrity
      expect([accepted, flipped]).toEqual([false, false])
      expect(Number.isFinite(loss), text).toBe(true)
    }
  })

  test('no rule is flipped', () => {
    const given = 'update = 0 - lr * g'
    const checked = breeder.admit(parse({ path: 'given.opt', text: `${given}\n` }).value)
    expect(checked.candidate!.integrity).toMatchObject({ accepted: true, flipped: true })
    expect(admitted(given)!.integrity).toMatchObject({ accepted: false, flipped: false })
    expect(admitted('update = lr * g')!.integrity).toEqual(
      breeder.admit(parse({ path: 'given.opt', text: 'update = lr * g\n' }).value).candidate!
        .integrity,
    )
  })

  test('errors are thrown away as ever', () => {
    expect(admitted('update = lr * missing')).toBeUndefined()
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
