import type { SearchEntry } from '../../reference/site/site.ts'

const MOST_RESULTS = 12

/** The entries that are meant by what was written, the best first: names before words of summaries, whole before parts. */
export function search(entries: readonly SearchEntry[], written: string): readonly SearchEntry[] {
  const wanted = written.trim().toLowerCase().replace(/\s+/g, ' ')
  if (wanted === '') return []
  return entries
    .map((entry, index) => ({ entry, index, rank: rankOf(entry, wanted) }))
    .filter(({ rank }) => rank < Infinity)
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .slice(0, MOST_RESULTS)
    .map(({ entry }) => entry)
}

/** How far an entry is from what is wanted; infinite where it has nothing of it. */
function rankOf({ names, summary, group }: SearchEntry, wanted: string): number {
  const ranks = names.map(
    (name, index) => nameRank(name.toLowerCase(), wanted) + (index > 0 ? 0.5 : 0),
  )
  const best = Math.min(...ranks)
  if (best < Infinity) return best
  const holds = (text: string): boolean =>
    wanted.split(' ').every((word) => text.toLowerCase().includes(word))
  if (names.some(holds)) return 4
  return holds(`${group} ${names.join(' ')} ${summary}`) ? 5 : Infinity
}

function nameRank(name: string, wanted: string): number {
  const spaced = name.replace(/[-_/]/g, ' ')
  if (name === wanted || spaced === wanted) return 0
  if (name.startsWith(wanted)) return 1
  if (spaced.split(' ').some((part) => part.startsWith(wanted))) return 2
  return name.includes(wanted) || spaced.includes(wanted) ? 3 : Infinity
}
