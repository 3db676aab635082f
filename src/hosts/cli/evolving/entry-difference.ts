/**
 * The first field in which an entry differs from the line that was written, as the end of a sentence:
 * `: attempts[0].fitness.score is 0.5 there and would be 0.6`; empty where there is none.
 */
export function differenceOf(recorded: string, entry: unknown): string {
  // As it would be read: an entry may hold fields that are undefined.
  const found = firstDifference(JSON.parse(recorded), JSON.parse(JSON.stringify(entry)), '')
  return found === undefined
    ? ''
    : `: ${found.path} is ${shown(found.recorded)} there and would be ${shown(found.given)}`
}

interface Difference {
  readonly path: string
  readonly recorded: unknown
  readonly given: unknown
}

function firstDifference(recorded: unknown, given: unknown, path: string): Difference | undefined {
  if (!isObject(recorded) || !isObject(given) || Array.isArray(recorded) !== Array.isArray(given))
    return recorded === given ? undefined : { path, recorded, given }
  for (const key of new Set([...Object.keys(recorded), ...Object.keys(given)])) {
    const place = Array.isArray(given) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
    const found = firstDifference(recorded[key], given[key], place)
    if (found !== undefined) return found
  }
  return undefined
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const LONGEST = 60

function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  const text = JSON.stringify(value)
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`
}
