/**
 * The path that the target of a request means, decoded, with a slash in front; undefined for one that no page asks for:
 * broken escapes, segments that begin with a dot (`..` and hidden files), backslashes, colons and control characters.
 */
export function requestPath(target: string): string | undefined {
  const [written = ''] = target.split('?', 1)
  if (!written.startsWith('/')) return undefined
  let path: string
  try {
    path = decodeURIComponent(written)
  } catch {
    return undefined
  }
  // A colon names a stream of a file, or a drive, on Windows. An escaped slash would make two segments of one.
  const isOdd = /[\u0000-\u001f\u007f\\:]/.test(path) || /%2f/i.test(written)
  const [, ...segments] = path.split('/')
  const isClean = segments.every(
    (segment, index) =>
      !segment.startsWith('.') && (segment !== '' || index === segments.length - 1),
  )
  return isOdd || !isClean ? undefined : path
}

/** What follows the question mark of a request's target. */
export function requestQuery(target: string): URLSearchParams {
  const start = target.indexOf('?')
  return new URLSearchParams(start < 0 ? '' : target.slice(start + 1))
}
