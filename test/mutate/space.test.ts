import { describe, expect, test } from 'vitest'
import { readSpace, unevenRates, type Space } from '../../src/mutate/space/space.ts'
import { parse } from '../../src/syntax/parse.ts'
import { source } from '../stdlib/library.ts'
import { checkText } from '../check/check-text.ts'

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

describe('rates of mutations', () => {
  test('that do not sum to 1 are named with their group', () => {
    expect(unevenRates(spaceOf(published)!)).toEqual([])
    expect(unevenRates(spaceOf(joint)!)).toEqual([])
    const text = changed(
      changed(joint, 'operator = 0.36', 'operator = 0.06'),
      /(schedule_mutation \{\s+operator = )0\.6/,
      '$10.8',
    )
    expect(unevenRates(spaceOf(text)!)).toEqual([
      { group: 'mutation', sum: 0.7 },
      { group: 'schedule_mutation', sum: 1.2 },
    ])
  })
})

describe('the library has spaces', () => {
  test('with and without a schedule', () => {
    expect(messages(joint)).toEqual([])
    expect(messages(published)).toEqual([])
    expect(spaceOf(published)).not.toHaveProperty('schedule')
    expect(spaceOf(joint)?.schedule).toMatchObject({
      most: 10,
      probability: 0.5,
      factorMutation: { operator: 0.6, connection: 0.25, arity: 0.15, swap: 0.2 },
      factor: { hidden: 5, hiddenUnary: 0.75, rootUnary: 0.25, reuse: 0.5 },
    })
    expect(spaceOf(joint)?.mutation).toMatchObject({ schedule: 0.1, delete_schedule: 0.25 })
  })

  test('that follow their files', () => {
    const space = spaceOf(changed(joint, 'most = 10', 'most = 2.5'))
    expect(space?.schedule?.most).toBe(2.5)
    const [, ...fewer] = spaceOf(joint)!.rule.operands
    expect(spaceOf(changed(joint, '      g,\n', ''))?.rule.operands).toHaveLength(fewer.length)
  })
})

const modern = source('std/spaces/modern').text

describe('values', () => {
  test('stand for numbers in every list of a rule and in the forms', () => {
    const space = spaceOf(
      changed(joint, 'space joint {', 'space joint {\n  values {\n    k = [2, 3]\n  }')
        .replace('      g^2,\n', '      k * g^2,\n')
        .replace('      tanh(x),\n', '      tanh(k * x) : 0.5,\n')
        .replace('      a - b,\n', '      a - k * b,\n')
        .replace('    step,\n', '    step,\n    k * step,\n')
        .replace('delete_schedule = 0.25', 'delete_schedule = 0.25\n    value = 0.1'),
    )!
    const before = spaceOf(joint)!
    expect(space.values).toEqual(new Map([['k', [2, 3]]]))
    expect(space.rule.operands).toHaveLength(before.rule.operands.length + 1)
    expect(space.rule.operandFamilies).toHaveLength(before.rule.operandFamilies.length)
    expect(space.rule.unary.items).toHaveLength(before.rule.unary.items.length + 1)
    expect(space.rule.unary.weights.filter((weight) => weight === 0.25)).toHaveLength(2)
    expect(space.rule.binary.items).toHaveLength(before.rule.binary.items.length + 1)
    expect(space.forms).toHaveLength(before.forms.length + 2)
    expect(space.mutation['value']).toBe(0.1)
  })

  test.each([
    ['limit = [', 'lr = [1]\n    limit = [', '`lr` stands for something else already'],
    ['limit = [', 'inputs = [1]\n    limit = [', '`inputs` stands for something else already'],
    ['shrink = [1e-4', 'shrink = [-1e-4', '`shrink` must be a number of at least 0'],
    ['limit = [0.1, 0.3, 1, 3]', 'limit = []', '`limit` must be a list with at least one choice'],
    ['limit = [', 'unused = [1]\n    limit = [', 'no choice uses `unused`'],
    ['    value = 0.1\n', '', 'the space has no entry `value` here'],
    ['    average = 0.06\n', '', 'the space has no entry `average` here'],
    [/\n {4}averages = [^\]]*\]/, '', 'the space has no entry `averages` here'],
    [
      'double_average(x, beta),',
      'double_average(x, 0.9),',
      'each choice of `averages` must use `beta`',
    ],
    ['extent = element', 'extent = run', /^`extent` must be `element`/],
    ['mean(x, over = inputs),', 'mean(x, over = rows),', '`rows` stands for no value here'],
  ])('%s as %s', (from, to, expected) => {
    const found = messages(changed(modern, from, to))
    expect(found).toEqual([expect.stringMatching(expected)])
  })

  test('may not make too many choices of one', () => {
    const numbers = Array.from({ length: 15 }, (_, index) => index).join(', ')
    const text = changed(
      changed(modern, 'values {', `values {\n    k = [${numbers}]\n    l = [${numbers}]`),
      'tanh(x),',
      'tanh(k * x + l),',
    )
    expect(messages(text)).toEqual([
      'the values of a choice can be put together in 200 ways at most',
    ])
  })
})

