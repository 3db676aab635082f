import type { Outcome } from '../diagnostics/diagnostic.ts'
import type { Source } from '../diagnostics/source.ts'
import { format } from '../syntax/print.ts'

/**
 * The formatted text of a file as people keep it: like `format`, and a file whose first line ends as on Windows keeps
 * doing so.
 */
export function formatFile(source: Source): Outcome<string> {
  const { value, diagnostics } = format(source)
  return { value: withLineBreaksOf(source.text, value), diagnostics }
}

function withLineBreaksOf(original: string, formatted: string): string {
  const plain = formatted.replaceAll('\r\n', '\n')
  return /^[^\n]*\r\n/.test(original) ? plain.replaceAll('\n', '\r\n') : plain
}
