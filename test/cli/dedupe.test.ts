import { expect, test } from 'vitest'
import { createSession } from './session.ts'

const RULES = [
  'phase\trule',
  'init\tNone ~ tanh(v hat)',
  'init\tMom ~ drop(g, 0.5)',
  'init\tNone ~ id(tanh(v hat))',
  'init\tMom ~ tahn(g)',
  'init\tNone ~ -(tanh(v hat))',
  'init\tMom ~ drop(g, 0.5)',
  'init\tNest ~ id([id(a3)][g])',
  '',
].join('\n')

const groupsOf = (stdout: string): unknown[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)

test('rules that behave alike are one group', async () => {
  const session = createSession({ 'rules.tsv': RULES })
  expect(await session.run('dedupe rules.tsv --from published')).toEqual({
    exitCode: 1,
    stdout: `rules.tsv:2  None ~ tanh(v hat)
rules.tsv:4  None ~ id(tanh(v hat))

rules.tsv:3  Mom ~ drop(g, 0.5)
rules.tsv:7  Mom ~ drop(g, 0.5)
`,
    stderr: `error: rules.tsv:5:12: expected an operand or an operator here
6 rules, 5 different texts, 4 groups: 2 repeats (33.3 %)
`,
  })
  expect(session.read('rules.tsv')).toBe(RULES)
})

test('with --scale, multiples too', async () => {
  const session = createSession({
    'rules.txt': 'None ~ tanh(g)\nNone ~ (tanh(g))+(tanh(g))\nNone ~ -(tanh(g))\nNone ~ erf(g)\n',
  })
  expect(await session.run('dedupe rules.txt --from published --scale')).toEqual({
    exitCode: 0,
    stdout: `rules.txt:1  None ~ tanh(g)
rules.txt:2  None ~ (tanh(g))+(tanh(g))  * 2
rules.txt:3  None ~ -(tanh(g))  * -1
`,
    stderr: '4 rules, 4 different texts, 2 groups: 2 repeats (50.0 %)\n',
  })
  expect(await session.run('dedupe rules.txt --from published')).toMatchObject({ stdout: '' })
})

test('with --json every group is a line', async () => {
  const session = createSession({
    'a.opt': '// Twice.\n\noptimizer Twice(lr in (0, inf) = 0.1) {\n  update = 2 * lr * g\n}\n',
    'b.opt': 'update = lr * g\n',
  })
  const { exitCode, stdout, stderr } = await session.run(
    'dedupe a.opt b.opt std/sgd std/lion --scale --json',
  )
  expect(exitCode).toBe(0)
  expect(stderr).toBe('4 rules, 4 different texts, 2 groups: 2 repeats (50.0 %)\n')
  expect(groupsOf(stdout)).toMatchObject([
    {
      rules: [
        { rule: 'Twice', file: 'a.opt', line: 3, factor: 1 },
        { rule: 'b', file: 'b.opt', line: 1, factor: 0.5 },
        { rule: 'SGD', file: 'std/sgd', factor: 0.5 },
      ],
    },
    { rules: [{ file: 'std/lion', factor: 1 }] },
  ])
})

test('nothing to compare is a failure', async () => {
  const session = createSession({
    'empty.txt': '\n',
    'broken.opt': 'update =\n',
    'fn.opt': 'fn f(x) = x\n',
  })
  expect(await session.run('dedupe empty.txt --from published')).toMatchObject({
    exitCode: 1,
    stderr: 'error: empty.txt holds no rules\n',
  })
  expect(await session.run('dedupe broken.opt')).toMatchObject({ exitCode: 1, stdout: '' })
  expect(await session.run('dedupe fn.opt')).toMatchObject({
    exitCode: 1,
    stderr: 'error: there is no optimizer in fn.opt\n',
  })
  expect(await session.run('dedupe')).toMatchObject({ exitCode: 2 })
})
