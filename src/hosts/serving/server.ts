import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  eventText,
  STRICT_POLICY,
  textAnswer,
  type Answer,
  type EventStream,
  type ServerEvent,
} from './answer.ts'
import { refusalOf } from './own-origin.ts'
import { requestPath, requestQuery } from './request-path.ts'
import { answerFromFolder, type StaticFolder } from './static-folder.ts'

/** What is served: routes first, then the files of a folder. */
export interface Site {
  readonly routes?: readonly Route[]
  readonly folder?: StaticFolder
}

/** One address of a site. */
export interface Route {
  /** The whole path, with a slash in front. */
  readonly path: string
  /** What it takes: `GET`, which takes HEAD too, or `POST`, which wants the server's token. `GET` when absent. */
  readonly method?: 'GET' | 'POST'
  readonly answer: (asked: Asked) => Answer | EventStream | Promise<Answer | EventStream>
}

/** A request that is not refused. */
export interface Asked {
  readonly query: URLSearchParams
  /** What was posted; empty for GET. */
  readonly body: string
  /** What a page of this server must send along with what it posts: the header {@link TOKEN_HEADER}. */
  readonly token: string
}

/** A server that runs. */
export interface RunningServer {
  /** Where its pages are: `http://127.0.0.1:8080/`. */
  readonly url: string
  readonly port: number
  readonly token: string
  /** Ends every connection and stops listening. */
  readonly close: () => Promise<void>
}

export interface ServerOptions {
  /** 0, or absent: one that is free. */
  readonly port?: number
  /** Milliseconds between comments that keep event streams open; 15,000 when absent. */
  readonly heartbeat?: number
}

/** The header that holds the server's token. */
export const TOKEN_HEADER = 'x-optc-token'

const LOOPBACK = '127.0.0.1'
const MOST_POSTED_BYTES = 65_536
const HEARTBEAT = 15_000
/** After how many milliseconds a page that lost the server looks for it again. */
const RETRY = 1000

/**
 * Serves a site to the browsers of this machine alone: on the loopback address, refusing other hosts and origins. Rejects
 * with Node's error when the port cannot be listened on.
 */
export async function startServer(
  site: Site,
  { port = 0, heartbeat = HEARTBEAT }: ServerOptions = {},
): Promise<RunningServer> {
  const token = randomBytes(32).toString('base64url')
  const serving: Serving = {
    site,
    token,
    heartbeat,
    port: () => portOf(server),
    streams: new Set(),
  }
  const server = createServer((request, response) => {
    respond(serving, request, response).catch(() => {
      // What went wrong may hold paths: no page is told.
      if (response.headersSent) response.destroy()
      else send(response, textAnswer(500, 'the server went wrong'), request.method)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    url: `http://${LOOPBACK}:${portOf(server)}/`,
    port: portOf(server),
    token,
    close: () =>
      new Promise((resolve) => {
        for (const end of [...serving.streams]) end()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

interface Serving {
  readonly site: Site
  readonly token: string
  readonly heartbeat: number
  readonly port: () => number
  /** Ends the event streams that are open. */
  readonly streams: Set<() => void>
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

async function respond(
  serving: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', url = '' } = request
  const refuse = (status: number, reason: string): void => {
    // What is refused is not read to its end.
    response.setHeader('Connection', 'close')
    send(response, textAnswer(status, reason), method)
  }
  const refusal = refusalOf(provenanceOf(request), serving.port())
  if (refusal !== undefined) return refuse(403, refusal)
  const path = requestPath(url)
  if (path === undefined) return refuse(400, 'there is no such address')
  const { routes = [], folder } = serving.site
  const here = routes.filter((route) => route.path === path)
  const route = here.find(({ method: taken = 'GET' }) => takes(taken, method))
  if (route === undefined) {
    const found = here.length === 0 && folder ? answerFromFolder(folder, path) : undefined
    if (found !== undefined && takes('GET', method)) return send(response, found, method)
    if (here.length === 0 && found === undefined) return refuse(404, 'there is no such page')
    response.setHeader('Allow', here.length === 0 ? 'GET, HEAD' : allowed(here))
    return refuse(405, `${path} does not take ${method}`)
  }
  const isPost = method === 'POST'
  if (isPost && !isToken(request.headers[TOKEN_HEADER], serving.token))
    return refuse(403, 'what is posted must come from a page of this server')
  const body = isPost ? await readBody(request) : ''
  if (body === undefined) return refuse(413, 'that is more than this server takes')
  const answer = await route.answer({ query: requestQuery(url), body, token: serving.token })
  if ('listen' in answer) stream(serving, answer, request, response)
  else send(response, answer, method)
}

const takes = (taken: string, method: string): boolean =>
  taken === method || (taken === 'GET' && method === 'HEAD')

const allowed = (routes: readonly Route[]): string =>
  routes.map(({ method = 'GET' }) => (method === 'GET' ? 'GET, HEAD' : method)).join(', ')

function provenanceOf({ method = '', headers }: IncomingMessage): Parameters<typeof refusalOf>[0] {
  const only = (value: string | readonly string[] | undefined): string | undefined =>
    typeof value === 'object' ? value.join(', ') : value
  return {
    ...{ method, host: headers.host, origin: headers.origin },
    fetchSite: only(headers['sec-fetch-site']),
    fetchMode: only(headers['sec-fetch-mode']),
    fetchDestination: only(headers['sec-fetch-dest']),
  }
}

function isToken(given: string | readonly string[] | undefined, token: string): boolean {
  const [left, right] = [Buffer.from(String(given ?? '')), Buffer.from(token)]
  return left.length === right.length && timingSafeEqual(left, right)
}

/** What was posted; undefined when it is too much. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    // Read to its end all the same: a connection that is cut has no answer.
    if (size <= MOST_POSTED_BYTES) chunks.push(chunk as Buffer)
  }
  return size > MOST_POSTED_BYTES ? undefined : Buffer.concat(chunks).toString('utf8')
}

function setHeaders(response: ServerResponse, type: string, policy = STRICT_POLICY): void {
  const headers = {
    'Content-Type': type,
    'Content-Security-Policy': policy,
    'Cache-Control': 'no-store',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  }
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
}

function send(
  response: ServerResponse,
  { status = 200, type, body, policy }: Answer,
  method: string | undefined,
): void {
  setHeaders(response, type, policy)
  response.statusCode = status
  response.setHeader('Content-Length', Buffer.byteLength(body))
  response.end(method === 'HEAD' ? undefined : body)
}

function stream(
  { heartbeat, streams }: Serving,
  { listen }: EventStream,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  setHeaders(response, 'text/event-stream; charset=utf-8')
  if (request.method === 'HEAD') return void response.end()
  response.write(`retry: ${RETRY}\n\n`)
  const stop = listen((event: ServerEvent) => response.write(eventText(event)))
  const beat = setInterval(() => response.write(':\n\n'), heartbeat)
  const end = (): void => {
    if (!streams.delete(end)) return
    clearInterval(beat)
    stop()
    response.end()
  }
  streams.add(end)
  response.on('close', end)
}
