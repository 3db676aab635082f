/** What a browser says of where a request comes from. */
export interface Provenance {
  readonly method: string
  readonly host: string | undefined
  readonly origin: string | undefined
  /** The headers `Sec-Fetch-Site`, `Sec-Fetch-Mode` and `Sec-Fetch-Dest`, which pages cannot forge. */
  readonly fetchSite: string | undefined
  readonly fetchMode: string | undefined
  readonly fetchDestination: string | undefined
}

/** The names that this machine has for itself. */
const NAMES = ['127.0.0.1', 'localhost']

const DEFAULT_PORT = 80

/** What stands in the header `Host` of a request that was meant for this machine and port, in lower case. */
function ownHosts(port: number): readonly string[] {
  const written = NAMES.map((name) => `${name}:${port}`)
  return port === DEFAULT_PORT ? [...written, ...NAMES] : written
}

/**
 * Why a request is refused; undefined where it is not. Refused are other names for this machine (a foreign site whose name
 * was made to lead here would otherwise read what is served), and what pages of other origins ask for, links aside: who
 * follows one sees the page, the other site does not. What is posted has to say where it comes from.
 */
export function refusalOf(asked: Provenance, port: number): string | undefined {
  const hosts = ownHosts(port)
  if (asked.host === undefined || !hosts.includes(asked.host.toLowerCase()))
    return 'this server answers to 127.0.0.1 and localhost alone'
  if (asked.method === 'POST' && asked.origin === undefined)
    return 'what is posted must come from a page of this server'
  if (asked.origin !== undefined && !hosts.some((host) => asked.origin === `http://${host}`))
    return 'pages of other origins are not answered'
  const isOwn = ['same-origin', 'none', undefined].includes(asked.fetchSite)
  const isLink =
    asked.method === 'GET' &&
    asked.fetchMode === 'navigate' &&
    asked.fetchDestination === 'document'
  return isOwn || isLink ? undefined : 'pages of other origins are not answered'
}
