import { fileCatalog } from '../../diagnostics/catalog/file.ts'
import type { Diagnostic, Outcome } from '../../diagnostics/diagnostic.ts'
import type { Source } from '../../diagnostics/source.ts'

const CODE = 'not-utf8'

/**
 * The text of a file, without its byte order mark. Bytes that are not UTF-8 become U+FFFD, and the first of them is
 * reported.
 */
export function decodeSource(path: string, bytes: Uint8Array): Outcome<Source> {
  const text = new TextDecoder().decode(bytes)
  const bad = text.includes('\ufffd') ? firstInvalid(text, bytes) : undefined
  return { value: { path, text }, diagnostics: bad === undefined ? [] : [report(path, bytes, bad)] }
}

/** Where the first byte that is not UTF-8 stands: in the text, and among the bytes. */
function firstInvalid(
  text: string,
  bytes: Uint8Array,
): { readonly offset: number; readonly byte: number } | undefined {
  let offset = 0
  let byte = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
  for (const character of text) {
    const written = bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd
    if (character === '\ufffd' && !written) return { offset, byte }
    const code = character.codePointAt(0)!
    byte += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    offset += character.length
  }
  return undefined
}

function report(
  path: string,
  bytes: Uint8Array,
  { offset, byte }: { offset: number; byte: number },
): Diagnostic {
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
  const value = bytes[byte]!.toString(16).toUpperCase().padStart(2, '0')
  const isBinary = !wide && bytes.subarray(0, 4096).includes(0)
  return {
    code: CODE,
    severity: fileCatalog[CODE].severity,
    path,
    span: { start: offset, end: offset + 1 },
    message: isBinary ? 'this file is not text' : 'this file is not UTF-8 text',
    label: `byte 0x${value} is not UTF-8`,
    ...(!isBinary && {
      help: wide
        ? 'it looks like UTF-16: save it as UTF-8'
        : `save it as UTF-8; \`iconv -f latin1 -t utf-8 ${path}\` converts the most common other encoding`,
    }),
  }
}
