import { readdirSync } from 'node:fs'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { rejectionWords } from '../../src/evolve/rejection.ts'
import { adopt, negateUpdate } from '../../src/mutate/adopt.ts'
import { findFactor } from '../../src/mutate/factor.ts'
import { mutate, mutateBy, type MutationKind } from '../../src/mutate/mutate.ts'
import { isOfNode, nodeRow, row, type Mutation } from '../../src/mutate/mutations/mutation.ts'
import { failureWords, kindWords, mutations } from '../../src/mutate/mutations/table.ts'
import { entriesOf } from '../../src/mutate/space/probabilities.ts'
import { readSpace, type Space } from '../../src/mutate/space/space.ts'
import { copy } from '../../src/mutate/template.ts'
import type { Module } from '../../src/syntax/ast.ts'
import { parse } from '../../src/syntax/parse.ts'
import { print, printInline } from '../../src/syntax/print.ts'
import { source } from '../stdlib/library.ts'
import { isClose, randomOf } from './published.ts'
import { drawSome, spaceOf } from './space.ts'

const table: readonly Mutation[] = mutations
const searched = spaceOf('joint')
const { space: joint, tests } = searched
const text = source('std/spaces/joint').text
/** A space that has every entry. */
const everything = source('std/spaces/modern').text

/** What a table makes of the text of a space. */
function readWith(
  rows: readonly Mutation[],
  spaceText: string,
): { readonly space: Space | undefined; readonly messages: readonly string[] } {
  const module = parse({ path: 'space.opt', text: spaceText }).value
  const declaration = module.items.find((item) => item.kind === 'space')!
  const { value, diagnostics } = readSpace(module, declaration, rows)
  return { space: value, messages: diagnostics.map(({ message }) => message) }
}

/** The text of a space with more entries in one of its groups. */
function addEntries(before: string, group: string, ...entries: readonly string[]): string {
  const opening = `\n  ${group} {\n`
  expect(before).toContain(opening)
  return before.replace(opening, `${opening}${entries.map((entry) => `    ${entry}\n`).join('')}`)
}

const withEntries = (group: string, ...entries: readonly string[]): string =>
  addEntries(text, group, ...entries)

/** The text of the modern space with this number for an entry of a group, which it may lack; without one, with no such entry. */
function withNumber(group: string, key: string, number?: number): string {
  const line = new RegExp(`(\\n  ${group} \\{[^}]*?)\\n    ${key} = [^\\n]*`)
  if (number !== undefined && !line.test(everything))
    return addEntries(everything, group, `${key} = ${number}`)
  return everything.replace(line, number === undefined ? '$1' : `$1\n    ${key} = ${number}`)
}

test('every file of a mutation is a row of its name', () => {
  const files = readdirSync(new URL('../../src/mutate/mutations/', import.meta.url))
  const names = files.map((file) => file.replace(/\.ts$/, ''))
  expect(names.filter((name) => !['mutation', 'table'].includes(name)).sort()).toEqual(
    table.map(({ name }) => name).sort(),
  )
})

test('no two rows share an entry or a kind', () => {
  for (const names of [
    table.flatMap(entriesOf).map(([name]) => name),
    table.flatMap(({ kinds }) => Object.keys(kinds)),
  ])
    expect(new Set(names).size).toBe(names.length)
})

test('the modern space says every mutation', () => {
  for (const [key] of table.flatMap(entriesOf))
    expect(withNumber('mutation', key), key).not.toBe(everything)
})

describe.each(table.map((each) => [each.name, each] as const))('%s', (_, mutation) => {
  const groups = isOfNode(mutation)
    ? ['mutation', 'decay_mutation', 'schedule_mutation']
    : ['mutation']

  test.each(groups)('has entries that the group `%s` reads', (group) => {
    for (const [key, entry] of entriesOf(mutation)) {
      const { space, messages } = readWith(table, withNumber(group, key, 0.0625))
      expect(messages).toEqual([])
      const probabilities = {
        mutation: space!.mutation,
        decay_mutation: space!.decayMutation,
        schedule_mutation: space!.schedule!.factorMutation,
      }[group]
      expect(probabilities?.[key]).toBe(0.0625)
      expect(readWith(table, withNumber(group, key, 2)).messages).toEqual([
        `\`${key}\` must be a number from 0 to 1`,
      ])
      expect(readWith(table, withNumber(group, key)).messages).toEqual(
        entry === 'required' ? [`the space has no entry \`${key}\` here`] : [],
      )
    }
  })

  test('says in words what it does and why it may give no rule', () => {
    for (const kind of Object.keys(mutation.kinds)) expect(kindWords().get(kind)).toMatch(/\w/)
    for (const failure of Object.keys(mutation.failures))
      expect(rejectionWords(failure)).toMatch(/\w/)
  })
})

