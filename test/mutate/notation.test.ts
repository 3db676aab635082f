import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { NodeSpace } from '../../src/mutate/space/space.ts'
import { checkIntegrity } from '../../src/evolve/integrity.ts'
import { decayNotation, OUTER_FORMS, ruleNotation } from '../../src/mutate/notation.ts'
import { ruleLines } from '../../src/mutate/notation-file.ts'
import { printNotation } from '../../src/mutate/notation-print.ts'
import { longestNotation, readNotation } from '../../src/mutate/notation-read.ts'
import { viewRule } from '../../src/mutate/rule.ts'
import type { Expression, Module } from '../../src/syntax/ast.ts'
import { parse } from '../../src/syntax/parse.ts'
import { print } from '../../src/syntax/print.ts'
import { equal } from '../../src/syntax/traverse.ts'
import { drawSomeRule, printingFault, programOf, published, randomOf } from './published.ts'

const rules = ruleLines(
  readFileSync(new URL('../../src/study/data/published-rules.tsv', import.meta.url), 'utf8'),
).map(({ text }) => text)

function moduleOf(line: string): Module {
  const read = readNotation(published, line)
  if ('error' in read) throw new Error(`${line}: ${read.error.offset}: ${read.error.message}`)
  return read.module
}

function errorOf(line: string): string {
  const read = readNotation(published, line)
  return 'error' in read ? `${read.error.offset}: ${read.error.message}` : 'none'
}

const statementsOf = (line: string): string[] =>
  print(moduleOf(line))
    .split('\n')
    .filter((text) => /^ {2}(let|update)/.test(text))
    .map((text) => text.trim())

describe('the published rules', () => {
  test('are all read, and printed as they were written', () => {
    expect(rules).toHaveLength(1387)
    expect(rules.filter((rule) => printNotation(published, moduleOf(rule)) !== rule)).toEqual([])
  })

  test('have at most the hidden nodes of the space, and a root of its operators', () => {
    for (const rule of rules) {
      const view = viewRule(published, moduleOf(rule))!
      const lets = view.optimizer.body.statements.length - 2
      expect(lets).toBeLessThanOrEqual(published.rule.hidden)
      expect(view.updates[0]!.form).toBe(
        OUTER_FORMS.findIndex((form) => rule.startsWith(`${form} ~ `)),
      )
      expect(view.nodes[0]?.root).toBe(true)
    }
  })

  test('give modules that print and parse', () => {
    for (let index = 0; index < rules.length; index += 20)
      expect(printingFault(moduleOf(rules[index]!))).toBeUndefined()
  })

  // Those at the edge: chaotic under momentum, flipped, with every quirk of the notation.
  test.each([
    'Mom ~ (sign(g)) / (sqrt(1+(-(((1-0.99)*g^2+0.99*lam hat)))^2))',
    'Mom ~ (sign(g)) / (sqrt(1+((10-4w)+(((1-0.99)*g^2+0.99*lam hat)))^2))',
    'Mom ~ 1/(clip(g, sign(v hat)))',
    'Nest ~ -([tanh(a12)][(sign(g))+([(a7) / (sqrt(1+(a12)^2))][((1-0.95)*g^2+0.95*s hat)])])',
    'Nest ~ (mean(beta*v-g))-(1/([(a1)^2][lam hat]))',
    'Nest ~ (bessel_i1e(v hat)) / (sqrt(1+(10-4w)^2))',
  ])('pass the integrity check: %s', (rule) => {
    expect(rules).toContain(rule)
    expect(checkIntegrity(programOf(moduleOf(rule)))).toMatchObject({ accepted: true })
  })

  test('pass the integrity check', () => {
    const sample = rules.filter((rule, index) => index % 12 === 0 && !rule.includes('drop('))
    expect(sample.length).toBeGreaterThan(90)
    const rejected = sample.filter((rule) => !checkIntegrity(programOf(moduleOf(rule))).accepted)
    expect(rejected).toEqual([])
  })
})

