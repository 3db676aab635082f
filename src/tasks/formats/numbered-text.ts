import type { DataResult } from '../data-file.ts'

/** A text in three parts, as numbers of words or characters in one vocabulary. */
export interface NumberedText {
  /** Those of the training part, the most frequent first, equally frequent ones in order of their characters. */
  readonly vocabulary: readonly string[]
  readonly train: Int32Array
  readonly validation: Int32Array
  readonly test: Int32Array
}

/** How many words or characters the parts and the vocabulary have. */
export type TextCounts = { readonly [Name in keyof NumberedText]: number }

/**
 * What `tokens` are made of, the most frequent first, equally frequent ones in order of their characters. With `unknown` that stands at the
 * end, for all that are not among the `most` - 1 before it.
 */
export function vocabularyOf(
  tokens: readonly string[],
  { most = Infinity, unknown }: { readonly most?: number; readonly unknown?: string },
): readonly string[] {
  const counts = new Map<string, number>()
  for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1)
  if (unknown !== undefined) counts.delete(unknown)
  const sorted = [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([token]) => token)
  return unknown === undefined ? sorted : [...sorted.slice(0, most - 1), unknown]
}

/** `text`, or a problem where it has not as many `units` as `counts` say. */
export function checkCounts(
  { name, remedy }: { readonly name: string; readonly remedy: string },
  units: string,
  counts: TextCounts | undefined,
  directory: string,
  text: NumberedText,
): DataResult<NumberedText> {
  const parts = ['vocabulary', 'train', 'validation', 'test'] as const
  const wrong = parts.find((part) => counts !== undefined && text[part].length !== counts[part])
  if (counts === undefined || wrong === undefined) return { ok: true, value: text }
  return {
    ok: false,
    problem: {
      path: directory,
      problem: `has ${text[wrong].length} ${units} in its ${wrong}`,
      expected: `${counts[wrong]} for ${name}`,
      remedy,
    },
  }
}