/** A mutation that the library does not have. */
const negation = row({
  name: 'negation',
  rate: 0,
  choices: { give_up: 0.25 },
  kinds: { negate: 'a rule with its sign flipped' },
  failures: { 'gave-up': 'a sign that was left alone' },
  apply: ({ module, chance }) => ({
    kind: 'negate',
    changed: chance('give_up') ? 'gave-up' : negateUpdate(module),
  }),
})

describe('one more row', () => {
  const more: readonly Mutation[] = [...table, negation]

  test('changes neither the spaces that do not say it nor their searches', () => {
    const { space, messages } = readWith(more, text)
    expect(messages).toEqual([])
    expect(space!.mutation).toEqual({ ...joint.mutation, negation: 0, give_up: 0.25 })
    const rule = drawSome(searched, randomOf('one more row'))
    const outcomes = (attempt: (number: number) => unknown): unknown[] =>
      Array.from({ length: 200 }, (_, number) => attempt(number))
    expect(
      outcomes((number) => mutateBy(more, space!, rule, randomOf('same', number), tests)),
    ).toEqual(outcomes((number) => mutate(joint, rule, randomOf('same', number), tests)))
  })

  test('is an entry that only its table reads', () => {
    const said = withEntries('mutation', 'negation = 0.5', 'give_up = 0.75')
    expect(readWith(table, said).messages).toEqual([
      'a search reads no entry `negation` here',
      'a search reads no entry `give_up` here',
    ])
    expect(readWith(more, said).space?.mutation).toMatchObject({ negation: 0.5, give_up: 0.75 })
  })

  test('is drawn at its rate, fails under its name and has its words', () => {
    const { space } = readWith(more, withEntries('mutation', 'negation = 1'))
    const rule = drawSome(searched, randomOf('drawn'))
    const random = randomOf('drawn at its rate')
    const mutants = Array.from({ length: 1000 }, () => mutateBy(more, space!, rule, random, tests))
    const negated = mutants.filter(({ kind }) => kind === 'negate')
    const failed = negated.filter((mutant) => 'failure' in mutant)
    expect(isClose(negated.length, mutants.length, 0.5)).toBe(true)
    expect(isClose(failed.length, negated.length, 0.25)).toBe(true)
    expect(new Set(failed.map((mutant) => 'failure' in mutant && mutant.failure))).toEqual(
      new Set(['gave-up']),
    )
    const made = negated.find((mutant) => 'module' in mutant)!
    expect('module' in made && print(made.module)).toBe(print(negateUpdate(rule)))
    expect(kindWords(more).get('negate')).toBe('a rule with its sign flipped')
    expect(failureWords(more).get('gave-up')).toBe('a sign that was left alone')
  })
})

/** A mutation of a node that the library does not have. */
const reset = nodeRow({
  name: 'reset',
  words: 'the first operand in the place of a node',
  rate: 0,
  choices: {},
  failures: {},
  change: ({ space }) => copy(space.operands[0]!),
})

describe('one more row for nodes', () => {
  const more: readonly Mutation[] = [...table, reset]
  const factorOf = (module: Module): string => printInline(findFactor(joint, module)!.curve.tree)
  const rule = adopt(
    joint,
    parse({
      path: 'rule.opt',
      text: 'schedule factor(t) = sqrt_abs(a2(t))\noptimizer Rule(lr in (0, inf) = 0.1) {\nupdate = lr * factor(t) * tanh(g)\n}\n',
    }).value,
  )

  test('changes rules, and with rates there the inside of decays and factors', () => {
    const only = ['mutation', 'schedule_mutation', 'decay_mutation']
    for (const group of only)
      expect(readWith(more, withEntries(group, 'reset = 1')).messages).toEqual([])
    const { space } = readWith(more, withEntries('mutation', 'reset = 1'))
    const inside = readWith(more, withEntries('schedule_mutation', 'reset = 1')).space!
    const random = randomOf('reset')
    const rules = new Set<string>()
    const factors = new Set<string>()
    for (let number = 0; number < 400; number++) {
      const mutant = mutateBy(more, space!, rule, random, tests)
      if (mutant.kind === 'reset' && 'module' in mutant) rules.add(print(mutant.module))
      const other = mutateBy(more, inside, rule, random, tests)
      expect(other.kind).not.toBe('reset')
      if (other.kind === 'change-schedule' && 'module' in other) factors.add(factorOf(other.module))
    }
    expect([...rules].map((each) => /\* (\w+)\n/.exec(each)?.[1])).toEqual(['g'])
    expect([...factors]).toContain('a1(t)')
  })
})

test('the kinds that are written out are those of the rows', () => {
  type Kinds = (typeof mutations)[number]['kinds']
  expectTypeOf<
    Kinds extends infer Row ? (Row extends unknown ? keyof Row : never) : never
  >().toEqualTypeOf<MutationKind>()
})