describe('the notation', () => {
  test('spells exactly the operands and operators of the space', () => {
    const expressions = (space: NodeSpace): readonly Expression[] => [
      ...space.operands,
      ...[...space.unary.items, ...space.binary.items].map(({ expression }) => expression),
    ]
    for (const [notation, space] of [
      [ruleNotation, published.rule],
      [decayNotation, published.decay],
    ] as const) {
      const spelled = [...notation.operands, ...notation.operators].map(
        ({ template }) => template.expression,
      )
      const known = expressions(space)
      expect(spelled.filter((one) => !known.some((other) => equal(one, other)))).toEqual([])
      // A decay's identity has two spellings in the language; only the one that leaves a trace is imported.
      const unspelled = known.filter((one) => !spelled.some((other) => equal(one, other)))
      expect(unspelled).toHaveLength(space === published.decay ? 1 : 0)
    }
    expect(published.forms).toHaveLength(OUTER_FORMS.length)
  })

  test('is nodes and decays, equal texts one node', () => {
    expect(statementsOf('None ~ id(id(g))')).toEqual([
      'let h1 = g',
      'let u = h1',
      'update = published_lr(t, lr, warmup, hold) * u',
    ])
    expect(statementsOf('None ~ (id([a2][tanh(g)]))+(exp(tanh(g)))').slice(0, -1)).toEqual([
      'let h1 = tanh(g)',
      'let h2 = a2(t) * h1',
      'let h3 = exp(h1)',
      'let u = h2 + h3',
    ])
    expect(statementsOf('None ~ tanh(g)/(1+|tanh(g)|)').slice(0, -1)).toEqual([
      'let h1 = tanh(g)',
      'let u = softsign(h1)',
    ])
    expect(statementsOf('Mom ~ erf([min(id(a9), 1/(1+exp(-a10))][g^3])')[0]).toBe(
      'let u = erf(min(identity(a9(t)), sigmoid(a10(t))) * g^3)',
    )
  })

  test('says what the space draws', () => {
    const random = randomOf('notation')
    for (let count = 0; count < 30; count++) {
      const text = printNotation(published, drawSomeRule(random))!
      expect(printNotation(published, moduleOf(text))).toBe(text)
    }
  })

  test('has no words for other rules', () => {
    const module = moduleOf('None ~ tanh(g)')
    expect(printNotation(published, { ...module, items: [] })).toBeUndefined()
    const cosine = print(module).replace('tanh(g)', 'cos(g)')
    expect(cosine).toContain('cos(g)')
    expect(
      printNotation(published, parse({ path: 'rule.opt', text: cosine }).value),
    ).toBeUndefined()
  })
})

describe('lines that are no rules', () => {
  test.each([
    ['', '0: a rule begins with one of `None ~ `, `Mom ~ `, `Nest ~ `'],
    ['None ~ tahn(g)', '7: expected an operand or an operator here'],
    ['None ~ tanh(g', '13: expected `)` here'],
    ['None ~ tanh(g))', '14: expected the end of the rule here'],
    ['None ~ ', '7: expected an operand or an operator here'],
    ['None ~ tanh([a15][g])', '15: expected `][` here'],
  ])('%s', (line, message) => {
    expect(errorOf(line)).toBe(message)
  })

  test('however long or deep', () => {
    const depth = 660
    expect(errorOf(`None ~ ${'-('.repeat(depth)}`)).toMatch(/^1327: expected an operand/)
    expect(errorOf(`None ~ ${'-('.repeat(depth)}g${')'.repeat(depth)}`)).toBe('none')
    expect(errorOf(`None ~ ${'g'.repeat(longestNotation)}`)).toMatch(/longer than 2000/)
  })
})

test('rules stand in lines or in a column', () => {
  expect(ruleLines('a\r\n\n  b\n')).toEqual([
    { text: 'a', line: 1, column: 1 },
    { text: 'b', line: 3, column: 3 },
  ])
  expect(ruleLines('phase\trule\tnote\ninit\tNone ~ g\t\nfinal\n')).toEqual([
    { text: 'None ~ g', line: 2, column: 6 },
    { text: '', line: 3, column: 6 },
  ])
  expect(ruleLines('')).toEqual([])
})
