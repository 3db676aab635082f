import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refusalOf, type Provenance } from '../../src/hosts/serving/own-origin.ts'

const asked = (given: Partial<Provenance>): Provenance => ({
  method: 'GET',
  host: '127.0.0.1:8080',
  origin: undefined,
  fetchSite: undefined,
  fetchMode: undefined,
  fetchDestination: undefined,
  ...given,
})
const isRefused = (given: Partial<Provenance>, port = 8080): boolean =>
  refusalOf(asked(given), port) !== undefined

describe('who is answered', () => {
  it('is asked for by a name of this machine and its port', () => {
    for (const host of ['127.0.0.1:8080', 'localhost:8080', 'LOCALHOST:8080'])
      expect(isRefused({ host })).toBe(false)
    expect(isRefused({ host: 'localhost' }, 80)).toBe(false)
  })

  it.each([
    undefined,
    '',
    'localhost',
    'localhost:80',
    '127.0.0.1:8081',
    'evil.example:8080',
    'localhost.evil.example:8080',
    '127.0.0.1.evil.example:8080',
    'evil.example#localhost:8080',
    'localhost:8080@evil.example',
    '127.0.0.1:8080, evil.example',
    '0.0.0.0:8080',
    '[::1]:8080',
  ])('is not asked for as %s', (host) => {
    expect(isRefused({ host })).toBe(true)
  })

  it('no host but two is right, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.domain(), fc.ipV4(), fc.webAuthority()), (host) => {
        for (const written of [host, `${host}:8080`])
          expect(isRefused({ host: written })).toBe(
            !['localhost:8080', '127.0.0.1:8080'].includes(written.toLowerCase()),
          )
      }),
    )
  })

  it.each([
    'null',
    'https://127.0.0.1:8080',
    'http://127.0.0.1:8081',
    'http://127.0.0.1',
    'http://evil.example',
    'http://localhost:8080.evil.example',
    'file://',
    '',
  ])('has no origin %s', (origin) => {
    expect(isRefused({ origin })).toBe(true)
    expect(isRefused({ method: 'POST', origin })).toBe(true)
  })

  it('has one of its own origins, which what is posted must say', () => {
    for (const origin of ['http://127.0.0.1:8080', 'http://localhost:8080']) {
      expect(isRefused({ origin })).toBe(false)
      expect(isRefused({ method: 'POST', origin })).toBe(false)
    }
    expect(isRefused({ method: 'POST' })).toBe(true)
  })

  it('follows a link from elsewhere, and gets nothing else into foreign pages', () => {
    const link = { fetchMode: 'navigate', fetchDestination: 'document' }
    for (const fetchSite of ['cross-site', 'same-site']) {
      expect(isRefused({ ...link, fetchSite })).toBe(false)
      expect(isRefused({ ...link, fetchSite, method: 'POST' })).toBe(true)
      expect(isRefused({ ...link, fetchSite, fetchDestination: 'iframe' })).toBe(true)
      expect(isRefused({ fetchSite, fetchMode: 'no-cors', fetchDestination: 'script' })).toBe(true)
    }
    for (const fetchSite of ['same-origin', 'none'])
      expect(isRefused({ fetchSite, fetchMode: 'cors', fetchDestination: 'empty' })).toBe(false)
  })
})
