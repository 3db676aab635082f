/** What a route answers with, whole. */
export interface Answer {
  /** 200 when absent. */
  readonly status?: number
  /** The media type: `text/html; charset=utf-8`. */
  readonly type: string
  readonly body: string | Uint8Array
  /** The content security policy; {@link STRICT_POLICY} when absent. */
  readonly policy?: string
}

/** What a route answers with, event by event, until the page is closed. */
export interface EventStream {
  /** Called when a page listens; the function that is given back when it no longer does, once. */
  readonly listen: (send: (event: ServerEvent) => void) => () => void
}

/** A server-sent event. */
export interface ServerEvent {
  /** What kind of event, a word; `message` when absent. */
  readonly name?: string
  readonly data: string
}

/** A policy that lets a page load what its own server has, and nothing run but scripts of files. */
export const STRICT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The strict policy with the directives that are given in the place of its own, or after them. */
export function policyWith(directives: Readonly<Record<string, string>>): string {
  const names = Object.keys(directives)
  const kept = STRICT_POLICY.split('; ').filter(
    (directive) => !names.includes(directive.split(' ', 1)[0]!),
  )
  return [...kept, ...names.map((name) => `${name} ${directives[name]!}`)].join('; ')
}

/** A text as an answer. */
export function textAnswer(status: number, text: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body: `${text}\n` }
}

/** A value as an answer. */
export function jsonAnswer(value: unknown, status = 200): Answer {
  return { status, type: 'application/json; charset=utf-8', body: JSON.stringify(value) }
}

/** An event as it is sent: no line of its data ends it early. */
export function eventText({ name, data }: ServerEvent): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`)
  return `${name === undefined ? '' : `event: ${name}\n`}${lines.join('')}\n`
}
