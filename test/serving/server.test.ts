import fc from 'fast-check'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  eventText,
  jsonAnswer,
  policyWith,
  STRICT_POLICY,
  type ServerEvent,
} from '../../src/hosts/serving/answer.ts'
import { browserCommand, openBrowser } from '../../src/hosts/serving/open-browser.ts'
import {
  startServer,
  TOKEN_HEADER,
  type RunningServer,
  type ServerOptions,
  type Site,
} from '../../src/hosts/serving/server.ts'

async function serve(site: Site, options?: ServerOptions): Promise<RunningServer> {
  const server = await startServer(site, options)
  onTestFinished(() => server.close())
  return server
}

function makeFolder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'optc-served-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

interface Response {
  readonly status: number
  readonly headers: NodeJS.Dict<string | string[]>
  readonly body: string
}

/** Asks as nothing but a program can: with any host, and any target. */
function ask(
  { port }: RunningServer,
  path: string,
  { method = 'GET', headers = {}, body = '' } = {},
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: text }),
      )
      response.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

const PAGE = { type: 'text/html; charset=utf-8', body: '<p>page</p>' }

describe('a server', () => {
  it('answers with routes first, then with files', async () => {
    const folder = makeFolder({ 'index.html': 'file', 'page.js': 'script' })
    const server = await serve({
      routes: [{ path: '/', answer: () => PAGE }],
      folder: { location: folder },
    })
    expect(await (await fetch(server.url)).text()).toBe('<p>page</p>')
    const script = await fetch(`${server.url}page.js`)
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(await script.text()).toBe('script')
    expect((await fetch(`${server.url}nothing`)).status).toBe(404)
    expect((await ask(server, '/../page.js')).status).toBe(400)
  })

  it('unpacks files that are kept packed, and no others', async () => {
    const folder = makeFolder({
      'index.html.gz': gzipSync('page'),
      'main.js.gz': gzipSync('script'),
      'data.gz': gzipSync('data'),
    })
    const server = await serve({ folder: { location: folder } })
    expect(await (await fetch(server.url)).text()).toBe('page')
    const script = await fetch(`${server.url}main.js`)
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(await script.text()).toBe('script')
    const packed = Buffer.from(await (await fetch(`${server.url}data.gz`)).arrayBuffer())
    expect(packed).toEqual(gzipSync('data'))
  })

  it('is strict about what its pages may do', async () => {
    const policy = policyWith({ 'style-src': "'self' 'unsafe-inline'", 'media-src': "'self'" })
    const folder = makeFolder({ 'a.html': '', 'worker.js': '' })
    const server = await serve({
      folder: {
        location: folder,
        policyOf: (path) => (path === '/worker.js' ? policy : undefined),
      },
    })
    const { headers } = await ask(server, '/a.html')
    expect(headers).toMatchObject({
      'content-security-policy': STRICT_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers['access-control-allow-origin']).toBeUndefined()
    expect((await ask(server, '/worker.js')).headers['content-security-policy']).toBe(policy)
    expect(policy).toContain("style-src 'self' 'unsafe-inline'; media-src 'self'")
    expect(policy).not.toContain("style-src 'self';")
    expect((await ask(server, '/none')).headers['content-security-policy']).toBe(STRICT_POLICY)
  })

  it('takes GET and HEAD, and nothing else that a route does not name', async () => {
    const folder = makeFolder({ 'a.txt': 'text' })
    const server = await serve({
      routes: [{ path: '/page', answer: () => PAGE }],
      folder: { location: folder },
    })
    for (const path of ['/page', '/a.txt']) {
      const [got, head] = [await ask(server, path), await ask(server, path, { method: 'HEAD' })]
      expect(head).toMatchObject({ status: 200, body: '' })
      expect(head.headers['content-length']).toBe(got.headers['content-length'])
      for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE']) {
        const refused = await ask(server, path, { method })
        expect(refused).toMatchObject({ status: 405 })
        expect(refused.headers['allow']).toBe('GET, HEAD')
      }
    }
  })

  it('refuses other hosts and origins', async () => {
    let calls = 0
    const server = await serve({ routes: [{ path: '/', answer: () => (++calls, PAGE) }] })
    const refused = [
      { host: 'evil.example' },
      { host: `evil.example:${server.port}` },
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
    ]
    for (const headers of refused) expect((await ask(server, '/', { headers })).status).toBe(403)
    expect(calls).toBe(0)
    const own = { host: `localhost:${server.port}`, origin: `http://localhost:${server.port}` }
    expect((await ask(server, '/', { headers: own })).status).toBe(200)
  })

  it('takes what is posted with its token from its own pages alone', async () => {
    const posted: string[] = []
    const server = await serve({
      routes: [
        {
          path: '/do',
          method: 'POST',
          answer: ({ body }) => jsonAnswer(posted.push(body)),
        },
      ],
    })
    const origin = `http://127.0.0.1:${server.port}`
    const good = { origin, [TOKEN_HEADER]: server.token }
    const post = (headers: Record<string, string>, body = 'a'): Promise<Response> =>
      ask(server, '/do', { method: 'POST', headers, body })
    for (const headers of [
      {},
      { origin },
      { [TOKEN_HEADER]: server.token },
      { origin, [TOKEN_HEADER]: `${server.token}x` },
      { origin, [TOKEN_HEADER]: '' },
      { ...good, origin: 'http://evil.example' },
    ])
      expect((await post(headers as Record<string, string>)).status).toBe(403)
    expect((await ask(server, '/do')).status).toBe(405)
    expect((await post(good, 'x'.repeat(70_000))).status).toBe(413)
    expect(posted).toEqual([])
    expect(await post(good, 'what')).toMatchObject({ status: 200, body: '1' })
    expect(posted).toEqual(['what'])
    expect((await serve({})).token).not.toBe(server.token)
  })

  it('tells no page what went wrong, and goes on', async () => {
    const server = await serve({
      routes: [
        {
          path: '/',
          answer: () => Promise.reject(new Error('secret')),
        },
        { path: '/well', answer: () => PAGE },
      ],
    })
    const { status, body } = await ask(server, '/')
    expect([status, body.includes('secret')]).toEqual([500, false])
    expect((await ask(server, '/well')).status).toBe(200)
  })

  it('listens on the loopback address alone', async () => {
    const { port } = await serve({ routes: [{ path: '/', answer: () => PAGE }] })
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
    for (const { address } of others)
      await expect(
        new Promise((resolve, reject) => {
          const socket = connect({ port, host: address }, () => resolve(socket.destroy()))
          socket.on('error', reject)
        }),
      ).rejects.toThrow('ECONNREFUSED')
  })

  it('says when its port is taken', async () => {
    const { port } = await serve({})
    await expect(startServer({}, { port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})

describe('events', () => {
  it('reach the page one by one, with comments between, and end with the server', async () => {
    let sendEvent: (event: ServerEvent) => void = () => undefined
    let stopped = 0
    const server = await serve(
      {
        routes: [
          {
            path: '/events',
            answer: () => ({
              listen: (send) => {
                sendEvent = send
                send({ name: 'first', data: 'one\ntwo' })
                return () => (stopped += 1)
              },
            }),
          },
        ],
      },
      { heartbeat: 5 },
    )
    const response = await fetch(`${server.url}events`)
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    const until = async (wanted: string): Promise<void> => {
      while (!text.includes(wanted)) text += (await reader.read()).value ?? ''
    }
    await until('event: first\ndata: one\ndata: two\n\n')
    await until(':\n\n')
    sendEvent({ data: 'later' })
    await until('data: later\n\n')
    expect(stopped).toBe(0)
    await server.close()
    expect((await reader.read().catch(() => ({ done: true }))).done).toBe(true)
    expect(stopped).toBe(1)
  })

  it('stop when the page is closed', async () => {
    const closed = new Promise<void>((resolve) => {
      void serve({
        routes: [{ path: '/', answer: () => ({ listen: () => resolve }) }],
      }).then(async ({ url }) => {
        const stop = new AbortController()
        await fetch(url, { signal: stop.signal })
        stop.abort()
      })
    })
    await closed
  })

  it('hold any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (data) => {
        // As the standard has it, lines end with any of three marks.
        const lines = eventText({ data }).split(/\r\n|\r|\n/)
        expect(lines.slice(-2)).toEqual(['', ''])
        expect(lines.slice(0, -2).every((line) => line.startsWith('data: '))).toBe(true)
        expect(lines.slice(0, -2).map((line) => line.slice(6))).toEqual(data.split(/\r\n|\r|\n/))
      }),
    )
  })
})

describe('the browser', () => {
  it('is what the person has chosen, else what the platform has', () => {
    const url = 'http://127.0.0.1:1/?a&b'
    expect(browserCommand(url, 'linux', {})).toEqual(['xdg-open', url])
    expect(browserCommand(url, 'darwin', {})).toEqual(['open', url])
    expect(browserCommand(url, 'win32', {})[0]).toBe('rundll32')
    expect(browserCommand(url, 'darwin', { BROWSER: 'lynx' })).toEqual(['lynx', url])
  })

  it('is found or not', async () => {
    expect(await openBrowser('a', { BROWSER: process.execPath })).toBe(true)
    expect(await openBrowser('a', { BROWSER: join(tmpdir(), 'no', 'browser') })).toBe(false)
  })
})
