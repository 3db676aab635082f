import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { createBehaviourIndex, type Repeat } from '../../src/evolve/behaviour/behaviour-index.ts'
import type { Program } from '../../src/ir/graph.ts'
import { ruleLines } from '../../src/mutate/notation-file.ts'
import { readNotation } from '../../src/mutate/notation-read.ts'
import { programOf, published, randomOf } from '../mutate/published.ts'
import { weightDifference } from './weight-difference.ts'

const fixture = new URL('../../src/study/data/published-rules.tsv', import.meta.url)
const rules = ruleLines(readFileSync(fixture, 'utf8')).map(({ text }) => text)

const programs = new Map(
  [...new Set(rules)].map((rule) => {
    const read = readNotation(published, rule)
    if ('error' in read) throw new Error(`${rule}: ${read.error.message}`)
    return [rule, programOf(read.module)] as const
  }),
)
const program = (rule: string): Program => programs.get(rule)!

const index = createBehaviourIndex('scale')
const answers = [...programs.keys()].map((rule) => [rule, index.add(rule, program(rule))] as const)
const repeats = answers.filter((answer): answer is [string, Repeat] => answer[1] !== undefined)

test('the repeats of the published log are found', () => {
  const draws = (rule: string): boolean => rule.includes('drop(')
  const deterministic = repeats.filter(([rule]) => !draws(rule))
  expect(rules).toHaveLength(1387)
  expect(programs.size).toBe(1355)
  expect([...programs.keys()].filter((rule) => !draws(rule))).toHaveLength(1209)
  expect(deterministic.length).toBeGreaterThanOrEqual(130)
  expect(deterministic.filter(([, { factor }]) => factor === 1).length).toBeGreaterThanOrEqual(85)
  // Evaluations of a rule that was evaluated before, the same text included.
  expect(rules.length - programs.size + repeats.length).toBeGreaterThanOrEqual(163)
})

test('merged rules give the same weights on other gradients', () => {
  const worst = repeats.map(([rule, { like, factor }], number): [string, number] => {
    const differences = ([32, 64] as const).flatMap((precision) =>
      [0, 1, 2].map((trial) =>
        weightDifference(
          program(like),
          program(rule),
          factor,
          randomOf('published', number, precision, trial),
          { precision, feedback: true },
        ),
      ),
    )
    return [`${like} and ${rule}`, Math.max(...differences)]
  })
  expect(worst.filter(([, difference]) => difference > 1e-5)).toEqual([])
})

test.each([
  ['Nest ~ id(id(sign(g)))', 'Nest ~ min(sign(g), id(1))', 1],
  ['Mom ~ id(arctan(id([(a13)*(a2)][g])))', 'Mom ~ id(id(arctan(id([(a13)*(a2)][g]))))', 1],
  ['None ~ clip(g, |sign(g)|)', 'None ~ clip(g, 1/(sign(g)))', 1],
  ['Nest ~ tanh(id(sign(g)))', 'Nest ~ min(sign(g), id(1))', Math.tanh(1)],
  ['Nest ~ (sign(g))-(tanh(10-4w))', 'Nest ~ (tanh(10-4w))-(sign(g))', -1],
])('%s repeats %s', (first, second, factor) => {
  const pair = createBehaviourIndex('scale')
  pair.add(second, program(second))
  expect(pair.add(first, program(first))?.factor).toBeCloseTo(factor, 6)
})

// Alike for gradients around 1, and not for all.
test.each([
  ['None ~ clip(((1-0.7)*g+0.7*v hat), id(2))', 'None ~ clip(((1-0.7)*g+0.7*v hat), (|2|)^(g^2))'],
  ['None ~ (1) / (id(sign(v hat)))', 'None ~ id(id(sign(v hat)))'],
  ['None ~ min(1, norm(sign(v hat)))', 'None ~ id(id(sign(v hat)))'],
  [
    'Nest ~ norm(clip(sign(g), sign(v hat)))',
    'Nest ~ min(2, norm([deriv_tanh(tanh(a14))][sign(g)]))',
  ],
  ['Nest ~ (g)-((10-6w) / (sqrt(1+(2)^2)))', 'Nest ~ (g)-((0.95*(10-6w)+0.05*(10-5w)))'],
])('%s is not %s', (first, second) => {
  const pair = createBehaviourIndex('scale')
  pair.add(second, program(second))
  expect(pair.add(first, program(first))).toBeUndefined()
})
