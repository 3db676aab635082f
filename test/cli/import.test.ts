import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createSession } from './session.ts'

const RULES =
  'phase\trule\ninit\tNone ~ tanh(v hat)\ninit\tMom ~ tahn(g)\ninit\tNest ~ id([id(a3)][g])\n'

test('rules become files that check, and lines that are none are reported', async () => {
  const session = createSession({ 'rules.tsv': RULES })
  const { exitCode, stderr } = await session.run('import rules.tsv --from published --out rules')
  expect(exitCode).toBe(1)
  expect(stderr).toBe(
    'error: rules.tsv:3:12: expected an operand or an operator here\nrules.tsv -> rules: 2 rules\n1 rule could not be read\n',
  )
  expect(readdirSync(join(session.folder, 'rules'))).toEqual(['rule-0001.opt', 'rule-0003.opt'])
  expect(session.read('rules/rule-0001.opt'))
    .toBe(`import { published_lr, v_hat } from "std/published"

/// \`None ~ tanh(v hat)\` of a published log.
optimizer Rule0001(lr in (0, inf) = 0.01, warmup in [0, inf) = 0, hold in [0, inf) = 0) {
  let u = tanh(v_hat())

  update = published_lr(t, lr, warmup, hold) * u
}
`)
  expect(await session.run('check rules --max-warnings 0')).toMatchObject({ exitCode: 0 })
  expect(await session.run('fmt --check rules')).toMatchObject({ exitCode: 0 })
})

test('printed rules are one module', async () => {
  const session = createSession({ 'rules.txt': 'Nest ~ exp(lam hat)\nMom ~ -(g)\n' })
  const { exitCode, stdout, stderr } = await session.run('import rules.txt')
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toMatch(/^import \{ l_hat, published_lr, published_momentum \}/)
  expect(await session.run('check -', { stdin: stdout })).toMatchObject({ exitCode: 0 })
  expect(stdout.match(/^optimizer Rule000\d\(/gm)).toHaveLength(2)
})

test('a folder with something in it is left alone', async () => {
  const session = createSession({
    'rules.txt': 'Mom ~ -(g)\n',
    'full/own.txt': 'mine',
    own: 'mine',
  })
  const full = await session.run('import rules.txt --out full')
  expect(full.exitCode).toBe(1)
  expect(full.stderr).toContain('full exists and is not empty')
  expect(readdirSync(join(session.folder, 'full'))).toEqual(['own.txt'])
  expect(await session.run('import rules.txt --out own')).toMatchObject({ exitCode: 2 })
  expect(session.read('own')).toBe('mine')
})

test('files without rules are failures', async () => {
  const session = createSession({
    'empty.txt': '\n\n',
    'image.txt': new Uint8Array([255, 216, 255]),
  })
  const empty = await session.run('import empty.txt')
  expect(empty).toMatchObject({ exitCode: 1, stderr: 'error: empty.txt holds no rules\n' })
  const image = await session.run('import image.txt')
  expect(image.exitCode).toBe(1)
  expect(image.stderr).toContain('image.txt cannot be read as text')
  expect(await session.run('import missing.txt')).toMatchObject({ exitCode: 2 })
  expect(await session.run('import empty.txt empty.txt')).toMatchObject({ exitCode: 2 })
})
