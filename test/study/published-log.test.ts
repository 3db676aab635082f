import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  loggedAccuracy,
  readPublishedLog,
  sampleLog,
  type LoggedRule,
} from '../../src/study/published-log.ts'
import { loggedSubject } from '../../src/study/subject.ts'
import { published } from '../mutate/published.ts'
import { loader } from '../stdlib/library.ts'

const log = readPublishedLog(
  readFileSync(new URL('../../src/study/data/published-rules.tsv', import.meta.url), 'utf8'),
)

const kindOf = ({ stage, accuracies }: LoggedRule): string =>
  accuracies.length === 0 ? 'failed' : stage

const countKinds = (rules: readonly LoggedRule[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {}
  for (const rule of rules) counts[kindOf(rule)] = (counts[kindOf(rule)] ?? 0) + 1
  return counts
}

describe('the published log', () => {
  it('has each rule once for each surrogate, with all of its accuracies', () => {
    expect(countKinds(log)).toEqual({ initial: 58, evolution: 887, failed: 435 })
    expect(log.reduce((sum, { accuracies }) => sum + accuracies.length, 0)).toBe(58 + 24 + 870)
    expect(new Set(log.map(({ rule, stage }) => `${stage} ${rule}`)).size).toBe(log.length)
  })

  it('gives a rule that was evaluated again the mean of what was logged', () => {
    const repeated = log.filter(({ accuracies }) => accuracies.length > 1)
    expect(repeated.length).toBe(6)
    const [three] = repeated.filter(({ accuracies }) => accuracies.length === 3)
    expect(loggedAccuracy(three!)).toBeCloseTo((0.7864 + 0.7852 + 0.7744) / 3, 12)
    expect(loggedAccuracy({ ...three!, accuracies: [] })).toBeUndefined()
  })

  it('refuses what is no log', () => {
    expect(() => readPublishedLog('rule\tphase\n')).toThrow('no column status')
    const head = 'phase\tstatus\tval_accuracy\trule\n'
    expect(() => readPublishedLog(`${head}init\tok\t\tNone ~ g\n`)).toThrow('line 2')
    expect(() => readPublishedLog(`${head}late\tok\t0.5\tNone ~ g\n`)).toThrow('line 2')
  })
})

describe('a sample of it', () => {
  it('is the same at every call, another with another seed, and has no rule twice', () => {
    const sample = sampleLog(log, 40, 1)
    expect(sampleLog(log, 40, 1)).toEqual(sample)
    expect(sampleLog(log, 40, 2)).not.toEqual(sample)
    expect(new Set(sample).size).toBe(40)
  })

  it('has every kind in its part, from the beginning on', () => {
    for (const seed of [1, 2, 3]) {
      const sample = sampleLog(log, 48, seed)
      expect(countKinds(sample)).toEqual({ failed: 12, initial: 12, evolution: 24 })
      for (const length of [8, 16, 24, 32]) {
        const counts = countKinds(sample.slice(0, length))
        expect(Math.abs((counts['failed'] ?? 0) - length / 4)).toBeLessThanOrEqual(1)
        expect(Math.abs((counts['initial'] ?? 0) - length / 4)).toBeLessThanOrEqual(1)
      }
    }
  })

  it('takes one rule of each stratum by accuracy', () => {
    const count = 48
    const own = sampleLog(log, count, 5)
      .filter((rule) => kindOf(rule) === 'evolution')
      .map((rule) => loggedAccuracy(rule)!)
      .sort((a, b) => a - b)
    const all = log
      .filter((rule) => kindOf(rule) === 'evolution')
      .map((rule) => loggedAccuracy(rule)!)
      .sort((a, b) => a - b)
    own.forEach((accuracy, stratum) => {
      const at = (share: number): number =>
        all[Math.min(all.length - 1, Math.floor(share * all.length))]!
      expect(accuracy).toBeGreaterThanOrEqual(at(stratum / own.length))
      expect(accuracy).toBeLessThanOrEqual(at((stratum + 1) / own.length))
    })
  })

  it('is all there is where more is asked for, and of one kind where there is no other', () => {
    expect(sampleLog(log, 5000, 1).length).toBe(log.length)
    const initial = log.filter(({ stage }) => stage === 'initial')
    expect(countKinds(sampleLog(initial, 20, 1))).toEqual({ initial: 20 })
  })

  it('can be trained, with the sign that the integrity check gives', () => {
    const subjects = sampleLog(log, 60, 1).map(({ rule }) => loggedSubject(rule, published, loader))
    expect(subjects.every(({ text }) => text.includes('update'))).toBe(true)
    expect(new Set(subjects.map(({ flipped }) => flipped))).toEqual(new Set([true, false]))
    expect(() => loggedSubject('None ~ nothing', published, loader)).toThrow('None ~ nothing')
  })
})
