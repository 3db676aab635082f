import { readFileSync, realpathSync, statSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Answer } from './answer.ts'

/** A folder whose files are served; those that end in `.gz` under their names without that, too, and unpacked. */
export interface StaticFolder {
  /** Absolute path. */
  readonly location: string
  /** The content security policy of a file, `/index.html`, where it is not {@link STRICT_POLICY}. */
  readonly policyOf?: (path: string) => string | undefined
}

const TYPES: Readonly<Record<string, string>> = {
  '.bin': 'application/octet-stream',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.opt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
}

/** The media type of a file by its ending. */
export function mediaType(path: string): string {
  return TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream'
}

/**
 * The file that `path`, as `requestPath` gives it, means in the folder: absolute, links followed; of a folder its
 * index.html. Undefined when there is none, or it lies outside.
 */
export function findFile(location: string, path: string): string | undefined {
  try {
    const root = realpathSync(location)
    const wanted = path.endsWith('/') ? `${path}index.html` : path
    const file = realpathSync(join(root, wanted))
    return file.startsWith(root + sep) && statSync(file).isFile() ? file : undefined
  } catch {
    return undefined
  }
}

/** The ending of files that are kept smaller than they are served. */
const PACKED = '.gz'

const packedPath = (path: string): string =>
  `${path.endsWith('/') ? `${path}index.html` : path}${PACKED}`

/** The answer with the file that `path` means; undefined when there is none. */
export function answerFromFolder(
  { location, policyOf }: StaticFolder,
  path: string,
): Answer | undefined {
  const plain = findFile(location, path)
  const packed = plain === undefined ? findFile(location, packedPath(path)) : undefined
  const file = plain ?? packed
  if (file === undefined) return undefined
  const policy = policyOf?.(path)
  const bytes = readFileSync(file)
  return {
    type: mediaType(packed?.slice(0, -PACKED.length) ?? file),
    body: packed === undefined ? bytes : gunzipSync(bytes),
    ...(policy !== undefined && { policy }),
  }
}
