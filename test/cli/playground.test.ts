import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { PAGE_POLICY, policyOf } from '../../src/hosts/playground/policy.ts'
import { createSession } from './session.ts'

const built = join(import.meta.dirname, '../../dist/playground')

describe('optc playground', () => {
  test('refuses a port that there is not', async () => {
    const { exitCode, stderr } = await createSession().run('playground --port 65536')
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('there is no port 65536')])
  })

  test('refuses a port that is no number', async () => {
    const { exitCode } = await createSession().run('playground --port x')
    expect(exitCode).toBe(2)
  })
})

// What is built is tried: packed, as `npm ci` makes it, or as it is.
test.skipIf(!existsSync(built))('serves the page until it is interrupted', async () => {
  const ending = new AbortController()
  let answered: Promise<Response> | undefined
  const { exitCode, stdout } = await createSession().run('playground', {
    signal: ending.signal,
    onWrite: (text) => {
      const address = /http:\S+/.exec(text)?.[0]
      if (address === undefined || answered !== undefined) return
      answered = fetch(address).finally(() => ending.abort())
    },
  })
  expect(exitCode).toBe(130)
  expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\n$/)
  const page = await answered!
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
})

describe('what may run', () => {
  const evaluates = (path: string): boolean => /'unsafe-eval'/.test(policyOf(path))

  test('is what the page itself says', () => {
    const page = readFileSync(
      join(import.meta.dirname, '../../src/hosts/playground/page/index.html'),
      'utf8',
    )
    const written = /Content-Security-Policy"\s+content="([^"]+)"/.exec(page)![1]!
    const rules = (policy: string): ReadonlyMap<string, string> =>
      new Map(
        policy.split('; ').map((rule) => {
          const [name, ...values] = rule.split(' ')
          return [name!, values.join(' ')]
        }),
      )
    // What a page cannot say of itself, and what it has not.
    for (const [name, values] of rules(PAGE_POLICY))
      if (!['frame-ancestors', 'font-src', 'manifest-src'].includes(name))
        expect([name, rules(written).get(name)]).toEqual([name, values])
  })

  test('evaluates no texts but in workers that run programs', () => {
    for (const path of [
      '/',
      '/index.html',
      '/main.js',
      '/workers/language.js',
      '/workers/compile.js',
    ])
      expect([path, evaluates(path)]).toEqual([path, false])
    expect(evaluates('/workers/race.js')).toBe(true)
    expect(PAGE_POLICY).not.toMatch(/unsafe-inline|\*|https?:/)
  })
})