test('a space without an extent, averages and values has none', () => {
  expect(spaceOf(joint)).toMatchObject({ averages: [], values: new Map(), extent: undefined })
  expect(spaceOf(modern)?.extent).toBe('element')
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
    ['most = 10', 'most = 1e9', '`most` must be a number above 0, of at most 1000000'],
  ])('%s as %s', (from, to, expected) => {
    expect(messages(changed(joint, from, to))).toEqual([expected])
  })
})

describe('what cannot be drawn is an error', () => {
  const noRates = /operator = 0\.36[^}]*schedule = 0\.1\n/
  test.each<readonly [string | RegExp, string, string]>([
    ['hidden = 5', 'hidden = 0', '`hidden` must be a whole number from 1 to 100'],
    ['hidden = 5', 'hidden = 2.5', '`hidden` must be a whole number from 1 to 100'],
    ['hidden = 1\n', 'hidden = 1.5\n', '`hidden` must be a whole number from 0 to 100'],
    ['most = 10', 'most = 0', '`most` must be a number above 0, of at most 1000000'],
    [
      noRates,
      'operator = 0\nconnection = 0\narity = 0\nform = 0\ndecay = 0\nschedule = 0\n',
      'a kind of mutation must have a probability above 0',
    ],
    [
      'operator = 0.6\n    connection = 0.25\n    arity = 0.15',
      'operator = 0\n    connection = 0\n    arity = 0',
      'a kind of mutation must have a probability above 0',
    ],
    ['log_abs(x),', 'log_abs(g),', 'each choice of `unary` must use `x`'],
    ['a - b,', 'a - 1,', 'each choice of `binary` must use `b`'],
    ['\n    step,', '\n    2,', 'each choice of `forms` must use `step`'],
    ['\n      g,', '\n      gg,', '`gg` stands for no value here'],
    ['a2(t),', 'g * a2(t),', '`g` stands for no value here'],
    ['published_lr(t, lr,', 'published_lr(t, lrr,', '`lrr` stands for no value here'],
  ])('%s as %s', (from, to, expected) => {
    const text = changed(joint, from, to)
    expect(messages(text)).toEqual([expected])
    expect(spaceOf(text)).toBeUndefined()
  })

  test('but a curve may have no hidden node', () => {
    expect(spaceOf(changed(joint, 'hidden = 1\n', 'hidden = 0\n'))?.decay.hidden).toBe(0)
  })
})

describe('what does not stand in the files of its rules', () => {
  test('cannot be imported', () => {
    const text = `import { twice } from "./ops.opt"\n${changed(joint, 'log_abs(x),', 'twice(x),')}`
    const { found } = checkText(text, { './ops.opt': 'fn twice(x) = x + x\n' })
    expect(found.map(({ message }) => message)).toEqual([
      'a space can import from the standard library only: its rules stand in files of their own',
    ])
  })

  test('cannot be declared beside the space', () => {
    const text = `${changed(joint, 'log_abs(x),', 'twice(x),')}\nfn twice(x) = x + x\n`
    expect(messages(text)).toEqual([
      'a space cannot use `twice`, a function of its own file: its rules stand in files of their own',
    ])
  })
})
