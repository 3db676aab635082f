import fc from 'fast-check'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { requestPath, requestQuery } from '../../src/hosts/serving/request-path.ts'
import { findFile, mediaType } from '../../src/hosts/serving/static-folder.ts'

describe('the path of a request', () => {
  it.each([
    ['/', '/'],
    ['/index.html', '/index.html'],
    ['/reference/?q=a/../b', '/reference/'],
    ['/a%20b.html?x', '/a b.html'],
    ['/caf%C3%A9', '/café'],
  ])('of %s is %s', (target, path) => {
    expect(requestPath(target)).toBe(path)
  })

  it.each([
    '',
    'index.html',
    'http://elsewhere.example/',
    '//elsewhere.example/',
    '/../secret',
    '/%2e%2e/secret',
    '/a/%2E%2e/%2e./secret',
    '/a%2f..%2fsecret',
    '/..%5csecret',
    '/a\\b',
    '/.git/config',
    '/a/./b',
    '/C:/windows',
    '/file.txt::$DATA',
    '/nul%00.html',
    '/line%0abreak',
    '/broken%',
    '/broken%c3%28',
  ])('refuses %s', (target) => {
    expect(requestPath(target)).toBeUndefined()
  })

  it('reads the query as it is', () => {
    expect(requestQuery('/run?of=a%20b&of=c').getAll('of')).toEqual(['a b', 'c'])
    expect(requestQuery('/run').size).toBe(0)
  })
})

describe('a folder that is served', () => {
  let around: string
  let folder: string

  beforeAll(() => {
    around = mkdtempSync(join(tmpdir(), 'optc-served-'))
    folder = join(around, 'site')
    mkdirSync(join(folder, 'deep', 'er'), { recursive: true })
    for (const name of ['index.html', 'deep/er/page.js', 'deep/index.html', '.hidden'])
      writeFileSync(join(folder, name), name)
    writeFileSync(join(around, 'secret'), 'secret')
    writeFileSync(join(around, 'site-too'), 'secret')
    symlinkSync(join(around, 'secret'), join(folder, 'leak'))
    symlinkSync(around, join(folder, 'up'))
    symlinkSync('index.html', join(folder, 'start.html'))
  })
  afterAll(() => rmSync(around, { recursive: true, force: true }))

  it('gives its files, the index.html of a folder, and what links inside lead to', () => {
    expect(findFile(folder, '/')).toBe(join(folder, 'index.html'))
    expect(findFile(folder, '/start.html')).toBe(join(folder, 'index.html'))
    expect(findFile(folder, '/deep/')).toBe(join(folder, 'deep', 'index.html'))
    expect(findFile(folder, '/deep/er/page.js')).toBe(join(folder, 'deep/er/page.js'))
  })

  it('gives neither folders, nor what is not there, nor what links outside lead to', () => {
    for (const path of ['/deep', '/deep/er/', '/nothing', '/leak', '/up/secret', '/up/site-too'])
      expect(findFile(folder, path)).toBeUndefined()
  })

  it('never gives a file outside, whatever is asked', () => {
    const piece = fc.constantFrom(
      ...['/', '..', '.', '%2e', '%2E%2e', '%2f', '\\', '%5c', 'site', 'secret', 'up', 'leak'],
      ...['deep', 'er', 'index.html', '%00', '?', '#', '%', '//', 'site-too', '%c0%af', ' '],
    )
    let found = 0
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 12 }), (pieces) => {
        const path = requestPath(`/${pieces.join('')}`)
        const file = path === undefined ? undefined : findFile(folder, path)
        if (file === undefined) return
        found += 1
        expect(file.startsWith(folder + sep)).toBe(true)
        expect(file).not.toContain('.hidden')
      }),
      { numRuns: 3000 },
    )
    expect(found).toBeGreaterThan(0)
  })
})

it('knows what browsers must be told of a file', () => {
  expect(mediaType('/a/page.JS')).toBe('text/javascript; charset=utf-8')
  expect(mediaType('kernels.wasm')).toBe('application/wasm')
  expect(mediaType('README')).toBe('application/octet-stream')
})
