import { describe, expect, test } from 'vitest'
import { readSpace, type Space } from '../../src/check/space.ts'
import { parse } from '../../src/syntax/parse.ts'
import { source } from '../stdlib/library.ts'
import { checkText } from './check-text.ts'

const joint = source('std/spaces/joint').text
const published = source('std/spaces/published').text

/** What is said about a space. */
const messages = (text: string): string[] =>
  checkText(text)
    .found.filter(({ code }) => code === 'unusable-space')
    .map(({ message }) => message)

function spaceOf(text: string): Space | undefined {
  const module = parse({ path: 'space.opt', text }).value
  const declaration = module.items.find((item) => item.kind === 'space')
  return declaration && readSpace(module, declaration).value
}

/** The text with one place changed, which must be there. */
function changed(text: string, from: string | RegExp, to: string): string {
  const result = text.replace(from, to)
  expect(result).not.toBe(text)
  return result
}

/** A group of the space with its braces. */
const group = (name: string): RegExp => new RegExp(`\\n  ${name} {[^}]*}`)

describe('the library has spaces', () => {
  test('with and without a schedule', () => {
    expect(messages(joint)).toEqual([])
    expect(messages(published)).toEqual([])
    expect(spaceOf(published)).not.toHaveProperty('schedule')
    expect(spaceOf(joint)?.schedule).toMatchObject({
      most: 10,
      probability: 0.5,
      mutation: 0.1,
      deletion: 0.25,
      factorMutation: { operator: 0.6, connection: 0.25, arity: 0.15, swap: 0.2 },
      factor: { hidden: 5, hiddenUnary: 0.75, rootUnary: 0.25, reuse: 0.5 },
    })
  })

  test('that follow their files', () => {
    const space = spaceOf(changed(joint, 'most = 10', 'most = 2.5'))
    expect(space?.schedule?.most).toBe(2.5)
    const [, ...fewer] = spaceOf(joint)!.rule.operands
    expect(spaceOf(changed(joint, '      g,\n', ''))?.rule.operands).toHaveLength(fewer.length)
  })
})

describe('the entries of a schedule belong together', () => {
  test.each([
    ['the group', group('schedule'), ['the space has no entry `schedule` here']],
    [
      'its mutation',
      group('schedule_mutation'),
      ['the space has no entry `schedule_mutation` here'],
    ],
    ['the bound', '    most = 10\n', ['the space has no entry `most` here']],
    ['the share of mutations', '    schedule = 0.1\n', ['the space has no entry `schedule` here']],
    ['the share of rules', '    schedule = 0.5\n', ['the space has no entry `schedule` here']],
    ['deletion', '    delete_schedule = 0.25\n', ['the space has no entry `delete_schedule` here']],
  ])('without %s', (_, from, expected) => {
    const text = changed(joint, from, '')
    expect(messages(text)).toEqual(expected)
    expect(spaceOf(text)).toBeUndefined()
  })

  test('of which one asks for all others', () => {
    const text = changed(published, '    decay = 0.15\n', '    decay = 0.15\n    schedule = 0.5\n')
    expect(messages(text)).toEqual([
      'the space has no entry `schedule` here',
      'the space has no entry `schedule_mutation` here',
      'the space has no entry `schedule` here',
      'the space has no entry `delete_schedule` here',
    ])
  })
})

describe('entries that change nothing are errors', () => {
  test.each([
    ['hidden = 5', 'hidden = 5\n    hiden = 3', 'a search reads no entry `hiden` here'],
    ['reuse = 0.2', 'reuse = 0.2\n    reuse = 0.3', 'a search reads no entry `reuse` here'],
    ['\n      g,', '\n      g : 0.5,', 'the choices of `operands` are all as likely'],
    ['\n    step,', '\n    step : 0.5,', 'the choices of `forms` are all as likely'],
    ['most = 10', 'most = 1e9', '`most` must be a number from 0 to 1000000'],
  ])('%s as %s', (from, to, expected) => {
    expect(messages(changed(joint, from, to))).toEqual([expected])
  })
})
